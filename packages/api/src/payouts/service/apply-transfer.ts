import type Stripe from 'stripe';
import { lockBooking } from '../../bookings/repository/bookings.ts';
import { account, type Entry, move, payableTo } from '../../ledger/model/entry.ts';
import { post } from '../../ledger/service/post.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { about, newsOf, payoutFailed, payoutPaid } from '../events.ts';
import { netOf, nextAttemptAfter, type Payout, type PayoutFailure } from '../model/payout.ts';
import { findPayout, lockPayoutsOf } from '../repository/payouts.ts';
import { lockAccountsOf, markFailed, markPaid, oweAgain } from '../repository/sending.ts';
import { planPayouts } from './plan-payouts.ts';
import { mirrorOf } from './stripe-transaction.ts';

/** Writes down that the money of a payout has gone. One that is not being sent any more is left as it is. */
export const applyTransfer = (ctx: Context, payoutId: string, transfer: Stripe.Transfer): Promise<void> =>
  whileProcessing(ctx, payoutId, async (tx, payout) => {
    const paid = await markPaid(tx, payout.id, transfer.id, ctx.clock.now());
    await post(ctx, tx, [transferEntry(payout, transfer)]);
    await emit(ctx, tx, payoutPaid, newsOf(paid));
  });

/**
 * Writes down that Stripe will not move the money of a payout: what it would have paid of debts is owed again, and it is
 * tried again later. The host is told once for each reason.
 */
export const applyRefusal = (ctx: Context, payoutId: string, failure: PayoutFailure): Promise<void> =>
  whileProcessing(ctx, payoutId, async (tx, payout) => {
    const now = ctx.clock.now();
    await lockAccountsOf(tx, [payout.hostId]);
    await oweAgain(tx, payout.id);
    const nextAttemptAt = nextAttemptAfter(payout.attempts, now);
    const failed = await markFailed(tx, payout.id, { failure, nextAttemptAt }, now);
    if (payout.failure === failure) return;
    await emit(ctx, tx, payoutFailed, {
      ...newsOf(failed),
      data: { ...about(failed), reason: failure, nextAttemptAt: nextAttemptAt.toISOString() },
    });
  });

/** What it is to become may have changed while it was on its way, so that all of its booking is planned anew after it. */
async function whileProcessing(
  ctx: Context,
  payoutId: string,
  work: (tx: Tx, payout: Payout) => Promise<void>,
): Promise<void> {
  const known = await findPayout(ctx.db, payoutId);
  if (!known) return;
  await transaction(ctx, async (tx) => {
    await lockBooking(tx, known.bookingId);
    // All of the booking before the account of its host, as for whoever sends what is due.
    const payout = (await lockPayoutsOf(tx, known.bookingId)).find(({ id }) => id === payoutId);
    if (payout?.status !== 'processing') return;
    await work(tx, payout);
    await planPayouts(ctx, tx, payout.bookingId);
  });
}

const transferEntry = (payout: Payout, transfer: Stripe.Transfer): Entry => ({
  kind: 'transfer',
  source: `transfer:${transfer.id}`,
  reference: payout.bookingId,
  ...mirrorOf(transfer),
  postings: move(account('stripeBalance'), payableTo(payout.hostId), {
    amount: netOf(payout),
    currency: payout.currency,
  }),
});
