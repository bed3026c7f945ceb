import { post } from '../../ledger/service/post.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import {
  about,
  newsOf,
  paymentActionRequired,
  paymentAuthorised,
  paymentCaptured,
  paymentFailed,
  paymentVoided,
} from '../events.ts';
import { cancelIntent, expireCheckout } from '../jobs.ts';
import { chargeEntries } from '../model/entries.ts';
import { type Intent, isAlive, isSurplus, statusAfter } from '../model/intent.ts';
import type { Payment } from '../model/payment.ts';
import { endAttempts, hasPendingAttempt } from '../repository/attempts.ts';
import { insertPayment, lockPayment, lockPaymentAtStripe, updatePayment } from '../repository/payments.ts';

export type Applied = 'applied' | 'ignored';

/** Makes a payment follow an intent as it stands at Stripe now. The only place that does, whoever heard of it. */
export const applyIntent = (ctx: Context, intent: Intent): Promise<Applied> =>
  transaction(ctx, async (tx) => {
    const payment = await lockPaymentOf(tx, intent);
    if (!payment) return 'ignored';
    if (isSurplus(payment, intent)) await applySurplus(ctx, tx, payment, intent);
    else await apply(ctx, tx, payment, intent);
    return 'applied';
  });

/** The payment that an intent was made for is held first, so that all who hear of one of its intents take turns. */
async function lockPaymentOf(tx: Tx, { id, paymentId }: Intent): Promise<Payment | undefined> {
  const madeFor = paymentId === null ? undefined : await lockPayment(tx, paymentId);
  return (await lockPaymentAtStripe(tx, { intentId: id, chargeId: null })) ?? madeFor;
}

async function apply(ctx: Context, tx: Tx, payment: Payment, intent: Intent): Promise<void> {
  const status = statusAfter(payment, intent, await hasPendingAttempt(tx, payment.id));
  const takesOver =
    intent.id !== payment.intentId &&
    intent.status === status &&
    (status === 'succeeded' || status === 'requiresCapture');
  if (status !== payment.status || takesOver || isDeclinedAnew(payment, intent)) {
    const next = await updatePayment(tx, follow(payment, intent, status), ctx.clock.now());
    await endAttemptsBy(ctx, tx, next);
    await tell(ctx, tx, payment, next);
    if (takesOver && payment.intentId !== null) await release(ctx, tx, payment.intentId);
    if (!takesOver && isPaidFor(next)) await closePage(ctx, tx, next);
  }
  if (status === 'cancelled' && isAlive(intent)) await release(ctx, tx, intent.id);
  if (intent.status === 'succeeded') await book(ctx, tx, payment, intent);
}

/** Whether somebody tried to pay in a browser, of which only the failure is heard. */
const isDeclinedAnew = (payment: Payment, intent: Intent): boolean =>
  payment.status === 'requiresPaymentMethod' &&
  intent.status === 'requiresPaymentMethod' &&
  intent.id === payment.intentId &&
  intent.failure !== null &&
  intent.failure !== payment.failure;

function follow(payment: Payment, intent: Intent, status: Payment['status']): Payment {
  if (status === 'requiresPaymentMethod') return { ...payment, status, failure: intent.failure };
  if (status === 'cancelled')
    return { ...payment, status, failure: payment.captureRequestedAt ? 'hold_expired' : payment.failure };
  const { id: intentId, chargeId, paymentMethod } = intent;
  if (status === 'requiresCapture')
    return { ...payment, status, failure: null, intentId, chargeId, paymentMethod };
  if (status !== 'succeeded') return { ...payment, status };
  return { ...payment, status, failure: null, intentId, chargeId, paymentMethod, captured: intent.received };
}

/** What was tried is over when the payment says how it ended. */
async function endAttemptsBy(
  ctx: Context,
  tx: Tx,
  { id: paymentId, status, failure }: Payment,
): Promise<void> {
  const now = ctx.clock.now();
  if (status === 'succeeded' || status === 'requiresCapture')
    await endAttempts(
      tx,
      { paymentId, from: ['pending', 'requiresAction'] },
      { status: 'succeeded', failure: null },
      now,
    );
  if (status === 'requiresAction')
    await endAttempts(tx, { paymentId, from: ['pending'] }, { status: 'requiresAction', failure: null }, now);
  if (status === 'requiresPaymentMethod')
    await endAttempts(tx, { paymentId, from: ['requiresAction'] }, { status: 'declined', failure }, now);
  if (status === 'cancelled')
    await endAttempts(
      tx,
      { paymentId, from: ['pending', 'requiresAction'] },
      { status: 'declined', failure: 'cancelled' },
      now,
    );
}

async function tell(ctx: Context, tx: Tx, before: Payment, payment: Payment): Promise<void> {
  const { status, failure } = payment;
  if (status === 'requiresPaymentMethod' || (status === 'cancelled' && before.captureRequestedAt))
    return emit(ctx, tx, paymentFailed, {
      ...newsOf(payment),
      data: { ...about(payment), reason: failure ?? 'not_authenticated' },
    });
  if (status === before.status) return;
  if (status === 'succeeded') return emit(ctx, tx, paymentCaptured, newsOf(payment));
  if (status === 'requiresCapture') return emit(ctx, tx, paymentAuthorised, newsOf(payment));
  if (status === 'requiresAction') return emit(ctx, tx, paymentActionRequired, newsOf(payment));
  if (status === 'cancelled') return emit(ctx, tx, paymentVoided, newsOf(payment));
}

const release = (ctx: Context, tx: Tx, intentId: string): Promise<void> =>
  enqueue(ctx, tx, cancelIntent, { payload: { intentId }, key: intentId });

const isPaidFor = ({ status }: Payment): boolean => status === 'succeeded' || status === 'requiresCapture';

/** What is paid otherwise is not to be paid once more on the page that was opened for it. */
async function closePage(ctx: Context, tx: Tx, { checkoutSessionId: sessionId }: Payment): Promise<void> {
  if (sessionId !== null) await enqueue(ctx, tx, expireCheckout, { payload: { sessionId }, key: sessionId });
}

/** Somebody paid twice, such as in two windows: what is held is let go, what was taken becomes a payment of its own. */
async function applySurplus(ctx: Context, tx: Tx, payment: Payment, intent: Intent): Promise<void> {
  if (intent.status !== 'succeeded') return release(ctx, tx, intent.id);
  const now = ctx.clock.now();
  const second: Payment = {
    ...payment,
    id: newUuid(now),
    capture: 'automatic',
    status: 'succeeded',
    captured: intent.received,
    refunded: 0,
    failure: null,
    intentId: intent.id,
    chargeId: intent.chargeId,
    paymentMethod: intent.paymentMethod,
    checkoutSessionId: null,
    captureRequestedAt: null,
  };
  await insertPayment(tx, second, now);
  await emit(ctx, tx, paymentCaptured, newsOf(second));
  await book(ctx, tx, second, intent);
}

async function book(
  ctx: Context,
  tx: Tx,
  { reference }: Payment,
  { chargeId, movement }: Intent,
): Promise<void> {
  if (chargeId === null || movement === null) return;
  await post(ctx, tx, chargeEntries({ reference, id: chargeId, movement }));
}
