/** `Tue, 2026-12-01 09:30:15 UTC`. */
export function clockTime(instant: string): string {
  const day = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: 'UTC' }).format(
    new Date(instant),
  );
  return `${day}, ${instant.slice(0, 19).replace('T', ' ')} UTC`;
}

const UNITS: readonly [seconds: number, name: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Seconds in their two largest units: `3 d 4 h`, `15 min`. */
export function aheadText(seconds: number): string {
  const first = UNITS.findIndex(([size]) => seconds >= size);
  if (first < 0) return '0 s';
  let rest = seconds;
  return UNITS.slice(first, first + 2)
    .map(([size, name]) => {
      const number = Math.floor(rest / size);
      rest -= number * size;
      return number > 0 ? `${number.toLocaleString('en-US')} ${name}` : '';
    })
    .filter(Boolean)
    .join(' ');
}
