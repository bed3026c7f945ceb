import type { Context, Tx } from '../../platform/context.ts';
import { enqueueMissing } from '../../platform/jobs/enqueue.ts';
import { lookAt } from '../jobs.ts';
import { kindOfId } from '../model/stripe-event.ts';

/** Looks at things of Stripe of which nobody told, such as a dispute. What is of no payment here is left alone. */
export async function lookForLost(ctx: Context, tx: Tx, stripeIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(stripeIds)].flatMap((id) => {
    const kind = kindOfId(id);
    return kind === undefined ? [] : [{ payload: { kind, id }, key: id }];
  });
  await enqueueMissing(ctx, tx, lookAt, wanted);
}
