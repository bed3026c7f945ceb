import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import type { Notification } from '../model.ts';
import { notificationNotFound } from '../problems.ts';
import { countUnread, markRead as mark, markAllRead } from '../repository/notifications.ts';

/** Marks one of the caller's notifications as read; one that is read already stays so. */
export async function markRead(ctx: Context, notificationId: string): Promise<Notification> {
  const id = uuidOf('ntf', notificationId);
  const notification =
    id === undefined ? undefined : await mark(ctx.db, actorOf(ctx).userId, id, ctx.clock.now());
  if (!notification) throw notificationNotFound();
  return notification;
}

/** Marks the caller's notifications as read: all of them, or those up to the newest that they have seen. */
export function markManyRead(
  ctx: Context,
  upTo: string | undefined,
): Promise<{ marked: number; unreadCount: number }> {
  const { userId } = actorOf(ctx);
  const id = upTo === undefined ? undefined : uuidOf('ntf', upTo);
  if (upTo !== undefined && id === undefined) throw notificationNotFound();
  return transaction(ctx, async (tx) => {
    const marked = await markAllRead(tx, userId, id, ctx.clock.now());
    if (marked === undefined) throw notificationNotFound();
    return { marked, unreadCount: await countUnread(tx, userId) };
  });
}
