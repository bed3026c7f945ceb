import type { ExportSection } from '../../identity/service/export-me.ts';
import { actorOf } from '../../platform/context.ts';
import { listKeptNotifications } from '../repository/notifications.ts';
import {
  ExportedNotifications,
  NotificationPreferences,
  toNotificationView,
  toPreferences,
} from '../schema.ts';
import { getPreferences } from './preferences.ts';

/** What this feature adds to the export of a person's data. */
export const NOTIFICATION_SECTIONS: readonly ExportSection[] = [
  {
    name: 'notifications',
    schema: ExportedNotifications,
    read: async (ctx) => (await listKeptNotifications(ctx.db, actorOf(ctx).userId)).map(toNotificationView),
  },
  {
    name: 'notificationPreferences',
    schema: NotificationPreferences,
    read: async (ctx) => toPreferences(await getPreferences(ctx)),
  },
];
