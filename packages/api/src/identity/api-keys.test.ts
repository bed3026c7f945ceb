import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, startIdentityServer } from '../../test/identity-server.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());
afterEach(() => {
  server.clock.aheadMs = 0;
  expect(server.breaches.splice(0)).toEqual([]);
});

const create = (token: string, body: unknown, headers = {}) =>
  server.call('POST', '/v1/api-keys', { token, body, headers });
const list = async (token: string) => (await server.call('GET', '/v1/api-keys', { token })).body.data;
const revoke = (token: string, id: string) => server.call('DELETE', `/v1/api-keys/${id}`, { token });
const me = (token: string) => server.call('GET', '/v1/me', { token });

test('a key is shown once, works, and is listed without its secret', async () => {
  const { accessToken, id } = await server.person();
  const made = await create(accessToken, {
    name: 'import',
    scopes: ['profile:read', 'keys:write', 'profile:read'],
  });
  expect(made.status).toBe(201);
  expect(made.headers.get('cache-control')).toBe('no-store');
  const { key, ...view } = made.body;
  expect(key).toMatch(/^sjn_test_[0-9a-z]{32}[0-9A-Za-z]{6}$/);
  expect(view).toEqual({
    id: expect.stringMatching(/^key_/),
    name: 'import',
    prefix: key.slice(0, 12),
    scopes: ['profile:read', 'keys:write'],
    createdAt: expect.any(String),
    lastUsedAt: null,
    expiresAt: null,
  });
  expect((await me(key)).body.id).toBe(id);
  expect(await list(accessToken)).toEqual([{ ...view, lastUsedAt: expect.any(String) }]);
});

test('a key does what its scopes say and no more', async () => {
  const { accessToken } = await server.person();
  const { key } = (await create(accessToken, { name: 'reader', scopes: ['profile:read'] })).body;
  expect((await me(key)).status).toBe(200);
  expect((await server.call('GET', '/v1/me/export', { token: key })).status).toBe(200);
  expect(
    (await server.call('PATCH', '/v1/me', { token: key, body: { displayName: 'X' } })).body,
  ).toMatchObject({ status: 403, code: 'insufficient_scope' });
  expect((await create(key, { name: 'more', scopes: ['profile:read'] })).status).toBe(403);
});

describe('nobody gives away what they do not have', () => {
  test('a user no admin scope', async () => {
    const { accessToken } = await server.person();
    const { body } = await create(accessToken, { name: 'root', scopes: ['profile:read', 'admin'] });
    expect(body).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
      errors: [{ pointer: '/scopes/1', code: 'scope_not_held' }],
    });
  });

  test('a key only its own scopes', async () => {
    const { accessToken } = await server.person();
    const { key } = (await create(accessToken, { name: 'maker', scopes: ['keys:write', 'listings:read'] }))
      .body;
    expect((await create(key, { name: 'more', scopes: ['listings:read', 'listings:write'] })).status).toBe(
      403,
    );
    expect((await create(key, { name: 'same', scopes: ['listings:read'] })).status).toBe(201);
  });

  test('staff the admin scope, for as long as they are staff', async () => {
    const person = await server.person();
    await server.sql("update users set role = 'support' where email = $1", [person.email]);
    server.clock.aheadMs = 2_000;
    const { accessToken } = (
      await server.call('POST', '/v1/auth/refresh', { body: { refreshToken: person.refreshToken } })
    ).body;
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const made = await create(accessToken, { name: 'root', scopes: ['admin', 'keys:write'] });
    expect(made.status).toBe(201);
    await server.sql("update users set role = 'user' where email = $1", [person.email]);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await create(made.body.key, { name: 'again', scopes: ['admin'] })).status).toBe(403);
  });
});

test('a revoked key stops at once, and cannot be revoked by others or twice', async () => {
  const person = await server.person();
  const other = await server.person();
  const { id, key } = (await create(person.accessToken, { name: 'gone', scopes: ['profile:read'] })).body;
  expect((await me(key)).status).toBe(200);
  const foreign = await revoke(other.accessToken, id);
  expect(foreign.body).toMatchObject({ status: 404, code: 'api_key_not_found' });
  expect((await revoke(other.accessToken, 'key_00000000000000000000000000')).body.detail).toBe(
    foreign.body.detail,
  );
  expect((await revoke(person.accessToken, id)).status).toBe(204);
  expect((await me(key)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
  expect((await revoke(person.accessToken, id)).status).toBe(404);
  expect(await list(person.accessToken)).toEqual([]);
});

test('a key ends at its expiry', async () => {
  const { accessToken } = await server.person();
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const made = (await create(accessToken, { name: 'short', scopes: ['profile:read'], expiresAt })).body;
  expect(made.expiresAt).toBe(expiresAt);
  server.clock.aheadMs = 61_000;
  expect((await me(made.key)).status).toBe(401);
});

test('an expiry in the past, no scope and an unknown scope are refused by name', async () => {
  const { accessToken } = await server.person();
  const past = await create(accessToken, {
    name: 'late',
    scopes: ['profile:read'],
    expiresAt: '2020-01-01T00:00:00Z',
  });
  expect(past.body).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '/expiresAt', code: 'not_in_future' }],
  });
  for (const scopes of [[], ['everything'], 'admin'])
    expect((await create(accessToken, { name: 'none', scopes })).body.errors[0].pointer).toMatch(/^\/scopes/);
});

test('the same Idempotency-Key gives the same key again, sealed for others', async () => {
  const { accessToken } = await server.person();
  const body = { name: 'once', scopes: ['profile:read'] };
  const first = await create(accessToken, body, { 'Idempotency-Key': 'make-one' });
  const second = await create(accessToken, body, { 'Idempotency-Key': 'make-one' });
  expect(second.body).toEqual(first.body);
  expect(await list(accessToken)).toHaveLength(1);
  const other = await server.person();
  expect((await create(other.accessToken, body, { 'Idempotency-Key': 'make-one' })).body.key).not.toBe(
    first.body.key,
  );
});

test('an account holds a hundred keys', async () => {
  const person = await server.person();
  await create(person.accessToken, { name: 'first', scopes: ['profile:read'] });
  await server.sql(
    "insert into api_keys (id, user_id, name, prefix, secret_hash, scopes, created_at) select gen_random_uuid(), k.user_id, 'copy', 'sjn_test_xxx', decode(md5(n::text || k.id::text), 'hex'), k.scopes, k.created_at from api_keys k join users u on u.id = k.user_id, generate_series(1, 99) n where u.email = $1",
    [person.email],
  );
  expect(
    (await create(person.accessToken, { name: 'too many', scopes: ['profile:read'] })).body,
  ).toMatchObject({ status: 409, code: 'api_key_limit_reached' });
});

test('when a key was last used is kept to the minute, without a write for each request', async () => {
  const { accessToken } = await server.person();
  const { key } = (await create(accessToken, { name: 'used', scopes: ['profile:read'] })).body;
  await me(key);
  const [{ lastUsedAt: first }] = await list(accessToken);
  server.clock.aheadMs = 30_000;
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await me(key);
  expect((await list(accessToken))[0].lastUsedAt).toBe(first);
  server.clock.aheadMs = 65_000;
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await me(key);
  expect(Date.parse((await list(accessToken))[0].lastUsedAt)).toBeGreaterThan(Date.parse(first) + 60_000);
});
