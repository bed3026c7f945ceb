import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());
afterEach(() => expect(server.breaches.splice(0)).toEqual([]));

const get = (token: string | undefined, path = '/v1/me') =>
  server.call('GET', path, token === undefined ? {} : { token });
const patch = (token: string, body: unknown) => server.call('PATCH', '/v1/me', { token, body });
const close = (token: string, password: string) =>
  server.call('DELETE', '/v1/me', { token, body: { password } });
const login = (email: string, password = PASSWORD) =>
  server.call('POST', '/v1/auth/login', { body: { email, password } });
const NEW_PASSWORD = 'another-lantern-77';

describe('my account', () => {
  test('takes a new name', async () => {
    const { accessToken, email } = await server.person();
    const changed = await patch(accessToken, { displayName: 'Sam' });
    expect(changed.body).toMatchObject({ displayName: 'Sam', email });
    expect((await get(accessToken)).body).toEqual(changed.body);
    expect((await patch(accessToken, {})).body.displayName).toBe('Sam');
  });

  test('refuses what is not for its owner to set', async () => {
    const { accessToken } = await server.person();
    const { body } = await patch(accessToken, { role: 'admin', emailVerified: true, id: 'usr_x' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/emailVerified',
      '/id',
      '/role',
    ]);
    expect((await get(accessToken)).body.role).toBe('user');
  });

  test('a new password ends all other sessions and keeps this one and the keys', async () => {
    const person = await server.person();
    const elsewhere = (await login(person.email)).body;
    const { key } = (
      await server.call('POST', '/v1/api-keys', {
        token: person.accessToken,
        body: { name: 'k', scopes: ['profile:read'] },
      })
    ).body;
    expect((await get(elsewhere.accessToken)).status).toBe(200);
    expect(
      (await patch(person.accessToken, { password: NEW_PASSWORD, currentPassword: PASSWORD })).status,
    ).toBe(200);
    expect((await get(elsewhere.accessToken)).status).toBe(401);
    expect((await get(person.accessToken)).status).toBe(200);
    expect((await get(key)).status).toBe(200);
    expect((await login(person.email)).status).toBe(401);
    expect((await login(person.email, NEW_PASSWORD)).status).toBe(200);
  });

  test('a new password needs the current one, and must be a good one', async () => {
    const person = await server.person();
    const { accessToken, email } = person;
    expect((await patch(accessToken, { password: NEW_PASSWORD })).body.errors).toMatchObject([
      { pointer: '/currentPassword' },
    ]);
    expect(
      (await patch(accessToken, { password: NEW_PASSWORD, currentPassword: 'wrong-lantern-11' })).body,
    ).toMatchObject({ status: 422, code: 'wrong_password', errors: [{ pointer: '/currentPassword' }] });
    expect(
      (await patch(accessToken, { password: 'Kim-1234', displayName: 'Kim', currentPassword: PASSWORD })).body
        .errors,
    ).toMatchObject([{ pointer: '/password', code: 'password_too_weak' }]);
    expect((await get(accessToken)).body.displayName).toBe('Robin');
    expect((await login(email)).status).toBe(200);
  });

  test('the current password cannot be tried out from a stolen session, and the account can still sign in', async () => {
    const { accessToken, email } = await server.person();
    for (let i = 0; i < 10; i++)
      expect((await close(accessToken, 'wrong-lantern-11')).body.code).toBe('wrong_password');
    expect((await close(accessToken, PASSWORD)).body.code).toBe('rate_limited');
    expect((await patch(accessToken, { password: NEW_PASSWORD, currentPassword: PASSWORD })).body.code).toBe(
      'rate_limited',
    );
    expect((await login(email)).status).toBe(200);
  });
});

describe('closing my account', () => {
  test('removes what is personal, ends sessions and keys, and frees the address', async () => {
    const person = await server.person();
    await server.sql('update users set email_verified_at = now() where email = $1', [person.email]);
    const elsewhere = (await login(person.email)).body;
    const { key } = (
      await server.call('POST', '/v1/api-keys', {
        token: person.accessToken,
        body: { name: 'k', scopes: ['profile:read'] },
      })
    ).body;
    for (const token of [person.accessToken, elsewhere.accessToken, key])
      expect((await get(token)).status).toBe(200);
    expect((await close(person.accessToken, 'wrong-lantern-11')).body).toMatchObject({
      status: 422,
      code: 'wrong_password',
      errors: [{ pointer: '/password' }],
    });
    expect((await close(person.accessToken, PASSWORD)).status).toBe(204);
    for (const token of [person.accessToken, elsewhere.accessToken, key])
      expect((await get(token)).status).toBe(401);
    expect(
      (await server.call('POST', '/v1/auth/refresh', { body: { refreshToken: elsewhere.refreshToken } })).body
        .code,
    ).toBe('refresh_token_invalid');
    expect((await login(person.email)).status).toBe(401);
    expect((await get(undefined, `/v1/users/${person.id}`)).body.code).toBe('user_not_found');
    const rows = await server.sql(
      'select u::text as row from users u union all select s::text from sessions s join users u on u.id = s.user_id and u.status = $1',
      ['deleted'],
    );
    const kept = rows.map(({ row }) => row).join('\n');
    expect(kept).not.toContain(person.email);
    expect(kept).not.toContain('127.0.0.1');
    const again = await server.person(person.email);
    expect(again.id).not.toBe(person.id);
    await server.sql('update users set email_verified_at = now() where email = $1', [person.email]);
  });
});

describe('exporting my data', () => {
  test('holds everything about me and nothing that opens anything', async () => {
    const person = await server.person();
    const { accessToken: gone } = (await login(person.email)).body;
    await server.call('POST', '/v1/auth/logout', { token: gone });
    const made = (
      await server.call('POST', '/v1/api-keys', {
        token: person.accessToken,
        body: { name: 'k', scopes: ['profile:read'] },
      })
    ).body;
    const { status, headers, body } = await get(person.accessToken, '/v1/me/export');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(['apiKeys', 'exportedAt', 'sessions', 'user']));
    expect(body.user).toEqual((await get(person.accessToken)).body);
    expect(body.sessions).toMatchObject([{ address: '127.0.0.1', endedAt: null }, { endedReason: 'logout' }]);
    expect(body.apiKeys).toMatchObject([{ id: made.id, name: 'k', prefix: made.prefix, revokedAt: null }]);
    expect(JSON.stringify(body)).not.toMatch(/hash|argon2|sjn_test_[0-9a-z]{4}/i);
  });
});

describe('a public profile', () => {
  test('is open to everybody and says nothing private', async () => {
    const person = await server.person();
    const { body } = await get(undefined, `/v1/users/${person.id}`);
    expect(body).toEqual({ id: person.id, displayName: 'Robin', createdAt: expect.any(String) });
  });

  test('of a suspended person is not there, like that of nobody', async () => {
    const person = await server.person();
    await server.sql("update users set status = 'suspended' where email = $1", [person.email]);
    const hidden = (await get(undefined, `/v1/users/${person.id}`)).body;
    const missing = (await get(undefined, '/v1/users/usr_00000000000000000000000000')).body;
    expect(hidden).toMatchObject({ status: 404, code: 'user_not_found' });
    expect(hidden.detail).toBe(missing.detail);
    for (const id of ['usr_x', 'key_00000000000000000000000000', '%00'])
      expect((await get(undefined, `/v1/users/${id}`)).body.code).toBe('user_not_found');
  });
});
