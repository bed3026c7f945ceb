import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { about, endpointDisabled, newsOf } from '../events.ts';
import { disableEndpoint, getEndpoint } from '../repository/endpoints.ts';

/** Disables an endpoint that asks for it or that does not work, and tells its owner. What waits is kept. */
export async function giveUp(
  ctx: Context,
  tx: Tx,
  endpointId: string,
  reason: 'gone' | 'failing',
): Promise<void> {
  const before = await getEndpoint(tx, endpointId);
  // Its owner disabled it while the last attempts were made.
  if (!before.enabled) return;
  await disableEndpoint(tx, endpointId, reason, ctx.clock.now());
  const { failingSince } = before;
  await emit(ctx, tx, endpointDisabled, {
    ...newsOf(before),
    data: {
      ...about({ ...before, enabled: false }),
      reason,
      failingSince: failingSince?.toISOString() ?? null,
    },
  });
}
