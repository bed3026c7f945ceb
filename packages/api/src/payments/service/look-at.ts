import type { Context } from '../../platform/context.ts';
import { isUnknownAtStripe } from '../../platform/stripe/failures.ts';
import { ForeignCurrency, idOf } from '../model/intent.ts';
import type { LookedAt } from '../model/stripe-event.ts';
import { findWaitingEvent, finishStripeEvent } from '../repository/stripe-events.ts';
import { lookAtDispute } from './apply-dispute.ts';
import type { Applied } from './apply-intent.ts';
import { lookAtIntent } from './look-at-intent.ts';
import { lookAtRefund, lookAtRefundsOf } from './refund.ts';

const LOOKS: Readonly<Record<LookedAt, (ctx: Context, id: string) => Promise<Applied>>> = {
  payment_intent: lookAtIntent,
  refund: lookAtRefund,
  dispute: lookAtDispute,
  charge: lookAtCharge,
  'checkout.session': lookAtSession,
};

/** Reads how something stands at Stripe now, and makes what it is here follow. What is not ours is left alone. */
export async function lookAt(ctx: Context, { kind, id }: { kind: LookedAt; id: string }): Promise<Applied> {
  try {
    return await LOOKS[kind](ctx, id);
  } catch (error) {
    if (isUnknownAtStripe(error) || error instanceof ForeignCurrency) return 'ignored';
    throw error;
  }
}

/** Applies what Stripe told: not what it said, which may be old, but how the thing stands by now. */
export async function applyStripeEvent(ctx: Context, eventId: string): Promise<void> {
  const event = await findWaitingEvent(ctx.db, eventId);
  if (!event) return;
  const outcome = await lookAt(ctx, { kind: event.objectType as LookedAt, id: event.objectId! });
  await finishStripeEvent(ctx.db, eventId, outcome, ctx.clock.now());
}

async function lookAtCharge(ctx: Context, chargeId: string): Promise<Applied> {
  const charge = await ctx.stripe.client.charges.retrieve(chargeId);
  const intentId = idOf(charge.payment_intent);
  if (intentId === null || (await lookAtIntent(ctx, intentId)) === 'ignored') return 'ignored';
  if (charge.amount_refunded > 0) await lookAtRefundsOf(ctx, chargeId);
  return 'applied';
}

async function lookAtSession(ctx: Context, sessionId: string): Promise<Applied> {
  const session = await ctx.stripe.client.checkout.sessions.retrieve(sessionId);
  const intentId = idOf(session.payment_intent);
  return intentId === null ? 'ignored' : lookAtIntent(ctx, intentId);
}
