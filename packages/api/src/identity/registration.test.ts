import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());
afterEach(() => expect(server.breaches.splice(0)).toEqual([]));

const register = (body: unknown, headers = {}) => server.call('POST', '/v1/auth/register', { body, headers });
const login = (email: string, password = PASSWORD) =>
  server.call('POST', '/v1/auth/login', { body: { email, password } });
const me = (token: string) => server.call('GET', '/v1/me', { token });

describe('registering', () => {
  test('answers with the account and working tokens', async () => {
    const answer = await register({ email: 'Ada@Example.com', password: PASSWORD, displayName: ' Ada ' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      user: {
        id: expect.stringMatching(/^usr_/),
        email: 'Ada@Example.com',
        emailVerified: false,
        displayName: 'Ada',
        role: 'user',
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^rt_/),
      expiresIn: 900,
    });
    expect((await me(answer.body.accessToken)).body).toEqual(answer.body.user);
  });

  test('names everything that is wrong at once', async () => {
    const { status, body } = await register({ email: 'nobody', displayName: 'a\u0007b', role: 'admin' });
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/displayName',
      '/email',
      '/password',
      '/role',
    ]);
  });

  test.each(['short', 'password1', 'weak-person', 'Sojourn123'])(
    'refuses the weak password %s',
    async (password) => {
      const { status, body } = await register({
        email: 'weak-person@example.com',
        password,
        displayName: 'Weak',
      });
      expect(status).toBe(422);
      expect(body).toMatchObject({
        code: 'invalid_request',
        errors: [{ pointer: '/password', code: 'password_too_weak' }],
      });
      expect(body.detail).not.toContain(password);
    },
  );

  test('gives the first answer again for the same Idempotency-Key, and opens one account', async () => {
    const request = { email: 'once@example.com', password: PASSWORD, displayName: 'Once' };
    const key = { 'Idempotency-Key': 'register-once' };
    const first = await register(request, key);
    const second = await register(request, key);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await server.sql("select count(*)::int as n from users where email = 'once@example.com'")).toEqual(
      [{ n: 1 }],
    );
  });
});

describe('what registering and signing in tell of an address', () => {
  const shapeOf = (value: unknown): unknown =>
    value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]))
      : typeof value;
  const headersOf = ({ headers }: { headers: Headers }) =>
    [...headers.keys()].filter((name) => name !== 'date').sort();

  test('registering a verified address answers like a new one, and opens another account', async () => {
    await server.person('known@example.com');
    await server.sql("update users set email_verified_at = now() where email = 'known@example.com'");
    const known = await register({
      email: 'known@example.com',
      password: 'another-lantern-77',
      displayName: 'Mallory',
    });
    const unknown = await register({
      email: 'unknown@example.com',
      password: 'another-lantern-77',
      displayName: 'Mallory',
    });
    expect(known.status).toBe(unknown.status);
    expect(headersOf(known)).toEqual(headersOf(unknown));
    expect(shapeOf(known.body)).toEqual(shapeOf(unknown.body));
    expect(known.body.user.emailVerified).toBe(false);
    expect((await me(known.body.accessToken)).status).toBe(200);
  });

  test('each account of an address opens to its own password only', async () => {
    const first = await register({ email: 'shared@example.com', password: PASSWORD, displayName: 'First' });
    const second = await register({
      email: 'SHARED@example.com',
      password: 'another-lantern-77',
      displayName: 'Second',
    });
    expect((await login('shared@example.com')).body.user.id).toBe(first.body.user.id);
    expect((await login('shared@example.com', 'another-lantern-77')).body.user.id).toBe(second.body.user.id);
    expect((await login('shared@example.com', 'third-lantern-99')).status).toBe(401);
  });

  test('nobody is locked out by accounts that others opened with the address', async () => {
    for (let i = 0; i < 8; i++)
      await register({
        email: 'crowded@example.com',
        password: `squatter-lantern-${i}`,
        displayName: 'Squatter',
      });
    const mine = await server.person('crowded@example.com');
    expect((await login('crowded@example.com')).body.user.id).toBe(mine.id);
  });

  test('one password for several accounts opens the verified one, else the oldest', async () => {
    const oldest = await server.person('twice@example.com');
    const newest = await server.person('twice@example.com');
    expect((await login('twice@example.com')).body.user.id).toBe(oldest.id);
    await server.sql(
      "update users set email_verified_at = now() where email = 'twice@example.com' and created_at = (select max(created_at) from users where email = 'twice@example.com')",
    );
    expect((await login('twice@example.com')).body.user.id).toBe(newest.id);
  });

  test('a wrong password and an unknown address fail alike, after the same statements', async () => {
    await server.person('alike@example.com');
    const measure = async (email: string) => {
      const before = server.statements.count;
      const answer = await login(email, 'wrong-lantern-11');
      return { answer, statements: server.statements.count - before };
    };
    const known = await measure('alike@example.com');
    const unknown = await measure('alike-not@example.com');
    const told = ({ requestId: _requestId, ...rest }: Record<string, unknown>) => rest;
    expect(told(known.answer.body)).toEqual(told(unknown.answer.body));
    expect(known.answer.body).toMatchObject({ status: 401, code: 'invalid_login' });
    expect(headersOf(known.answer)).toEqual(headersOf(unknown.answer));
    expect(known.statements).toBe(unknown.statements);
    expect(known.statements).toBeGreaterThan(0);
  });

  test('all accounts of an address are told apart by one hash', async () => {
    for (let i = 0; i < 3; i++) await server.person('one-hash@example.com');
    const heads = await server.sql(
      "select distinct regexp_replace(password_hash, '[^$]*$', '') as head from users where email = 'one-hash@example.com'",
    );
    expect(heads).toHaveLength(1);
  });
});

describe('what the database and the log keep', () => {
  test('no password, token or key, in any form that could be used', async () => {
    const person = await server.person();
    const refreshed = await server.call('POST', '/v1/auth/refresh', {
      body: { refreshToken: person.refreshToken },
    });
    const key = await server.call('POST', '/v1/api-keys', {
      token: person.accessToken,
      body: { name: 'k', scopes: ['profile:read'] },
      headers: { 'Idempotency-Key': 'a-key' },
    });
    await me(key.body.key);
    await login(person.email, 'a-wrong-lantern-12');
    await server.call('PATCH', '/v1/me', {
      token: person.accessToken,
      body: { password: 'changed-lantern-13', currentPassword: PASSWORD },
    });
    await server.call('DELETE', '/v1/me', {
      token: person.accessToken,
      body: { password: 'a-wrong-lantern-14' },
    });
    const secrets = [
      PASSWORD,
      'a-wrong-lantern-12',
      'changed-lantern-13',
      'a-wrong-lantern-14',
      person.accessToken,
      person.refreshToken,
      refreshed.body.refreshToken,
      refreshed.body.accessToken,
      key.body.key,
    ];
    const tables = await server.sql(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    const kept = [...server.logged];
    for (const { name } of tables)
      kept.push(...(await server.sql(`select t::text as row from ${name} t`)).map(({ row }) => row));
    expect(server.logged.length).toBeGreaterThan(5);
    const text = kept.join('\n');
    expect(text).toContain(key.body.prefix);
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
