import { problem } from '../platform/problem.ts';

export const notificationNotFound = problem({
  code: 'notification_not_found',
  status: 404,
  title: 'There is no such notification',
  help: 'The id is unknown or mistyped (notification ids start with `ntf_`), the notification is somebody else’s, or it was removed: they are kept for 180 days. `GET /v1/notifications` lists yours.',
});
export const unsubscribeLinkInvalid = problem({
  code: 'unsubscribe_link_invalid',
  status: 404,
  title: 'The link to unsubscribe is not valid',
  help: 'The link was cut or changed on its way. Use the one of the mail as it is, or sign in and choose with `PUT /v1/notification-preferences`.',
});
