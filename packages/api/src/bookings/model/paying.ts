import type { Payment } from '../../payments/model/payment.ts';
import type { Alteration } from './alteration.ts';
import { type Booking, CONFIRMED } from './booking.ts';
import { type Act, after, mayPayLate, statusAt } from './transitions.ts';

/** How the payments for a booking stand, as far as anything follows from it. */
export type PaymentState = Pick<Payment, 'id' | 'status' | 'refunded' | 'captureRequestedAt'>;

/** Whether somebody has paid, or has the money reserved, who did not get it back. */
export const isPaid = ({ status, refunded }: PaymentState): boolean =>
  status === 'requiresCapture' || (status === 'succeeded' && refunded === 0);

/** What paying does to a booking. */
export const payingOf = ({ terms }: Booking): Act => (terms.instantBook ? 'payInstantly' : 'payForRequest');

/**
 * What follows from how a booking and its payments stand: `confirm` what was paid for, nights and all; `revive` a hold
 * that expired; `turnAway` a payment for which it is too late; `giveUp` a stay whose money cannot be had any more;
 * `alter` a stay whose alteration was paid for; `dropAlteration` when that payment was given up.
 */
export type Consequence = 'confirm' | 'revive' | 'turnAway' | 'giveUp' | 'alter' | 'dropAlteration';

/** @param alteration the open one of the booking, where there is one */
export function consequenceOf(
  booking: Booking,
  payments: readonly PaymentState[],
  alteration: Alteration | undefined,
  now: Date,
): Consequence | undefined {
  const ofAlteration = alteration && payments.find(({ id }) => id === alteration.paymentId);
  const ofStay = payments.filter((payment) => payment !== ofAlteration);
  if (after(payingOf(booking), booking.status))
    return ofStay.some(isPaid) ? arrival(booking, now) : undefined;
  if (after('giveUp', booking.status) && isGone(ofStay)) return 'giveUp';
  if (ofAlteration?.status === 'cancelled') return 'dropAlteration';
  if (!ofAlteration || !isPaid(ofAlteration)) return undefined;
  return CONFIRMED.includes(statusAt(booking, now)) ? 'alter' : 'dropAlteration';
}

/** Whether all that was to be paid was given up, or what was reserved for the stay could not be taken any more. */
const isGone = (payments: readonly PaymentState[]): boolean => {
  const givenUp = payments.filter(({ status }) => status === 'cancelled');
  return (
    givenUp.some(({ captureRequestedAt }) => captureRequestedAt !== null) ||
    (givenUp.length > 0 && givenUp.length === payments.length)
  );
};

/** Of money that is there, while the booking was not paid for. */
function arrival(booking: Booking, now: Date): Consequence {
  if (statusAt(booking, now) === 'held') return 'confirm';
  if (!mayPayLate(booking, now)) return 'turnAway';
  return booking.status === 'held' ? 'confirm' : 'revive';
}
