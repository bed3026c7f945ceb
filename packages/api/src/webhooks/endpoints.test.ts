import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { PRIVATE_HOSTS, UNREADABLE_HOSTS } from '../../test/private-hosts.ts';
import { LIVE, startTestServer, type TestServer } from '../../test/server.ts';
import { listEvents } from '../platform/events/log.ts';
import { uuidOf } from '../platform/id.ts';
import { eventTypes } from '../surface.ts';

const PATH = '/v1/webhook-endpoints';
const URL_ = 'https://hooks.example.com/in?token=hidden';

let server: TestServer;
let live: TestServer;
let anna: Caller;
let ben: Caller;
let admin: Caller;
let liveCaller: Caller;
beforeAll(async () => {
  server = await startTestServer();
  live = await startTestServer(LIVE);
  [{ call: anna }, { call: ben }] = await Promise.all([newPerson(server), newPerson(server)]);
  liveCaller = callerOf(live, live.credentials.host.apiKey);
  admin = callerOf(server, server.credentials.admin.apiKey);
});
afterAll(async () => {
  await Promise.all([server.stop(), live.stop()]);
  expect([...server.breaches, ...live.breaches]).toEqual([]);
});

async function create(caller: Caller, fields: Record<string, unknown> = {}) {
  const { status, body } = await caller('POST', PATH, { body: { url: URL_, ...fields } });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const rowOf = async (id: string) =>
  (await server.resources.pool.query('select * from webhook_endpoints where id = $1', [uuidOf('whk', id)]))
    .rows[0];

describe('an endpoint', () => {
  test('is made with a secret that is shown once and stored sealed', async () => {
    const { secret, ...made } = await create(anna, { description: 'booking system', types: ['listing.*'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made).toMatchObject({
      id: expect.stringMatching(/^whk_/),
      url: URL_,
      description: 'booking system',
      types: ['listing.*'],
      allEvents: false,
      enabled: true,
      disabledReason: null,
    });
    expect((await anna('GET', `${PATH}/${made.id}`)).body).toEqual(made);
    expect((await anna('GET', PATH)).body.data).toContainEqual(made);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const row = await rowOf(made.id);
    expect(row.secret.includes(key)).toBe(false);
    expect(row.secret.length).toBeGreaterThan(key.length);
  });

  test('gets every type of event unless told, and each choice once', async () => {
    expect((await create(anna)).types).toEqual(['*']);
    const types = ['listing.created', 'listing.*', 'listing.created'];
    expect((await create(anna, { types })).types).toEqual(['listing.created', 'listing.*']);
    expect((await create(anna, { types: ['listing.created', '*'] })).types).toEqual(['*']);
  });

  test('takes changes, and leaves what is left out', async () => {
    const { id, secret: _secret, ...made } = await create(anna, { types: ['listing.*'] });
    const url = 'https://hooks.example.com/other';
    const { body } = await anna('PATCH', `${PATH}/${id}`, { body: { url, enabled: false } });
    expect(body).toMatchObject({
      ...made,
      url,
      enabled: false,
      disabledReason: 'owner',
      updatedAt: body.updatedAt,
    });
    const same = await anna('PATCH', `${PATH}/${id}`, { body: { url } });
    expect(same.body).toEqual(body);
    const enabled = await anna('PATCH', `${PATH}/${id}`, { body: { enabled: true } });
    expect(enabled.body).toMatchObject({ enabled: true, disabledReason: null });
    const bad = await anna('PATCH', `${PATH}/${id}`, { body: { url: 'ftp://x', types: ['listing.gone'] } });
    expect(bad.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/url', '/types/0']);
  });

  test('is gone when it was deleted, for its owner as for everybody', async () => {
    const { id } = await create(anna);
    expect((await anna('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await anna('GET', `${PATH}/${id}`)).status).toBe(404);
    expect((await anna('DELETE', `${PATH}/${id}`)).status).toBe(404);
    const { data } = (await anna('GET', PATH)).body;
    expect(data.map((one: { id: string }) => one.id)).not.toContain(id);
  });

  test('goes when its owner closes the account', async () => {
    const { call } = await newPerson(server);
    await create(call, { url: 'https://hooks.example.com/closing' });
    expect((await call('DELETE', '/v1/me', { body: { password: 'harbour-lantern-42' } })).status).toBe(204);
    const { rows } = await server.resources.pool.query(
      "select 1 from webhook_endpoints where url = 'https://hooks.example.com/closing'",
    );
    expect(rows).toEqual([]);
  });

  test('there are at most 20 of, also when all are made at once', async () => {
    const { call } = await newPerson(server);
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => call('POST', PATH, { body: { url: URL_ } })),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(({ body }) => body.code)).toEqual(Array(4).fill('webhook_endpoint_limit_reached'));
    const first = (await call('GET', `${PATH}?limit=15`)).body;
    const second = (await call('GET', `${PATH}?limit=15&cursor=${first.nextCursor}`)).body;
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([15, 5, null]);
  });

  test('answers a repeated request with the same secret', async () => {
    const headers = { 'Idempotency-Key': 'make-one' };
    const [first, second] = [
      await anna('POST', PATH, { body: { url: URL_ }, headers }),
      await anna('POST', PATH, { body: { url: URL_ }, headers }),
    ];
    expect(second.body).toEqual(first.body);
  });
});

describe('what an endpoint may be', () => {
  test.each([...PRIVATE_HOSTS, ...UNREADABLE_HOSTS].map((host) => `https://${host}/hooks`))(
    'is not %s, in live mode',
    async (url) => {
      const { status, body } = await liveCaller('POST', PATH, { body: { url } });
      expect([status, body.code]).toEqual([422, 'invalid_request']);
      expect(body.errors).toEqual([
        {
          pointer: '/url',
          code: expect.stringMatching(/^(url_not_public|invalid_url)$/),
          message: expect.any(String),
        },
      ]);
    },
  );

  test('is this machine in the sandbox, and no other private one', async () => {
    await create(anna, { url: 'http://localhost:3000/hooks' });
    await create(anna, { url: 'http://127.0.0.1:3000/hooks' });
    for (const url of ['http://10.0.0.1/', 'https://192.168.1.1/', 'http://169.254.169.254/latest/meta-data'])
      expect((await anna('POST', PATH, { body: { url } })).status).toBe(422);
  });

  test('is of types that there are; all that is wrong is told at once, with what there is', async () => {
    const { body } = await anna('POST', PATH, {
      body: { url: 'http://example.com', types: ['listing.created', 'listing.exploded', 'house.*', '**'] },
    });
    expect(body.errors.map(({ pointer, code }: Record<string, string>) => [pointer, code])).toEqual([
      ['/url', 'url_not_https'],
      ['/types/1', 'unknown_event_type'],
      ['/types/2', 'unknown_event_type'],
      ['/types/3', 'unknown_event_type'],
    ]);
    for (const { type } of eventTypes) expect(body.errors[1].message).toContain(type);
    expect(body.errors[1].message).toMatch(
      /"listing\.exploded" is no type of event; there are \*, .*listing\.\*, /,
    );
  });

  test('hears of everybody only for an admin', async () => {
    expect((await create(admin, { allEvents: true })).allEvents).toBe(true);
    const refused = await anna('POST', PATH, { body: { url: URL_, allEvents: true } });
    expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_scope']);
    const { body: key } = await admin('POST', '/v1/api-keys', {
      body: { name: 'no admin', scopes: ['webhooks:write'] },
    });
    const narrow = await callerOf(server, key.key)('POST', PATH, { body: { url: URL_, allEvents: true } });
    expect([narrow.status, narrow.body.errors[0].pointer]).toEqual([403, '/allEvents']);
  });
});

describe('somebody else', () => {
  test.each([
    ['GET', ''],
    ['PATCH', '', { enabled: false }],
    ['DELETE', ''],
    ['POST', '/rotate-secret', {}],
    ['POST', '/test'],
    ['POST', '/replay', { fromSequence: 1 }],
    ['GET', '/deliveries'],
    ['POST', '/deliveries/dlv_01j9z6t8v2e4m8q0r5s7x3y1kb/redeliver'],
  ])('meets %s …%s of an endpoint like that of none', async (method, path, body?: unknown) => {
    const { id } = await create(anna);
    const told = async (caller: Caller, endpointId: string) => {
      const answer = await caller(method, `${PATH}/${endpointId}${path}`, body === undefined ? {} : { body });
      return [answer.status, answer.body.code, answer.body.detail];
    };
    const missing = await told(ben, 'whk_01j9z6t8v2e4m8q0r5s7x3y1ka');
    expect(missing.slice(0, 2)).toEqual([404, 'webhook_endpoint_not_found']);
    expect(await told(ben, id)).toEqual(missing);
    expect(await told(admin, id)).toEqual(missing);
    expect(await told(anna, 'lst_01j9z6t8v2e4m8q0r5s7x3y1ka')).toEqual(missing);
    await anna('DELETE', `${PATH}/${id}`);
  });
});

describe('the events of an endpoint', () => {
  test('tell its owner what was done, and hold neither secret nor path', async () => {
    const { id: ownerId, call } = await newPerson(server);
    const { id, secret } = await create(call);
    await call('PATCH', `${PATH}/${id}`, { body: { description: 'renamed' } });
    const rotated = (await call('POST', `${PATH}/${id}/rotate-secret`, { body: {} })).body;
    await call('DELETE', `${PATH}/${id}`);
    const { rows } = await server.resources.pool.query(
      "select type, audience, data, previous from outbox where type like 'webhookEndpoint.%' order by position",
    );
    const ours = [...rows, ...(await listEvents(server.resources.db, { after: 0, limit: 1_000 }))].filter(
      ({ audience }) => JSON.stringify(audience).includes(uuidOf('usr', ownerId)!),
    );
    expect(ours.map(({ type }) => type)).toEqual([
      'webhookEndpoint.created',
      'webhookEndpoint.updated',
      'webhookEndpoint.secretRotated',
      'webhookEndpoint.deleted',
    ]);
    expect(ours[1].data).toMatchObject({
      host: 'hooks.example.com',
      changed: ['description'],
      description: 'renamed',
    });
    expect(ours[1].previous).toMatchObject({ description: '' });
    const text = JSON.stringify(ours);
    for (const hidden of [secret, rotated.secret, 'token=hidden', 'whsec_'])
      expect(text).not.toContain(hidden);
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.previousSecretUntil).not.toBeNull();
  });
});
