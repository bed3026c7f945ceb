import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { endpointDeleted, newsOf } from '../events.ts';
import { removeEndpoint } from '../repository/endpoints.ts';
import { lockOwnEndpoint } from './own-endpoint.ts';

/** Removes one of the caller's endpoints with its secret and its log; what waits is not sent any more. */
export async function deleteEndpoint(ctx: Context, endpointId: string): Promise<void> {
  await transaction(ctx, async (tx) => {
    const endpoint = await lockOwnEndpoint(ctx, tx, endpointId);
    await removeEndpoint(tx, endpoint.id, ctx.clock.now());
    await emit(ctx, tx, endpointDeleted, newsOf({ ...endpoint, enabled: false }));
  });
}
