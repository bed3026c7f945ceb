import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { newUuid, publicId } from '../../platform/id.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { hastenDeliveries, insertDelivery } from '../repository/deliveries.ts';
import { forgiveEndpoint } from '../repository/endpoints.ts';
import { ownEndpoint } from './own-endpoint.ts';
import { signingKeysOf } from './secrets.ts';
import { type SentEvent, send } from './send.ts';
import { wakeSoon } from './wake-due.ts';

const TEST_TYPE = 'webhook.test';

/**
 * Sends a test now, to a disabled endpoint as well, and answers what came of it. It is not tried again. One that arrives
 * proves the endpoint well: what waited because it failed goes out at once.
 */
export async function testEndpoint(ctx: Context, endpointId: string): Promise<Delivery> {
  const endpoint = await ownEndpoint(ctx, endpointId);
  const event = testEvent(ctx, endpoint);
  const keys = await signingKeysOf(ctx, endpoint.id);
  const attempt = await send(ctx, { url: endpoint.url, keys }, event, { attempt: 1 });
  const now = ctx.clock.now();
  const delivery: Delivery = {
    id: newUuid(now),
    kind: 'test',
    eventId: event.id,
    eventSequence: null,
    eventType: event.type,
    state: attempt?.reason === null ? 'delivered' : 'failed',
    attempts: attempt ? [attempt] : [],
    nextAttemptAt: null,
    createdAt: event.occurredAt,
    endedAt: now,
  };
  await transaction(ctx, async (tx) => {
    await insertDelivery(tx, endpoint.id, delivery);
    if (delivery.state === 'delivered' && endpoint.enabled) await recover(ctx, tx, endpoint);
  });
  return delivery;
}

function testEvent(ctx: Context, endpoint: Endpoint): SentEvent {
  const { userId, apiKeyId } = actorOf(ctx);
  const now = ctx.clock.now();
  return {
    sequence: null,
    id: newUuid(now),
    type: TEST_TYPE,
    subjectType: 'webhookEndpoint',
    subjectId: endpoint.id,
    actor: { id: publicId('usr', userId), apiKeyId: apiKeyId && publicId('key', apiKeyId) },
    audience: [userId],
    data: { message: 'This is a test: nothing happened.' },
    previous: null,
    occurredAt: now,
  };
}

async function recover(ctx: Context, tx: Tx, { id, failingSince }: Endpoint): Promise<void> {
  if (failingSince === null) return;
  await forgiveEndpoint(tx, id);
  await hastenDeliveries(tx, id, ctx.clock.now());
  await wakeSoon(ctx, tx);
}
