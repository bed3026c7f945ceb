import { findAccount } from '../../identity/repository/accounts.ts';
import { serverUrl } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import { linkTo } from '../../platform/mail/link.ts';
import { sendMail as send } from '../../platform/mail/template.ts';
import { kindNamed } from '../kinds.ts';
import { notificationMail } from '../mail.ts';
import { isWanted, type Notification, type NotificationKind } from '../model.ts';
import { findUnmailed, markMailed } from '../repository/notifications.ts';
import { listDecisions } from '../repository/preferences.ts';
import { unsubscribeTokenFor } from '../unsubscribe-token.ts';

/**
 * Sends a notification by mail, to the address that its reader has proved by now. Nobody reads at an address that nobody
 * proved: it gets no notification at all, not even one that cannot be switched off.
 */
export async function sendMail(ctx: Context, id: string, signal: AbortSignal): Promise<void> {
  const notification = await findUnmailed(ctx.db, id);
  const kind = notification && kindNamed(notification.kind);
  if (!notification || !kind || !(await isStillWanted(ctx, notification, kind))) return;
  const account = await findAccount(ctx.db, notification.userId);
  if (!account?.emailVerifiedAt) return;
  const optional = !kind.mandatory.includes('mail');
  await send(ctx, notificationMail, {
    id: publicId('ntf', id),
    to: account.email,
    data: {
      title: kind.title(notification.told, notification.count),
      text: kind.text(notification.told, notification.count),
      url: linkTo(ctx.config, '/notifications'),
      preferencesUrl: optional ? linkTo(ctx.config, '/notification-preferences') : null,
    },
    unsubscribeUrl: optional ? unsubscribeUrl(ctx, notification) : undefined,
    signal,
  });
  await markMailed(ctx.db, id, ctx.clock.now());
}

/** Whoever unsubscribed in the meantime is asked no more. */
async function isStillWanted(ctx: Context, { userId }: Notification, kind: NotificationKind) {
  const decisions = await listDecisions(ctx.db, [userId]);
  const decision = decisions.find((one) => one.kind === kind.kind && one.channel === 'mail');
  return isWanted(kind, 'mail', decision?.enabled);
}

const unsubscribeUrl = ({ config, keyring }: Context, { userId, kind }: Notification) =>
  `${serverUrl(config)}/v1/notification-preferences/unsubscribe/${unsubscribeTokenFor(keyring, userId, kind)}`;
