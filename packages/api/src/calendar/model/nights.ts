/** A half-open range of local dates: `[from, to)`. */
export interface Nights {
  from: string;
  to: string;
}

/** As PostgreSQL writes a range. */
export const rangeOf = ({ from, to }: Nights): string => `[${from},${to})`;

/** From the first date of any range to the last. */
export const hullOf = (ranges: readonly Nights[]): Nights => ({
  from: ranges.map(({ from }) => from).sort()[0]!,
  to: ranges
    .map(({ to }) => to)
    .sort()
    .at(-1)!,
});

/** What may take nights: a stay that is held or booked, a host's block, or the calendar of another channel. */
export const OCCUPIED_KINDS = ['hold', 'booking', 'block', 'feed'] as const;
export type OccupiedKind = (typeof OCCUPIED_KINDS)[number];

/** Nights that something takes. */
export interface Taken extends Nights {
  kind: OccupiedKind;
}
