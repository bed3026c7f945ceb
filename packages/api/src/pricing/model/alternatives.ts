import { addDays, nightsBetween } from '@sojourn/shared/nights';
import { bookableAt, lengthsFrom, type Reason } from './bookable.ts';
import type { Stay, StayFacts } from './facts.ts';
import { priceStay } from './price.ts';

/** How many days before and after the dates asked for are looked at. */
export const ALTERNATIVE_DAYS = 60;
const MOST_ALTERNATIVES = 3;

/** A stay that can be booked instead. */
export interface Alternative {
  checkIn: string;
  checkOut: string;
  total: number;
}

/**
 * The nearest stays of the same length that can be booked, nearest first and the earlier first of two; where no such
 * length fits at all, stays of the nearest length that does. Before them, when only the length is wrong, comes the stay
 * from the same date whose length is nearest. Other dates mend no other fault, such as too many guests: then there is
 * none.
 */
export function alternatives(
  facts: StayFacts,
  stay: Stay,
  reasons: readonly Reason[],
  now: Date,
): Alternative[] {
  const bookable = bookableAt(facts, now);
  const nearest = (stays: readonly Stay[]) => stays.filter(firstOnes(bookable, MOST_ALTERNATIVES));
  const fromThatDate = onlyLengthWrong(reasons) ? otherLengths(stay).find(bookable) : undefined;
  const dates = otherDates(stay);
  const sameLength = nearest(dates);
  const others = sameLength.length > 0 ? sameLength : nearest(ofFittingLength(facts, stay, dates));
  return [...(fromThatDate ? [fromThatDate] : []), ...others].map((other) => ({
    checkIn: other.checkIn,
    checkOut: other.checkOut,
    total: priceStay(facts, other, now).total,
  }));
}

const onlyLengthWrong = (reasons: readonly Reason[]) =>
  reasons.every(({ code }) => code === 'min_nights' || code === 'max_nights');

/** Lets the first few through that fit, and looks at none after them. */
function firstOnes(fits: (stay: Stay) => boolean, most: number): (stay: Stay) => boolean {
  let found = 0;
  return (stay) => {
    if (found === most || !fits(stay)) return false;
    found += 1;
    return true;
  };
}

const DISTANCES = Array.from({ length: ALTERNATIVE_DAYS }, (_, index) => index + 1);

const otherDates = (stay: Stay): Stay[] =>
  DISTANCES.flatMap((days) => [-days, days]).map((days) => ({
    ...stay,
    checkIn: addDays(stay.checkIn, days),
    checkOut: addDays(stay.checkOut, days),
  }));

const otherLengths = (stay: Stay): Stay[] =>
  DISTANCES.flatMap((nights) => [-nights, nights])
    .map((nights) => ({ ...stay, checkOut: addDays(stay.checkOut, nights) }))
    .filter(({ checkIn, checkOut }) => nightsBetween(checkIn, checkOut) > 0);

/** The same arrivals, each with the nearest length that its date allows; none that ends beyond the days looked at. */
function ofFittingLength(facts: StayFacts, { checkOut: last }: Stay, stays: readonly Stay[]): Stay[] {
  const end = addDays(last, ALTERNATIVE_DAYS);
  return stays
    .map((stay) => {
      const { least, most } = lengthsFrom(facts, stay.checkIn);
      const nights = Math.min(most, Math.max(least, nightsBetween(stay.checkIn, stay.checkOut)));
      return { ...stay, checkOut: addDays(stay.checkIn, nights) };
    })
    .filter(({ checkOut }) => checkOut <= end);
}
