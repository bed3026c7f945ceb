import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type NotificationServer, startNotificationServer } from '../../test/notification-server.ts';
import { apiKeyCreated } from '../identity/events.ts';
import { type Context, transaction } from '../platform/context.ts';
import { emit } from '../platform/events/emit.ts';
import { listEvents } from '../platform/events/log.ts';
import { sequenceOutbox } from '../platform/events/sequence.ts';
import { notify } from './service/notify.ts';
import { removeOld } from './service/remove-old.ts';
import { sendMail } from './service/send-mail.ts';

const MINUTE_MS = 60_000;

let server: NotificationServer;
beforeAll(async () => {
  server = await startNotificationServer();
});
afterAll(() => server.stop());

const keyMade = (uuid: string) =>
  transaction(server.ctx, (tx) =>
    emit(server.ctx, tx, apiKeyCreated, {
      subjectId: randomUUID(),
      audience: [uuid],
      data: { userId: 'usr_x', name: 'nightly import', scopes: ['listings:read'], expiresAt: null },
    }),
  );
/** What the consumer does with all events of a person, as if it had not had them. */
async function takeAgain(ctx: Context, uuid: string, inside?: () => void) {
  const events = (await listEvents(ctx.db, { after: 0, limit: 10_000 })).filter(({ audience }) =>
    audience.includes(uuid),
  );
  await ctx.db.transaction().execute(async (tx) => {
    await notify({ ...ctx, db: tx }, events);
    inside?.();
  });
}
const rowsOf = (uuid: string) =>
  server.resources.db.selectFrom('notifications').selectAll().where('user_id', '=', uuid).execute();
const listing = (i: number, more: object = {}) => ({
  externalId: `l-${i}`,
  title: `Room ${i}`,
  roomType: 'privateRoom',
  description: 'Quiet.',
  capacity: 2,
  location: { latitude: 38.72, longitude: -9.14 },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 5_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
  ...more,
});

describe('exactly once', () => {
  test('the same event again makes neither a second notification nor a second mail', async () => {
    const { call, email, uuid } = await server.person();
    await keyMade(uuid);
    const [told] = await server.notificationsOf(call, 1);
    await server.settled();
    await takeAgain(server.ctx, uuid);
    await takeAgain(server.ctx, uuid);
    await server.settled();
    expect(await server.notificationsOf(call, 1)).toEqual([told]);
    expect(await server.mailTo(email)).toHaveLength(1);
  });

  test('a crash before the commit leaves nothing, not even the mail', async () => {
    const { call, email, uuid } = await server.person();
    await server.withoutWorker(async () => {
      await keyMade(uuid);
      const crash = () => {
        throw new Error('crash');
      };
      await sequenceOutbox(server.resources.db, 1_000);
      await expect(takeAgain(server.ctx, uuid, crash)).rejects.toThrow('crash');
      expect((await rowsOf(uuid)).filter(({ kind }) => kind === 'apiKeyCreated')).toEqual([]);
    });
    await server.notificationsOf(call, 1);
    await server.settled();
    expect(await server.mailTo(email)).toHaveLength(1);
  });

  test('a mail job that is done again sends nothing more; one that died unnoted repeats the same id', async () => {
    const { email, uuid } = await server.person();
    await keyMade(uuid);
    await server.settled();
    const { id } = (await rowsOf(uuid)).find(({ kind }) => kind === 'apiKeyCreated')!;
    const sent = vi.spyOn(server.ctx.mailer, 'send');
    try {
      await sendMail(server.ctx, id, new AbortController().signal);
      expect(sent).not.toHaveBeenCalled();
      await server.resources.db
        .updateTable('notifications')
        .set({ mailed_at: null })
        .where('id', '=', id)
        .execute();
      await sendMail(server.ctx, id, new AbortController().signal);
      expect(sent).toHaveBeenCalledTimes(1);
    } finally {
      sent.mockRestore();
    }
    expect(await server.mailTo(email)).toHaveLength(1);
  });
});

describe('an import of 1,000 listings', () => {
  test('is told in one notification, which is closed by reading it', async () => {
    const { call, email, uuid } = await server.person();
    const choice = { kind: 'listingPublished', channel: 'mail', enabled: true };
    await call('PUT', '/v1/notification-preferences', { body: { preferences: [choice] } });
    const listings = Array.from({ length: 1_000 }, (_, i) => listing(i));
    expect((await call('POST', '/v1/listings/batch', { body: { listings, publish: true } })).status).toBe(
      200,
    );
    await server.settled();
    const [told] = await server.notificationsOf(call, 1);
    expect(told).toMatchObject({ title: '1,000 listings were published', count: 1_000, readAt: null });

    // The same events once more change nothing, and the mail waits for the whole count.
    await takeAgain(server.ctx, uuid);
    expect(await server.notificationsOf(call, 1)).toEqual([told]);
    expect(await server.mailTo(email)).toEqual([]);

    await call('POST', `/v1/notifications/${told.id}/read`);
    const more = { listings: [listing(2_000)], publish: true };
    await call('POST', '/v1/listings/batch', { body: more });
    await server.settled();
    expect(await server.notificationsOf(call, 2)).toMatchObject([
      { title: '“Room 2000” was published', count: 1, readAt: null },
      { count: 1_000, readAt: expect.any(String) },
    ]);

    server.clock.aheadMs += 11 * MINUTE_MS;
    await server.settled();
    expect((await server.mailTo(email)).map(({ subject }) => subject).sort()).toEqual([
      '1,000 listings were published',
      '“Room 2000” was published',
    ]);
  });
});

describe('who gets mail', () => {
  test('nobody at an address that was not proved', async () => {
    const { call, email, uuid } = await server.person({ verified: false });
    await keyMade(uuid);
    await server.notificationsOf(call, 1);
    await server.settled();
    expect(await server.mailTo(email)).toEqual([]);
  });

  test('the address as it is when the mail is sent', async () => {
    const { uuid } = await server.person();
    const now = `moved-${uuid}@example.com`;
    await server.withoutWorker(async () => {
      await keyMade(uuid);
      await server.resources.db.updateTable('users').set({ email: now }).where('id', '=', uuid).execute();
    });
    await vi.waitFor(async () => expect(await server.mailTo(now)).toHaveLength(1), { timeout: 15_000 });
  });
});

describe('what is gone', () => {
  test('a closed account takes its notifications and preferences with it, and gets no more', async () => {
    const { call, uuid } = await server.person();
    const choice = { kind: 'welcome', channel: 'inApp', enabled: false };
    await call('PUT', '/v1/notification-preferences', { body: { preferences: [choice] } });
    await keyMade(uuid);
    await server.notificationsOf(call, 1);
    const body = { password: 'harbour-lantern-42' };
    expect((await call('DELETE', '/v1/me', { body })).status).toBe(204);
    await server.settled();
    await keyMade(uuid);
    await server.settled();
    expect(await rowsOf(uuid)).toEqual([]);
    const decisions = server.resources.db.selectFrom('notification_preferences').selectAll();
    expect(await decisions.where('user_id', '=', uuid).execute()).toEqual([]);
  });

  test('notifications go after 180 days, no earlier', async () => {
    const { uuid } = await server.person();
    await keyMade(uuid);
    await server.settled();
    const before = await rowsOf(uuid);
    const later = (days: number) => ({
      ...server.ctx,
      clock: { now: () => new Date(server.clock.now().getTime() + days * 24 * 60 * MINUTE_MS) },
    });
    const { signal } = new AbortController();
    await removeOld(later(179.9), signal);
    expect(await rowsOf(uuid)).toEqual(before);
    await removeOld(later(180.1), signal);
    expect(await rowsOf(uuid)).toEqual([]);
  });
});
