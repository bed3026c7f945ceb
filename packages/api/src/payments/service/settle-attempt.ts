import { serverUrl } from '../../platform/config.ts';
import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { ProblemError } from '../../platform/problem.ts';
import { isDecline, isRefusal, isStripeFailure, withoutSecrets } from '../../platform/stripe/failures.ts';
import { isKeyOld } from '../../platform/stripe/keys.ts';
import { about, newsOf, paymentFailed } from '../events.ts';
import type { Intent } from '../model/intent.ts';
import type { Attempted, Payment, PaymentAttempt } from '../model/payment.ts';
import { endAttempts, getAttempt } from '../repository/attempts.ts';
import { findPayment, lockPayment, updatePayment } from '../repository/payments.ts';
import { applyIntent } from './apply-intent.ts';
import { ensureIntent } from './ensure-intent.ts';
import { answered, readIntent, WITH_CHARGE } from './look-at-intent.ts';
import { refusalOf } from './refusal.ts';

const GIVEN_UP = 'cancelled';
const TOO_LATE = 'not_answered';

/**
 * Brings an attempt to pay to its end, outside of any transaction: asks Stripe for the money, applies what it answers and
 * tells what came of it. It may be called any number of times, also side by side: Stripe is asked under one key.
 *
 * @throws unknown_payment_method, payment_not_possible
 */
export async function settleAttempt(ctx: Context, attemptId: string): Promise<Attempted> {
  const attempt = await getAttempt(ctx.db, attemptId);
  if (attempt.status !== 'pending') return outcomeOf(ctx, attempt);
  try {
    await make(ctx, attempt);
  } catch (error) {
    const problem = await refused(ctx, attempt, error).catch((failure: unknown) =>
      unanswered(ctx, attempt, failure),
    );
    if (problem) throw problem;
  }
  return outcomeOf(ctx, await getAttempt(ctx.db, attemptId));
}

async function make(ctx: Context, attempt: PaymentAttempt): Promise<void> {
  const before = (await findPayment(ctx.db, attempt.paymentId))!;
  if (before.status === 'cancelled') return decline(ctx, attempt, GIVEN_UP);
  const payment = await ensureIntent(ctx, before);
  if (payment.status === 'cancelled') return decline(ctx, attempt, GIVEN_UP);
  if (isKeyOld(ctx, attempt.createdAt)) return giveUp(ctx, attempt, payment.intentId!, TOO_LATE);
  await applyIntent(ctx, await confirm(ctx, attempt, payment));
}

/** Of an attempt that cannot be made any more, what became of the intent counts; when nothing did, it is over. */
async function giveUp(
  ctx: Context,
  attempt: PaymentAttempt,
  intentId: string,
  reason: string,
): Promise<void> {
  const intent = await readIntent(ctx, intentId);
  await applyIntent(ctx, intent);
  if (intent.status !== 'processing') await decline(ctx, attempt, reason);
}

async function confirm(
  ctx: Context,
  { id, paymentMethod, offSession }: PaymentAttempt,
  { intentId }: Payment,
): Promise<Intent> {
  const answer = await ctx.stripe.client.paymentIntents.confirm(
    intentId!,
    {
      payment_method: paymentMethod,
      ...(offSession ? { off_session: true } : { return_url: returnUrl(ctx) }),
      ...WITH_CHARGE,
    },
    { idempotencyKey: `attempt:${id}` },
  );
  return answered(ctx, answer);
}

/** Where the payer comes back to from the page of a bank. */
const returnUrl = ({ config }: Context): string => config.appUrl ?? serverUrl(config);

/** Writes down a failure that ends the attempt; answers the problem that the payer is told of. Of others nothing is known. */
async function refused(
  ctx: Context,
  attempt: PaymentAttempt,
  error: unknown,
): Promise<ProblemError | undefined> {
  if (isDecline(error)) {
    await decline(ctx, attempt, error.decline_code ?? error.code ?? 'card_declined');
    return undefined;
  }
  if (isRefusal(error) && error.code === 'payment_intent_unexpected_state') {
    const { intentId } = (await findPayment(ctx.db, attempt.paymentId))!;
    await giveUp(ctx, attempt, intentId!, GIVEN_UP);
    return undefined;
  }
  const refusal = refusalOf(error);
  if (refusal) {
    await decline(ctx, attempt, refusal.reason);
    return refusal.problem;
  }
  return unanswered(ctx, attempt, error);
}

/** Of an attempt nothing is known yet: a job asks again. */
function unanswered(ctx: Context, { id }: PaymentAttempt, error: unknown): undefined {
  if (!isStripeFailure(error)) throw error;
  ctx.log.warn(
    { err: withoutSecrets(ctx, error), attempt: id },
    'Stripe has not said what came of an attempt to pay',
  );
}

/** Ends an attempt that came to nothing, if nothing else did. */
const decline = (ctx: Context, { id, paymentId }: PaymentAttempt, reason: string): Promise<void> =>
  transaction(ctx, async (tx) => {
    const now = ctx.clock.now();
    const payment = (await lockPayment(tx, paymentId))!;
    const end = { status: 'declined' as const, failure: reason };
    const ended = await endAttempts(tx, { paymentId, from: ['pending'], id }, end, now);
    if (ended === 0 || payment.status !== 'processing') return;
    const open = await updatePayment(
      tx,
      { ...payment, status: 'requiresPaymentMethod', failure: reason },
      now,
    );
    await emit(ctx, tx, paymentFailed, { ...newsOf(open), data: { ...about(open), reason } });
  });

async function outcomeOf(ctx: Context, { status, failure, paymentId }: PaymentAttempt): Promise<Attempted> {
  if (status === 'pending') return { outcome: 'unknown' };
  if (status === 'declined') return { outcome: 'declined', reason: failure ?? 'card_declined' };
  const payment = (await findPayment(ctx.db, paymentId))!;
  if (status === 'succeeded') return { outcome: payment.capture === 'manual' ? 'authorised' : 'succeeded' };
  return { outcome: 'requiresAction', url: await actionUrlOf(ctx, payment) };
}

/** Where the payer goes on; null when Stripe does not answer, or the browser does it by itself. */
async function actionUrlOf(ctx: Context, { intentId }: Payment): Promise<string | null> {
  try {
    return (await readIntent(ctx, intentId!)).actionUrl;
  } catch (error) {
    if (isStripeFailure(error)) return null;
    throw error;
  }
}

/**
 * The same for a job: what the payer would be told is written down, and nobody is there to hear it.
 *
 * @throws while Stripe has not said what came of it
 */
export async function finishAttempt(ctx: Context, attemptId: string): Promise<void> {
  try {
    const { outcome } = await settleAttempt(ctx, attemptId);
    if (outcome === 'unknown') throw new Error('Stripe has not said yet what came of the attempt.');
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
}
