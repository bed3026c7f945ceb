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
    await page.getByRole('button', { name: /Test Request.*\/v1\/me$/i }).first().waitFor({timeout:20000}).catch(()=>{});
    for (const b of await page.getByRole('button').all()) console.log('B', JSON.stringify(await b.getAttribute('aria-label')), JSON.stringify((await b.textContent())?.slice(0,60)));
    for (const b of await page.locator('input,[contenteditable]').all()) console.log('I', await b.evaluate((e) => e.outerHTML.slice(0,300)));
    expect(elsewhere).toEqual([]);
    expect(errors).toEqual([]);
  });
});
