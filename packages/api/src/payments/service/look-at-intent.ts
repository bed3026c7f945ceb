import type Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import { type Intent, intentOf } from '../model/intent.ts';
import { type Applied, applyIntent } from './apply-intent.ts';

/** What is read with an intent, so that one call tells all of it. */
export const WITH_CHARGE = { expand: ['latest_charge.balance_transaction'] };

/** An intent as it stands at Stripe now. */
export const readIntent = async (ctx: Context, intentId: string): Promise<Intent> =>
  intentOf(await ctx.stripe.client.paymentIntents.retrieve(intentId, WITH_CHARGE));

/** Reads an intent, and makes its payment follow it. */
export const lookAtIntent = async (ctx: Context, intentId: string): Promise<Applied> =>
  applyIntent(ctx, await readIntent(ctx, intentId));

/**
 * Applies what became of a charge. It may be heard of before the charge itself is, such as of one that was made on a page
 * of Stripe: then that is looked at first.
 *
 * @throws while Stripe has not brought the charge to its end
 */
export async function withPayment(
  ctx: Context,
  { intentId }: { intentId: string | null },
  apply: () => Promise<Applied>,
): Promise<Applied> {
  const applied = await apply();
  if (applied === 'applied' || intentId === null) return applied;
  if ((await lookAtIntent(ctx, intentId)) === 'ignored') return 'ignored';
  if ((await apply()) === 'applied') return 'applied';
  throw new Error(`The payment by ${intentId} is not known well enough yet.`);
}

/**
 * The answer to a call that changed an intent. One that Stripe repeats for its key is from back then: how the intent
 * stands now is read instead.
 */
export async function answered(ctx: Context, answer: Stripe.Response<Stripe.PaymentIntent>): Promise<Intent> {
  const isRepeated = answer.lastResponse.headers['idempotent-replayed'] === 'true';
  return isRepeated ? readIntent(ctx, answer.id) : intentOf(answer);
}
