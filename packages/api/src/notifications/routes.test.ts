import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf } from '../../test/caller.ts';
import { type NotificationServer, startNotificationServer } from '../../test/notification-server.ts';
import { apiKeyCreated, apiKeyRevoked } from '../identity/events.ts';
import { transaction } from '../platform/context.ts';
import { emit } from '../platform/events/emit.ts';
import { unsubscribeTokenFor } from './unsubscribe-token.ts';

let server: NotificationServer;
beforeAll(async () => {
  server = await startNotificationServer();
});
afterAll(() => server.stop());

/** Things that each make one notification, one after the other. */
async function happen(uuid: string, times: number) {
  // What is about different things is told in the order in which it is taken: the welcome first.
  await server.settled();
  for (let i = 0; i < times; i += 1)
    await transaction(server.ctx, (tx) =>
      emit(server.ctx, tx, apiKeyRevoked, {
        subjectId: randomUUID(),
        audience: [uuid],
        data: { userId: 'usr_x', name: 'nightly import' },
      }),
    );
  await server.settled();
}
const choose = (call: Caller, preferences: unknown) =>
  call('PUT', '/v1/notification-preferences', { body: { preferences } });
const mailOf = (kind: string, enabled: boolean) => ({ kind, channel: 'mail', enabled });
const told = ({
  body: { requestId: _requestId, instance: _instance, ...rest },
}: {
  body: object & { requestId: string; instance: string };
}) => rest;

describe('the list', () => {
  test('pages newest first, and stays as it is while new ones come', async () => {
    const { call, uuid } = await server.person();
    await happen(uuid, 7);
    const whole = await server.notificationsOf(call, 7);
    expect(whole.map(({ id }: { id: string }) => id)).toEqual(
      whole
        .map(({ id }: { id: string }) => id)
        .toSorted()
        .reverse(),
    );
    const first = await call('GET', '/v1/notifications?limit=3');
    expect(first.body.unreadCount).toBe(8);
    await happen(uuid, 2);
    const rest = await call('GET', `/v1/notifications?limit=100&cursor=${first.body.nextCursor}`);
    const seen = [...first.body.data, ...rest.body.data].filter(({ kind }) => kind !== 'welcome');
    expect(seen).toEqual(whole);
    expect(rest.body.nextCursor).toBeNull();
  });

  test('shows the unread ones alone, and marks one, those up to one, or all', async () => {
    const { call, uuid } = await server.person();
    await happen(uuid, 4);
    const [newest, second, third] = await server.notificationsOf(call, 4);
    const read = await call('POST', `/v1/notifications/${second.id}/read`);
    expect(read.body).toEqual({ ...second, readAt: expect.any(String) });
    server.clock.aheadMs += 1_000;
    expect((await call('POST', `/v1/notifications/${second.id}/read`)).body).toEqual(read.body);
    const upTo = await call('POST', '/v1/notifications/read', { body: { upTo: third.id } });
    expect(upTo.body).toEqual({ marked: 3, unreadCount: 1 });
    const unread = await call('GET', '/v1/notifications?unread=true');
    expect(unread.body).toEqual({ data: [newest], nextCursor: null, unreadCount: 1 });
    expect((await call('POST', '/v1/notifications/read', { body: {} })).body).toEqual({
      marked: 1,
      unreadCount: 0,
    });
    expect((await call('GET', '/v1/notifications?unread=false')).body.data).toHaveLength(5);
  });

  test('never shows what is somebody else’s: it is answered like what does not exist', async () => {
    const owner = await server.person();
    const other = await server.person();
    await happen(owner.uuid, 1);
    const [mine] = await server.notificationsOf(owner.call, 1);
    const nobodys = 'ntf_00000000000000000000000000';
    for (const [path, body] of [
      [(id: string) => `/v1/notifications/${id}/read`, () => undefined],
      [() => '/v1/notifications/read', (id: string) => ({ upTo: id })],
    ] as const) {
      const answers = [];
      for (const id of [mine.id, nobodys, 'lst_01j9z6t8v2e4m8q0r5s7x3y1ka', 'x'])
        answers.push(await other.call('POST', path(id), { body: body(id) }));
      for (const answer of answers) {
        expect(answer.status).toBe(404);
        expect(told(answer)).toEqual(told(answers[0]!));
      }
    }
    expect((await server.notificationsOf(owner.call, 1))[0].readAt).toBeNull();
  });
});

describe('preferences', () => {
  test('are followed by each channel for itself', async () => {
    const { call, uuid, email } = await server.person();
    await choose(call, [
      { kind: 'apiKeyRevoked', channel: 'inApp', enabled: false },
      mailOf('apiKeyRevoked', true),
    ]);
    await happen(uuid, 1);
    await server.notificationsOf(call, 0);
    expect((await call('GET', '/v1/notifications')).body.unreadCount).toBe(1);
    expect(await server.mailTo(email)).toHaveLength(1);
    await choose(call, [mailOf('apiKeyRevoked', false)]);
    await happen(uuid, 1);
    expect(await server.mailTo(email)).toHaveLength(1);
    const { body } = await call('GET', '/v1/notification-preferences');
    expect(body.data.find(({ kind }: { kind: string }) => kind === 'apiKeyRevoked').channels).toEqual({
      inApp: { enabled: false, changeable: true },
      mail: { enabled: false, changeable: true },
    });
  });

  test('refuses everything that is wrong by name, at once, and keeps nothing of it', async () => {
    const { call } = await server.person();
    const answer = await choose(call, [
      mailOf('listingPublished', true),
      mailOf('passwordChanged', false),
      mailOf('passwordChangd', false),
      { kind: 'welcome', channel: 'sms', enabled: true },
      { kind: 'welcome', channel: 'mail', enabled: 'yes', more: 1 },
    ]);
    expect(answer.status).toBe(422);
    const errors = answer.body.errors.map(({ pointer, message }: Record<string, string>) => [
      pointer,
      message,
    ]);
    expect(errors).toEqual([
      ['/preferences/1/enabled', 'passwordChanged by mail protects your account and cannot be switched off'],
      [
        '/preferences/2/kind',
        expect.stringContaining('"passwordChangd" is no kind of notification: there are welcome,'),
      ],
      ['/preferences/3/channel', '"sms" is no channel: there are inApp, mail'],
      ['/preferences/4/enabled', 'must be true or false'],
      ['/preferences/4/more', 'is not a field here'],
    ]);
    const { body } = await call('GET', '/v1/notification-preferences');
    expect(
      body.data.find(({ kind }: { kind: string }) => kind === 'listingPublished').channels.mail.enabled,
    ).toBe(false);
    const twice = await choose(call, [mailOf('welcome', true), mailOf('welcome', false)]);
    expect([twice.status, twice.body.errors[0].pointer]).toEqual([422, '/preferences/1']);
  });

  test('cannot switch off what protects an account, even from within the database', async () => {
    const { call, uuid, email } = await server.person();
    expect((await choose(call, [mailOf('apiKeyCreated', false)])).status).toBe(422);
    const row = {
      user_id: uuid,
      kind: 'apiKeyCreated',
      channel: 'mail',
      enabled: false,
      updated_at: new Date(),
    };
    await server.resources.db.insertInto('notification_preferences').values(row).execute();
    await transaction(server.ctx, (tx) =>
      emit(server.ctx, tx, apiKeyCreated, {
        subjectId: randomUUID(),
        audience: [uuid],
        data: { userId: 'usr_x', name: 'nightly import', scopes: ['listings:read'], expiresAt: null },
      }),
    );
    await server.settled();
    expect(await server.mailTo(email)).toHaveLength(1);
  });

  test('never break on what is sent', async () => {
    const { call } = await server.person();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string({ unit: 'binary' }), async (preferences, kind) => {
        const answers = [await choose(call, preferences), await choose(call, [mailOf(kind, false)])];
        for (const { status } of answers) expect([200, 422]).toContain(status);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the link to unsubscribe', () => {
  test('is in the mail, works without credentials as mail programs call it, and for its kind alone', async () => {
    const { call, uuid, email } = await server.person();
    await choose(call, [mailOf('apiKeyRevoked', true), mailOf('listingPaused', true)]);
    const sent: { unsubscribeUrl?: string | undefined; to: string }[] = [];
    const { mailer } = server.ctx;
    const send = mailer.send.bind(mailer);
    mailer.send = (mail, signal) => {
      sent.push(mail);
      return send(mail, signal);
    };
    await happen(uuid, 1);
    mailer.send = send;
    const { unsubscribeUrl } = sent.find(({ to }) => to === email)!;
    const answer = await fetch(`${server.url}${new URL(unsubscribeUrl!).pathname}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(answer.status).toBe(204);
    await happen(uuid, 1);
    expect(await server.mailTo(email)).toHaveLength(1);
    const { body } = await call('GET', '/v1/notification-preferences');
    const on = body.data.filter(
      ({ channels }: { channels: { mail: { enabled: boolean } } }) => channels.mail.enabled,
    );
    expect(on.map(({ kind }: { kind: string }) => kind)).toContain('listingPaused');
  });

  test('takes no token but its own, and a mandatory kind stays on', async () => {
    const { call, uuid } = await server.person();
    const anyone = callerOf(server);
    const path = (token: string) => `/v1/notification-preferences/unsubscribe/${token}`;
    const good = unsubscribeTokenFor(server.ctx.keyring, uuid, 'apiKeyCreated');
    const sealedForElse = server.ctx.keyring
      .seal(Buffer.from(`["${uuid}","welcome"]`), 'else')
      .toString('base64url');
    for (const token of ['x', 'AAAAAA', 'A'.repeat(80), `${good.slice(0, -2)}AA`, sealedForElse, '%00', 'é'])
      expect((await anyone('POST', path(encodeURIComponent(token)))).body.code, token).toBe(
        'unsubscribe_link_invalid',
      );
    expect((await anyone('POST', path(good))).status).toBe(204);
    const { body } = await call('GET', '/v1/notification-preferences');
    const { channels } = body.data.find(({ kind }: { kind: string }) => kind === 'apiKeyCreated');
    expect(channels.mail).toEqual({ enabled: true, changeable: false });
  });
});

test('the export of a person’s data has both', async () => {
  const { call, uuid } = await server.person();
  await happen(uuid, 1);
  const { body } = await call('GET', '/v1/me/export');
  expect(body.notifications.map(({ kind }: { kind: string }) => kind)).toEqual(['welcome', 'apiKeyRevoked']);
  expect(body.notificationPreferences).toEqual((await call('GET', '/v1/notification-preferences')).body);
});
