import { allocate, standingOf } from '../../ledger/service/allocate.ts';
import { orderRefund } from '../../payments/service/order-refund.ts';
import { moneyOf } from '../../payments/service/read-payments.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { bookingSettled, settlementNewsOf } from '../events.ts';
import type { Booking } from '../model/booking.ts';
import { isDecided, sharesOf } from '../model/shares.ts';

/**
 * Says whose the money for a booking is, which the transaction holds, and orders what is still to be given back. Called
 * again it changes nothing. While a bank decides a dispute all stays as it is.
 *
 * @returns whether the shares are others than before
 */
export async function settle(ctx: Context, tx: Tx, booking: Booking): Promise<boolean> {
  if (!isDecided(booking)) return false;
  const standing = await standingOf(tx, booking.id);
  if (standing.paid === 0) return false;
  const money = await moneyOf(tx, booking.id);
  if (money.openDispute) return false;
  const { paid, shares: was } = standing;
  const is = sharesOf(booking, { paid, refunded: money.refunded, lost: money.lost });
  const { hostId, terms } = booking;
  const { currency } = terms;
  const changed = await allocate(ctx, tx, { reference: booking.id, hostId, currency, was, is });
  // What came back from a bank is for people to look at: it is not sent there again by itself.
  const due = is.refunds - money.refunded - money.failed - money.lost;
  if (due > 0) await orderRefund(ctx, tx, { reference: booking.id, amount: due });
  if (changed) await emit(ctx, tx, bookingSettled, settlementNewsOf(booking, is));
  return changed;
}
