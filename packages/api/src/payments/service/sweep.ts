import { type Context, transaction } from '../../platform/context.ts';
import { enqueueMissing } from '../../platform/jobs/enqueue.ts';
import * as jobs from '../jobs.ts';
import type { LookedAt } from '../model/stripe-event.ts';
import { takeSilent } from '../repository/silent.ts';
import { removeStripeEventsBefore } from '../repository/stripe-events.ts';

/** Within so long all is heard of that happens at once, in milliseconds; what people and banks do may take hours. */
const MOMENTS_MS = 2 * 60_000;
const HOURS_MS = 3_600_000;
const CHUNK = 500;
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
const REMOVED_AT_ONCE = 2_000;

/** Asks Stripe about whatever stayed silent: an answer may have been lost, and what Stripe tells may never come. */
export const sweep = (ctx: Context): Promise<void> =>
  transaction(ctx, async (tx) => {
    const now = ctx.clock.now();
    const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
    const silent = await takeSilent(tx, {
      now,
      moments: ago(MOMENTS_MS),
      hours: ago(HOURS_MS),
      limit: CHUNK,
    });
    const looks = (kind: LookedAt, ids: readonly string[]) =>
      ids.map((id) => ({ payload: { kind, id }, key: id }));
    const keyed = <P>(ids: readonly string[], payload: (id: string) => P) =>
      ids.map((id) => ({ payload: payload(id), key: id }));
    await enqueueMissing(
      ctx,
      tx,
      jobs.settleAttempt,
      keyed(silent.attempts, (attemptId) => ({ attemptId })),
    );
    await enqueueMissing(
      ctx,
      tx,
      jobs.capture,
      keyed(silent.captures, (paymentId) => ({ paymentId })),
    );
    await enqueueMissing(
      ctx,
      tx,
      jobs.refund,
      keyed(silent.refunds, (refundId) => ({ refundId })),
    );
    await enqueueMissing(
      ctx,
      tx,
      jobs.applyStripeEvent,
      keyed(silent.events, (eventId) => ({ eventId })),
    );
    await enqueueMissing(ctx, tx, jobs.lookAt, [
      ...looks('payment_intent', silent.intents),
      ...looks('checkout.session', silent.sessions),
      ...looks('dispute', silent.disputes),
    ]);
  });

/** Removes what Stripe told long ago. */
export async function forgetStripeEvents(ctx: Context, signal: AbortSignal): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - KEPT_DAYS * DAY_MS);
  while (
    !signal.aborted &&
    (await removeStripeEventsBefore(ctx.db, before, REMOVED_AT_ONCE)) === REMOVED_AT_ONCE
  );
}
