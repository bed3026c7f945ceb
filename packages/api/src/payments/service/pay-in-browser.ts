import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { type Context, transaction } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { isRefusal, isStripeFailure, withoutSecrets } from '../../platform/stripe/failures.ts';
import { expireCheckout } from '../jobs.ts';
import { OPEN, type Payment } from '../model/payment.ts';
import { paymentNotOpen, paymentsUnavailable } from '../problems.ts';
import { findOpenPayment, lockPayment, updatePayment } from '../repository/payments.ts';
import { ensureCustomer, ensureIntent, METHODS, madeFor } from './ensure-intent.ts';
import { lookAt } from './look-at.ts';
import { readIntent } from './look-at-intent.ts';
import { refusalOf } from './refusal.ts';
import { refuseUnmovable } from './refuse-unmovable.ts';

const RETRY_AFTER_SECONDS = '5';

interface WantedCheckout {
  reference: string;
  /** What is paid for, as the payer reads it. */
  title: string;
  successUrl: string;
  cancelUrl: string;
}

/** A page of Stripe on which a payment can be paid. */
export interface Checkout {
  url: string;
  expiresAt: Date;
}

/**
 * With which a browser pays what is open for a thing by Stripe's own script; null when nothing is. Outside of any
 * transaction.
 *
 * @throws payment_not_possible, payments_unavailable
 */
export const clientSecretOf = (ctx: Context, reference: string): Promise<string | null> =>
  forPayer(ctx, async () => {
    const payment = await findOpenPayment(ctx.db, reference);
    if (!payment) return null;
    const { intentId } = await ensureIntent(ctx, payment);
    return (await readIntent(ctx, intentId!)).clientSecret;
  });

/**
 * A page of Stripe on which what is open for a thing can be paid; the page that was opened before for the same is
 * answered again. It is closed when the payment is given up. Outside of any transaction.
 *
 * @throws payment_not_open, payment_not_possible, payments_unavailable
 */
export const openCheckout = (ctx: Context, wanted: WantedCheckout): Promise<Checkout> =>
  forPayer(ctx, async () => {
    const payment = await findOpenPayment(ctx.db, wanted.reference);
    if (!payment) throw paymentNotOpen();
    const session = (await openSession(ctx, payment, wanted)) ?? (await makeSession(ctx, payment, wanted));
    await keepSession(ctx, payment, session.id);
    if (session.url === null || session.status !== 'open') {
      await lookAt(ctx, { kind: 'checkout.session', id: session.id });
      throw paymentNotOpen();
    }
    return { url: session.url, expiresAt: new Date(session.expires_at * 1_000) };
  });

/** The page that was opened before, while it can be paid on and leads to where it should. */
async function openSession(
  ctx: Context,
  { checkoutSessionId }: Payment,
  { successUrl, cancelUrl }: WantedCheckout,
): Promise<Stripe.Checkout.Session | undefined> {
  if (checkoutSessionId === null) return undefined;
  const session = await ctx.stripe.client.checkout.sessions.retrieve(checkoutSessionId);
  const leadsThere = session.success_url === successUrl && session.cancel_url === cancelUrl;
  return session.status === 'complete' || (session.status === 'open' && leadsThere) ? session : undefined;
}

async function makeSession(ctx: Context, payment: Payment, { title, successUrl, cancelUrl }: WantedCheckout) {
  const made = await ctx.stripe.client.checkout.sessions.create(
    {
      mode: 'payment',
      customer: await ensureCustomer(ctx, payment.payerId),
      client_reference_id: publicId('pay', payment.id),
      allowed_payment_method_types: METHODS,
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: payment.currency.toLowerCase(),
            unit_amount: refuseUnmovable(payment),
            product_data: { name: title },
          },
        },
      ],
      payment_intent_data: madeFor(payment),
      success_url: successUrl,
      cancel_url: cancelUrl,
    },
    {
      idempotencyKey: `checkout:${payment.id}:${digest([payment.checkoutSessionId, title, successUrl, cancelUrl])}`,
    },
  );
  // What is answered again for a key is from back then: the page may have been paid on, or closed.
  return ctx.stripe.client.checkout.sessions.retrieve(made.id);
}

const digest = (parts: readonly (string | null)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** One page at a time: that of before is closed, and the new one too when the payment was given up meanwhile. */
const keepSession = (ctx: Context, { id }: Payment, sessionId: string): Promise<void> =>
  transaction(ctx, async (tx) => {
    const payment = (await lockPayment(tx, id))!;
    const isOpen = OPEN.includes(payment.status);
    const { checkoutSessionId: before } = payment;
    const unwanted = isOpen ? before : sessionId;
    if (isOpen) await updatePayment(tx, { ...payment, checkoutSessionId: sessionId }, ctx.clock.now());
    if (unwanted === null || (isOpen && before === sessionId)) return;
    await enqueue(ctx, tx, expireCheckout, { payload: { sessionId: unwanted }, key: unwanted });
  });

/** Closes a page. What was paid on it a moment before counts. */
export async function closeCheckout(ctx: Context, sessionId: string): Promise<void> {
  try {
    await ctx.stripe.client.checkout.sessions.expire(sessionId);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await lookAt(ctx, { kind: 'checkout.session', id: sessionId });
  }
}

/** What fails is told as a problem, without anything that Stripe said. */
async function forPayer<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) throw refusal.problem;
    if (!isStripeFailure(error)) throw error;
    throw paymentsUnavailable({
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
      cause: withoutSecrets(ctx, error),
    });
  }
}
