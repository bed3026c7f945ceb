import { open, type Route, route, scope } from '../platform/http/route.ts';
import { notificationNotFound, unsubscribeLinkInvalid } from './problems.ts';
import {
  NotificationPage,
  NotificationParams,
  NotificationPreferences,
  NotificationsQuery,
  NotificationsRead,
  NotificationView,
  PreferencesBody,
  ReadBody,
  toNotificationView,
  toPreferences,
  UnsubscribeParams,
} from './schema.ts';
import { listNotifications } from './service/list-notifications.ts';
import { markManyRead, markRead } from './service/mark-read.ts';
import { getPreferences, unsubscribe, updatePreferences } from './service/preferences.ts';

const tag = 'Notifications';

export const notificationRoutes: Route[] = [
  route(
    {
      operationId: 'listNotifications',
      method: 'get',
      path: '/v1/notifications',
      tag,
      summary: 'List your notifications',
      description:
        'What happened that concerns you, newest first. What happens to many listings within ten minutes is told in one, which grows until it is read. They are kept for 180 days.',
      access: scope('notifications:read'),
      request: { query: NotificationsQuery },
      status: 200,
      response: NotificationPage,
    },
    async (ctx, { query: { unread, ...page } }) => {
      const { data, ...rest } = await listNotifications(ctx, { ...page, unread: unread ?? false });
      return { data: data.map(toNotificationView), ...rest };
    },
  ),
  route(
    {
      operationId: 'readNotification',
      method: 'post',
      path: '/v1/notifications/{notificationId}/read',
      tag,
      summary: 'Mark a notification as read',
      description: 'One that was read already stays as it is.',
      access: scope('notifications:write'),
      idempotent: true,
      request: { params: NotificationParams },
      status: 200,
      response: NotificationView,
      problems: [notificationNotFound],
    },
    async (ctx, { params }) => toNotificationView(await markRead(ctx, params.notificationId)),
  ),
  route(
    {
      operationId: 'readNotifications',
      method: 'post',
      path: '/v1/notifications/read',
      tag,
      summary: 'Mark notifications as read',
      description:
        'All of them, or with `upTo` that one and all before it, so that what came since you looked stays unread.',
      access: scope('notifications:write'),
      idempotent: true,
      request: { body: ReadBody },
      status: 200,
      response: NotificationsRead,
      problems: [notificationNotFound],
    },
    (ctx, { body }) => markManyRead(ctx, body.upTo),
  ),
  route(
    {
      operationId: 'getNotificationPreferences',
      method: 'get',
      path: '/v1/notification-preferences',
      tag,
      summary: 'Read how you are notified',
      description:
        'Every kind of notification with its channels. Mail goes to your verified address only; what protects your account cannot be switched off there.',
      access: scope('notifications:read'),
      request: {},
      status: 200,
      response: NotificationPreferences,
    },
    async (ctx) => toPreferences(await getPreferences(ctx)),
  ),
  route(
    {
      operationId: 'updateNotificationPreferences',
      method: 'put',
      path: '/v1/notification-preferences',
      tag,
      summary: 'Choose how you are notified',
      description: 'What is not named stays. All choices are kept, or none when one of them is wrong.',
      access: scope('notifications:write'),
      request: { body: PreferencesBody },
      status: 200,
      response: NotificationPreferences,
    },
    async (ctx, { body }) => toPreferences(await updatePreferences(ctx, body.preferences)),
  ),
  route(
    {
      operationId: 'unsubscribeFromNotification',
      method: 'post',
      path: '/v1/notification-preferences/unsubscribe/{token}',
      tag,
      summary: 'Unsubscribe from a kind of mail',
      description:
        'What mail programs call when somebody clicks their button to unsubscribe (RFC 8058): no credentials, any body. It switches off the mail of the one kind that the link is for.',
      access: open,
      idempotent: true,
      request: { params: UnsubscribeParams },
      status: 204,
      problems: [unsubscribeLinkInvalid],
    },
    (ctx, { params }) => unsubscribe(ctx, params.token),
  ),
];
