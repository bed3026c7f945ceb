import { InvalidArgumentError } from '@commander-js/extra-typings';

// What commander calls for the value of a flag. An InvalidArgumentError becomes "option '--limit <n>' argument 'x' is
// invalid. <message>" and exit code 2.

/** A whole number within bounds. */
export const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** A decimal number within bounds, such as 2 or 0.5. */
export const decimal =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
    return value;
  };

/** A share such as 14.2, as hundredths of a percent. */
export const percent =
  (most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+(\.\d{1,2})?$/.test(text) || value > most)
      throw new InvalidArgumentError(`It must be a percentage up to ${most}, such as 3 or 14.25.`);
    return Math.round(value * 100);
  };

/** Items between commas; the flag may also be repeated. */
export const list = (text: string, previous: string[] | undefined): string[] => {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('It must be a list such as "wifi,kitchen".');
  return [...new Set([...(previous ?? []), ...items])];
};

/** Items between commas, each one of those allowed. */
export const oneOf =
  <Word extends string>(allowed: readonly Word[]) =>
  (text: string, previous: Word[] | undefined): Word[] => {
    const items = list(text, previous);
    const unknown = items.find((item) => !allowed.includes(item as Word));
    if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${allowed.join(', ')}.`);
    return items as Word[];
  };

/** One item each time the flag is given. */
export const repeated = (text: string, previous: string[] | undefined): string[] => [
  ...(previous ?? []),
  text,
];

/** A date of the calendar. (Checked without `@sojourn/shared/nights`, which brings schemas that no flag needs.) */
export const date = (text: string): string => {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('It must be a date such as 2027-05-01.');
  return text;
};

/** `2027-05`. */
export const month = (text: string): string => {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text))
    throw new InvalidArgumentError('It must be a month such as 2027-05.');
  return text;
};

/** `PT`. */
export const countryCode = (text: string): string => {
  if (!/^[a-z]{2}$/i.test(text))
    throw new InvalidArgumentError('It must be a country of two letters, such as PT.');
  return text.toUpperCase();
};

/** A moment with its offset from UTC. */
export const instant = (text: string): string => {
  const time = Date.parse(text);
  if (!/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(time))
    throw new InvalidArgumentError('It must be a moment such as 2027-01-01T00:00:00Z.');
  return new Date(time).toISOString();
};

/** A moment, or the beginning of a day by UTC. */
export const dayOrInstant = (text: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${date(text)}T00:00:00.000Z`;
  return instant(text);
};

/** `LATITUDE,LONGITUDE` in degrees. */
export const point = (text: string): string => {
  const [latitude, longitude] = degrees(text, 2, 'LATITUDE,LONGITUDE such as 40.758,-73.9855');
  if (Math.abs(latitude!) > 90 || Math.abs(longitude!) > 180)
    throw new InvalidArgumentError('Latitude comes first and lies within ±90, longitude within ±180.');
  return `${latitude},${longitude}`;
};

/** `WEST,SOUTH,EAST,NORTH` in degrees; west may exceed east where the box crosses the date line. */
export const box = (text: string): string => {
  const [west, south, east, north] = degrees(
    text,
    4,
    'WEST,SOUTH,EAST,NORTH such as -74.03,40.69,-73.90,40.88',
  );
  if (
    [west, east].some((x) => Math.abs(x!) > 180) ||
    [south, north].some((y) => Math.abs(y!) > 90) ||
    south! > north!
  )
    throw new InvalidArgumentError(
      'Longitudes lie within ±180, latitudes within ±90, and south is below north.',
    );
  return [west, south, east, north].join(',');
};

function degrees(text: string, count: number, shape: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length !== count || !parts.every((part) => /^-?\d+(\.\d+)?$/.test(part)))
    throw new InvalidArgumentError(`It must be ${shape}.`);
  return parts.map(Number);
}
