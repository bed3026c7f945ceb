import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { Notification } from '../model.ts';
import * as notifications from '../repository/notifications.ts';

export interface NotificationQuery {
  unread: boolean;
  limit: number;
  cursor?: string | undefined;
}

const Position = z.tuple([z.uuid()]);

/** The caller's notifications, newest first, and how many of all are unread. */
export async function listNotifications(
  ctx: Context,
  { unread, limit, cursor }: NotificationQuery,
): Promise<{ data: Notification[]; nextCursor: string | null; unreadCount: number }> {
  const { userId } = actorOf(ctx);
  const list = ['listNotifications', userId, unread];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await notifications.listNotifications(ctx.db, userId, { unread, before, limit });
  const unreadCount = await notifications.countUnread(ctx.db, userId);
  const page = pageFrom(
    rows,
    limit,
    (notification) => notification,
    ({ id }) => encodeCursor(list, [id]),
  );
  return { ...page, unreadCount };
}
