import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '@sojourn/sdk/webhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import document from '../../api/openapi.json' with { type: 'json' };
import { summaryOf } from '../src/commands/events/draw.ts';
import { resumeCommand } from '../src/commands/events/follow.ts';
import { NO_RECIPE, RECIPES } from '../src/commands/events/recipes.ts';
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

const event = (sequence: number, changes: Record<string, unknown> = {}) => ({
  sequence,
  id: `evt_01k9q2v7n8e6xrd5w3m4h1t${String(sequence).padStart(3, '0')}`,
  type: 'listing.published',
  occurredAt: '2026-11-25T09:30:05.000Z',
  actor: { id: 'usr_01k9q2v7n8e6xrd5w3m4h1t0zc', apiKeyId: null },
  subject: { type: 'listing', id: 'lst_01k9q2v7n8e6xrd5w3m4h1t0za' },
  data: { externalId: 'loft-12', title: 'Sunny loft', status: 'published', version: 4 },
  previous: { status: 'draft' },
  ...changes,
});

/** A log that has these events, and answers at once. */
function serveLog(events: ReturnType<typeof event>[], newest = 40) {
  stub.on('GET /v1/events', ({ query }) => {
    const after = query.get('after');
    const data = events.filter(({ sequence }) => after !== 'latest' && sequence > Number(after));
    return {
      body: { data, nextCursor: null, lastSequence: data.at(-1)?.sequence ?? (Number(after) || newest) },
    };
  });
}
const queries = () => stub.received.map(({ query }) => Object.fromEntries(query));
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('events tail', () => {
  it('shows what happens from now on, and tells how to go on', async () => {
    const renamed = event(42, {
      type: 'listing.updated',
      data: {
        title: HOSTILE.repeat(3),
        changed: { title: 'New', basePrice: { amount: 13_500, currency: 'USD' } },
      },
      previous: { changed: { title: 'Old', basePrice: { amount: 12_000, currency: 'USD' } } },
      occurredAt: '2026-11-26T00:00:01.000Z',
    });
    serveLog([event(7), event(41), renamed]);
    const { code, stdout, stderr } = await home.run(['events', 'tail', '--limit', '2']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '2026-11-25',
      '09:30:05      41  listing.published  lst_01k9q2v7n8e6xrd5w3m4h1t0za',
      '          Sunny loft · status draft → published',
      '2026-11-26',
    ]);
    for (const line of lines) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(CONTROLS);
    }
    expect(stderr).toBe('  → sojourn events tail --limit 2 --after 42\n');
    expect(queries()).toEqual([
      { after: 'latest', limit: '1' },
      { after: '40', limit: '100', wait: '25' },
    ]);
  });

  it('says with --json what the API said, one event a line', async () => {
    serveLog([event(41), event(42, { data: { title: HOSTILE } }), event(43)]);
    const args = ['events', 'tail', '--json', '--limit', '3', '--after=40', '--all'];
    const { stdout } = await home.run([...args, '--types', 'listing.*,user.updated']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([41, 42, 43]);
    expect(JSON.parse(lines[1]!).data.title).toBe(HOSTILE);
    for (const line of lines) expect(line).not.toMatch(CONTROLS);
    expect(queries()).toEqual([
      { after: '40', types: 'listing.*,user.updated', all: 'true', limit: '100', wait: '25' },
    ]);
  });

  it('ends with 130 on Ctrl-C, and tells how to go on', async () => {
    serveLog([event(41)]);
    const { code, stdout, stderr } = await home.run(['events', 'tail', '--after', '1'], {
      whileRunning: (child) =>
        void child.stdout!.once('data', () => setTimeout(() => child.kill('SIGINT'), 100)),
    });
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: '✗ Interrupted.\n  → sojourn events tail --after 41\n',
    });
    expect(stdout).toContain('  41  ');
  });

  it('goes on when the server was away, and says so once', async () => {
    let turn = 0;
    stub.on('GET /v1/events', () => {
      turn += 1;
      if (turn < 4) return problem(503, 'overloaded', 'The server is busy');
      return { body: { data: [event(2)], nextCursor: null, lastSequence: 2 } };
    });
    const { code, stdout, stderr } = await home.run(['events', 'tail', '--after', '1', '--limit', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain('listing.published');
    expect(stderr.match(/It is tried again until it works/g)).toHaveLength(1);
  });

  it('tells when what comes next is no longer kept', async () => {
    stub.on(
      'GET /v1/events',
      problem(410, 'events_expired', 'The oldest event that is kept has the sequence 900.'),
    );
    const { code, stderr } = await home.run(['events', 'tail', '--after', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain('sequence 900 (events_expired');
  });

  it.each([
    [['--after', 'x'], 'whole number'],
    [['--after', '1', '--since-start'], 'cannot be used with'],
    [['--limit', '0'], 'whole number'],
    [['--types', ','], 'list such as'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await home.run(['events', 'tail', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stub.received).toEqual([]);
  });

  it('begins at the start when told to', async () => {
    serveLog([event(1)]);
    await home.run(['events', 'tail', '--since-start', '--limit', '1']);
    expect(queries()).toEqual([{ limit: '100', wait: '25' }]);
  });
});

it('repeats a command from where it stopped', () => {
  expect(resumeCommand(['events', 'tail', '--after', '1', '--types', 'a,b'], 9)).toBe(
    'sojourn events tail --types a,b --after 9',
  );
  expect(
    resumeCommand(['listen', '--after=1', '--since-start', '--forward-to', 'http://localhost/a b'], 9),
  ).toBe("sojourn listen --forward-to 'http://localhost/a b' --after 9");
});

it.each([
  [{ displayName: 'Kim' }, { displayName: 'Robin' }, 'Kim · displayName Robin → Kim'],
  [{ host: 'a.example', changed: ['url'] }, { host: 'b.example' }, 'a.example · host b.example → a.example'],
  [
    { changed: { beds: null, tags: ['a'] } },
    { changed: { beds: 2, tags: [] } },
    'beds 2 → – · tags [] → ["a"]',
  ],
  [{}, null, ''],
  [{ title: 5 }, { a: 1 }, 'a 1 → –'],
  [{ currency: 'EUR', amount: 50_440, sent: 45_440, reversed: 0 }, null, 'amount €504.40 · sent €454.40'],
  [{ host: { amount: 9_700, currency: 'EUR' }, platform: { amount: 0, currency: 'EUR' } }, null, 'host €97'],
  [{ amount: 5 }, null, ''],
])('sums up %j', (data, previous, text) => {
  expect(summaryOf({ data, previous } as never)).toBe(text);
});

/** A program that takes webhooks, and answers as told: a status, or none at all. */
async function startReceiver(answers: (number | 'cut')[] = []) {
  const received: { body: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
    const answer = answers.shift() ?? 200;
    if (answer === 'cut') response.destroy();
    else response.writeHead(answer, answer === 302 ? { location: '/other' } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('listen', () => {
  /** Until so many attempts were told, then Ctrl-C. */
  const listen = (args: string[], attempts: number) =>
    home.run(['listen', ...args], {
      whileRunning(child) {
        let text = '';
        child.stdout!.on('data', (chunk) => {
          text += chunk;
          if ((text.match(/ ms|milliseconds/g)?.length ?? 0) >= attempts) child.kill('SIGINT');
        });
      },
    });

  it('hands each event over, signed with a secret that stays the same', async () => {
    await using receiver = await startReceiver();
    serveLog([event(41), event(42)]);
    const { code, stdout, stderr } = await listen(['--forward-to', receiver.url], 2);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^09:30:05 {6}41 {2}listing\.published {2}→ 200 \d+ ms\n.* 42 /);
    const secret = /whsec_\S+/.exec(stderr)![0];
    for (const { body, headers } of receiver.received) {
      expect(verifyWebhook(body, headers, secret)).toEqual(JSON.parse(body));
      expect(headers['webhook-attempt']).toBe('1');
    }
    expect(receiver.received.map(({ body }) => JSON.parse(body).sequence)).toEqual([41, 42]);
    expect(stderr).toContain(`sojourn listen --forward-to ${receiver.url} --after 42`);
    expect((await home.run(['listen', '--print-secret'])).stdout).toBe(`${secret}\n`);
    expect(JSON.parse((await home.run(['listen', '--print-secret', '--json'])).stdout)).toEqual({ secret });
    expect(statSync(home.configFile).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(home.configFile, 'utf8')).profiles.default).toMatchObject({
      url: stub.url,
      listenSecret: secret,
    });
  });

  it('tries three times, then goes on and tells how to send it again', async () => {
    await using receiver = await startReceiver([500, 'cut', 302, 204]);
    serveLog([event(41), event(42)]);
    const { stdout, stderr } = await listen(['--forward-to', receiver.url], 4);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^.*→ /, '').replace(/\d+ ms/, 'n ms'))).toEqual([
      '500 only 200 to 299 count as received n ms',
      expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET) n ms \(attempt 2\)$/),
      '302 redirects are not followed n ms (attempt 3)',
      '204 n ms',
    ]);
    expect(stderr).toContain(`sojourn listen --forward-to ${receiver.url} --after 40`);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([event(41).id, event(41).id, event(41).id, event(42).id]);
  });

  it('says with --json what became of each attempt', async () => {
    serveLog([event(41)]);
    await using receiver = await startReceiver();
    const { stdout } = await listen(['--forward-to', receiver.url, '--json'], 1);
    expect(JSON.parse(stdout)).toEqual({
      sequence: 41,
      id: event(41).id,
      type: 'listing.published',
      attempt: 1,
      status: 200,
      milliseconds: expect.any(Number),
      error: null,
    });
  });

  it.each([
    [[], 'Say where to send the events'],
    [['--forward-to', 'localhost:3000'], 'not an http or https URL'],
    [['--forward-to', 'https://hooks.example.com/x'], '--allow-remote'],
    [['--forward-to', 'http://localhost.example.com/x'], '--allow-remote'],
    [['--forward-to', 'http://127.0.0.1.example.com/x'], '--allow-remote'],
    [['--forward-to', 'http://169.254.169.254/'], '--allow-remote'],
    [['--forward-to', 'http://user:secret@localhost/'], 'without a user'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await home.run(['listen', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret@');
    expect(stub.received).toEqual([]);
  });

  it('makes a secret for the moment where nothing is stored', async () => {
    const other = makeHome();
    const env = { SOJOURN_API_KEY: 'sjn_test_0123456789abcdefghij', SOJOURN_URL: stub.url };
    const secrets = [1, 2].map(async () => (await other.run(['listen', '--print-secret'], { env })).stdout);
    expect(new Set(await Promise.all(secrets)).size).toBe(2);
    other.remove();
  });
});

describe('trigger', () => {
  it('knows every type of event of the catalogue: how to make it happen, or why not', () => {
    expect([...Object.keys(RECIPES), ...Object.keys(NO_RECIPE)].sort()).toEqual(
      Object.keys(document.webhooks).sort(),
    );
  });

  it('makes up nothing on a live server', async () => {
    stub.on('GET /', { body: { name: 'Sojourn', mode: 'live' } });
    const { code, stderr } = await home.run(['trigger', 'listing.created']);
    expect(code).toBe(1);
    expect(stderr).toContain('is a live server');
    expect(stub.received.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each([
    [[], 'Which event?'],
    [['listing.publishd'], 'sojourn trigger listing.published'],
    [['constructor'], 'There is no event called constructor'],
    [['webhookEndpoint.disabled'], 'five days'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await home.run(['trigger', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('lists what it can do', async () => {
    const { stdout } = await home.run(['trigger', '--list']);
    for (const type of Object.keys(document.webhooks)) expect(stdout).toContain(type);
    for (const line of stdout.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('cleans up when the event never comes', async () => {
    stub.on('GET /', { body: { name: 'Sojourn', mode: 'sandbox' } });
    stub.on('POST /v1/listings', { status: 201, body: { id: 'lst_1' } });
    stub.on('DELETE /v1/listings/lst_1', { status: 204 });
    serveLog([event(41, { type: 'listing.created' })]);
    const { code, stderr } = await home.run(['trigger', 'listing.created']);
    expect(code).toBe(1);
    expect(stderr).toContain('Is a worker running');
    expect(stub.received.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/listings/lst_1' });
  }, 40_000);
});
