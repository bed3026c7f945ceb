import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../src/render.ts';
import { HOSTILE, WIDE_TITLES } from './listings.ts';
import { type Home, makeHome } from './run.ts';
import { problem, type Stub, startStub } from './stub-server.ts';

let home: Home;
let stub: Stub;
beforeEach(async () => {
  home = makeHome();
  stub = await startStub();
  home.loggedIn(stub.url);
});
afterEach(async () => {
  await stub.close();
  home.remove();
});

const ID = 'eml_01k9q2v7n8e6xrd5w3m4h1t0za';
const mail = (subject: string) => ({
  id: ID,
  kind: 'verifyEmail',
  to: 'ada@example.com',
  subject,
  sentAt: '2026-11-25T09:30:00.000Z',
});
const whole = {
  ...mail(`Verify ${HOSTILE}`),
  from: 'no-reply@localhost',
  text: `Press:\nhttps://stay.example/verify-email#token=em_x\n${HOSTILE}`,
  html: '<!doctype html><p>Press</p>',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('sojourn admin mail', () => {
  it('lists what was kept within 80 columns, whatever the subjects hold', async () => {
    stub.on('GET /v1/admin/mails', {
      body: { data: ['Hello', HOSTILE, ...WIDE_TITLES].map(mail), nextCursor: 'more' },
    });
    const { code, stdout, stderr } = await home.run(['admin', 'mail', 'list', '--limit', '5']);
    expect(code).toBe(0);
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ limit: '5' });
    for (const line of stdout.split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(CONTROLS);
    }
    expect(stdout).toContain(ID);
    expect(stderr).toContain('--cursor more');
  });

  it('shows a mail, and puts its HTML where it is told', async () => {
    stub.on(`GET /v1/admin/mails/${ID}`, { body: whole });
    const { code, stdout } = await home.run(['admin', 'mail', 'show', ID, '--html', 'mail.html']);
    expect(code).toBe(0);
    expect(stdout).toContain('To:      ada@example.com');
    expect(stdout).toContain('https://stay.example/verify-email#token=em_x');
    expect(stdout.replaceAll(/[\n\t]/g, '')).not.toMatch(CONTROLS);
    expect(readFileSync(join(home.home, 'mail.html'), 'utf8')).toBe(whole.html);
  });

  it('previews a template, lists all without a name, and prints data only with --json', async () => {
    const template = { name: 'verifyEmail', summary: 'Asks for a proof.' };
    const preview = { ...template, subject: whole.subject, text: whole.text, html: whole.html };
    stub.on('GET /v1/admin/mail-templates', { body: { data: [template] } });
    stub.on('GET /v1/admin/mail-templates/verifyEmail', { body: preview });
    expect((await home.run(['admin', 'mail', 'preview'])).stdout).toContain('verifyEmail  Asks for a proof.');
    const { stdout } = await home.run(['admin', 'mail', 'preview', 'verifyEmail', '--json']);
    expect(JSON.parse(stdout)).toEqual(preview);
  });

  it('says what to do when the server sends its mail, and when the file cannot be written', async () => {
    stub.on('GET /v1/admin/mails', problem(409, 'mailbox_not_available', 'This server keeps no mail'));
    stub.on(`GET /v1/admin/mails/${ID}`, { body: whole });
    const none = await home.run(['admin', 'mail', 'list']);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('This server keeps no mail')]);
    const file = await home.run(['admin', 'mail', 'show', ID, '--html', 'no/such/folder/mail.html']);
    expect([file.code, file.stderr]).toEqual([1, expect.stringContaining('ENOENT')]);
  });
});
