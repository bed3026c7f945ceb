import type Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import { callingStripe, withoutSecrets } from '../../platform/stripe/failures.ts';
import { isKeyOld } from '../../platform/stripe/keys.ts';
import { netOf, type Payout } from '../model/payout.ts';
import { findPayout } from '../repository/payouts.ts';
import { applyRefusal, applyTransfer } from './apply-transfer.ts';
import { refreshAccount } from './refresh-account.ts';
import { refusalOf } from './refusal.ts';
import { stripeMoney } from './stripe-transaction.ts';

/**
 * Moves the money of a payout that was sent off. Repeated, it moves it once: the key of the call is made of the payout
 * and its attempt. What Stripe says later of the same transfer is written down by the same function.
 */
export async function transferPayout(ctx: Context, payoutId: string): Promise<void> {
  const payout = await findPayout(ctx.db, payoutId);
  if (payout?.status !== 'processing') return;
  try {
    const made = isKeyOld(ctx, payout.updatedAt) ? await findMade(ctx, payout) : undefined;
    await applyTransfer(ctx, payout.id, made ?? (await create(ctx, payout)));
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw withoutSecrets(ctx, error);
    ctx.log.warn({ payoutId, refusal, err: withoutSecrets(ctx, error) }, 'Stripe refused a transfer');
    await applyRefusal(ctx, payout.id, refusal);
    await callingStripe(ctx, () => refreshAccount(ctx, payout.stripeAccountId!));
  }
}

const create = ({ stripe }: Context, payout: Payout): Promise<Stripe.Transfer> =>
  stripe.client.transfers.create(
    {
      ...stripeMoney(netOf(payout), payout.currency),
      destination: payout.stripeAccountId!,
      transfer_group: publicId('bkg', payout.bookingId),
      ...(payout.sourceCharge === null ? {} : { source_transaction: payout.sourceCharge }),
      metadata: marksOf(payout),
      expand: ['balance_transaction'],
    },
    { idempotencyKey: `transfer:${payout.id}:${payout.attempts}` },
  );

const marksOf = ({ id, bookingId, attempts }: Payout) => ({
  payout: publicId('pyo', id),
  booking: publicId('bkg', bookingId),
  attempt: String(attempts),
});

/** Stripe forgets keys after a day: what was asked for longer ago is looked for among what was made. */
async function findMade({ stripe }: Context, payout: Payout): Promise<Stripe.Transfer | undefined> {
  const marks = marksOf(payout);
  for await (const transfer of stripe.client.transfers.list({
    transfer_group: marks.booking,
    expand: ['data.balance_transaction'],
    limit: 100,
  }))
    if (transfer.metadata.payout === marks.payout && transfer.metadata.attempt === marks.attempt)
      return transfer;
  return undefined;
}
