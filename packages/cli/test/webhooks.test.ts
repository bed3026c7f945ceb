import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../src/render.ts';
import { HOSTILE } from './listings.ts';
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

const ID = 'whk_01k9q2v7n8e6xrd5w3m4h1t0za';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000A=';
const endpoint = (changes: object = {}) => ({
  id: ID,
  url: 'https://hooks.example.com/sojourn',
  description: 'booking system',
  types: ['listing.*'],
  allEvents: false,
  enabled: true,
  disabledReason: null,
  failingSince: null,
  previousSecretUntil: null,
  createdAt: '2026-11-23T09:30:00.000Z',
  updatedAt: '2026-11-23T09:30:00.000Z',
  ...changes,
});
const attempt = (changes: object = {}) => ({
  at: '2026-11-23T09:30:00.000Z',
  status: 200,
  reason: null,
  detail: null,
  milliseconds: 12,
  answer: null,
  ...changes,
});
const refused = attempt({ status: 500, reason: 'http_error', detail: `It answered 500. ${HOSTILE}` });
const delivery = (changes: object = {}) => ({
  id: 'dlv_01k9q2v7n8e6xrd5w3m4h1t0zb',
  kind: 'event',
  event: { id: 'evt_01k9q2v7n8e6xrd5w3m4h1t0zc', type: 'listing.published', sequence: 1207 },
  state: 'delivered',
  attempts: [attempt()],
  nextAttemptAt: null,
  createdAt: '2026-11-23T09:30:00.000Z',
  endedAt: null,
  ...changes,
});
const lastBody = () => stub.received.at(-1)?.body;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
function checkLines(text: string) {
  for (const line of text.split('\n')) {
    expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(CONTROLS);
  }
}

describe('the secret', () => {
  const commands = [
    [
      'create',
      'https://hooks.example.com/sojourn',
      '--types',
      'listing.*,user.updated',
      '--description',
      'x',
    ],
    ['rotate-secret', ID, '--overlap-hours', '0'],
  ];
  beforeEach(() => {
    const body = endpoint({ secret: SECRET });
    stub.on('POST /v1/webhook-endpoints', { status: 201, body });
    stub.on(`POST /v1/webhook-endpoints/${ID}/rotate-secret`, { body });
  });

  it.each(commands)('is alone on stdout, this once: %s', async (...args) => {
    const { code, stdout, stderr } = await home.run(['webhooks', ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${SECRET}\n` });
    expect(stderr).toContain('shown this once');
    expect(stderr).not.toContain(SECRET);
    expect(lastBody()).toEqual(
      args[0] === 'create'
        ? { url: args[1], types: ['listing.*', 'user.updated'], description: 'x' }
        : { overlapHours: 0 },
    );
  });

  it.each(commands)('is in the answer with --json, and nothing else is said: %s', async (...args) => {
    const { stdout, stderr } = await home.run(['webhooks', ...args, '--json']);
    expect(JSON.parse(stdout)).toEqual(endpoint({ secret: SECRET }));
    expect(stderr).toBe('');
  });
});

describe('endpoints', () => {
  it('are listed within 80 columns, with their state', async () => {
    const data = [
      endpoint(),
      endpoint({ url: `https://example.com/${HOSTILE.repeat(9)}`, failingSince: '2026-11-23T09:30:00.000Z' }),
      endpoint({ enabled: false, disabledReason: 'gone' }),
      endpoint({ enabled: false, disabledReason: 'owner' }),
    ];
    stub.on('GET /v1/webhook-endpoints', { body: { data, nextCursor: 'more' } });
    const { stdout, stderr } = await home.run(['webhooks', 'list']);
    checkLines(stdout);
    const states = stdout.split('\n').map((line) => /(on|failing|off: gone|off) {2,}/.exec(line)?.[1]);
    expect(states.filter(Boolean)).toEqual(['on', 'failing', 'off: gone', 'off']);
    expect(stderr).toContain('sojourn webhooks list --cursor more');
    stub.on('GET /v1/webhook-endpoints', { body: { data: [], nextCursor: null } });
    expect((await home.run(['webhooks', 'list'])).stderr).toContain('sojourn webhooks create');
  });

  it('are shown, changed and deleted', async () => {
    stub.on(`GET /v1/webhook-endpoints/${ID}`, { body: endpoint({ description: HOSTILE }) });
    stub.on(`PATCH /v1/webhook-endpoints/${ID}`, { body: endpoint({ enabled: false }) });
    stub.on(`DELETE /v1/webhook-endpoints/${ID}`, { status: 204 });
    const shown = await home.run(['webhooks', 'get', ID]);
    checkLines(shown.stdout);
    expect(shown.stdout).toMatch(/^Url +https:\/\/hooks\.example\.com\/sojourn\nState +on\n/);
    expect((await home.run(['webhooks', 'update', ID])).code).toBe(2);
    expect((await home.run(['webhooks', 'update', ID, '--enable', '--disable'])).code).toBe(2);
    const changed = await home.run(['webhooks', 'update', ID, '--disable', '--types', '*']);
    expect(changed.stderr).toContain('which is off');
    expect(lastBody()).toEqual({ enabled: false, types: ['*'] });
    expect((await home.run(['webhooks', 'delete', ID])).code).toBe(2);
    expect(stub.received.some(({ method }) => method === 'DELETE')).toBe(false);
    expect((await home.run(['webhooks', 'delete', ID, '--yes'])).stderr).toBe(`✓ Deleted ${ID}.\n`);
  });
});

describe('deliveries', () => {
  it('are listed within 80 columns', async () => {
    const data = [
      delivery(),
      delivery({ state: 'pending', attempts: [refused, refused] }),
      delivery({ attempts: [] }),
    ];
    stub.on(`GET /v1/webhook-endpoints/${ID}/deliveries`, { body: { data, nextCursor: null } });
    const { stdout } = await home.run(['webhooks', 'deliveries', ID, '--state', 'pending', '--limit', '5']);
    checkLines(stdout);
    expect(stdout.match(/dlv_/g)).toHaveLength(3);
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ state: 'pending', limit: '5' });
  });

  it('of a test tell by exit code whether it was received', async () => {
    const path = `POST /v1/webhook-endpoints/${ID}/test`;
    stub.on(path, { body: delivery({ kind: 'test' }) });
    const good = await home.run(['webhooks', 'test', ID]);
    expect([good.code, good.stderr]).toEqual([0, '✓ The test was received: 200 in 12 ms.\n']);
    stub.on(path, { body: delivery({ kind: 'test', state: 'failed', attempts: [refused] }) });
    const bad = await home.run(['webhooks', 'test', ID]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('The test was not received. It answered 500. Evil');
    const json = await home.run(['webhooks', 'test', ID, '--json']);
    expect([json.code, JSON.parse(json.stdout).state, json.stderr]).toEqual([1, 'failed', '']);
  });

  it('are sent again, one or all', async () => {
    const again = delivery({ id: 'dlv_2', kind: 'redelivery', state: 'pending' });
    stub.on(`POST /v1/webhook-endpoints/${ID}/deliveries/dlv_1/redeliver`, { status: 202, body: again });
    const one = await home.run(['webhooks', 'redeliver', ID, 'dlv_1']);
    expect(one.stdout).toBe('dlv_2\n');
    const replay = { fromSequence: 900, toSequence: 1_300, types: ['listing.*'] };
    stub.on(`POST /v1/webhook-endpoints/${ID}/replay`, { status: 202, body: replay });
    const all = await home.run(['webhooks', 'replay', ID, '--from', '7', '--types', 'listing.*']);
    expect(all.stderr).toContain('from 900 to 1300');
    expect(lastBody()).toEqual({ fromSequence: 7, types: ['listing.*'] });
    expect((await home.run(['webhooks', 'replay', ID])).code).toBe(2);
    stub.on(
      `POST /v1/webhook-endpoints/${ID}/replay`,
      problem(409, 'webhook_endpoint_disabled', 'It is disabled.'),
    );
    expect((await home.run(['webhooks', 'replay', ID, '--from', '7'])).stderr).toContain(
      'sojourn explain webhook_endpoint_disabled',
    );
  });
});
