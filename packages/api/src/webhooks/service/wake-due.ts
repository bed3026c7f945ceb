import type { Context, Tx } from '../../platform/context.ts';
import { wake } from '../../platform/jobs/dispatch.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import * as jobs from '../jobs.ts';
import { listDueEndpoints } from '../repository/turns.ts';

/** Failing endpoints that are probed at a look, one look a second. One that hangs holds a worker for 15 seconds. */
const PROBES = 1;

/** Lets workers send what is due, one job an endpoint. */
export async function wakeDue(ctx: Context): Promise<void> {
  await wakeEndpoints(ctx, await listDueEndpoints(ctx.db, ctx.clock.now(), PROBES));
}

export const wakeEndpoints = ({ queues }: Context, endpointIds: readonly string[]): Promise<void> =>
  wake(
    queues,
    jobs.deliver.queue,
    endpointIds.map((endpointId) => ({ name: jobs.deliver.name, key: endpointId, payload: { endpointId } })),
  );

/** The same as soon as the transaction is over, rather than at the next look. */
export const wakeSoon = (ctx: Context, tx: Tx): Promise<void> =>
  enqueue(ctx, tx, jobs.wakeDue, { payload: {}, key: 'soon' });
