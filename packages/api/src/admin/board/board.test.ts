import { chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callerOf, newPerson } from '../../../test/caller.ts';
import { chromium, redisServer } from '../../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { contextOfProcess, transaction } from '../../platform/context.ts';
import { sequenceOutbox } from '../../platform/events/sequence.ts';
import { dispatchDue } from '../../platform/jobs/dispatch.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { handleOnce, jobType } from '../../platform/jobs/job.ts';

const send = jobType({ name: 'test.send', queue: 'mail', payload: z.object({ to: z.string() }) });
const types = new Map([[send.name, handleOnce(send, async () => {})]]);
const launchBrowser = () => playwright.launch({ executablePath: chromium!, args: ['--no-sandbox'] });

const SAME_SITE = { 'Sec-Fetch-Site': 'same-origin' };

describe.each([
  { backend: 'postgres' as const, name: 'on PostgreSQL', possible: true },
  { backend: 'redis' as const, name: 'on Redis (needs redis-server)', possible: redisServer !== undefined },
])('the board of the queues $name', ({ backend, possible }) => {
  describe.skipIf(!possible)('behind a session', () => {
    let redis: TestRedis | undefined;
    let server: TestServer;
    beforeAll(async () => {
      if (backend === 'redis') redis = await startTestRedis();
      server = await startTestServer({ ...(redis && { REDIS_URL: redis.url }) });
    });
    afterAll(async () => {
      await server?.stop();
      await redis?.remove();
    });

    const board = (path: string, init: RequestInit = {}) =>
      fetch(`${server.url}/admin/queues${path}`, { redirect: 'manual', ...init });
    const signIn = (
      account: { email: string; password: string },
      headers: Record<string, string> = SAME_SITE,
    ) => board('/sign-in', { method: 'POST', headers, body: new URLSearchParams({ ...account }) });
    const adminCookie = async () => {
      const { email, password } = server.credentials.admin;
      const answer = await signIn({ email, password });
      expect(answer.status).toBe(303);
      return answer.headers.get('set-cookie')!;
    };
    const acts = async () => {
      await sequenceOutbox(server.resources.db, 100);
      const admin = callerOf(server, server.credentials.admin.apiKey);
      return (await admin('GET', '/v1/admin/audit-log?type=queue.operated')).body.data;
    };
    const waitingMail = async (to: string) => {
      const ctx = contextOfProcess(server.resources, null);
      await transaction(ctx, (tx) => enqueue(ctx, tx, send, { payload: { to } }));
      await dispatchDue(ctx, server.resources.queues, types);
    };

    test('without one, a page asks to sign in and data is refused', async () => {
      const page = await board('');
      expect([page.status, page.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('action="/admin/queues/sign-in"');
      expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/);
      for (const path of ['/api/queues', '/static/js/main.js']) {
        const data = await board(path);
        expect([path, data.status, ((await data.json()) as { code: string }).code]).toEqual([
          path,
          401,
          'authentication_required',
        ]);
      }
    });

    test('the session is a cookie that no script and no other site can use', async () => {
      expect(await adminCookie()).toMatch(
        /^sojourn_board=[\w.-]+; Path=\/admin; Max-Age=900; HttpOnly; SameSite=Strict$/,
      );
    });

    test('a wrong password and somebody who is no admin are refused, without a cookie', async () => {
      const { admin, host } = server.credentials;
      const wrong = await signIn({ email: admin.email, password: 'not the password' });
      expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
      expect(await wrong.text()).toContain('The email address or the password is wrong.');
      const other = await signIn({ email: host.email, password: host.password });
      expect([other.status, other.headers.get('set-cookie')]).toEqual([403, null]);
      expect(await other.text()).toContain('for admins only');
      const sessions = await callerOf(server, host.apiKey)('GET', '/v1/sessions');
      expect(sessions.body.data).toEqual([]);
    });

    test('a token of somebody who is no admin, or an API key of one, opens nothing', async () => {
      const { call } = await newPerson(server);
      const { body } = await call('POST', '/v1/auth/register', {
        body: { email: 'no-admin@example.com', password: 'harbour-lantern-42', displayName: 'No' },
      });
      for (const token of [body.accessToken, server.credentials.admin.apiKey, 'nonsense']) {
        const answer = await board('/api/queues', { headers: { Cookie: `sojourn_board=${token}` } });
        expect(answer.status).toBe(401);
      }
    });

    test('tells of the queues, with their jobs', async () => {
      await waitingMail('ada@example.com');
      const Cookie = await adminCookie();
      const answer = await board('/api/queues?activeQueue=mail&status=waiting&page=1', {
        headers: { Cookie },
      });
      const { queues } = (await answer.json()) as {
        queues: { name: string; counts: object; jobs: object[] }[];
      };
      const mail = queues.find(({ name }) => name === 'mail');
      expect(mail?.counts).toMatchObject({ waiting: 1 });
      expect(mail?.jobs).toMatchObject([{ name: 'test.send', data: { payload: { to: 'ada@example.com' } } }]);
    });

    test('a change from another site is refused and not made', async () => {
      const Cookie = await adminCookie();
      const origin = new URL(server.url).origin;
      for (const [headers, status] of [
        [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }, 403],
        [{ 'Sec-Fetch-Site': 'same-site', Origin: origin }, 403],
        [{ Origin: 'https://evil.example' }, 403],
        [{ Origin: 'null' }, 403],
        [{}, 403],
        [{ Origin: origin }, 200],
      ] as const) {
        const answer = await board('/api/queues/mail/pause', {
          method: 'PUT',
          headers: { Cookie, ...headers },
        });
        expect([headers, answer.status]).toEqual([headers, status]);
        expect(await server.resources.queues.of('mail').isPaused()).toBe(status === 200);
      }
      const login = await signIn(server.credentials.admin, { Origin: 'https://evil.example' });
      expect([login.status, login.headers.get('set-cookie')]).toEqual([403, null]);
      await board('/api/queues/mail/resume', { method: 'PUT', headers: { Cookie, ...SAME_SITE } });
    });

    test('a change is in the audit log, with who made it', async () => {
      const me = await callerOf(server, server.credentials.admin.apiKey)('GET', '/v1/me');
      const [last] = await acts();
      expect(last).toMatchObject({
        actor: { id: me.body.id },
        data: { queue: 'mail', action: 'PUT /api/queues/mail/resume' },
      });
    });

    test('emptying a queue forgets its jobs for good; what would go around the database is refused', async () => {
      const change = async (path: string, method = 'PUT', body?: unknown) =>
        (
          await board(path, {
            method,
            headers: { Cookie: await adminCookie(), ...SAME_SITE, 'Content-Type': 'application/json' },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          })
        ).status;
      await waitingMail('bo@example.com');
      expect(await change('/api/queues/mail/empty')).toBe(200);
      const { rows } = await server.resources.pool.query('select from jobs');
      expect(rows).toEqual([]);
      await server.resources.queues.of('mail').pause();
      expect(await change('/api/queues/mail/obliterate', 'PUT', { force: true })).toBe(409);
      expect(await change('/api/queues/mail/add', 'POST', { name: 'test.send', data: {}, options: {} })).toBe(
        409,
      );
    });

    test('signing out ends the session', async () => {
      const Cookie = await adminCookie();
      expect((await board('/sign-out', { headers: { Cookie } })).status).toBe(200);
      const out = await board('/sign-out', { method: 'POST', headers: { Cookie, ...SAME_SITE } });
      expect([out.status, out.headers.get('set-cookie')]).toEqual([
        303,
        expect.stringContaining('Max-Age=0'),
      ]);
      expect((await board('/api/queues', { headers: { Cookie } })).status).toBe(401);
    });

    describe.skipIf(!chromium)('in a browser (needs chromium)', () => {
      test('an admin signs in and sees the queues with their jobs; nothing comes from elsewhere', {
        timeout: 60_000,
      }, async () => {
        await waitingMail('cy@example.com');
        const browser = await launchBrowser();
        const page = await browser.newPage();
        const elsewhere: string[] = [];
        const errors: string[] = [];
        page.on('request', (request) => {
          if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url()))
            elsewhere.push(request.url());
        });
        page.on('pageerror', (error) => void errors.push(String(error)));

        await page.goto(`${server.url}/admin/queues`);
        const { email, password } = server.credentials.admin;
        await page.getByLabel('Email address').fill(email);
        await page.getByLabel('Password').fill(password);
        page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('link', { name: 'mail' }).first().click();
        await page.getByText('Sends mail.').first().waitFor();
        await page.getByText('test.send').first().waitFor();
        expect(elsewhere).toEqual([]);
        expect(errors).toEqual([]);
        await browser.close();
      });
    });
  });
});
