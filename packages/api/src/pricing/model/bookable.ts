import { addDays, datesBetween, nightsBetween, WEEKDAYS, weekdayOf } from '@sojourn/shared/nights';
import { dateAt, instantAt } from '@sojourn/shared/zone';
import { counted } from './counted.ts';
import type { DateRange, Stay, StayFacts, TakenNights } from './facts.ts';
import { rangeAt } from './facts.ts';

export const REASON_CODES = [
  'listing_not_published',
  'past',
  'advance_notice',
  'beyond_booking_window',
  'too_many_guests',
  'pets_not_allowed',
  'nights_taken',
  'preparation',
  'min_nights',
  'max_nights',
  'closed_to_arrival',
  'closed_to_departure',
  'non_refundable_not_offered',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Why a stay cannot be booked. */
export interface Reason {
  code: ReasonCode;
  detail: string;
}

/** The moment of asking, as the listing's own calendar shows it. */
interface Moment {
  now: Date;
  today: string;
}

type Rule = (facts: StayFacts, stay: Stay, moment: Moment) => string | undefined;

const HOUR_MS = 3_600_000;

/** What each reason says of a stay that it speaks against. */
const RULES: Readonly<Record<ReasonCode, Rule>> = {
  listing_not_published: ({ listing }) =>
    listing.published ? undefined : 'The listing does not take bookings at present.',
  past: (facts, { checkIn }, { now, today }) =>
    checkIn < today || checkInAt(facts, checkIn) < now ? `The check-in of ${checkIn} is past.` : undefined,
  advance_notice: (facts, { checkIn }, { now }) => {
    const hours = facts.listing.advanceNoticeHours;
    const at = checkInAt(facts, checkIn);
    return at >= now && at.getTime() < now.getTime() + hours * HOUR_MS
      ? `The host asks for ${counted(hours, 'hour')} of notice before check-in.`
      : undefined;
  },
  beyond_booking_window: ({ listing }, { checkOut }, { today }) => {
    const last = addDays(today, listing.bookingWindowDays);
    return checkOut > last ? `Stays can be booked up to a check-out on ${last}.` : undefined;
  },
  too_many_guests: ({ listing: { capacity } }, { guests }) =>
    guests > capacity ? `The listing takes ${counted(capacity, 'guest')} at most.` : undefined,
  pets_not_allowed: ({ listing }, { pets }) =>
    pets > 0 && !listing.petsAllowed ? 'The house rules do not allow pets.' : undefined,
  nights_taken: ({ taken }, { checkIn, checkOut }) => {
    const nights = datesBetween(checkIn, checkOut).filter((date) => rangeAt(taken, date));
    return nights.length > 0 ? `Not free: ${shown(nights)}.` : undefined;
  },
  preparation: (facts, stay) =>
    neighboursTooClose(facts, stay)
      ? 'The host needs nights to prepare the home between this stay and another.'
      : undefined,
  min_nights: (facts, stay) => {
    const { least } = lengthsFrom(facts, stay.checkIn);
    return nightsBetween(stay.checkIn, stay.checkOut) < least
      ? `Stays from ${stay.checkIn} have at least ${counted(least, 'night')}.`
      : undefined;
  },
  max_nights: (facts, stay) => {
    const { most } = lengthsFrom(facts, stay.checkIn);
    return nightsBetween(stay.checkIn, stay.checkOut) > most
      ? `Stays from ${stay.checkIn} have at most ${counted(most, 'night')}.`
      : undefined;
  },
  closed_to_arrival: ({ settings }, { checkIn }) =>
    rangeAt(settings, checkIn)?.closedToArrival ? `No stay may begin on ${checkIn}.` : undefined,
  closed_to_departure: ({ settings }, { checkOut }) =>
    rangeAt(settings, checkOut)?.closedToDeparture ? `No stay may end on ${checkOut}.` : undefined,
  non_refundable_not_offered: ({ listing }, { nonRefundable }) =>
    nonRefundable && listing.nonRefundableDiscountPercent === null
      ? 'The host does not offer a non-refundable rate.'
      : undefined,
};

/** All that speaks against a stay; nothing when it can be booked. */
export function reasonsAgainst(facts: StayFacts, stay: Stay, now: Date): Reason[] {
  const moment = momentOf(facts, now);
  return REASON_CODES.flatMap((code) => {
    const detail = RULES[code](facts, stay, moment);
    return detail === undefined ? [] : [{ code, detail }];
  });
}

/** Whether stays can be booked, asked of many at one moment. */
export function bookableAt(facts: StayFacts, now: Date): (stay: Stay) => boolean {
  const moment = momentOf(facts, now);
  return (stay) => REASON_CODES.every((code) => RULES[code](facts, stay, moment) === undefined);
}

const momentOf = ({ listing }: StayFacts, now: Date): Moment => ({
  now,
  today: dateAt(now, listing.timeZone),
});

const checkInAt = ({ listing }: StayFacts, checkIn: string) =>
  instantAt(checkIn, listing.checkInFrom, listing.timeZone);

/**
 * How many nights stays from a date have at least and at most. The most specific rule wins: the date's, the season's,
 * the weekday's, the listing's.
 */
export function lengthsFrom({ listing, settings, seasons }: StayFacts, date: string) {
  const setting = rangeAt(settings, date);
  const season = rangeAt(seasons, date);
  const weekday = WEEKDAYS[weekdayOf(date) - 1]!;
  return {
    least: setting?.minNights ?? season?.minNights ?? listing.arrivalMinNights[weekday] ?? listing.minNights,
    most: setting?.maxNights ?? season?.maxNights ?? listing.maxNights,
  };
}

const overlap = (a: DateRange, b: DateRange) => a.from < b.to && b.from < a.to;
const nightsOf = ({ checkIn, checkOut }: Stay): DateRange => ({ from: checkIn, to: checkOut });
const isStay = ({ kind }: TakenNights) => kind === 'hold' || kind === 'booking';

/** Whether another stay lies in the nights kept free after this one, or this one in those after another. */
function neighboursTooClose({ listing, taken }: StayFacts, stay: Stay): boolean {
  const nights = nightsOf(stay);
  const prepared = { ...nights, to: addDays(nights.to, listing.preparationNights) };
  return taken.some(
    (other) =>
      isStay(other) &&
      !overlap(other, nights) &&
      overlap({ from: other.from, to: addDays(other.to, other.preparationNights) }, prepared),
  );
}

/** Dates that a reason names; of more it says how many. */
const SHOWN_NIGHTS = 10;

function shown(dates: readonly string[]): string {
  const more = dates.length - SHOWN_NIGHTS;
  return `${dates.slice(0, SHOWN_NIGHTS).join(', ')}${more > 0 ? ` and ${counted(more, 'more night')}` : ''}`;
}
