import type { Currency, Money } from '@sojourn/shared/money';
import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { inOrder, type NamedSeason } from '../model/seasons.ts';
import { checkRange, from, maxNights, minNights, PRICE, Price, to, version } from './common.ts';

const MAX_SEASONS = 50;

const SEASON = {
  name: 'Summer',
  from: '2027-06-15',
  to: '2027-09-15',
  price: PRICE,
  weekendPrice: null,
  minNights: 3,
  maxNights: null,
};
const Season = z
  .strictObject({
    name: line(100),
    from,
    to,
    price: Price.nullable()
      .default(null)
      .meta({ description: 'Of its nights. Null leaves them to the prices of the listing.' }),
    weekendPrice: Price.nullable()
      .default(null)
      .meta({ description: 'Of the nights that begin on a Friday or a Saturday, when they have another.' }),
    minNights: minNights.nullable().default(null),
    maxNights: maxNights.nullable().default(null),
  })
  .superRefine(checkRange)
  .meta({
    id: 'Season',
    description: 'What holds for the dates `[from, to)` of which the calendar says nothing else.',
    examples: [SEASON],
  });
export type Season = z.infer<typeof Season>;
export const SeasonsBody = z
  .strictObject({
    seasons: z
      .array(Season)
      .max(MAX_SEASONS)
      .superRefine((seasons, ctx) => {
        for (const index of overlapping(seasons))
          ctx.addIssue({
            code: 'custom',
            path: [index, 'from'],
            message: 'must not overlap another season',
          });
      })
      .meta({ description: 'All seasons of the listing: those that are left out go.' }),
  })
  .meta({ id: 'SeasonsChanges', examples: [{ seasons: [SEASON] }] });
export const Seasons = z
  .object({ version, seasons: z.array(Season) })
  .meta({ id: 'Seasons', examples: [{ version: 8, seasons: [SEASON] }] });

type SeasonMoney = Record<'price' | 'weekendPrice', Money | null>;
export interface SeasonsView {
  version: number;
  seasons: (Omit<NamedSeason, keyof SeasonMoney> & SeasonMoney)[];
}

/** As they are kept: in the order of their dates, prices in the currency of the listing. */
export const seasonsOf = (seasons: readonly Season[]): NamedSeason[] =>
  inOrder(seasons).map((season) => ({
    ...season,
    price: season.price?.amount ?? null,
    weekendPrice: season.weekendPrice?.amount ?? null,
  }));

export function toSeasonsView(
  { version: number, seasons }: { version: number; seasons: readonly NamedSeason[] },
  currency: Currency | null,
): SeasonsView {
  const money = (amount: number | null) =>
    amount === null || currency === null ? null : { amount, currency };
  return {
    version: number,
    seasons: seasons.map((season) => ({
      ...season,
      price: money(season.price),
      weekendPrice: money(season.weekendPrice),
    })),
  };
}

export const seasonsTag = ({ version: number }: { version: number }) => String(number);

/** The places of those that begin before another that begins earlier has ended. */
function overlapping(seasons: readonly { from: string; to: string }[]): number[] {
  const ordered = seasons.map((season, index) => ({ ...season, index }));
  ordered.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.index - b.index));
  let end = '';
  return ordered.flatMap((season) => {
    const overlaps = season.from < end;
    if (season.to > end) end = season.to;
    return overlaps ? season.index : [];
  });
}
