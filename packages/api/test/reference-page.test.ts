import { type Browser, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from './programs.ts';
import { startTestServer, type TestServer } from './server.ts';

describe.skipIf(!chromium)('the reference page (needs chromium)', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startTestServer();
    browser = await playwright.launch({ executablePath: chromium!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('calls an operation from its console, and loads nothing from elsewhere', {
    timeout: 60_000,
  }, async () => {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) elsewhere.push(url);
    });
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    page.on('pageerror', (error) => void errors.push(String(error)));

    await page.goto(`${server.url}/docs`);
    await page.getByPlaceholder('Token').fill(server.credentials.host.apiKey);
    await page.getByRole('button', { name: 'Open Group - Users' }).click();
    await page.getByRole('link', { name: 'Read your account' }).click();
    await page.getByRole('button', { name: 'Test Request (get /v1/me)', exact: true }).click();
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/v1/me');
    await page.getByRole('dialog').getByRole('button', { name: 'Send get request' }).click();
    const answer = await answered;
    expect([answer.request().method(), answer.status()]).toEqual(['GET', 200]);
    await page.getByText(server.credentials.host.email).first().waitFor();
    expect(elsewhere).toEqual([]);
    expect(errors).toEqual([]);
  });
});
