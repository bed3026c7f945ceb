import { dateOfDay, dayOf, isWeekendNight, WEEKDAYS, weekdayOf } from '@sojourn/shared/nights';
import type { KnownListing, NightWish, RangeWish } from './model.ts';

/** Ranges of days that go by the terms of a season, which only a wish of their own overrules. */
type Seasons = readonly { from: string; to: string }[];

/**
 * Nights in a row that are wished the same, as one range each. What the listing gives a night anyway is not fixed to it:
 * the night then follows when the listing's own terms change.
 */
export function rangesOf(
  listing: KnownListing,
  nights: ReadonlyMap<number, NightWish>,
  seasons: Seasons,
): RangeWish[] {
  const inSeason = seasonTest(seasons);
  const ranges: RangeWish[] = [];
  let open: { range: RangeWish; next: number; wish: NightWish; own: string } | undefined;
  for (const day of [...nights.keys()].sort((one, other) => one - other)) {
    const wish = nights.get(day)!;
    const given = inSeason(day) ? NOTHING : ownTerms(listing, dateOfDay(day));
    const range = rangeOf(wish, given, day);
    const own = `${range.price?.amount} ${range.minNights} ${range.maxNights}`;
    if (open?.next === day && open.wish === wish && open.own === own) {
      open.range.to = range.to;
      open.next = day + 1;
    } else {
      open = { range, next: day + 1, wish, own };
      ranges.push(range);
    }
  }
  return ranges;
}

interface Terms {
  price: number | undefined;
  minNights: number | undefined;
  maxNights: number | undefined;
}

const NOTHING: Terms = { price: undefined, minNights: undefined, maxNights: undefined };

/** What holds for a night without a wish of its own, by the rules of the price of a stay. */
function ownTerms(listing: KnownListing, date: string): Terms {
  const { basePrice, weekendPrice, minNights, maxNights, arrivalMinNights } = listing;
  const price = (isWeekendNight(date) && weekendPrice) || basePrice;
  return {
    price: price?.amount,
    minNights: arrivalMinNights?.[WEEKDAYS[weekdayOf(date) - 1]!] ?? minNights,
    maxNights,
  };
}

function rangeOf({ blocked, price, minNights, maxNights }: NightWish, given: Terms, day: number): RangeWish {
  return {
    from: dateOfDay(day),
    to: dateOfDay(day + 1),
    blocked,
    ...(price && { price: price.amount === given.price ? null : price }),
    ...(minNights !== undefined && { minNights: minNights === given.minNights ? null : minNights }),
    ...(maxNights !== undefined && { maxNights: maxNights === given.maxNights ? null : maxNights }),
  };
}

function seasonTest(seasons: Seasons): (day: number) => boolean {
  if (seasons.length === 0) return () => false;
  const days = seasons.map(({ from, to }) => [dayOf(from), dayOf(to)] as const);
  return (day) => days.some(([from, to]) => day >= from && day < to);
}
