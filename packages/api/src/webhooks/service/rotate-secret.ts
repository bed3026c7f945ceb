import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { about, endpointSecretRotated, newsOf } from '../events.ts';
import { newKey, secretText } from '../model/signature.ts';
import { replaceSecret } from '../repository/endpoints.ts';
import type { IssuedSecret } from './create-endpoint.ts';
import { lockOwnEndpoint } from './own-endpoint.ts';
import { sealKey } from './secrets.ts';

const HOUR_MS = 3_600_000;

/** Gives an endpoint a new secret; for some hours the one before it signs as well, so that receivers can change over. */
export function rotateSecret(
  ctx: Context,
  endpointId: string,
  { overlapHours }: { overlapHours: number },
): Promise<IssuedSecret> {
  return transaction(ctx, async (tx) => {
    const before = await lockOwnEndpoint(ctx, tx, endpointId);
    const now = ctx.clock.now();
    const until = overlapHours === 0 ? null : new Date(now.getTime() + overlapHours * HOUR_MS);
    const key = newKey();
    await replaceSecret(tx, before.id, sealKey(ctx, key), { until, now });
    const endpoint = { ...before, previousSecretUntil: until, updatedAt: now };
    await emit(ctx, tx, endpointSecretRotated, {
      ...newsOf(endpoint),
      data: { ...about(endpoint), previousSecretUntil: until?.toISOString() ?? null },
    });
    return { endpoint, secret: secretText(key) };
  });
}
