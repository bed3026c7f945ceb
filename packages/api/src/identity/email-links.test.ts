import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';
import { publicId, uuidOf } from '../platform/id.ts';
import { newEmailToken } from './email-token.ts';
import { sendPasswordChanged } from './service/send-password-changed.ts';
import { sendPasswordReset } from './service/send-password-reset.ts';
import { sendVerification } from './service/send-verification.ts';

const NEW_PASSWORD = 'quiet-orchard-19';
const HOUR_MS = 3_600_000;
const attempt = { signal: new AbortController().signal };

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());
afterEach(() => {
  server.clock.aheadMs = 0;
  expect(server.breaches.splice(0)).toEqual([]);
});

const post = (path: string, body?: unknown, token?: string) =>
  server.call('POST', `/v1/auth/${path}`, { ...(body ? { body } : {}), ...(token ? { token } : {}) });
const verify = (token: string) => post('verify-email', { token });
const reset = (token: string, password = NEW_PASSWORD) => post('reset-password', { token, password });
const login = (email: string, password = PASSWORD) => post('login', { email, password });
const me = async (token: string) => (await server.call('GET', '/v1/me', { token })).body;

const mailbox = () => server.resources.mailer.mailbox!;
const mailsTo = async (address: string) => (await mailbox().list(1_000)).filter(({ to }) => to === address);
const tokenIn = (text: string) => /#token=(em_[\w-]{43})/.exec(text)?.[1] ?? 'no token';

type Send = typeof sendVerification;
/** Does the job that sends a mail, as often as told; the tokens of its mails. */
async function mailed(send: Send, publicUserId: string, mailId = randomUUID()): Promise<string | undefined> {
  await send(server.ctx, { userId: uuidOf('usr', publicUserId)!, mailId }, attempt);
  const mail = await mailbox().get(publicId('eml', mailId));
  return mail && tokenIn(mail.text);
}
async function verifiedPerson() {
  const person = await server.person();
  expect((await verify((await mailed(sendVerification, person.id))!)).status).toBe(204);
  return person;
}
const jobsOf = (name: string) => server.sql('select payload from jobs where name = $1 order by id', [name]);

describe('verifying an address', () => {
  test('takes the token of the mail, once', async () => {
    const person = await server.person();
    const token = (await mailed(sendVerification, person.id))!;
    const mail = (await mailsTo(person.email))[0]!;
    expect(mail).toMatchObject({ kind: 'verifyEmail', subject: 'Verify your email address' });
    const { text, html } = (await mailbox().get(mail.id))!;
    expect(text).toContain(`http://localhost:0/verify-email#token=${token}`);
    expect(html).toContain(`href="http://localhost:0/verify-email#token=${token}"`);
    expect(text).not.toContain('Robin');
    expect((await me(person.accessToken)).emailVerified).toBe(false);
    expect((await verify(token)).status).toBe(204);
    expect((await me(person.accessToken)).emailVerified).toBe(true);
    const again = await verify(token);
    expect([again.status, again.body.code]).toEqual([422, 'email_token_invalid']);
  });

  test('ends the other tokens that were sent for it, and no mail follows', async () => {
    const person = await server.person();
    const [first, second] = [
      await mailed(sendVerification, person.id),
      await mailed(sendVerification, person.id),
    ];
    expect((await verify(first!)).status).toBe(204);
    expect((await verify(second!)).status).toBe(422);
    expect(await mailed(sendVerification, person.id)).toBeUndefined();
  });

  test('twenty at once with one token: exactly one wins', async () => {
    const person = await server.person();
    const token = (await mailed(sendVerification, person.id))!;
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ body }) => body?.code === 'email_token_invalid')).toHaveLength(19);
    const events = await server.sql(
      "select type from outbox where subject_id = $1 and type = 'user.emailVerified'",
      [uuidOf('usr', person.id)],
    );
    expect(events).toHaveLength(1);
  });

  test('takes no token that is too old, forged, or for something else', async () => {
    const person = await verifiedPerson();
    const other = await server.person();
    const token = (await mailed(sendVerification, other.id))!;
    const forged = [
      '',
      'em_',
      token.slice(0, -1),
      `${token}A`,
      token.toUpperCase(),
      newEmailToken().text,
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      (await mailed(sendPasswordReset, person.id))!,
    ];
    for (const text of forged) expect((await verify(text)).body.code, text).toBe('email_token_invalid');
    server.clock.aheadMs = 72 * HOUR_MS + 1_000;
    expect((await verify(token)).body.code).toBe('email_token_invalid');
    server.clock.aheadMs = 72 * HOUR_MS - 60_000;
    expect((await verify(token)).status).toBe(204);
  });

  test('binds the address to the first account that proves it', async () => {
    const first = await server.person('twins@example.com');
    const second = await server.person('TWINS@example.com');
    const [one, two] = [await mailed(sendVerification, first.id), await mailed(sendVerification, second.id)];
    const answers = await Promise.all([verify(one!), verify(two!)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('email_verified_elsewhere');
    expect(await mailed(sendVerification, second.id)).toBeUndefined();
  });

  test('gives the first answer again for the same Idempotency-Key', async () => {
    const person = await server.person();
    const body = { token: await mailed(sendVerification, person.id) };
    const headers = { 'Idempotency-Key': 'verify-once' };
    const first = await server.call('POST', '/v1/auth/verify-email', { body, headers });
    const second = await server.call('POST', '/v1/auth/verify-email', { body, headers });
    expect([first.status, second.status]).toEqual([204, 204]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('asking for another verification mail', () => {
  const ask = (token: string) => post('send-verification', undefined, token);

  test('wants one job, however often it is asked before that is done', async () => {
    const { id, accessToken } = await server.person();
    await Promise.all([ask(accessToken), ask(accessToken), ask(accessToken)]);
    const wanted = (await jobsOf('identity.sendVerification')).filter(
      ({ payload }) => payload.userId === uuidOf('usr', id),
    );
    expect(wanted).toEqual([{ payload: { userId: uuidOf('usr', id), mailId: expect.any(String) } }]);
  });

  test('is refused when the address is verified', async () => {
    const { accessToken } = await verifiedPerson();
    const { status, body } = await ask(accessToken);
    expect([status, body.code]).toEqual([409, 'email_already_verified']);
  });

  test('is refused after five mails within an hour, and says until when', async () => {
    const { id, accessToken } = await server.person();
    for (let i = 0; i < 5; i++) await mailed(sendVerification, id);
    const { status, headers } = await ask(accessToken);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_500);
    server.clock.aheadMs = HOUR_MS + 1_000;
    const { accessToken: fresh } = (
      await login((await server.sql('select email from users where id = $1', [uuidOf('usr', id)]))[0].email)
    ).body;
    expect((await ask(fresh)).status).toBe(202);
  });
});

describe('nobody is flooded', () => {
  test('five verification mails an hour go to an address, however many accounts carry it', async () => {
    const address = 'crowded@example.com';
    for (let i = 0; i < 7; i++) await mailed(sendVerification, (await server.person(address)).id);
    expect(await mailsTo(address)).toHaveLength(5);
  });

  test('closing the accounts does not free the limit', async () => {
    const address = 'comes-and-goes@example.com';
    for (let i = 0; i < 6; i++) {
      const { id, accessToken } = await server.person(address);
      await mailed(sendVerification, id);
      await server.call('DELETE', '/v1/me', { token: accessToken, body: { password: PASSWORD } });
    }
    expect(await mailsTo(address)).toHaveLength(5);
  });

  test('at once as well', async () => {
    const { id, email } = await verifiedPerson();
    await Promise.all(Array.from({ length: 8 }, () => mailed(sendPasswordReset, id)));
    expect((await mailsTo(email)).filter(({ kind }) => kind === 'resetPassword')).toHaveLength(3);
  });
});

describe('a mail whose job is done again', () => {
  test('is one mail, with another token, and each token of it works', async () => {
    const person = await server.person();
    const mailId = randomUUID();
    const before = (await mailed(sendVerification, person.id, mailId))!;
    const after = (await mailed(sendVerification, person.id, mailId))!;
    expect(after).not.toBe(before);
    expect(await mailsTo(person.email)).toHaveLength(1);
    // Which of the two arrived, the sender that was killed in between does not know.
    expect((await verify(before)).status).toBe(204);
    expect((await verify(after)).status).toBe(422);
  });

  test('counts once towards the limit, and leaves at most ten tokens', async () => {
    const { id } = await verifiedPerson();
    const mailId = randomUUID();
    for (let i = 0; i < 12; i++) await mailed(sendPasswordReset, id, mailId);
    expect(await mailed(sendPasswordReset, id)).toBeDefined();
    const [{ living }] = await server.sql(
      "select count(*)::int as living from email_tokens where user_id = $1 and purpose = 'resetPassword' and ended_at is null",
      [uuidOf('usr', id)],
    );
    expect(living).toBe(10);
  });
});

describe('asking for a new password', () => {
  const forgot = (email: string) => post('forgot-password', { email });

  test('answers, works and queues alike for known and unknown addresses', async () => {
    const { email, id } = await verifiedPerson();
    await server.person('unproved@example.com');
    const measure = async (address: string) => {
      const before = server.statements.count;
      const answer = await forgot(address);
      return { answer, statements: server.statements.count - before };
    };
    const measured = [];
    for (const address of [email, 'nobody-at-all@example.com', 'unproved@example.com'])
      measured.push(await measure(address));
    for (const { answer, statements } of measured) {
      expect([answer.status, answer.text]).toEqual([202, '']);
      expect([...answer.headers.keys()]).toEqual([...measured[0]!.answer.headers.keys()]);
      expect(statements).toBe(measured[0]!.statements);
    }
    const jobs = (await jobsOf('identity.sendPasswordReset')).slice(-3);
    expect(jobs).toHaveLength(3);
    for (const { payload } of jobs)
      expect(payload).toEqual({ userId: expect.any(String), mailId: expect.any(String) });
    const known = jobs.filter(({ payload }) => payload.userId === uuidOf('usr', id));
    expect(known).toHaveLength(1);
    // The job of an address without a verified account does nothing.
    for (const { payload } of jobs) await sendPasswordReset(server.ctx, payload, attempt);
    expect(await mailsTo('nobody-at-all@example.com')).toEqual([]);
    expect((await mailsTo('unproved@example.com')).map(({ kind }) => kind)).not.toContain('resetPassword');
    expect((await mailsTo(email)).map(({ kind }) => kind)).toContain('resetPassword');
  });

  test('says what is wrong with an address that is none', async () => {
    const { status, body } = await forgot('nobody');
    expect([status, body.errors[0].pointer]).toEqual([422, '/email']);
  });
});

describe('resetting the password', () => {
  test('signs out everywhere, and lets in with the new password only', async () => {
    const person = await verifiedPerson();
    const key = (
      await server.call('POST', '/v1/api-keys', {
        token: person.accessToken,
        body: { name: 'stays', scopes: ['profile:read'] },
      })
    ).body.key;
    const token = (await mailed(sendPasswordReset, person.id))!;
    expect((await reset(token)).status).toBe(204);
    expect((await server.call('GET', '/v1/me', { token: person.accessToken })).status).toBe(401);
    expect((await post('refresh', { refreshToken: person.refreshToken })).status).toBe(401);
    expect((await login(person.email)).status).toBe(401);
    expect((await login(person.email, NEW_PASSWORD)).status).toBe(200);
    expect((await server.call('GET', '/v1/me', { token: key })).status).toBe(200);
    expect((await reset(token)).body.code).toBe('email_token_invalid');
  });

  test('twenty at once with one token: exactly one wins', async () => {
    const person = await verifiedPerson();
    const token = (await mailed(sendPasswordReset, person.id))!;
    const passwords = Array.from({ length: 20 }, (_, i) => `quiet-orchard-${i + 20}`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    const won = answers.flatMap(({ status }, i) => (status === 204 ? [passwords[i]!] : []));
    expect(won).toHaveLength(1);
    for (const { status } of answers) expect([204, 422, 503]).toContain(status);
    expect((await login(person.email, won[0])).status).toBe(200);
  });

  test('a weak password is refused by name and does not use the token up', async () => {
    const person = await verifiedPerson();
    const token = (await mailed(sendPasswordReset, person.id))!;
    const { status, body } = await reset(token, 'password1');
    expect([status, body.errors[0]]).toMatchObject([
      422,
      { pointer: '/password', code: 'password_too_weak' },
    ]);
    expect((await reset(token)).status).toBe(204);
  });

  test('a token is over after an hour, after a change of the password, and with the account', async () => {
    const person = await verifiedPerson();
    const [old, changed] = [
      await mailed(sendPasswordReset, person.id),
      await mailed(sendPasswordReset, person.id),
    ];
    server.clock.aheadMs = HOUR_MS + 1_000;
    expect((await reset(old!)).body.code).toBe('email_token_invalid');
    server.clock.aheadMs = 0;
    await server.call('PATCH', '/v1/me', {
      token: person.accessToken,
      body: { password: 'silent-meadow-55', currentPassword: PASSWORD },
    });
    expect((await reset(changed!)).body.code).toBe('email_token_invalid');
    const closed = (await mailed(sendPasswordReset, person.id))!;
    await server.call('DELETE', '/v1/me', {
      token: person.accessToken,
      body: { password: 'silent-meadow-55' },
    });
    expect((await reset(closed)).body.code).toBe('email_token_invalid');
  });

  test('ends the wait after wrong passwords: whoever reads the mail is not kept out', async () => {
    const person = await verifiedPerson();
    for (let i = 0; i < 11; i++) await login(person.email, `wrong-lantern-${i}`);
    expect((await login(person.email)).status).toBe(429);
    expect((await reset((await mailed(sendPasswordReset, person.id))!)).status).toBe(204);
    expect((await login(person.email, NEW_PASSWORD)).status).toBe(200);
  });

  test('a verification token resets nothing', async () => {
    const person = await server.person();
    expect((await reset((await mailed(sendVerification, person.id))!)).body.code).toBe('email_token_invalid');
  });
});

test('who has a new password is told at the address that they proved, and strangers are told nothing', async () => {
  const [proved, unproved] = [await verifiedPerson(), await server.person()];
  const changedAt = '2026-11-23T09:30:00.000Z';
  for (const { id } of [proved, unproved])
    await sendPasswordChanged(
      server.ctx,
      { userId: uuidOf('usr', id)!, mailId: randomUUID(), changedAt },
      attempt,
    );
  const [mail] = (await mailsTo(proved.email)).filter(({ kind }) => kind === 'passwordChanged');
  expect((await mailbox().get(mail!.id))!.text).toContain('23 November 2026');
  expect(await mailsTo(unproved.email)).toEqual([]);
});

test('no token and no address lies in the database or the log, but the address of the account', async () => {
  const person = await verifiedPerson();
  const tokens = [await mailed(sendPasswordReset, person.id)];
  await post('forgot-password', { email: person.email });
  const tables = await server.sql(
    "select tablename from pg_tables where schemaname = 'public' and tablename <> 'users'",
  );
  for (const { tablename } of tables) {
    const rows = JSON.stringify(await server.sql(`select t::text from ${tablename} t`));
    for (const token of tokens) expect(rows, tablename).not.toContain(token);
    expect(rows, tablename).not.toContain(person.email);
  }
  const log = server.logged.join('');
  for (const token of tokens) expect(log).not.toContain(token);
  expect(log).not.toContain(person.email);
});
