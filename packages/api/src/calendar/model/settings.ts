import type { Money } from '@sojourn/shared/money';
import { addDays } from '@sojourn/shared/nights';
import type { FieldError } from '../../platform/problem.ts';
import { hullOf, type Nights, type Taken } from './nights.ts';
import { composePatches, type Patch, type Ranged } from './patches.ts';

/** What a host says of a date itself. Null: what the season or the listing says holds. */
export type DaySettings = {
  price: number | null;
  minNights: number | null;
  maxNights: number | null;
  closedToArrival: true | null;
  closedToDeparture: true | null;
  note: string | null;
};
export const NO_SETTINGS: DaySettings = {
  price: null,
  minNights: null,
  maxNights: null,
  closedToArrival: null,
  closedToDeparture: null,
  note: null,
};

/** Whether the host sells a night, and why not. */
export type BlockSettings = { blocked: true | null; note: string | null };
export const NO_BLOCK: BlockSettings = { blocked: null, note: null };

/** One range of a write, as it was asked for: what is left out stays. */
export interface RangePatch extends Nights {
  price?: Money | null | undefined;
  minNights?: number | null | undefined;
  maxNights?: number | null | undefined;
  closedToArrival?: boolean | null | undefined;
  closedToDeparture?: boolean | null | undefined;
  blocked?: boolean | undefined;
  note?: string | null | undefined;
}

const SETTINGS = Object.keys(NO_SETTINGS) as (keyof DaySettings)[];
/** What a range may say, beside its dates. */
export const PATCHABLE = [...SETTINGS, 'blocked'] as const;
export type Patchable = (typeof PATCHABLE)[number];

/** A write as what is done to each calendar. */
export interface CalendarPatches {
  settings: Ranged<Patch<DaySettings>>[];
  blocks: Ranged<Patch<BlockSettings>>[];
  /** From the first date of any range to the last. */
  hull: Nights;
  /** The nights whose sale the write stops or begins. */
  selling: Nights[];
  /** The members that any range names. */
  what: Patchable[];
}

export function patchesOf(ranges: readonly RangePatch[]): CalendarPatches {
  return {
    settings: composePatches<DaySettings>(ranges.map(settingsPatch)),
    blocks: composePatches<BlockSettings>(ranges.flatMap(blockPatch)),
    hull: hullOf(ranges),
    selling: ranges.filter(({ blocked }) => blocked !== undefined),
    what: PATCHABLE.filter((member) => ranges.some((range) => range[member] !== undefined)),
  };
}

/** False says no more than nothing does. The note of a range that blocks is the note of the block. */
function settingsPatch({ from, to, ...range }: RangePatch): Ranged<Patch<DaySettings>> {
  const said = SETTINGS.filter(
    (member) => range[member] !== undefined && !(member === 'note' && range.blocked),
  );
  const value = (member: keyof DaySettings) =>
    member === 'price' ? (range.price?.amount ?? null) : range[member] || null;
  return { from, to, ...Object.fromEntries(said.map((member) => [member, value(member)])) };
}

function blockPatch({ from, to, blocked, note }: RangePatch): Ranged<Patch<BlockSettings>>[] {
  if (blocked === undefined) return [];
  if (!blocked) return [{ from, to, ...NO_BLOCK }];
  return [{ from, to, blocked, ...(note === undefined ? {} : { note }) }];
}

/** What is wrong with a price when it is in another currency than the listing's. */
export const currencyError = (
  price: Money | null | undefined,
  currency: string | null,
  pointer: string,
): FieldError[] =>
  !price || price.currency === currency
    ? []
    : [
        {
          pointer: `${pointer}/currency`,
          code: 'other_currency',
          message: currency
            ? `must be ${currency}, as all prices of the listing`
            : 'the listing has no currency yet: give it a base price first',
        },
      ];

/** The prices that are in another currency than the listing's, by JSON pointer into the request. */
export const currencyErrors = (ranges: readonly RangePatch[], currency: string | null): FieldError[] =>
  ranges.flatMap(({ price }, index) => currencyError(price, currency, `/ranges/${index}/price`));

const PAST_DAYS = 366;
const FUTURE_DAYS = 3 * 366;

/** The ranges that lie too far from today, by JSON pointer into the request. */
export function windowErrors(ranges: readonly Nights[], today: string): FieldError[] {
  const [first, last] = [addDays(today, -PAST_DAYS), addDays(today, FUTURE_DAYS)];
  return ranges.flatMap(({ from, to }, index) => [
    ...(from < first
      ? [{ pointer: `/ranges/${index}/from`, code: 'too_early', message: `must not be before ${first}` }]
      : []),
    ...(to > last
      ? [{ pointer: `/ranges/${index}/to`, code: 'too_late', message: `must not be after ${last}` }]
      : []),
  ]);
}

/** What else than the host's block takes nights of a write that blocks or unblocks: they stay taken. */
export type SkipReason = 'booking' | 'hold' | 'feed';
export interface Skipped extends Nights {
  reason: SkipReason;
}

/** In the order of the nights, each once. */
export function skippedOf(selling: readonly Nights[], taken: readonly Taken[]): Skipped[] {
  const asked = mergedNights(composePatches(selling.map(({ from, to }) => ({ from, to }))));
  return taken.flatMap(({ kind, ...nights }) =>
    kind === 'block'
      ? []
      : asked
          .map((range) => ({ from: later(range.from, nights.from), to: earlier(range.to, nights.to) }))
          .filter(({ from, to }) => from < to)
          .map((part) => ({ ...part, reason: kind })),
  );
}

const later = (a: string, b: string) => (a > b ? a : b);
const earlier = (a: string, b: string) => (a < b ? a : b);

function mergedNights(parts: readonly Nights[]): Nights[] {
  const result: Nights[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.to === part.from) result[result.length - 1] = { from: last.from, to: part.to };
    else result.push(part);
  }
  return result;
}
