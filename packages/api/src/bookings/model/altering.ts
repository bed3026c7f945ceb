import { addDays, datesBetween, nightsBetween } from '@sojourn/shared/nights';
import { instantAt } from '@sojourn/shared/zone';
import { uuidOf } from '../../platform/id.ts';
import type { FieldError } from '../../platform/problem.ts';
import { rangeAt, type Stay, type StayFacts } from '../../pricing/model/facts.ts';
import { LONG_STAY_NIGHTS, priceStay } from '../../pricing/model/price.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import type { Booking } from './booking.ts';

/** A stay as it would be. */
export interface Wanted {
  checkIn: string;
  checkOut: string;
  guests: number;
  pets: number;
}

const MOST_NIGHTS = 1_125;

/** Why no home could take the guest like this: the dates are past, the wrong way round, or nothing differs. */
export function impossibleBy(booking: Booking, wanted: Wanted, now: Date): FieldError[] {
  const { terms } = booking;
  const nights = nightsBetween(wanted.checkIn, wanted.checkOut);
  const moved = wanted.checkIn !== booking.checkIn;
  const errors: FieldError[] = [];
  const add = (pointer: string, code: string, message: string) => errors.push({ pointer, code, message });
  if (nights < 1) add('/checkOut', 'before_check_in', 'must be after the check-in');
  if (nights > MOST_NIGHTS)
    add('/checkOut', 'too_long', `must be at most ${MOST_NIGHTS} nights after the check-in`);
  if (moved && booking.status === 'checkedIn')
    add('/checkIn', 'stay_began', `must be ${booking.checkIn}: the guest is there already`);
  else if (moved && instantAt(wanted.checkIn, terms.checkInFrom, terms.timeZone) <= now)
    add('/checkIn', 'past', 'must lie in the future');
  if (instantAt(wanted.checkOut, terms.checkOutBy, terms.timeZone) <= now)
    add('/checkOut', 'past', 'must lie in the future');
  if (MEMBERS.every((name) => booking[name] === wanted[name]))
    add('', 'nothing_differs', 'must differ from the stay as it is');
  return errors;
}

const MEMBERS: readonly (keyof Wanted)[] = ['checkIn', 'checkOut', 'guests', 'pets'];

/**
 * The terms of an altered stay. What was agreed stays: nights that are kept cost what they did, and fees, discounts by
 * the time of booking and the policy are those of the booking. New nights cost what they do now. Only a stay that
 * becomes a long one, or no longer is one, goes by the policy of its new length.
 */
export function alteredTerms(facts: StayFacts, booking: Booking, wanted: Wanted, now: Date): Terms {
  const stay: Stay = { ...wanted, nonRefundable: booking.terms.policy.key === 'nonRefundable' };
  return priceStay(agreedFacts(facts, booking, stay, now), stay, booking.createdAt);
}

function agreedFacts(facts: StayFacts, booking: Booking, stay: Stay, now: Date): StayFacts {
  const { terms, createdAt } = booking;
  return {
    ...facts,
    listing: {
      ...facts.listing,
      timeZone: terms.timeZone,
      checkInFrom: terms.checkInFrom,
      checkOutBy: terms.checkOutBy,
      preparationNights: terms.preparationNights,
      instantBook: terms.instantBook,
      ...agreedPolicyKeys(facts, booking, stay),
    },
    settings: pricesOf(facts, terms, stay),
    rulebook: {
      feeSchedules: [
        { ...terms.fees, id: uuidOf('fee', terms.fees.id)!, effectiveFrom: createdAt, createdAt },
      ],
      policies: [
        ...facts.rulebook.policies
          .filter(({ key, effectiveFrom }) => key !== terms.policy.key && effectiveFrom <= now)
          .map((policy) => ({
            ...policy,
            effectiveFrom: new Date(Math.min(policy.effectiveFrom.getTime(), createdAt.getTime())),
          })),
        { ...terms.policy, id: uuidOf('pol', terms.policy.id)!, effectiveFrom: createdAt, createdAt },
      ],
      taxRules: facts.rulebook.taxRules,
    },
  };
}

const isLong = ({ checkIn, checkOut }: Wanted) => nightsBetween(checkIn, checkOut) >= LONG_STAY_NIGHTS;

function agreedPolicyKeys({ listing }: StayFacts, booking: Booking, stay: Stay) {
  if (isLong(booking) !== isLong(stay)) return {};
  const { key } = booking.terms.policy;
  return isLong(stay)
    ? { longStayPolicy: key, cancellationPolicy: listing.cancellationPolicy }
    : { longStayPolicy: listing.longStayPolicy, cancellationPolicy: key };
}

/** The price of each night: what was agreed, else what the host set for the date. */
function pricesOf({ settings }: StayFacts, { nights }: Terms, { checkIn, checkOut }: Wanted) {
  const agreed = new Map(nights.map(({ date, price }) => [date, price]));
  return datesBetween(checkIn, checkOut).map((date) => ({
    from: date,
    to: addDays(date, 1),
    price: agreed.get(date) ?? rangeAt(settings, date)?.price ?? null,
    minNights: null,
    maxNights: null,
    closedToArrival: null,
    closedToDeparture: null,
  }));
}
