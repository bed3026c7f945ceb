import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';
import type { Context } from '../platform/context.ts';
import { login } from './service/login.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());
afterEach(() => {
  server.clock.aheadMs = 0;
  expect(server.breaches.splice(0)).toEqual([]);
});

const DAY_MS = 86_400_000;
const refresh = (refreshToken: string) => server.call('POST', '/v1/auth/refresh', { body: { refreshToken } });
const loginAs = async (email: string) =>
  (await server.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } })).body;
const statusOf = async (token: string) => (await server.call('GET', '/v1/me', { token })).status;
const sessionsOf = async (token: string) => (await server.call('GET', '/v1/sessions', { token })).body.data;
const endOf = async (email: string) => {
  const [row] = await server.sql(
    'select ended_reason as reason from sessions s join users u on u.id = s.user_id where u.email = $1',
    [email],
  );
  return row?.reason;
};

describe('refreshing', () => {
  test('trades the token for the next one and a new access token', async () => {
    const person = await server.person();
    const answer = await refresh(person.refreshToken);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ user: { id: person.id, email: person.email }, expiresIn: 900 });
    expect(answer.body.refreshToken).not.toBe(person.refreshToken);
    expect(await statusOf(answer.body.accessToken)).toBe(200);
    expect((await refresh(answer.body.refreshToken)).status).toBe(200);
    expect(await sessionsOf(answer.body.accessToken)).toHaveLength(1);
  });

  test('ends the session when a token is used again later', async () => {
    const person = await server.person();
    const { body: next } = await refresh(person.refreshToken);
    server.clock.aheadMs = 11_000;
    expect(await statusOf(next.accessToken)).toBe(200);
    const again = await refresh(person.refreshToken);
    expect(again.body).toMatchObject({ status: 401, code: 'refresh_token_reused' });
    expect((await refresh(next.refreshToken)).body).toMatchObject({
      status: 401,
      code: 'refresh_token_invalid',
    });
    expect(await statusOf(next.accessToken)).toBe(401);
    expect(await statusOf(person.accessToken)).toBe(401);
    expect(await endOf(person.email)).toBe('reuse');
  });

  test('ends the session when a token is used again after its successor, however soon', async () => {
    const person = await server.person();
    const { body: next } = await refresh(person.refreshToken);
    const { body: third } = await refresh(next.refreshToken);
    expect((await refresh(person.refreshToken)).body.code).toBe('refresh_token_reused');
    expect((await refresh(third.refreshToken)).body.code).toBe('refresh_token_invalid');
  });

  test('knows any token that ever was of the family', async () => {
    const person = await server.person();
    let { refreshToken } = person;
    for (let i = 0; i < 5; i++) refreshToken = (await refresh(refreshToken)).body.refreshToken;
    server.clock.aheadMs = 20 * DAY_MS;
    expect((await refresh(person.refreshToken)).body.code).toBe('refresh_token_reused');
  });

  test('takes a repeat within ten seconds for a lost answer, and replaces the successor that nobody used', async () => {
    const person = await server.person();
    const { body: lost } = await refresh(person.refreshToken);
    server.clock.aheadMs = 9_000;
    const retried = await refresh(person.refreshToken);
    expect(retried.status).toBe(200);
    expect(retried.body.refreshToken).not.toBe(lost.refreshToken);
    expect((await refresh(retried.body.refreshToken)).status).toBe(200);
    expect((await refresh(lost.refreshToken)).body.code).toBe('refresh_token_reused');
  });

  test('does not stretch the ten seconds by retrying', async () => {
    const person = await server.person();
    await refresh(person.refreshToken);
    server.clock.aheadMs = 9_000;
    expect((await refresh(person.refreshToken)).status).toBe(200);
    server.clock.aheadMs = 12_000;
    expect((await refresh(person.refreshToken)).body.code).toBe('refresh_token_reused');
  });

  test('fifty at once with one token: no failure, and one of the answers goes on', async () => {
    const person = await server.person();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(person.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    const tokens = answers.map(({ body }) => body.refreshToken as string);
    expect(new Set(tokens).size).toBe(50);
    const { createHash } = await import('node:crypto');
    const [row] = await server.sql(
      'select refresh_hash as hash, ended_at as ended from sessions s join users u on u.id = s.user_id where u.email = $1',
      [person.email],
    );
    expect(row!.ended).toBeNull();
    const current = tokens.filter((token) => createHash('sha256').update(token).digest().equals(row!.hash));
    expect(current).toHaveLength(1);
    expect((await refresh(current[0]!)).status).toBe(200);
  });

  test('fifty at once with the current and an old token: one answer or the other, and the family ends', async () => {
    const person = await server.person();
    const { body: second } = await refresh(person.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => refresh(i % 2 ? third.refreshToken : person.refreshToken)),
    );
    expect(answers.filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
    expect(answers.filter(({ body }) => body.code === 'refresh_token_reused')).toHaveLength(1);
    expect(await endOf(person.email)).toBe('reuse');
    for (const { body } of answers) if (body.accessToken) expect(await statusOf(body.accessToken)).toBe(401);
  });

  test('is over after thirty days without use, and after 180 days in any case', async () => {
    const idle = await server.person();
    server.clock.aheadMs = 30 * DAY_MS + 1_000;
    expect((await refresh(idle.refreshToken)).body.code).toBe('refresh_token_invalid');
    server.clock.aheadMs = 0;
    const busy = await server.person();
    let { refreshToken } = busy;
    for (let day = 20; day < 180; day += 20) {
      server.clock.aheadMs = day * DAY_MS;
      refreshToken = (await refresh(refreshToken)).body.refreshToken;
    }
    server.clock.aheadMs = 179 * DAY_MS;
    refreshToken = (await refresh(refreshToken)).body.refreshToken;
    expect(refreshToken).toMatch(/^rt_/);
    server.clock.aheadMs = 180 * DAY_MS + 1_000;
    expect((await refresh(refreshToken)).body.code).toBe('refresh_token_invalid');
  });

  test.each(['', 'rt_', `rt_${'0'.repeat(56)}`, 'x'.repeat(200), '\u0000'])('refuses %j', async (token) => {
    expect((await refresh(token)).body.code).toBe('refresh_token_invalid');
  });

  test('is refused to a suspended person', async () => {
    const person = await server.person();
    await server.sql("update users set status = 'suspended' where email = $1", [person.email]);
    expect((await refresh(person.refreshToken)).body.code).toBe('account_suspended');
  });
});

describe('sessions', () => {
  test('keep what signed in, as it names itself, cut to a sensible length', async () => {
    const { email } = await server.person();
    const from = async (userAgent: string) => {
      const { accessToken } = await login({ ...server.ctx, userAgent } as Context, {
        email,
        password: PASSWORD,
      });
      return (await sessionsOf(accessToken))[0].userAgent;
    };
    expect(await from('Firefox/150')).toBe('Firefox/150');
    expect(await from('x'.repeat(9_000))).toHaveLength(300);
    expect(await from('')).toBeNull();
  });

  test('are listed newest first with where they came from, page by page', async () => {
    const person = await server.person();
    const tokens = await loginAs(person.email);
    const all = await sessionsOf(tokens.accessToken);
    expect(all).toEqual([
      {
        id: expect.stringMatching(/^ses_/),
        current: true,
        userAgent: 'node',
        address: '127.0.0.1',
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
        expiresAt: expect.any(String),
      },
      expect.objectContaining({ current: false }),
    ]);
    const first = (await server.call('GET', '/v1/sessions?limit=1', { token: tokens.accessToken })).body;
    expect(first.data).toEqual(all.slice(0, 1));
    const second = (
      await server.call('GET', `/v1/sessions?limit=1&cursor=${first.nextCursor}`, {
        token: tokens.accessToken,
      })
    ).body;
    expect(second).toEqual({ data: all.slice(1), nextCursor: null });
  });

  test('a cursor of somebody else does not continue the list', async () => {
    const person = await server.person();
    await loginAs(person.email);
    const { nextCursor } = (await server.call('GET', '/v1/sessions?limit=1', { token: person.accessToken }))
      .body;
    const other = await server.person();
    expect(
      (await server.call('GET', `/v1/sessions?cursor=${nextCursor}`, { token: other.accessToken })).body.code,
    ).toBe('invalid_cursor');
  });

  test('end at once when they are revoked, and only for their owner', async () => {
    const person = await server.person();
    const other = await server.person();
    const elsewhere = await loginAs(person.email);
    expect(await statusOf(elsewhere.accessToken)).toBe(200);
    const [{ id }] = await sessionsOf(person.accessToken);
    const revoke = (token: string, sessionId: string) =>
      server.call('DELETE', `/v1/sessions/${sessionId}`, { token });
    const foreign = await revoke(other.accessToken, id);
    const missing = await revoke(other.accessToken, 'ses_00000000000000000000000000');
    expect(foreign.body).toMatchObject({ status: 404, code: 'session_not_found' });
    expect(foreign.body.detail).toBe(missing.body.detail);
    expect((await revoke(person.accessToken, id)).status).toBe(204);
    expect(await statusOf(elsewhere.accessToken)).toBe(401);
    expect((await refresh(elsewhere.refreshToken)).body.code).toBe('refresh_token_invalid');
    expect((await revoke(person.accessToken, id)).status).toBe(404);
    expect(await sessionsOf(person.accessToken)).toHaveLength(1);
  });

  test.each(['nonsense', 'usr_00000000000000000000000000', 'ses_zzzzzzzzzzzzzzzzzzzzzzzzzz'])(
    '%s is no session',
    async (id) => {
      const { accessToken } = await server.person();
      expect((await server.call('DELETE', `/v1/sessions/${id}`, { token: accessToken })).body.code).toBe(
        'session_not_found',
      );
    },
  );

  test('end with signing out', async () => {
    const person = await server.person();
    expect((await server.call('POST', '/v1/auth/logout', { token: person.accessToken })).status).toBe(204);
    expect(await statusOf(person.accessToken)).toBe(401);
    expect((await refresh(person.refreshToken)).body.code).toBe('refresh_token_invalid');
    expect(await endOf(person.email)).toBe('logout');
  });

  test('that cannot be used any more are removed once they have expired', async () => {
    const { removeExpiredSessions } = await import('./repository/sessions.ts');
    const person = await server.person();
    await removeExpiredSessions(server.resources.db, new Date(Date.now() + 29 * DAY_MS));
    expect(await sessionsOf(person.accessToken)).toHaveLength(1);
    await removeExpiredSessions(server.resources.db, new Date(Date.now() + 31 * DAY_MS));
    expect(
      await server.sql('select 1 from sessions s join users u on u.id = s.user_id where u.email = $1', [
        person.email,
      ]),
    ).toEqual([]);
  });
});
