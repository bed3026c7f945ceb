import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { about, endpointUpdated, newsOf } from '../events.ts';
import { type Endpoint, simplified } from '../model/endpoint.ts';
import { hastenDeliveries } from '../repository/deliveries.ts';
import { forgiveEndpoint, updateEndpoint as update } from '../repository/endpoints.ts';
import { type Catalogue, checkEndpoint } from './check-endpoint.ts';
import { lockOwnEndpoint } from './own-endpoint.ts';
import { wakeSoon } from './wake-due.ts';

export interface EndpointChanges {
  url?: string | undefined;
  description?: string | undefined;
  types?: string[] | undefined;
  enabled?: boolean | undefined;
}

const CHANGEABLE = ['url', 'description', 'types', 'enabled'] as const;

/** Changes one of the caller's endpoints. Enabling it lets what waited go out at once. */
export async function updateEndpoint(
  ctx: Context,
  catalogue: Catalogue,
  endpointId: string,
  changes: EndpointChanges,
): Promise<Endpoint> {
  checkEndpoint(ctx, catalogue, changes);
  return transaction(ctx, async (tx) => {
    const before = await lockOwnEndpoint(ctx, tx, endpointId);
    const after = changed(before, changes, ctx.clock.now());
    const names = CHANGEABLE.filter((name) => String(before[name]) !== String(after[name]));
    if (names.length === 0) return before;
    await update(tx, after);
    await emit(ctx, tx, endpointUpdated, {
      ...newsOf(after),
      data: { ...about(after), changed: names },
      previous: about(before),
    });
    return after.enabled && !before.enabled ? resume(ctx, tx, after) : after;
  });
}

function changed(before: Endpoint, changes: EndpointChanges, now: Date): Endpoint {
  const { url = before.url, description = before.description, enabled = before.enabled } = changes;
  const types = changes.types ? simplified(changes.types) : before.types;
  const disabledReason = enabled ? null : (before.disabledReason ?? 'owner');
  return { ...before, url, description, types, enabled, disabledReason, updatedAt: now };
}

async function resume(ctx: Context, tx: Tx, endpoint: Endpoint): Promise<Endpoint> {
  await forgiveEndpoint(tx, endpoint.id);
  await hastenDeliveries(tx, endpoint.id, ctx.clock.now());
  await wakeSoon(ctx, tx);
  return { ...endpoint, failingSince: null };
}
