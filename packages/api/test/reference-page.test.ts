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

  test('shows the operations, has a console, and loads nothing from elsewhere', { timeout: 60_000 }, async () => {
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
    await page.getByRole('heading', { name: 'Sojourn', exact: false }).first().waitFor();
    await page.getByText('Meta').first().waitFor();
    console.log(await page.title(), (await page.locator('body').innerText()).slice(0, 1500));
    expect(elsewhere).toEqual([]);
    expect(errors).toEqual([]);
  });
});
