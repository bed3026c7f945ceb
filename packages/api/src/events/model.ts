/** Where to begin to read: after an event that was seen, at the oldest that is kept, or at the end. */
export type Start = number | 'oldest' | 'latest';

/** The numbers between which a log can be read; `oldest` is null when none of its events is kept. */
export interface Bounds {
  oldest: number | null;
  newest: number;
}

/** The number after which reading begins, or why it cannot begin there. */
export function positionOf(start: Start, { oldest, newest }: Bounds): number | 'expired' | 'notYet' {
  const beforeOldest = (oldest ?? newest + 1) - 1;
  if (start === 'oldest') return beforeOldest;
  if (start === 'latest') return newest;
  if (start > newest) return 'notYet';
  return start < beforeOldest ? 'expired' : start;
}

/** The types that a name (`listing.published`) or a pattern (`listing.*`, `*`) stands for; none when it is unknown. */
export function typesNamed(name: string, known: readonly string[]): readonly string[] {
  if (name === '*') return known;
  if (!name.endsWith('.*')) return known.filter((type) => type === name);
  return known.filter((type) => type.startsWith(name.slice(0, -1)));
}
