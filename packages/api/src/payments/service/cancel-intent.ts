import type { Context } from '../../platform/context.ts';
import { isRefusal, isUnknownAtStripe } from '../../platform/stripe/failures.ts';
import { isAlive } from '../model/intent.ts';
import { applyIntent } from './apply-intent.ts';
import { answered, readIntent, WITH_CHARGE } from './look-at-intent.ts';

/** Gives up an intent at Stripe. When it was too late, and the money was taken, the payment follows that. */
export async function cancelIntent(ctx: Context, intentId: string): Promise<void> {
  try {
    // Under a key of its own each time: a refusal of before, such as while a page was open, would be repeated.
    const answer = await ctx.stripe.client.paymentIntents.cancel(intentId, WITH_CHARGE);
    await applyIntent(ctx, await answered(ctx, answer));
  } catch (error) {
    if (isUnknownAtStripe(error)) return;
    if (!isRefusal(error)) throw error;
    const intent = await readIntent(ctx, intentId);
    if (isAlive(intent)) throw error;
    await applyIntent(ctx, intent);
  }
}
