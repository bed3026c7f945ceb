import Stripe from 'stripe';
import { type Context, transaction } from '../../platform/context.ts';
import type { SignedBody } from '../../platform/http/route.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { malformedRequest } from '../../platform/problems.ts';
import { applyStripeEvent, stripeEventForPayouts } from '../jobs.ts';
import { type StripeEvent, stripeEventOf, takerOf } from '../model/stripe-event.ts';
import { invalidSignature, paymentsNotConfigured, wrongStripeMode } from '../problems.ts';
import { insertStripeEvent } from '../repository/stripe-events.ts';

const { StripeSignatureVerificationError } = Stripe.errors;

/** Keeps what Stripe tells, once however often it comes, and has it applied. Nothing is believed before it is verified. */
export async function receiveStripeEvent(ctx: Context, signed: SignedBody): Promise<{ received: true }> {
  const given = verified(ctx, signed);
  const event = stripeEventOf(given);
  if (!event) throw malformedRequest({ detail: 'The body is no event of Stripe.' });
  if (given.livemode !== (ctx.config.mode === 'live')) throw wrongStripeMode();
  await keep(ctx, event);
  return { received: true };
}

function verified({ stripe }: Context, { bytes, signature }: SignedBody): Stripe.Event {
  if (stripe.webhookSecret === undefined) throw paymentsNotConfigured();
  for (const secret of stripe.webhookSecret.split(','))
    try {
      return stripe.client.webhooks.constructEvent(bytes, signature ?? '', secret);
    } catch (error) {
      // What the client fails with holds the whole body: it goes nowhere.
      if (!(error instanceof StripeSignatureVerificationError))
        throw malformedRequest({ detail: 'The body is no event of Stripe.' });
    }
  throw invalidSignature();
}

const keep = (ctx: Context, event: StripeEvent): Promise<void> =>
  transaction(ctx, async (tx) => {
    const taker = takerOf(event);
    const outcome = taker === null ? 'ignored' : taker === 'payouts' ? 'handedOn' : null;
    if (!(await insertStripeEvent(tx, event, outcome, ctx.clock.now()))) return;
    const { id: eventId, type, account, objectId } = event;
    if (taker === 'payments')
      await enqueue(ctx, tx, applyStripeEvent, { payload: { eventId }, key: eventId });
    if (taker === 'payouts')
      await enqueue(ctx, tx, stripeEventForPayouts, {
        payload: { eventId, type, account, objectId },
        key: eventId,
      });
  });
