import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ListingDraft, ListingInput } from '@sojourn/shared/listing';
import { WEEKDAYS } from '@sojourn/shared/nights';
import { AMENITIES } from '@sojourn/shared/vocabulary';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { uuidOf } from '../platform/id.ts';

const complete: ListingDraft = {
  title: 'Sunny loft',
  description: 'Two quiet rooms.',
  roomType: 'entirePlace',
  capacity: 4,
  location: {
    latitude: 40.758,
    longitude: -73.9855,
    address: { line1: '1 Main St', city: 'New York', country: 'US' },
  },
  timeZone: 'America/New_York',
  basePrice: { amount: 12_000, currency: 'USD' },
  cancellationPolicy: 'moderate',
};
const row = (externalId: unknown, fields: object = {}) => ({ ...complete, externalId, ...fields });

interface Result {
  externalId: string | null;
  outcome: string;
  listingId: string | null;
  status: string | null;
  errors: { pointer: string; code: string; message: string }[];
  gaps: { pointer: string; code: string; message: string }[];
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  const { rows } = await server.resources.pool.query(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  await server.stop();
  expect(rows).toEqual([{ deadlocks: 0 }]);
  expect(server.breaches).toEqual([]);
});

async function upsert(call: Caller, listings: unknown[], publish?: boolean): Promise<Result[]> {
  const { status, body, text } = await call('POST', '/v1/listings/batch', {
    body: { listings, ...(publish === undefined ? {} : { publish }) },
  });
  expect(status, text).toBe(200);
  return body.results;
}
const outcomes = (results: Result[]) => results.map(({ outcome }) => outcome);
const get = async (call: Caller, { listingId }: Result) =>
  (await call('GET', `/v1/listings/${listingId}`)).body;

/** A connection of the owner's, beside those of the server. */
async function connect() {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  return client;
}

/** Where each of a host's listings lies in its table: a row that was written again lies elsewhere. */
async function places(hostId: string) {
  const { rows } = await server.resources.pool.query(
    `select external_id, l.ctid::text || l.xmin::text as place, version, updated_at,
      (select string_agg(p.ctid::text || p.id::text, ' ' order by position) from listing_photos p where listing_id = l.id) as photos
     from listings l where host_id = $1 order by external_id`,
    [uuidOf('usr', hostId)],
  );
  return rows;
}

const text = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .filter((value) => value.trim() !== '' && value.length <= maxLength);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const unique = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values));
const price = maybe(fc.record({ amount: fc.nat(9_999_999_999), currency: fc.constant('KWD') }));

const percent = fc.integer({ min: 1, max: 90 });
/** Days and percent of a discount come together. */
const earlyBird = fc.record({ earlyBirdDays: fc.integer({ min: 1, max: 730 }), earlyBirdPercent: percent });
const lastMinute = fc.record({ lastMinuteDays: fc.nat(60), lastMinutePercent: percent });

/** Any listing that is valid, with any of its fields left out. */
const listing = fc
  .tuple(
    fc.record(
      {
        title: text(200),
        roomType: fc.constantFrom('entirePlace', 'privateRoom', 'sharedRoom', 'hotelRoom'),
        description: text(500),
        propertyType: fc.constantFrom('loft', 'yurt', 'other'),
        capacity: maybe(fc.integer({ min: 1, max: 100 })),
        bathrooms: maybe(fc.nat(200).map((halves) => halves / 2)),
        amenities: unique(AMENITIES),
        tags: fc.uniqueArray(text(80), { selector: (tag) => tag.trim(), maxLength: 5 }),
        houseRules: fc.record({ notes: text(100), pets: maybe(fc.boolean()) }, { requiredKeys: [] }),
        location: maybe(
          fc.record({
            latitude: degrees(90),
            longitude: degrees(180),
            address: fc.record(
              { line1: maybe(text(200)), city: text(100), country: fc.constantFrom('US', 'PT') },
              { requiredKeys: [] },
            ),
          }),
        ),
        timeZone: maybe(fc.constantFrom('Europe/Lisbon', 'Asia/Kathmandu', 'UTC')),
        basePrice: price,
        weekendPrice: price,
        petFee: price,
        weeklyDiscountPercent: fc.nat(90),
        monthlyDiscountPercent: fc.nat(90),
        nonRefundableDiscountPercent: maybe(fc.integer({ min: 1, max: 90 })),
        minNights: fc.integer({ min: 1, max: 30 }),
        maxNights: fc.integer({ min: 30, max: 1_125 }),
        // Weekdays come in any order, and go out in theirs.
        arrivalMinNights: fc.dictionary(fc.constantFrom(...WEEKDAYS), fc.integer({ min: 1, max: 30 })),
        advanceNoticeHours: fc.nat(8_760),
        bookingWindowDays: fc.integer({ min: 1, max: 1_095 }),
        preparationNights: fc.nat(30),
        checkInUntil: maybe(fc.constantFrom('00:00', '23:59')),
        languages: unique(['en', 'pt-BR', 'yue']),
        licenceNumber: maybe(text(200)),
        cancellationPolicy: maybe(fc.constantFrom('flexible', 'nonRefundable')),
        longStayPolicy: fc.constantFrom('firmLongTerm', 'strictLongTerm'),
        instantBook: fc.boolean(),
        photos: fc.array(fc.record({ url: fc.webUrl(), caption: maybe(text(300)) }), { maxLength: 4 }),
      },
      { requiredKeys: ['title', 'roomType'] },
    ),
    fc.option(earlyBird),
    fc.option(lastMinute),
  )
  .map((parts) => Object.assign({}, ...parts) as ListingDraft);

describe('a batch', () => {
  test('answers for each row in its order what became of it', async () => {
    const { call } = await newPerson(server);
    await upsert(call, [row('b'), row('c'), row('d')]);
    const results = await upsert(call, [
      row('z'),
      row('d', { title: 'Sunny loft with a terrace' }),
      row('bad', { capacity: 0, surprise: true, location: { latitude: 91, longitude: 0 } }),
      row('c'),
      'not a listing',
      row(42),
      row(undefined),
      row(null),
      row('a'),
      row('a', { title: 'The same once more' }),
      row('crossed', { minNights: 9, maxNights: 3 }),
      null,
    ]);
    expect(results.map(({ externalId, outcome, status }) => [externalId, outcome, status])).toEqual([
      ['z', 'created', 'draft'],
      ['d', 'updated', 'draft'],
      ['bad', 'failed', null],
      ['c', 'unchanged', 'draft'],
      [null, 'failed', null],
      [null, 'failed', null],
      [null, 'failed', null],
      [null, 'failed', null],
      ['a', 'created', 'draft'],
      ['a', 'failed', null],
      ['crossed', 'failed', null],
      [null, 'failed', null],
    ]);
    const errors = results.map((result) =>
      result.errors.map(({ pointer, code }) => `${pointer} ${code}`).toSorted(),
    );
    expect(errors).toEqual([
      [],
      [],
      ['/capacity too_small', '/location/latitude too_big', '/surprise unknown_field'],
      [],
      [' invalid_type'],
      ['/externalId invalid_type'],
      ['/externalId required'],
      ['/externalId invalid_type'],
      [],
      ['/externalId duplicate_external_id'],
      ['/minNights custom'],
      [' invalid_type'],
    ]);
    expect(results.every(({ outcome, listingId }) => (outcome === 'failed') === (listingId === null))).toBe(
      true,
    );
    expect(await get(call, results[1]!)).toMatchObject({ title: 'Sunny loft with a terrace', version: 2 });
    expect(await get(call, results[8]!)).toMatchObject({ title: 'Sunny loft', version: 1 });
  });

  test('stores just what creating one by one stores', async () => {
    const { call } = await newPerson(server);
    const fields = {
      propertyType: 'loft',
      bathrooms: 1.5,
      amenities: ['wifi', 'kitchen'],
      tags: ['"quoted"', 'back\\slash', '{braces}', 'NULL', 'a,b', "it's", ' 西雅图 ', '🏠'],
      houseRules: { pets: true, notes: 'No shoes.\n\tNo "parties".' },
      languages: ['en', 'pt-BR'],
      weekendPrice: { amount: 9_999_999_999, currency: 'USD' },
      checkInUntil: '23:00',
      instantBook: true,
      location: { latitude: -(0.1 + 0.2), longitude: 151 + 1 / 3 },
      photos: [
        { url: 'https://images.example.com/a.jpg', caption: 'Bed' },
        { url: 'https://images.example.com/b.jpg' },
      ],
    };
    const [result] = await upsert(call, [row('batch', fields)]);
    const single = (await call('POST', '/v1/listings', { body: row('single', fields) })).body;
    const {
      id: _id,
      externalId: _externalId,
      createdAt: _createdAt,
      updatedAt: _updatedAt,
      ...expected
    } = single;
    expect(await get(call, result!)).toMatchObject(expected);
    expect(outcomes(await upsert(call, [row('single', fields), row('batch', fields)]))).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  test('stores any listing as it is, so that importing what was exported finds nothing to do', async () => {
    const { call } = await newPerson(server);
    const given = fc.sample(listing, 300).map((fields, index) => ({ ...fields, externalId: `any-${index}` }));
    expect(new Set(outcomes(await upsert(call, given)))).toEqual(new Set(['created']));
    const exported = (await call('GET', '/v1/listings/export')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exported.map(({ id: _id, status: _status, ...content }) => content)).toEqual(
      given.map((fields) => JSON.parse(JSON.stringify(ListingInput.parse(fields)))),
    );
    expect(new Set(outcomes(await upsert(call, exported)))).toEqual(new Set(['unchanged']));
  });

  test('writes nothing for what is the same, not even another version or time', async () => {
    const { call, id } = await newPerson(server);
    const rows = Array.from({ length: 50 }, (_, index) =>
      row(`same-${index}`, { photos: [{ url: `https://images.example.com/${index}.jpg` }] }),
    );
    await upsert(call, rows, true);
    const before = await places(id);
    expect(before).toHaveLength(50);
    expect(new Set(outcomes(await upsert(call, rows, true)))).toEqual(new Set(['unchanged']));
    expect(new Set(outcomes(await upsert(call, rows.toReversed())))).toEqual(new Set(['unchanged']));
    expect(await places(id)).toEqual(before);
    const mended = rows.map((given, index) => (index === 7 ? { ...given, title: 'Another title' } : given));
    expect(outcomes(await upsert(call, mended)).filter((outcome) => outcome === 'updated')).toHaveLength(1);
    const after = await places(id);
    expect(
      after.filter(({ place }, index) => place !== before[index].place).map(({ external_id }) => external_id),
    ).toEqual(['same-7']);
    expect(after.map(({ photos }) => photos)).toEqual(before.map(({ photos }) => photos));
  });

  test('takes a thousand rows, and no more', async () => {
    const { call } = await newPerson(server);
    const rows = Array.from({ length: 1_001 }, (_, index) => row(`many-${index}`));
    const tooMany = await call('POST', '/v1/listings/batch', { body: { listings: rows } });
    expect([tooMany.status, tooMany.body.code, tooMany.body.errors[0].pointer]).toEqual([
      422,
      'invalid_request',
      '/listings',
    ]);
    const results = await upsert(call, rows.slice(1), true);
    expect(results.every(({ outcome, status }) => outcome === 'created' && status === 'published')).toBe(
      true,
    );
    expect(results.map(({ externalId }) => externalId)).toEqual(
      rows.slice(1).map(({ externalId }) => externalId),
    );
    expect(await upsert(call, [])).toEqual([]);
    const { body } = await call('GET', '/v1/listings?limit=3');
    expect(body.data.map(({ externalId }: Result) => externalId)).toEqual([
      'many-1000',
      'many-999',
      'many-998',
    ]);
  });

  test('may be large, and has an end', async () => {
    const { call } = await newPerson(server);
    const rows = Array.from({ length: 1_000 }, (_, index) =>
      row(`long-${index}`, { description: 'x'.repeat(10_000) }),
    );
    expect(new Set(outcomes(await upsert(call, rows)))).toEqual(new Set(['created']));
    const { status, body } = await call('POST', '/v1/listings/batch', {
      body: { listings: rows, filler: 'x'.repeat(7_000_000) },
    });
    expect([status, body.code]).toEqual([413, 'body_too_large']);
  });

  test('touches the listings of its own host only', async () => {
    const [one, two] = [await newPerson(server), await newPerson(server)];
    const [first] = await upsert(one.call, [row('shared-id')]);
    const [second] = await upsert(two.call, [row('shared-id', { title: 'Of another host' })]);
    expect([first!.outcome, second!.outcome, first!.listingId === second!.listingId]).toEqual([
      'created',
      'created',
      false,
    ]);
    expect((await get(one.call, first!)).title).toBe('Sunny loft');
  });

  test('with a key happens once, and is answered the same again', async () => {
    const { call, id } = await newPerson(server);
    const options = {
      body: { listings: [row('keyed'), row('failed', { capacity: 0 })] },
      headers: { 'Idempotency-Key': 'import-1' },
    };
    const first = await call('POST', '/v1/listings/batch', options);
    const before = await places(id);
    const second = await call('POST', '/v1/listings/batch', options);
    expect([second.status, second.text, second.headers.get('idempotent-replayed')]).toEqual([
      200,
      first.text,
      'true',
    ]);
    expect(await places(id)).toEqual(before);
  });

  test('keeps naughty strings as they are, or refuses them by name', async () => {
    const { call } = await newPerson(server);
    const file = path.join(import.meta.dirname, '../../../../../shared/data/json/naughty-strings/blns.json');
    const strings: string[] = JSON.parse(await readFile(file, 'utf8'));
    const texts = (text: string) => ({
      title: text,
      description: text,
      tags: [text],
      licenceNumber: text,
      houseRules: { notes: text },
    });
    const results = await upsert(
      call,
      strings.map((text, index) => row(`naughty-${index}`, texts(text))),
    );
    const lines = (await call('GET', '/v1/listings/export')).text.trimEnd().split('\n');
    const exported = new Map(
      lines.map((line) => JSON.parse(line)).map((listing) => [listing.externalId, listing]),
    );
    for (const [index, { outcome, errors }] of results.entries()) {
      const text = strings[index]!.trim();
      if (outcome === 'created')
        expect(exported.get(`naughty-${index}`)).toMatchObject({
          ...texts(text),
          houseRules: { notes: text },
        });
      else
        expect(
          errors.every(({ pointer }) =>
            /^\/(title|description|tags\/0|licenceNumber|houseRules\/notes)$/.test(pointer),
          ),
        ).toBe(true);
    }
    expect(exported.size).toBeGreaterThan(strings.length * 0.95);
  });

  test.each(['\ud800', '\udfff\ud800', 'a\u0000b', 'x\u001b[2Jy', '\u0085'])(
    'refuses %j wherever it stands, and takes the row beside it',
    async (bad) => {
      const { call } = await newPerson(server);
      const [refused, taken] = await upsert(call, [
        row(`id${bad}x`, {
          title: `t${bad}x`,
          description: `d${bad}x`,
          tags: [`t${bad}x`],
          licenceNumber: `l${bad}x`,
          houseRules: { notes: `n${bad}x` },
          location: { latitude: 1, longitude: 2, address: { city: `c${bad}x` } },
          photos: [{ url: `https://images.example.com/${bad}.jpg`, caption: `c${bad}x` }],
        }),
        row('good'),
      ]);
      expect(refused!.errors.map(({ pointer }) => pointer).toSorted()).toEqual([
        '/description',
        '/externalId',
        '/houseRules/notes',
        '/licenceNumber',
        '/location/address/city',
        '/photos/0/caption',
        '/photos/0/url',
        '/tags/0',
        '/title',
      ]);
      expect(taken!.outcome).toBe('created');
    },
  );
});

describe('publishing by a batch', () => {
  test('publishes what lacks nothing and says what the others lack', async () => {
    const { call } = await newPerson(server);
    const results = await upsert(
      call,
      [
        row('whole'),
        row('no-price', { basePrice: null }),
        row('free', { basePrice: { amount: 0, currency: 'USD' } }),
      ],
      true,
    );
    expect(
      results.map(({ outcome, status, gaps }) => [outcome, status, gaps.map(({ pointer }) => pointer)]),
    ).toEqual([
      ['created', 'published', []],
      ['created', 'draft', ['/basePrice']],
      ['created', 'draft', ['/basePrice']],
    ]);
    const [later] = await upsert(call, [row('no-price')], true);
    expect([later!.outcome, later!.status]).toEqual(['updated', 'published']);
    expect(outcomes(await upsert(call, [row('whole')], true))).toEqual(['unchanged']);
  });

  test('publishes a draft that is otherwise the same', async () => {
    const { call } = await newPerson(server);
    await upsert(call, [row('draft')]);
    const [result] = await upsert(call, [row('draft')], true);
    expect([result!.outcome, result!.status]).toEqual(['updated', 'published']);
    expect(await get(call, result!)).toMatchObject({ status: 'published', version: 2 });
  });

  test('never leaves a published listing without what it must have', async () => {
    const { call, id } = await newPerson(server);
    await upsert(call, [row('public')], true);
    const before = await places(id);
    const [failed] = await upsert(call, [
      row('public', { description: '', timeZone: null, title: 'Half written' }),
    ]);
    expect([failed!.outcome, failed!.status, failed!.errors.map(({ pointer }) => pointer)]).toEqual([
      'failed',
      'published',
      ['/description', '/timeZone'],
    ]);
    expect(failed!.listingId).toMatch(/^lst_/);
    expect(await places(id)).toEqual(before);
  });

  test.each(['paused', 'archived', 'suspended'])('a %s listing is updated and stays so', async (status) => {
    const { call, id } = await newPerson(server);
    await upsert(call, [row('kept')], true);
    await server.resources.pool.query('update listings set status = $1 where host_id = $2', [
      status,
      uuidOf('usr', id),
    ]);
    const [result] = await upsert(call, [row('kept', { title: 'New title' })], true);
    expect([result!.outcome, result!.status, result!.gaps.map(({ code }) => code)]).toEqual([
      'updated',
      status,
      [`stays_${status}`],
    ]);
    expect(await get(call, result!)).toMatchObject({ status, title: 'New title' });
  });
});

describe('a batch after other changes', () => {
  test('sees what was changed by hand, and that it was changed back', async () => {
    const { call } = await newPerson(server);
    const given = row('by-hand', { photos: [{ url: 'https://images.example.com/a.jpg' }] });
    const [{ listingId }] = (await upsert(call, [given])) as [Result];
    const listing = `/v1/listings/${listingId}`;
    await call('PATCH', listing, { body: { houseRules: { pets: true }, minNights: 3 } });
    await call('PATCH', listing, { body: { houseRules: {}, minNights: 1 } });
    const { body: photo } = await call('POST', `${listing}/photos`, {
      body: { url: 'https://images.example.com/b.jpg' },
    });
    await call('DELETE', `${listing}/photos/${photo.id}`);
    expect(outcomes(await upsert(call, [given]))).toEqual(['unchanged']);
    for (const change of [
      () => call('PATCH', listing, { body: { title: 'By hand' } }),
      () => call('PATCH', listing, { body: { houseRules: { pets: false } } }),
      () => call('POST', `${listing}/photos`, { body: { url: 'https://images.example.com/c.jpg' } }),
    ]) {
      expect((await change()).status).toBeLessThan(300);
      expect(outcomes(await upsert(call, [given]))).toEqual(['updated']);
      expect(outcomes(await upsert(call, [given]))).toEqual(['unchanged']);
    }
  });

  test('decides anew on a listing that changes between its look and its write', async () => {
    const { call, id } = await newPerson(server);
    const [{ listingId }] = (await upsert(call, [row('raced')])) as [Result];
    const elsewhere = await connect();
    try {
      await elsewhere.query('begin');
      await elsewhere.query(`update listings set status = 'published', version = version + 1 where id = $1`, [
        uuidOf('lst', listingId!),
      ]);
      await elsewhere.query(
        `insert into listings select (l).* from (select (jsonb_populate_record(l, '{"id": "0198c0de-5a1e-7000-8000-00000000000f", "external_id": "raced-new"}')).* from listings l where id = $1) l`,
        [uuidOf('lst', listingId!)],
      );
      const batch = upsert(call, [
        row('raced', { description: '' }),
        row('raced-new', { title: 'Later' }),
        row('raced-other'),
      ]);
      await waitUntilBlocked(elsewhere);
      await elsewhere.query('commit');
      const results = await batch;
      expect(results.map(({ outcome, status }) => [outcome, status])).toEqual([
        ['failed', 'published'],
        ['updated', 'published'],
        ['created', 'draft'],
      ]);
      expect((await places(id)).map(({ external_id, version }) => [external_id, version])).toEqual([
        ['raced', 2],
        ['raced-new', 3],
        ['raced-other', 1],
      ]);
    } finally {
      await elsewhere.end();
    }
  });

  async function waitUntilBlocked(observer: pg.Client) {
    for (;;) {
      const { rows } = await observer.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (rows.length > 0) return;
    }
  }
});

describe('batches at once', () => {
  test('of one host that overlap in different orders double nothing, lose nothing and never deadlock', async () => {
    const { call, id } = await newPerson(server);
    const ids = Array.from({ length: 600 }, (_, index) => `race-${index}`);
    const shuffled = () =>
      ids
        .map((externalId) => [Math.random(), externalId] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, externalId]) => externalId);
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, client) =>
          upsert(
            call,
            shuffled()
              .slice(0, 300)
              .map((externalId) =>
                row(externalId, {
                  title: `Round ${round}`,
                  photos: [{ url: `https://images.example.com/${round}-${client % 2}.jpg` }],
                }),
              ),
            true,
          ),
        ),
      );
      const byId = Map.groupBy(all.flat(), ({ externalId }) => externalId);
      for (const results of byId.values()) {
        expect(new Set(results.map(({ listingId }) => listingId)).size).toBe(1);
        expect(results.filter(({ outcome }) => outcome === 'created').length).toBeLessThanOrEqual(1);
        expect(results.every(({ outcome, status }) => outcome !== 'failed' && status === 'published')).toBe(
          true,
        );
      }
      const { rows } = await server.resources.pool.query(
        `select count(*), count(distinct external_id) as different, (select count(*) from listing_photos p join listings l on l.id = listing_id where host_id = $1) as photos
         from listings where host_id = $1`,
        [uuidOf('usr', id)],
      );
      expect(rows[0].count).toBe(rows[0].different);
      expect(rows[0].photos).toBe(rows[0].count);
    }
  });

  test('and single changes of the same listings leave every listing whole', async () => {
    const { call } = await newPerson(server);
    const rows = Array.from({ length: 100 }, (_, index) =>
      row(`mixed-${index}`, { photos: [{ url: 'https://images.example.com/a.jpg' }] }),
    );
    const made = await upsert(call, rows);
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, (_, turn) =>
        call('POST', '/v1/listings/batch', {
          body: { listings: rows.map((given) => ({ ...given, title: `Turn ${turn}` })) },
        }),
      ),
      ...made
        .slice(0, 40)
        .map(({ listingId }, index) =>
          call('PATCH', `/v1/listings/${listingId}`, { body: { minNights: (index % 5) + 2 } }),
        ),
      ...made.slice(20, 40).map(({ listingId }) =>
        call('POST', `/v1/listings/${listingId}/photos`, {
          body: { url: 'https://images.example.com/b.jpg' },
        }),
      ),
      ...made.slice(90).map(({ listingId }) => call('DELETE', `/v1/listings/${listingId}`)),
      ...rows.slice(80).map((given) => call('POST', '/v1/listings', { body: given })),
    ]);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 201, 204, 409].includes(status))).toEqual([]);
    // Whatever came last, the fingerprint belongs to what is stored: importing the export finds nothing to do.
    const exported = (await call('GET', '/v1/listings/export')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(outcomes(await upsert(call, exported)))).toEqual(new Set(['unchanged']));
  });

  test('of different hosts do not wait for each other', async () => {
    const [one, two] = [await newPerson(server), await newPerson(server)];
    await upsert(one.call, [row('held')]);
    const elsewhere = await connect();
    try {
      await elsewhere.query('begin');
      await elsewhere.query('select 1 from listings where host_id = $1 for update', [uuidOf('usr', one.id)]);
      expect(outcomes(await upsert(two.call, [row('held')]))).toEqual(['created']);
    } finally {
      await elsewhere.query('rollback');
      await elsewhere.end();
    }
  });
});
