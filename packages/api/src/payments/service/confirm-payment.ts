import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { about, newsOf, paymentAuthorised, paymentCaptured, paymentFailed } from '../events.ts';
import { type Attempted, type Payment, sandboxAttempt } from '../model/payment.ts';
import { paymentsNotConfigured, unknownPaymentMethod } from '../problems.ts';
import { lockPayments, recordFailure, settlePayment } from '../repository/payments.ts';

/**
 * Pays what is open for a thing: takes the money, or reserves it where it is captured later. A payment that is declined
 * stays open, and the answer says why: it is the caller's to commit that before it tells the payer.
 */
export async function confirmPayment(
  ctx: Context,
  tx: Tx,
  { reference, paymentMethod }: { reference: string; paymentMethod: string },
): Promise<Attempted> {
  const attempted = attempt(ctx, paymentMethod);
  const payments = await lockPayments(tx, [reference]);
  const open = payments.filter(({ status }) => status === 'requiresPaymentMethod').at(-1);
  if (!open) throw new Error(`There is no open payment for ${reference}.`);
  if (attempted.succeeded) await settle(ctx, tx, open);
  else await fail(ctx, tx, open, attempted.reason);
  return attempted;
}

/** Refuses what can never be paid with, before anything is locked or written. */
function attempt({ config }: Context, paymentMethod: string): Attempted {
  if (config.mode === 'live') throw paymentsNotConfigured();
  const attempted = sandboxAttempt(paymentMethod);
  if (attempted) return attempted;
  throw unknownPaymentMethod({
    errors: [
      {
        pointer: '/paymentMethod',
        code: 'unknown_payment_method',
        message: 'must be a payment method, such as "pm_card_visa" in the sandbox',
      },
    ],
  });
}

async function settle(ctx: Context, tx: Tx, { id, capture }: Payment): Promise<void> {
  const taken = capture === 'automatic';
  const settled = await settlePayment(tx, id, taken ? 'succeeded' : 'requiresCapture', ctx.clock.now());
  await emit(ctx, tx, taken ? paymentCaptured : paymentAuthorised, newsOf(settled));
}

async function fail(ctx: Context, tx: Tx, payment: Payment, reason: string): Promise<void> {
  await recordFailure(tx, payment.id, reason, ctx.clock.now());
  await emit(ctx, tx, paymentFailed, { ...newsOf(payment), data: { ...about(payment), reason } });
}
