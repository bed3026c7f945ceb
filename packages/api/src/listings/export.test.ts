import type { ListingDraft } from '@sojourn/shared/listing';
import { ListingInput } from '@sojourn/shared/listing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { uuidOf } from '../platform/id.ts';

const draft: ListingDraft = { title: 'A room', roomType: 'privateRoom' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

const upsert = async (call: Caller, listings: unknown[]) =>
  (await call('POST', '/v1/listings/batch', { body: { listings } })).body.results;
const parse = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test('an export holds all that is the host’s, in the order it was made, and importing it changes nothing', async () => {
  const { call } = await newPerson(server);
  const { call: other } = await newPerson(server);
  await upsert(other, [{ ...draft, externalId: 'not mine' }]);
  const rows = Array.from({ length: 250 }, (_, index) => ({
    ...draft,
    externalId: String(9_007_199_254_740_993n + BigInt(index)),
    title: `Room ${index} "☃" \u2028 西雅图`,
    description: 'One line.\n\tAnother.',
    bathrooms: 0.5,
    tags: ['{a}', '"b"'],
    location: { latitude: 0.1 + index / 7, longitude: -0, address: { postalCode: '02139' } },
    basePrice: { amount: 9_999_999_999, currency: 'KWD' },
    photos: index % 3 ? [] : [{ url: `https://images.example.com/${index}.jpg`, caption: 'Bed' }],
  }));
  await upsert(call, rows);
  const { body } = await call('GET', '/v1/listings?externalId=9007199254740993');
  await call('POST', `/v1/listings/${body.data[0].id}/archive`);

  const { status, headers, text } = await call('GET', '/v1/listings/export');
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    'application/x-ndjson',
    'no-store',
  ]);
  const lines = parse(text);
  expect(lines.map(({ externalId }) => externalId)).toEqual(rows.map(({ externalId }) => externalId));
  expect(lines.map(({ status: state }) => state)).toEqual(
    rows.map((_, index) => (index === 0 ? 'archived' : 'draft')),
  );
  for (const { id, status: _status, ...listing } of lines) {
    expect(id).toMatch(/^lst_/);
    expect(ListingInput.parse(listing)).toEqual(listing);
  }
  const results = await upsert(call, lines);
  expect(results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(rows.map(() => 'unchanged'));
  expect((await call('GET', '/v1/listings/export')).text).toBe(text);
});

test('an export of nothing is empty', async () => {
  const { call } = await newPerson(server);
  const { status, text } = await call('GET', '/v1/listings/export');
  expect([status, text]).toEqual([200, '']);
  expect((await callerOf(server)('GET', '/v1/listings/export')).body.code).toBe('authentication_required');
});

test('a slow reader holds no connection and no more than its share in memory', async () => {
  const key = server.credentials.host.apiKey;
  const call = callerOf(server, key);
  const rows = Array.from({ length: 5_000 }, (_, index) => ({
    ...draft,
    externalId: `slow-${index}`,
    description: 'x'.repeat(5_000),
  }));
  for (let from = 0; from < rows.length; from += 1_000) await upsert(call, rows.slice(from, from + 1_000));

  const answer = await fetch(`${server.url}/v1/listings/export`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? '';
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { pool } = server.resources;
  expect(pool.totalCount - pool.idleCount).toBe(0);
  // Most of the 25 MB is still in the database: what changes there now comes out changed.
  await pool.query(`update listings set title = 'Changed meanwhile' where external_id = 'slow-4999'`);
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
  const lines = parse(text);
  expect(lines.map(({ externalId }) => externalId)).toEqual(rows.map(({ externalId }) => externalId));
  expect(lines.at(-1).title).toBe('Changed meanwhile');
});

test('an export goes on over listings that are deleted under it', async () => {
  const { call, id } = await newPerson(server);
  await upsert(
    call,
    Array.from({ length: 1_000 }, (_, index) => ({
      ...draft,
      externalId: `gone-${index}`,
      description: 'x'.repeat(9_000),
    })),
  );
  const hostId = uuidOf('usr', id);
  const { rows } = await server.resources.pool.query(`select count(*) from listings where host_id = $1`, [
    hostId,
  ]);
  expect(rows[0].count).toBe(1_000);
  const deleting = server.resources.pool.query(
    `delete from listings where host_id = $1 and external_id like 'gone-%5'`,
    [hostId],
  );
  const { status, text } = await call('GET', '/v1/listings/export');
  await deleting;
  const kept = parse(text).map(({ externalId }) => externalId);
  expect(status).toBe(200);
  expect(kept.filter((externalId) => !externalId.endsWith('5'))).toHaveLength(900);
  expect(new Set(kept).size).toBe(kept.length);
});
