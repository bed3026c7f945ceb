import type Stripe from 'stripe';
import { lockBooking } from '../../bookings/repository/bookings.ts';
import { account, move, payableTo } from '../../ledger/model/entry.ts';
import { post } from '../../ledger/service/post.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { withoutSecrets } from '../../platform/stripe/failures.ts';
import { isKeyOld } from '../../platform/stripe/keys.ts';
import { about, newsOf, payoutReversalFailed, payoutReversed } from '../events.ts';
import type { Payout, PayoutFailure, Reversal } from '../model/payout.ts';
import { findPayout, lockPayout } from '../repository/payouts.ts';
import { insertDebt } from '../repository/planning.ts';
import { findReversal, markReversalFailed, markReversed } from '../repository/reversals.ts';
import { planPayouts } from './plan-payouts.ts';
import { refusalOf } from './refusal.ts';
import { mirrorOf, stripeMoney } from './stripe-transaction.ts';

/** Takes back what was ordered back of a payout, once however often it is repeated. */
export async function reverseTransfer(ctx: Context, reversalId: string): Promise<void> {
  const reversal = await findReversal(ctx.db, reversalId);
  if (reversal?.status !== 'pending') return;
  const payout = (await findPayout(ctx.db, reversal.payoutId))!;
  try {
    const made = isKeyOld(ctx, reversal.createdAt) ? await findMade(ctx, payout, reversal) : undefined;
    await applyReversal(ctx, reversal.id, made ?? (await create(ctx, payout, reversal)));
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw withoutSecrets(ctx, error);
    ctx.log.warn({ reversalId, refusal, err: withoutSecrets(ctx, error) }, 'Stripe took no transfer back');
    await applyReversalRefusal(ctx, reversal.id, refusal);
  }
}

const create = ({ stripe }: Context, payout: Payout, { id, amount }: Reversal) =>
  stripe.client.transfers.createReversal(
    payout.stripeTransferId!,
    {
      amount: stripeMoney(amount, payout.currency).amount,
      metadata: { reversal: id },
      expand: ['balance_transaction'],
    },
    { idempotencyKey: `reversal:${id}` },
  );

async function findMade(
  { stripe }: Context,
  { stripeTransferId }: Payout,
  { id }: Reversal,
): Promise<Stripe.TransferReversal | undefined> {
  for await (const made of stripe.client.transfers.listReversals(stripeTransferId!, {
    expand: ['data.balance_transaction'],
    limit: 100,
  }))
    if (made.metadata?.reversal === id) return made;
  return undefined;
}

/** Writes down that money came back from a host. */
export const applyReversal = (
  ctx: Context,
  reversalId: string,
  made: Stripe.TransferReversal,
): Promise<void> =>
  whilePending(ctx, reversalId, async (tx, reversal, payout) => {
    if (!(await markReversed(tx, reversal, made.id, ctx.clock.now()))) return;
    const { amount } = reversal;
    await post(ctx, tx, [
      {
        kind: 'transferReversal',
        source: `transferReversal:${made.id}`,
        reference: payout.bookingId,
        ...mirrorOf(made),
        postings: move(payableTo(payout.hostId), account('stripeBalance'), {
          amount,
          currency: payout.currency,
        }),
      },
    ]);
    const is = { ...payout, reversed: payout.reversed + amount };
    await emit(ctx, tx, payoutReversed, { ...newsOf(is), data: { ...about(is), reversal: amount } });
  });

/** What cannot be taken back, since the money has left the host's account or that is closed, the host owes. */
const applyReversalRefusal = (ctx: Context, reversalId: string, reason: PayoutFailure): Promise<void> =>
  whilePending(ctx, reversalId, async (tx, reversal, payout) => {
    if (!(await markReversalFailed(tx, reversal, reason, ctx.clock.now()))) return;
    const { amount } = reversal;
    await insertDebt(ctx, tx, { ...payout, kind: 'reversal', amount });
    await emit(ctx, tx, payoutReversalFailed, {
      ...newsOf(payout),
      data: { ...about(payout), reversal: amount, reason },
    });
  });

async function whilePending(
  ctx: Context,
  reversalId: string,
  work: (tx: Tx, reversal: Reversal, payout: Payout) => Promise<void>,
): Promise<void> {
  const reversal = await findReversal(ctx.db, reversalId);
  const known = reversal && (await findPayout(ctx.db, reversal.payoutId));
  if (!reversal || !known) return;
  await transaction(ctx, async (tx) => {
    await lockBooking(tx, known.bookingId);
    const payout = await lockPayout(tx, known.id);
    await work(tx, reversal, payout!);
    await planPayouts(ctx, tx, known.bookingId);
  });
}
