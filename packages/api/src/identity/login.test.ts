import { createHash, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';
import { currentHead, hashPassword } from './password-hash.ts';
import { claimPasswordTry } from './repository/password-failures.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());
afterEach(() => {
  server.clock.aheadMs = 0;
  expect(server.breaches.splice(0)).toEqual([]);
});

const login = (email: string, password = PASSWORD) =>
  server.call('POST', '/v1/auth/login', { body: { email, password } });
const fail = async (email: string, times: number) => {
  for (let i = 0; i < times; i++) expect((await login(email, 'wrong-lantern-11')).status).toBe(401);
};

describe('signing in', () => {
  test('answers like registering, whatever the case of the address', async () => {
    const person = await server.person('case@example.com');
    const answer = await login('CASE@Example.COM');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ user: { id: person.id, email: 'case@example.com' }, expiresIn: 900 });
    expect(answer.body.refreshToken).not.toBe(person.refreshToken);
  });

  test('takes a password typed with other code points for the same characters', async () => {
    await server.call('POST', '/v1/auth/register', {
      body: { email: 'accent@example.com', password: 'caf\u00e9 au lait', displayName: 'A' },
    });
    expect((await login('accent@example.com', 'cafe\u0301 au lait')).status).toBe(200);
  });

  test('tells a suspended person so, once the password is right', async () => {
    const { email } = await server.person();
    await server.sql("update users set status = 'suspended' where email = $1", [email]);
    expect((await login(email, 'wrong-lantern-11')).body.code).toBe('invalid_login');
    expect((await login(email)).body).toMatchObject({ status: 403, code: 'account_suspended' });
  });

  test('brings an old hash to the cost of today', async () => {
    const { email } = await server.person();
    const [{ head }] = (await server.sql(
      "select regexp_replace(password_hash, '[^$]*$', '') as head from users where email = $1",
      [email],
    )) as [{ head: string }];
    const salt = Buffer.from(head.split('$')[4]!, 'base64');
    await server.sql('update users set password_hash = $2 where email = $1', [
      email,
      await hash(PASSWORD, { memoryCost: 1_024, timeCost: 1, parallelism: 1, salt }),
    ]);
    expect((await login(email, 'wrong-lantern-11')).status).toBe(401);
    expect((await login(email)).status).toBe(200);
    const [after] = await server.sql('select password_hash like $2 as current from users where email = $1', [
      email,
      `${head}%`,
    ]);
    expect(after).toEqual({ current: true });
    expect((await login(email)).status).toBe(200);
  });
});

describe('wrong passwords in a row', () => {
  test.each(['known', 'unknown'])(
    'are refused after ten, for a growing time, for a %s address',
    async (kind) => {
      const email = `throttled-${kind}@example.com`;
      if (kind === 'known') await server.person(email);
      await fail(email, 10);
      const refused = await login(email);
      expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(25);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(30);
      server.clock.aheadMs = 31_000;
      await fail(email, 1);
      const longer = await login(email);
      expect(longer.status).toBe(429);
      expect(Number(longer.headers.get('retry-after'))).toBeGreaterThan(55);
    },
  );

  test('are forgotten by the right one, and after a day', async () => {
    const { email } = await server.person();
    await fail(email, 9);
    expect((await login(email)).status).toBe(200);
    await fail(email, 9);
    server.clock.aheadMs = 25 * 3_600_000;
    await fail(email, 9);
    expect((await login(email)).status).toBe(200);
  });

  test('allow one try for each wait, however many come at once', async () => {
    const email = 'many-at-once@example.com';
    await fail(email, 10);
    server.clock.aheadMs = 31_000;
    const subject = createHash('sha256').update(`email:${email}`).digest();
    const now = server.clock.now();
    const claim = () =>
      claimPasswordTry(server.resources.db, subject, 10, now, new Date(now.getTime() + 60_000));
    const claims = await Promise.all(Array.from({ length: 20 }, claim));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await login(email, 'wrong-lantern-11')).status).toBe(429);
  });

  test('do not stand in the way of many right ones at once', async () => {
    const { email } = await server.person();
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(email)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});

test('while too many passwords are being checked, others are turned away with 503', async () => {
  const { email } = await server.person();
  let storming = true;
  const storm = Array.from({ length: 80 }, async () => {
    while (storming)
      await hashPassword(server.ctx, PASSWORD, currentHead(randomBytes(32), email)).catch(() =>
        setTimeout(1),
      );
  });
  const before = server.statements.count;
  const answer = await login(email);
  expect(server.statements.count).toBe(before);
  storming = false;
  await Promise.all(storm);
  expect(answer.body).toMatchObject({ status: 503, code: 'overloaded' });
  expect(answer.headers.get('retry-after')).toBe('1');
  expect((await login(email)).status).toBe(200);
});
