import { actorOf, type Context } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { findEvent } from '../../platform/events/log.ts';
import { uuidOf } from '../../platform/id.ts';
import { canRead } from '../policy.ts';
import { eventNotFound } from '../problems.ts';

export async function getEvent(ctx: Context, eventId: string): Promise<StoredEvent> {
  const actor = actorOf(ctx);
  const uuid = uuidOf('evt', eventId);
  const event = uuid === undefined ? undefined : await findEvent(ctx.db, uuid);
  if (!event || !canRead(actor, event)) throw eventNotFound();
  return event;
}
