import type { Money } from '@sojourn/shared/money';
import type { FieldError } from '../../platform/problem.ts';
import type { SeasonFacts } from './days.ts';
import type { Nights } from './nights.ts';
import { currencyError } from './settings.ts';

/** A season as its host named it. */
export interface NamedSeason extends SeasonFacts {
  name: string;
}

const PRICES = ['price', 'weekendPrice'] as const;

/** The prices that are in another currency than the listing's, by JSON pointer into the request. */
export const seasonCurrencyErrors = (
  seasons: readonly Record<(typeof PRICES)[number], Money | null>[],
  currency: string | null,
): FieldError[] =>
  seasons.flatMap((season, index) =>
    PRICES.flatMap((name) => currencyError(season[name], currency, `/seasons/${index}/${name}`)),
  );

/** In the order of their dates. */
export const inOrder = <S extends Nights>(seasons: readonly S[]): S[] =>
  seasons.toSorted((a, b) => (a.from < b.from ? -1 : 1));

/** Whether two lists in order say the same. */
export const sameSeasons = (before: readonly NamedSeason[], after: readonly NamedSeason[]): boolean =>
  JSON.stringify(before.map(membersOf)) === JSON.stringify(after.map(membersOf));

const membersOf = ({ name, from, to, price, weekendPrice, minNights, maxNights }: NamedSeason) => [
  name,
  from,
  to,
  price,
  weekendPrice,
  minNights,
  maxNights,
];
