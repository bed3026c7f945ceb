import type { Context, Tx } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { insertDeliveriesOf } from '../repository/fan-out.ts';
import { wakeSoon } from './wake-due.ts';

/** Makes a delivery of each event to each endpoint that wants it. */
export async function fanOut(ctx: Context, events: readonly StoredEvent[]): Promise<void> {
  const sequences = events.map(({ sequence }) => sequence);
  const made = await insertDeliveriesOf(ctx.db, sequences, ctx.clock.now());
  // Last, and only here: others that make deliveries wait for the row of this job.
  if (made > 0) await wakeSoon(ctx, ctx.db as Tx);
}
