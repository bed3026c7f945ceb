import { type Money, toDecimal } from '@sojourn/shared/money';
import { standingOf } from '../../ledger/service/allocate.ts';
import { moneyOf } from '../../payments/service/read-payments.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { bookingRefunded, refundNewsOf } from '../events.ts';
import type { Booking } from '../model/booking.ts';
import type { SeenBooking } from '../model/seen.ts';
import { partyOf } from '../policy.ts';
import { bookingDisputed, notYourPart, refundTooLarge } from '../problems.ts';
import { updateBooking } from '../repository/bookings.ts';
import type { RefundBody } from '../schema/requests.ts';
import { lockSeen, seeAgain } from './see.ts';
import { settle } from './settle.ts';

/** Gives the guest money back beyond what the rules say: the host from the host's share, an admin from anybody's. */
export function refundBooking(ctx: Context, bookingId: string, body: RefundBody): Promise<SeenBooking> {
  return transaction(ctx, async (tx) => {
    const { booking, viewer } = await lockSeen(ctx, tx, bookingId);
    const party = partyOf(actorOf(ctx), viewer);
    if (party !== 'host' && party !== 'admin')
      throw notYourPart({ detail: 'Only the host or an admin gives money back.' });
    if (party === 'host' && body.paidBy !== 'host')
      throw notYourPart({ detail: 'Only an admin gives back what is the marketplace’s to bear.' });
    refuseOtherCurrency(booking, body.amount);
    await refuseTooMuch(tx, booking, body);
    const refunded = await updateBooking(tx, withRefund(booking, body), ctx.clock.now());
    await settle(ctx, tx, refunded);
    await emit(ctx, tx, bookingRefunded, refundNewsOf(refunded, { ...body, by: party }));
    return seeAgain(ctx, tx, refunded);
  });
}

const withRefund = (booking: Booking, { amount: { amount }, paidBy }: RefundBody): Booking =>
  paidBy === 'host'
    ? { ...booking, hostRefunded: booking.hostRefunded + amount }
    : { ...booking, marketplaceRefunded: booking.marketplaceRefunded + amount };

function refuseOtherCurrency({ terms }: Booking, { currency }: Money): void {
  if (currency === terms.currency) return;
  throw invalidRequest({
    detail: `/amount/currency: must be ${terms.currency}.`,
    errors: [{ pointer: '/amount/currency', code: 'wrong_currency', message: `must be ${terms.currency}` }],
  });
}

/** A host gives back what is the host's; together both never give back more than was paid. */
async function refuseTooMuch(tx: Tx, { id }: Booking, { amount, paidBy }: RefundBody): Promise<void> {
  const { openDispute } = await moneyOf(tx, id);
  if (openDispute) throw bookingDisputed();
  const { paid, shares } = await standingOf(tx, id);
  const most = paidBy === 'host' ? shares.host : shares.host + shares.platform + shares.taxes;
  if (paid > 0 && amount.amount <= most) return;
  throw refundTooLarge({
    detail: `At most ${toDecimal({ amount: Math.max(0, most), currency: amount.currency })} ${amount.currency} can be given back${paidBy === 'host' ? ' of the share of the host' : ''}.`,
  });
}
