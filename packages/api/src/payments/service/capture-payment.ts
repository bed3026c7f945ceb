import type { Context, Tx } from '../../platform/context.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { capture } from '../jobs.ts';
import { requestCapture } from '../repository/payments.ts';

/** Asks for what is reserved for a thing. An event tells whether it was taken. */
export async function capturePayment(ctx: Context, tx: Tx, reference: string): Promise<void> {
  const requested = await requestCapture(tx, reference, ctx.clock.now());
  await enqueueAll(
    ctx,
    tx,
    capture,
    requested.map(({ id }) => ({ payload: { paymentId: id }, key: id })),
  );
}
