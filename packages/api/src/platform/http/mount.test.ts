import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startPlantedServer } from '../../../test/planted-server.ts';
import { transaction } from '../context.ts';
import { problem } from '../problem.ts';
import { pageQuery } from './cursor.ts';
import { openApiDocument } from './openapi.ts';
import { open, route, scope, signedIn } from './route.ts';

const tooHigh = problem({
  code: 'too_high',
  status: 409,
  title: 'Too high',
  help: 'Lower it.',
  members: z.object({ most: z.int() }).meta({ examples: [{ most: 998 }] }),
});
const unlisted = problem({ code: 'unlisted', status: 409, title: 'Unlisted', help: '–' });

const Body = z.strictObject({ amount: z.int().min(0).max(1_000), note: z.string().max(20).default('') });
const Effect = z.object({
  amount: z.int(),
  note: z.string(),
  maybe: z.object({ inner: z.string() }).nullable(),
});
const post = { method: 'post', tag: 'Test', status: 201 } as const;
const get = { method: 'get', tag: 'Test', summary: 'Reads', status: 200 } as const;

const routes = [
  route(
    {
      ...post,
      operationId: 'act',
      path: '/act',
      summary: 'Acts',
      access: signedIn,
      idempotent: true,
      request: { body: Body },
      response: Effect,
      problems: [tooHigh],
    },
    (ctx, { body }) =>
      transaction(ctx, async (tx) => {
        await sql`insert into effects (amount, owner) values (${body.amount}, ${ctx.actor!.userId})`.execute(
          tx,
        );
        await sql`select pg_sleep(0.05)`.execute(tx);
        if (body.amount === 999)
          throw tooHigh({ detail: '999 is too high.', members: { most: 998, secret: 'never sent' } });
        if (body.amount === 998) throw new Error('a bug that must not be shown');
        if (body.amount === 997) throw unlisted();
        return { ...body, maybe: null, secret: 'never sent' };
      }),
  ),
  route(
    {
      ...get,
      operationId: 'find',
      path: '/find/{id}',
      access: open,
      request: {
        params: z.strictObject({ id: z.string().max(5) }),
        query: z.strictObject({ ...pageQuery, q: z.string().optional() }),
      },
      response: z.object({ id: z.string(), limit: z.int() }),
      etag: (answer: { limit: number }) => `v${answer.limit}`,
      cacheControl: 'public, max-age=5',
    },
    async (_ctx, { params, query }) => ({ id: params.id, limit: query.limit }),
  ),
  route(
    {
      ...get,
      operationId: 'late',
      path: '/late',
      access: open,
      request: {},
      response: z.string(),
      media: 'text/plain; charset=utf-8',
      lateBody: true,
    },
    async () => ({
      etag: 'v1',
      write: async () => {
        written += 1;
        return { etag: 'v1', text: 'late' };
      },
    }),
  ),
  route(
    { ...get, operationId: 'scoped', path: '/scoped', access: scope('admin'), request: {} },
    async () => {},
  ),
];

/** How often the text of `/late` was written. */
let written = 0;
let server: Awaited<ReturnType<typeof startPlantedServer>>;
let owner: pg.Client;

beforeAll(async () => {
  server = await startPlantedServer(routes);
  owner = new pg.Client({ connectionString: server.databaseUrl });
  await owner.connect();
  await owner.query('create table effects (amount integer, owner text)');
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});
beforeEach(async () => {
  await owner.query('truncate effects');
  server.breaches.length = 0;
});

const act = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/act`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ann', ...headers },
  });
interface Told {
  code: string;
  detail: string;
  requestId: string;
  errors: { pointer: string; code: string }[];
}
const problemOf = async (answer: Response) => (await answer.json()) as Told;
const effects = async () => (await owner.query('select * from effects')).rows.length;

test('a problem tells the members that its definition declares, and no others', async () => {
  const problem = await problemOf(await act('{"amount": 999}'));
  expect(problem).toMatchObject({ code: 'too_high', detail: '999 is too high.', most: 998 });
  expect(problem).not.toHaveProperty('secret');
  const document = JSON.stringify(
    openApiDocument(routes, {
      title: '',
      version: '',
      description: '',
      problemsUrl: '',
      tags: [],
      webhooks: {},
    }).paths?.['/act']?.post?.responses?.['409'],
  );
  expect(document).toContain('"most":{"type":"integer"');
  expect(document).toContain('"most":998');
});

describe('a request that is not right', () => {
  test('is told all its problems at once, unknown fields by name', async () => {
    const answer = await act('{"amount": 1.5, "note": "far too long for this field", "colour": 1}');
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({
      code: 'invalid_request',
      status: 422,
      type: '/problems/invalid_request',
      instance: '/act',
    });
    expect(problem.requestId).toBe(answer.headers.get('request-id'));
    expect(problem.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/amount', 'invalid_type'],
      ['/note', 'too_big'],
      ['/colour', 'unknown_field'],
    ]);
  });

  test.each([
    ['no JSON', '{"amount": 1,}', {}, 400, 'malformed_request'],
    ['no body', '', {}, 422, 'invalid_request'],
    ['bad UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d]), {}, 400, 'malformed_request'],
    [
      'another media type',
      'amount=1',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      '{"amount":1}',
      { 'Content-Type': 'application/json; charset=utf-16' },
      415,
      'unsupported_media_type',
    ],
    [
      'an unknown encoding',
      '{"amount":1}',
      { 'Content-Encoding': 'zstd-of-mine' },
      415,
      'unsupported_media_type',
    ],
    ['broken gzip', '{"amount":1}', { 'Content-Encoding': 'gzip' }, 400, 'malformed_request'],
    [
      'a gzip bomb',
      new Uint8Array(gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20))),
      { 'Content-Encoding': 'gzip' },
      413,
      'body_too_large',
    ],
    ['too large a body', new Uint8Array(1024 * 1024 + 1).fill(0x20), {}, 413, 'body_too_large'],
    ['an endless number', '{"amount": 1e400}', {}, 422, 'invalid_request'],
    ['a polluting key', '{"amount": 1, "__proto__": {"polluted": true}}', {}, 422, 'invalid_request'],
    ['an array', '[]', {}, 422, 'invalid_request'],
    [
      'a key with control characters',
      '{"amount":1}',
      { 'Idempotency-Key': 'a\tb' },
      400,
      'invalid_idempotency_key',
    ],
    ['nobody', '{"amount":1}', { Authorization: 'Bearer nobody' }, 401, 'invalid_credentials'],
    ['another scheme', '{"amount":1}', { Authorization: 'Basic YTpi' }, 401, 'invalid_credentials'],
  ])('%s is refused as it should be and has no effect', async (_what, body, headers, status, code) => {
    const answer = await act(body, headers);
    expect([answer.status, (await problemOf(answer)).code]).toEqual([status, code]);
    expect(await effects()).toBe(0);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(server.breaches).toEqual([]);
  });

  test('deep JSON neither fails the server nor passes', async () => {
    const answer = await act(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect([400, 422]).toContain(answer.status);
  });

  test('a repeated query member is refused by name', async () => {
    const problem = await problemOf(await fetch(`${server.url}/find/x?limit=5&limit=6&what=1`));
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(['/query/limit', '/query/what']);
  });

  test('without credentials and without the scope', async () => {
    const anonymous = await fetch(`${server.url}/scoped`);
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const lacking = await fetch(`${server.url}/scoped`, { headers: { Authorization: 'Bearer ann' } });
    expect([lacking.status, (await problemOf(lacking)).detail]).toEqual([
      403,
      'This operation needs the scope "admin".',
    ]);
  });
});

describe('an answer', () => {
  test('holds what its schema names and nothing else', async () => {
    expect(await (await act('{"amount": 3}')).json()).toEqual({ amount: 3, note: '', maybe: null });
  });

  test('of a bug says nothing of it', async () => {
    const answer = await act('{"amount": 998}');
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).code]).toEqual([500, 'internal_error']);
    expect(text).not.toContain('bug');
    expect(await effects()).toBe(0);
  });

  test('with a problem that its contract does not list is a breach', async () => {
    await act('{"amount": 997}');
    expect(server.breaches).toEqual(['act: unlisted']);
  });

  test('carries its entity tag, limits and privacy', async () => {
    const first = await fetch(`${server.url}/find/x`);
    expect(first.headers.get('etag')).toBe('"v20"');
    expect(first.headers.get('cache-control')).toBe('public, max-age=5');
    expect(first.headers.get('ratelimit-policy')).toBe('"perAddress";q=60000;w=60');
    const again = await fetch(`${server.url}/find/x`, { headers: { 'If-None-Match': 'W/"v20"' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const signed = await fetch(`${server.url}/find/x`, { headers: { Authorization: 'Bearer ann' } });
    expect(signed.headers.get('cache-control')).toBe('no-store');
    const head = await fetch(`${server.url}/find/x`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('writes a late text only for who does not have it', async () => {
    const first = await fetch(`${server.url}/late`);
    expect([first.headers.get('etag'), await first.text()]).toEqual(['"v1"', 'late']);
    const again = await fetch(`${server.url}/late`, { headers: { 'If-None-Match': '"v0", "v1"' } });
    expect([again.status, await again.text(), written]).toEqual([304, '', 1]);
  });
});

describe('an idempotency key', () => {
  test('has one effect for fifty requests at once, and every answer is the same or "in progress"', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => act('{"amount": 7}', { 'Idempotency-Key': 'race' })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(await effects()).toBe(1);
    expect(new Set(statuses)).toEqual(new Set([201, 409].filter((status) => statuses.includes(status))));
    expect(statuses).toContain(201);
    const bodies = await Promise.all(
      answers.filter(({ status }) => status === 201).map((answer) => answer.text()),
    );
    const replay = await act('{"amount": 7}', { 'Idempotency-Key': 'race' });
    expect(replay.headers.get('idempotent-replayed')).toBe('true');
    expect(new Set([...bodies, await replay.text()]).size).toBe(1);
    expect(await effects()).toBe(1);
  });

  test('for another body is refused; of another user it is another key', async () => {
    await act('{"amount": 1}', { 'Idempotency-Key': 'mine' });
    const reused = await act('{"amount": 2}', { 'Idempotency-Key': 'mine' });
    expect([reused.status, (await problemOf(reused)).code]).toEqual([422, 'idempotency_key_reused']);
    const other = await act('{"amount": 2}', { 'Idempotency-Key': 'mine', Authorization: 'Bearer bob' });
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(await effects()).toBe(2);
  });

  test('keeps a refusal, but not a failure of ours', async () => {
    const refused = await (await act('{"amount": 999}', { 'Idempotency-Key': 'refused' })).text();
    const again = await act('{"amount": 999}', { 'Idempotency-Key': 'refused' });
    expect([await again.text(), again.headers.get('idempotent-replayed')]).toEqual([refused, 'true']);
    await act('{"amount": 998}', { 'Idempotency-Key': 'failed' });
    const retried = await act('{"amount": 998}', { 'Idempotency-Key': 'failed' });
    expect([retried.status, retried.headers.get('idempotent-replayed')]).toEqual([500, null]);
    expect(await effects()).toBe(0);
  });

  test('stores its answer unreadable for whoever reads the table', async () => {
    await act('{"amount": 1, "note": "findable note"}', { 'Idempotency-Key': 'sealed-key' });
    const { rows } = await owner.query<{ row: string }>(
      "select k::text || encode(answer, 'escape') as row from idempotency_keys k",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ row }) => row).join()).not.toMatch(/findable|sealed-key/);
  });

  test('is forgotten after a day', async () => {
    await act('{"amount": 1}', { 'Idempotency-Key': 'old' });
    await owner.query("update idempotency_keys set created_at = created_at - interval '25 hours'");
    const later = await act('{"amount": 2}', { 'Idempotency-Key': 'old' });
    expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });
});
