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

const idOf = (i: number) => `ntf_01k9q2v7n8e6xrd5w3m4h1t${String(i).padStart(3, '0')}`;
const notification = (i: number, title: string) => ({
  id: idOf(i),
  kind: 'listingPublished',
  category: 'listings',
  title,
  text: 'Guests find it from now on.',
  count: 1,
  subject: { type: 'listing', id: 'lst_01k9q2v7n8e6xrd5w3m4h1t0za' },
  occurredAt: '2026-11-25T09:30:00.000Z',
  createdAt: '2026-11-25T09:30:00.100Z',
  readAt: i % 2 === 0 ? null : '2026-11-25T10:00:00.000Z',
});
const page = {
  data: ['1,000 listings were published', HOSTILE, ...WIDE_TITLES].map((title, i) => notification(i, title)),
  nextCursor: null,
  unreadCount: 12,
};
const preferences = {
  data: [
    {
      kind: 'apiKeyCreated',
      category: 'security',
      summary: `An API key was made for your account. ${HOSTILE}`,
      channels: { inApp: { enabled: true, changeable: true }, mail: { enabled: true, changeable: false } },
    },
    {
      kind: 'listingPublished',
      category: 'listings',
      summary: 'A listing of yours was published.',
      channels: { inApp: { enabled: true, changeable: true }, mail: { enabled: false, changeable: true } },
    },
  ],
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const expectClean = (stdout: string) => {
  for (const line of stdout.split('\n')) {
    expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(CONTROLS);
  }
};

describe('notifications', () => {
  it('are a table in 80 columns, the unread ones starred without any colour', async () => {
    stub.on('GET /v1/notifications', { body: page });
    const { code, stdout, stderr } = await home.run(['notifications', '--unread', '--limit', '5']);
    expect(code).toBe(0);
    expectClean(stdout);
    const [, ...lines] = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.startsWith('*  2026-11-25 09:30'))).toEqual(
      page.data.map(({ readAt }) => readAt === null),
    );
    for (const { id } of page.data) expect(stdout).toContain(id);
    expect(stderr).toContain('12 unread. Mark all as read: sojourn notifications read --all');
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ unread: 'true', limit: '5' });
  });

  it('are data alone with --json, and a word when there are none', async () => {
    stub.on('GET /v1/notifications', { body: page });
    const { stdout, stderr } = await home.run(['notifications', 'list', '--json']);
    expect(JSON.parse(stdout)).toEqual(page);
    expect(stderr).toBe('');
    stub.on('GET /v1/notifications', { body: { data: [], nextCursor: null, unreadCount: 0 } });
    expect(await home.run(['notifications', '--unread'])).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('Nothing is unread.'),
    });
  });

  it('are read by name, up to one, or all, and never by accident', async () => {
    stub.on('POST /v1/notifications/read', { body: { marked: 1_200, unreadCount: 0 } });
    stub.on(`POST /v1/notifications/${idOf(1)}/read`, { body: notification(1, HOSTILE) });
    expect((await home.run(['notifications', 'read', '--all'])).stderr).toContain('1,200 notifications');
    await home.run(['notifications', 'read', '--up-to', idOf(2)]);
    expect(stub.received.map(({ body }) => body)).toEqual([{}, { upTo: idOf(2) }]);
    const one = await home.run(['notifications', 'read', idOf(1)]);
    expectClean(one.stderr);
    expect(JSON.parse((await home.run(['notifications', 'read', idOf(1), '--json'])).stdout).id).toBe(
      idOf(1),
    );
    const before = stub.received.length;
    for (const args of [[], [idOf(1), '--all'], ['--all', '--up-to', idOf(1)]])
      expect((await home.run(['notifications', 'read', ...args])).code).toBe(2);
    expect(stub.received).toHaveLength(before);
  });
});

describe('notification preferences', () => {
  it('are a table in 80 columns', async () => {
    stub.on('GET /v1/notification-preferences', { body: preferences });
    const { stdout } = await home.run(['notifications', 'preferences']);
    expectClean(stdout);
    expect(stdout).toMatch(/^apiKeyCreated +on +on \(always\) /m);
    expect(stdout).toMatch(/^listingPublished +on +off /m);
    expect(JSON.parse((await home.run(['notifications', 'preferences', '--json'])).stdout)).toEqual(
      preferences,
    );
  });

  it('are changed together', async () => {
    stub.on('PUT /v1/notification-preferences', { body: preferences });
    const set = ['--set', 'listingPublished.mail=on', '--set', 'welcome.inApp=off'];
    expect((await home.run(['notifications', 'preferences', ...set])).code).toBe(0);
    expect(stub.received[0]!.body).toEqual({
      preferences: [
        { kind: 'listingPublished', channel: 'mail', enabled: true },
        { kind: 'welcome', channel: 'inApp', enabled: false },
      ],
    });
  });

  it.each(['mail=on', 'welcome.sms=on', 'welcome.mail=yes', 'welcome.mail', ''])(
    'refuses --set %j before anything is sent',
    async (choice) => {
      const { code, stderr } = await home.run(['notifications', 'preferences', '--set', choice]);
      expect(code).toBe(2);
      expect(stderr).toContain('KIND.inApp or KIND.mail');
      expect(stub.received).toEqual([]);
    },
  );

  it('say what the server refuses, choice by choice', async () => {
    const errors = [{ pointer: '/preferences/0/enabled', code: 'custom', message: 'cannot be switched off' }];
    stub.on('PUT /v1/notification-preferences', problem(422, 'invalid_request', 'x', errors));
    const { code, stderr } = await home.run([
      'notifications',
      'preferences',
      '--set',
      'apiKeyCreated.mail=off',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('/preferences/0/enabled  cannot be switched off');
  });
});
