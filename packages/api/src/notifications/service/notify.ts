import type { Context, Tx } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { sendMail } from '../jobs.ts';
import { notificationKinds } from '../kinds.ts';
import { CHANNELS, isWanted, mailDueAt, type News, newsOf } from '../model.ts';
import { insertNotifications, lockRecipients } from '../repository/notifications.ts';
import { listDecisions } from '../repository/preferences.ts';

/**
 * Tells people what happened, each by the channels that they chose, in the transaction that takes the events: what is
 * in the list and the mail that is wanted are there together, once.
 */
export async function notify(ctx: Context, events: readonly StoredEvent[]): Promise<void> {
  const tx = ctx.db as Tx;
  const now = ctx.clock.now();
  const news = newsOf(notificationKinds, events, now);
  if (news.length === 0) return;
  const people = await lockRecipients(tx, [...new Set(news.map(({ userId }) => userId))]);
  const reachable = news.filter(({ userId }) => people.has(userId));
  const wanted = await withChannels(tx, reachable);
  const added = await insertNotifications(tx, wanted, now);
  const mails = [...added].filter(([, { mail }]) => mail);
  await enqueueAll(
    ctx,
    tx,
    sendMail,
    mails.map(([notificationId, { kind }]) => ({
      payload: { notificationId },
      runAt: mailDueAt(kind, now),
    })),
  );
}

/** News with the channels that its reader wants it by; what is wanted by none is left out. */
async function withChannels(tx: Tx, news: readonly News[]) {
  const decisions = await listDecisions(tx, [...new Set(news.map(({ userId }) => userId))]);
  const decided = new Map(
    decisions.map(({ userId, kind, channel, enabled }) => [`${userId}/${kind}/${channel}`, enabled]),
  );
  return news
    .map((one) => {
      const [inApp, mail] = CHANNELS.map((channel) =>
        isWanted(one.kind, channel, decided.get(`${one.userId}/${one.kind.kind}/${channel}`)),
      );
      return { ...one, inApp: inApp!, mail: mail! && !one.kind.mailedElsewhere };
    })
    .filter(({ inApp, mail }) => inApp || mail);
}
