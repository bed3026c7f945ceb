import type { BookingStatus } from '@sojourn/shared/vocabulary';
import { instantAt } from '@sojourn/shared/zone';
import { type Booking, checkInAtOf, checkOutAtOf } from './booking.ts';

/** Who acts on a booking: one of its two sides, an admin, or the clock. */
export type Party = 'guest' | 'host' | 'admin' | 'clock';

interface Transition {
  by: readonly Party[];
  /** What each state becomes; in the states that are not named, the act is refused. */
  moves: Readonly<Partial<Record<BookingStatus, BookingStatus>>>;
}

/**
 * The whole life of a booking. Where a hold that expired becomes something again, that is a payment that came late: it
 * goes through while the nights are still free. The clock gives up what was agreed when its money cannot be had any more.
 */
export const TRANSITIONS = {
  payInstantly: { by: ['guest'], moves: { held: 'confirmed', expired: 'confirmed' } },
  payForRequest: { by: ['guest'], moves: { held: 'requested', expired: 'requested' } },
  accept: { by: ['host'], moves: { requested: 'confirmed' } },
  decline: { by: ['host'], moves: { requested: 'declined' } },
  expire: { by: ['clock'], moves: { held: 'expired', requested: 'expired' } },
  cancel: {
    by: ['guest', 'host', 'admin'],
    moves: { held: 'cancelled', requested: 'cancelled', confirmed: 'cancelled', checkedIn: 'cancelled' },
  },
  giveUp: {
    by: ['clock'],
    moves: { requested: 'cancelled', confirmed: 'cancelled', checkedIn: 'cancelled' },
  },
  checkIn: { by: ['guest', 'host'], moves: { confirmed: 'checkedIn' } },
  checkOut: { by: ['guest', 'host'], moves: { checkedIn: 'completed' } },
  markNoShow: { by: ['host'], moves: { confirmed: 'noShow' } },
  complete: { by: ['clock'], moves: { confirmed: 'completed', checkedIn: 'completed' } },
  alter: { by: ['guest', 'host'], moves: { confirmed: 'confirmed', checkedIn: 'checkedIn' } },
} as const satisfies Record<string, Transition>;
export type Act = keyof typeof TRANSITIONS;

const transitionOf = (act: Act): Transition => TRANSITIONS[act];

export const mayDo = (party: Party, act: Act): boolean => transitionOf(act).by.includes(party);

/** What an act makes of a state; undefined when it cannot be done in it. */
export const after = (act: Act, status: BookingStatus): BookingStatus | undefined =>
  transitionOf(act).moves[status];

/** The states in which an act can be done. */
export const statesFor = (act: Act): BookingStatus[] =>
  Object.keys(transitionOf(act).moves) as BookingStatus[];

type Timed = Pick<Booking, 'status' | 'holdExpiresAt' | 'respondBy' | 'terms'>;

/** The state that a booking is in at an instant, whether or not somebody has written down yet what the clock did. */
export function statusAt(booking: Timed, now: Date): BookingStatus {
  const { status, holdExpiresAt, respondBy } = booking;
  if (status === 'held' && holdExpiresAt! <= now) return 'expired';
  if (status === 'requested' && respondBy! <= now) return 'expired';
  if (after('complete', status) && checkOutAtOf(booking) <= now) return 'completed';
  return status;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** For how long nights are held while the guest pays. */
export const HOLD_MINUTES = 15;
/** How long after its hold expired a payment still goes through, when the nights are free. */
export const LATE_PAYMENT_MINUTES = 60;
const ANSWER_HOURS = 24;

export const holdExpiryFrom = (now: Date): Date => new Date(now.getTime() + HOLD_MINUTES * MINUTE_MS);

/** Whether a hold that expired may still be paid: not one that was a request, and not for ever. */
export const mayPayLate = (booking: Timed, now: Date): boolean =>
  booking.respondBy === null &&
  booking.holdExpiresAt !== null &&
  now.getTime() < booking.holdExpiresAt.getTime() + LATE_PAYMENT_MINUTES * MINUTE_MS &&
  now < checkInAtOf(booking);

/** Until when the host answers a request: within a day, and before the stay begins. */
export const respondByFrom = (booking: Pick<Booking, 'terms'>, now: Date): Date =>
  new Date(Math.min(now.getTime() + ANSWER_HOURS * HOUR_MS, checkInAtOf(booking).getTime()));

/** From when a guest may be checked in: the beginning of the day, where the home is. */
export const checkInOpensAt = ({ checkIn, terms }: Pick<Booking, 'checkIn' | 'terms'>): Date =>
  instantAt(checkIn, '00:00', terms.timeZone);
