import { hostPenalty, refundAt, refundSchedule } from '../../pricing/model/refund.ts';
import { type Booking, type Cancellation, CONFIRMED } from './booking.ts';
import type { Party } from './transitions.ts';

/** What an admin decided instead of what the rules say, in minor units. */
export interface Override {
  refund?: number | undefined;
  penalty?: number | undefined;
}

/** Of what was not taken, nothing comes back and nobody earns anything. */
export const NOTHING = { refund: 0, hostKeeps: 0, penalty: 0, lines: [] };

/**
 * What cancelling at an instant does to the money. Of a booking that is not confirmed nothing was taken, so that nothing
 * comes back. A guest gets what the policy says; when the host or an admin cancels, everything, unless an admin decides.
 */
export function cancellationBy(
  party: Party,
  booking: Booking,
  now: Date,
  override: Override = {},
): Omit<Cancellation, 'reason'> {
  if (!CONFIRMED.includes(booking.status)) return NOTHING;
  const { terms, confirmedAt } = booking;
  if (party === 'guest') return { ...refundAt(terms, confirmedAt, now), penalty: 0 };
  const whole = { ...refundAt(terms, null, now), penalty: party === 'host' ? hostPenalty(terms, now) : 0 };
  return overridden(whole, booking, override);
}

/** Of a sum that somebody chose, no line can be told. */
function overridden(
  whole: Omit<Cancellation, 'reason'>,
  { terms }: Booking,
  { refund, penalty }: Override,
): Omit<Cancellation, 'reason'> {
  const owed = penalty ?? whole.penalty;
  if (refund === undefined) return { ...whole, penalty: owed };
  return {
    refund,
    hostKeeps: Math.min(terms.subtotal, terms.total - refund),
    penalty: owed,
    lines: [],
  };
}

/** When what a guest gets back changes next; null when it does not any more. */
export function refundChangesAt(party: Party, booking: Booking, now: Date): Date | null {
  if (party !== 'guest' || !CONFIRMED.includes(booking.status)) return null;
  const steps = refundSchedule(booking.terms, booking.confirmedAt!);
  return steps.find(({ until }) => until > now)?.until ?? null;
}
