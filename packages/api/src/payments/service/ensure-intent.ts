import { type Context, transaction } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { cancelIntent } from '../jobs.ts';
import type { Payment } from '../model/payment.ts';
import { findCustomer, insertCustomer } from '../repository/customers.ts';
import { lockPayment, updatePayment } from '../repository/payments.ts';
import { refuseUnmovable } from './refuse-unmovable.ts';

/** Cards only: they can be reserved, and charged again for what comes on top. */
export const METHODS: ['card'] = ['card'];

/** What a payment is at Stripe, in an intent and on a page alike. */
export const madeFor = ({ id, reference, capture }: Payment) => ({
  capture_method: capture,
  setup_future_usage: 'off_session' as const,
  metadata: { payment: publicId('pay', id), booking: publicId('bkg', reference) },
  transfer_group: publicId('bkg', reference),
});

/** The customer at Stripe that a payer is. */
export async function ensureCustomer(ctx: Context, payerId: string): Promise<string> {
  const known = await findCustomer(ctx.db, payerId);
  if (known) return known;
  const user = publicId('usr', payerId);
  const { id } = await ctx.stripe.client.customers.create(
    { metadata: { user } },
    { idempotencyKey: `customer:${payerId}` },
  );
  await insertCustomer(ctx.db, payerId, id, ctx.clock.now());
  return (await findCustomer(ctx.db, payerId)) ?? id;
}

/**
 * The intent with which a payment is paid, made when there is none. Of a payment that was given up meanwhile, the intent
 * is given up too.
 *
 * @returns the payment as it is now
 * @throws payment_not_possible
 */
export async function ensureIntent(ctx: Context, payment: Payment): Promise<Payment> {
  if (payment.intentId !== null) return payment;
  const intent = await ctx.stripe.client.paymentIntents.create(
    {
      amount: refuseUnmovable(payment),
      currency: payment.currency.toLowerCase(),
      customer: await ensureCustomer(ctx, payment.payerId),
      allowed_payment_method_types: METHODS,
      ...madeFor(payment),
    },
    { idempotencyKey: `intent:${payment.id}` },
  );
  return keepIntent(ctx, payment.id, intent.id);
}

const keepIntent = (ctx: Context, paymentId: string, intentId: string): Promise<Payment> =>
  transaction(ctx, async (tx) => {
    const payment = (await lockPayment(tx, paymentId))!;
    if (payment.intentId === intentId) return payment;
    const isWanted = payment.intentId === null && payment.status !== 'cancelled';
    if (!isWanted) await enqueue(ctx, tx, cancelIntent, { payload: { intentId }, key: intentId });
    if (payment.intentId !== null) return payment;
    return updatePayment(tx, { ...payment, intentId }, ctx.clock.now());
  });
