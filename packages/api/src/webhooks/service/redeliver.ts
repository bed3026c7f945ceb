import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { listEventsBySequence } from '../../platform/events/log.ts';
import { newUuid, uuidOf } from '../../platform/id.ts';
import type { Delivery } from '../model/delivery.ts';
import { webhookDeliveryNotFound, webhookEndpointDisabled, webhookEventNotKept } from '../problems.ts';
import { findDelivery, hastenDeliveries, insertDelivery } from '../repository/deliveries.ts';
import { endRest } from '../repository/endpoints.ts';
import { lockOwnEndpoint } from './own-endpoint.ts';
import { wakeSoon } from './wake-due.ts';

/** Sends an event again: a delivery that waits now rather than at its time, one that ended as a new delivery. */
export function redeliver(ctx: Context, endpointId: string, deliveryId: string): Promise<Delivery> {
  return transaction(ctx, async (tx) => {
    const endpoint = await lockOwnEndpoint(ctx, tx, endpointId);
    const id = uuidOf('dlv', deliveryId);
    const delivery = id && (await findDelivery(tx, endpoint.id, id));
    if (!delivery) throw webhookDeliveryNotFound();
    if (!endpoint.enabled) throw webhookEndpointDisabled();
    await assertKept(tx, delivery);
    const sent = await sendAgain(ctx, tx, endpoint.id, delivery);
    await endRest(tx, endpoint.id);
    await wakeSoon(ctx, tx);
    return sent;
  });
}

async function assertKept(tx: Tx, { eventSequence }: Delivery): Promise<void> {
  const events = eventSequence === null ? [] : await listEventsBySequence(tx, [eventSequence]);
  if (events.length === 0) throw webhookEventNotKept();
}

async function sendAgain(ctx: Context, tx: Tx, endpointId: string, delivery: Delivery): Promise<Delivery> {
  const now = ctx.clock.now();
  if (delivery.state === 'pending') {
    await hastenDeliveries(tx, endpointId, now, delivery.id);
    return { ...delivery, nextAttemptAt: now };
  }
  const again: Delivery = {
    ...delivery,
    id: newUuid(now),
    kind: 'redelivery',
    state: 'pending',
    attempts: [],
    nextAttemptAt: now,
    createdAt: now,
    endedAt: null,
  };
  await insertDelivery(tx, endpointId, again);
  return again;
}
