import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningWorker, startWorker } from '../src/worker.ts';
import { callerOf } from './caller.ts';
import { chromium } from './programs.ts';
import { startTestServer, type TestServer } from './server.ts';

const PASSWORD = 'harbour-lantern-42';

describe.skipIf(!chromium)('the pages that mail leads to (needs chromium)', { timeout: 60_000 }, () => {
  let server: TestServer;
  let worker: RunningWorker;
  let browser: Browser;
  beforeAll(async () => {
    server = await startTestServer();
    worker = startWorker(server.resources);
    browser = await playwright.launch({ executablePath: chromium!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await worker?.close();
    await server?.stop();
  });

  const call = (path: string, body: unknown, token?: string) =>
    callerOf(server, token)('POST', `/v1/auth/${path}`, { body });
  const register = async (email: string) =>
    (await call('register', { email, password: PASSWORD, displayName: 'Robin' })).body.accessToken as string;
  const isVerified = async (token: string) =>
    (await callerOf(server, token)('GET', '/v1/me')).body.emailVerified as boolean;

  /** The link of the newest mail of a kind to an address, once it is there; at the port of this test. */
  const linkOf = (kind: string, to: string) =>
    vi.waitFor(
      async () => {
        const { mailbox } = server.resources.mailer;
        const found = (await mailbox!.list(100)).find((mail) => mail.kind === kind && mail.to === to);
        expect(found, `${kind} to ${to}`).toBeDefined();
        const { text } = (await mailbox!.get(found!.id))!;
        return /http:\S+#token=\S+/.exec(text)![0].replace('http://localhost:0', server.url);
      },
      { timeout: 15_000, interval: 50 },
    );

  async function open(link: string): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
        faults.push(request.url());
      if (request.url().includes('em_') && request.isNavigationRequest() === false)
        faults.push(request.url());
    });
    page.on('pageerror', (error) => void faults.push(String(error)));
    await page.goto(link);
    return { page, faults };
  }

  test('registering sends a link, whose button verifies the address', async () => {
    const token = await register('pages@example.com');
    const link = await linkOf('verifyEmail', 'pages@example.com');
    const { page, faults } = await open(link);
    await page.getByRole('heading', { name: 'Verify your email address' }).waitFor();
    expect(await isVerified(token), 'opening the link alone does nothing').toBe(false);
    await page.getByRole('button', { name: 'Verify my address' }).click();
    await page.getByRole('heading', { name: 'Your address is verified' }).waitFor();
    expect(await isVerified(token)).toBe(true);
    expect(page.url()).toBe(`${server.url}/verify-email`);
    await page.reload();
    await page.getByRole('heading', { name: 'This link is not whole' }).waitFor();
    const { page: again } = await open(link);
    await again.getByRole('button', { name: 'Verify my address' }).click();
    await again.getByText('This link is not valid any more').waitFor();
    expect(faults).toEqual([]);
  });

  test('a forgotten password: ask on the page, choose by the link, sign in', async () => {
    const email = 'forgetful@example.com';
    await register(email);
    const verify = new URL(await linkOf('verifyEmail', email)).hash.slice('#token='.length);
    await call('verify-email', { token: verify });
    const { page, faults } = await open(`${server.url}/reset-password`);
    await page.getByLabel('Email address').fill(email);
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    const link = await linkOf('resetPassword', email);
    const { page: choosing, faults: more } = await open(link);
    await choosing.getByLabel('New password').fill('password1');
    await choosing.getByRole('button', { name: 'Change the password' }).click();
    await choosing.getByText('is one of the passwords that are tried first').waitFor();
    await choosing.getByLabel('New password').fill('quiet-orchard-19');
    await choosing.getByRole('button', { name: 'Change the password' }).click();
    await choosing.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    expect((await call('login', { email, password: 'quiet-orchard-19' })).status).toBe(200);
    const { page: late } = await open(link);
    await late.getByLabel('New password').fill('quiet-orchard-20');
    await late.getByRole('button', { name: 'Change the password' }).click();
    await late.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
    await late.getByText('This link is not valid any more').last().waitFor();
    expect([...faults, ...more]).toEqual([]);
  });

  test('run nothing that came with the link', async () => {
    const { page, faults } = await open(
      `${server.url}/reset-password#token=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E`,
    );
    await page.getByLabel('New password').fill('quiet-orchard-19');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('This link is not valid any more').last().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
