import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';
import { sequenceOutbox } from '../platform/events/sequence.ts';
import { uuidOf } from '../platform/id.ts';
import { newEmailToken } from './email-token.ts';
import { identityEvents } from './events.ts';
import { ensureApiKey } from './service/ensure-api-key.ts';
import { ensureUser } from './service/ensure-user.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());

/** What was told of a person's world, in the order in which it was written. */
const toldOf = async (publicUserId: string) =>
  server.sql(
    `select type, actor ->> 'id' as by, data, previous from (
       select sequence as place, type, actor, audience, data, previous from events
       union all select 9e15::bigint + position, type, actor, audience, data, previous from outbox
     ) as all_events where audience = array[$1::uuid] order by place`,
    [uuidOf('usr', publicUserId)],
  );
const typesOf = async (publicUserId: string) => (await toldOf(publicUserId)).map(({ type }) => type);
const call = (method: string, path: string, token?: string, body?: unknown) =>
  server.call(method, path, { ...(token ? { token } : {}), ...(body ? { body } : {}) });

describe('what identity tells', () => {
  test('of a life: registered, renamed, a key, a new password, signed out, closed', async () => {
    const person = await server.person();
    const token = person.accessToken;
    await call('PATCH', '/v1/me', token, { displayName: 'Robin' });
    await call('PATCH', '/v1/me', token, { displayName: 'Wren' });
    const key = (await call('POST', '/v1/api-keys', token, { name: 'k', scopes: ['listings:read'] })).body;
    await call('DELETE', `/v1/api-keys/${key.id}`, token);
    const second = (
      await call('POST', '/v1/auth/login', undefined, { email: person.email, password: PASSWORD })
    ).body;
    await call('PATCH', '/v1/me', token, { password: 'silent-meadow-55', currentPassword: PASSWORD });
    expect(second.accessToken).toBeDefined();
    await call('POST', '/v1/auth/logout', token);
    const last = (
      await call('POST', '/v1/auth/login', undefined, { email: person.email, password: 'silent-meadow-55' })
    ).body.accessToken;
    await call('DELETE', '/v1/me', last, { password: 'silent-meadow-55' });
    const told = await toldOf(person.id);
    const by = new Set(told.map((event) => event.by));
    expect(by).toEqual(new Set([person.id]));
    expect(told.map(({ type, data, previous }) => [type, data, previous])).toEqual([
      ['user.registered', { displayName: 'Closed account', emailVerified: false }, null],
      ['session.started', { userId: person.id }, null],
      ['user.updated', { displayName: 'Closed account', role: 'user' }, { displayName: 'Closed account' }],
      ['apiKey.created', { userId: person.id, name: 'k', scopes: ['listings:read'], expiresAt: null }, null],
      ['apiKey.revoked', { userId: person.id, name: 'k' }, null],
      ['session.started', { userId: person.id }, null],
      ['user.passwordChanged', { how: 'changed' }, null],
      ['session.ended', { userId: person.id, reason: 'passwordChanged' }, null],
      ['session.ended', { userId: person.id, reason: 'logout' }, null],
      ['session.started', { userId: person.id }, null],
      ['session.ended', { userId: person.id, reason: 'accountClosed' }, null],
      ['user.closed', {}, null],
    ]);
  });

  test('nothing of what did not happen', async () => {
    const person = await server.person();
    await call('PATCH', '/v1/me', person.accessToken, { displayName: 'Robin' });
    await call('PATCH', '/v1/me', person.accessToken, {
      password: 'silent-meadow-55',
      currentPassword: 'wrong',
    });
    await call('POST', '/v1/auth/login', undefined, { email: person.email, password: 'wrong-lantern-11' });
    await call('DELETE', '/v1/sessions/ses_00000000000000000000000000', person.accessToken);
    await call('POST', '/v1/auth/verify-email', undefined, { token: newEmailToken().text });
    expect(await typesOf(person.id)).toEqual(['user.registered', 'session.started']);
  });

  test('of a session that a thief used', async () => {
    const person = await server.person();
    await call('POST', '/v1/auth/refresh', undefined, { refreshToken: person.refreshToken });
    server.clock.aheadMs = 60_000;
    await call('POST', '/v1/auth/refresh', undefined, { refreshToken: person.refreshToken });
    server.clock.aheadMs = 0;
    expect((await toldOf(person.id)).at(-1)).toMatchObject({
      type: 'session.ended',
      data: { reason: 'reuse' },
      by: person.id,
    });
  });

  test('of what those who run the server do, as nobody’s act, and of each thing once', async () => {
    const wanted = {
      email: 'operator@example.com',
      displayName: 'First',
      role: 'user' as const,
      password: PASSWORD,
    };
    const { account } = await ensureUser(server.ctx, wanted);
    await ensureUser(server.ctx, wanted);
    await ensureUser(server.ctx, { ...wanted, displayName: 'Second', role: 'admin' });
    await ensureUser(server.ctx, {
      ...wanted,
      displayName: 'Second',
      role: 'admin',
      password: 'other-lantern-77',
    });
    const key = { userId: account.id, name: 'k', scopes: ['listings:read' as const], kept: undefined };
    await ensureApiKey(server.ctx, key);
    await ensureApiKey(server.ctx, key);
    const events = await server.sql(
      'select type, actor, data, previous from outbox where audience = array[$1::uuid] order by position',
      [account.id],
    );
    expect(
      events.map(({ type, actor, data, previous }) => [type, actor, data.how ?? data.role, previous]),
    ).toEqual([
      ['user.registered', null, undefined, null],
      ['user.updated', null, 'admin', { displayName: 'First', role: 'user' }],
      ['user.passwordChanged', null, 'operator', null],
      ['apiKey.created', null, undefined, null],
      ['apiKey.revoked', null, undefined, null],
      ['apiKey.created', null, undefined, null],
    ]);
  });

  test('no address and no secret, whatever it is', async () => {
    const all = JSON.stringify(await server.sql('select data, previous from outbox'));
    expect(all).not.toMatch(/@|argon2|sjn_test|"rt_|127\.0\.0\.1/);
  });
});

test('a closed account leaves no name in the log, however far its events had come', async () => {
  const person = await server.person();
  await call('PATCH', '/v1/me', person.accessToken, { displayName: 'Peregrine' });
  await sequenceOutbox(server.resources.db, 10_000);
  await call('PATCH', '/v1/me', person.accessToken, { displayName: 'Kestrel' });
  // Somebody numbers events all the while.
  let numbering = true;
  const relay = (async () => {
    while (numbering) {
      await sequenceOutbox(server.resources.db, 10_000);
      await wait(1);
    }
  })();
  await call('DELETE', '/v1/me', person.accessToken, { password: PASSWORD });
  numbering = false;
  await relay;
  const told = JSON.stringify(await toldOf(person.id));
  expect(told).not.toMatch(/Robin|Peregrine|Kestrel/);
  expect(told.match(/Closed account/g)).toHaveLength(5);
});

test('registering is all there or not at all', async () => {
  const body = { email: 'whole@example.com', password: PASSWORD, displayName: 'Whole' };
  await server.sql("alter table outbox add constraint no_sessions check (type <> 'session.started')");
  const { status } = await server.call('POST', '/v1/auth/register', { body });
  await server.sql('alter table outbox drop constraint no_sessions');
  expect(status).toBe(500);
  expect(await server.sql("select from users where email = 'whole@example.com'")).toEqual([]);
  expect(await server.sql("select from outbox where data ->> 'displayName' = 'Whole'")).toEqual([]);
  server.breaches.splice(0);
});

test('every kind has a name of its own', () => {
  const types = identityEvents.map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
});
