import type { ListingDraft } from '@sojourn/shared/listing';
import { AMENITIES } from '@sojourn/shared/vocabulary';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';

const complete: ListingDraft = {
  externalId: 'loft-12',
  title: 'Sunny loft by the park',
  description: 'Two quiet rooms under the roof.\n\nFive minutes from the lake.',
  propertyType: 'loft',
  roomType: 'entirePlace',
  capacity: 4,
  bathrooms: 1.5,
  amenities: ['wifi', 'kitchen'],
  tags: ['"quiet"', 'near {the} lake, \\ really'],
  houseRules: { pets: true, notes: 'No shoes.' },
  location: {
    latitude: 40.758_512,
    longitude: -73.985_549,
    address: { line1: '20 W 34th St', city: 'New York', region: 'NY', postalCode: '10001', country: 'US' },
  },
  timeZone: 'America/New_York',
  basePrice: { amount: 12_000, currency: 'USD' },
  cleaningFee: { amount: 4_000, currency: 'USD' },
  minNights: 2,
  maxNights: 30,
  languages: ['en', 'pt-BR'],
  licenceNumber: 'OSE-1',
  cancellationPolicy: 'moderate',
  photos: [
    { url: 'https://images.example.com/a.jpg', caption: 'Living room' },
    { url: 'https://images.example.com/b.jpg' },
  ],
};
const least: ListingDraft = { title: 'A room', roomType: 'privateRoom' };

let server: TestServer;
let host: Caller;
let hostId: string;
let other: Caller;
let anonymous: Caller;
let admin: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ({ call: host, id: hostId } = await newPerson(server));
  ({ call: other } = await newPerson(server));
  anonymous = callerOf(server);
  admin = callerOf(server, server.credentials.admin.apiKey);
});
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

let externalIds = 0;
async function create(fields: Partial<ListingDraft> = {}) {
  const externalId = `own-${externalIds++}`;
  const { status, body, text } = await host('POST', '/v1/listings', {
    body: { ...complete, externalId, ...fields },
  });
  expect(status, text).toBe(201);
  return body;
}
async function createPublished(fields: Partial<ListingDraft> = {}) {
  const { id } = await create(fields);
  const { status, body, text } = await host('POST', `/v1/listings/${id}/publish`);
  expect(status, text).toBe(200);
  return body;
}
const pointers = (body: { errors?: { pointer: string; code: string }[] }) =>
  body.errors?.map(({ pointer }) => pointer);

describe('creating', () => {
  test('answers with all of it, as a draft of the caller', async () => {
    const { status, body, headers } = await host('POST', '/v1/listings', { body: complete });
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      ...complete,
      id: expect.stringMatching(/^lst_[0-9a-z]{26}$/),
      status: 'draft',
      version: 1,
      hostId,
      location: { ...complete.location, exact: true },
      photos: [complete.photos![0], { url: 'https://images.example.com/b.jpg', caption: null }],
      houseRules: { pets: true, smoking: null, events: null, notes: 'No shoes.' },
      checkInFrom: '15:00',
      weekendPrice: null,
      rating: null,
      reviewCount: 0,
    });
    expect((await host('GET', `/v1/listings/${body.id}`)).body).toEqual(body);
  });

  test('takes the least there is, and says everything that is wrong at once', async () => {
    expect((await host('POST', '/v1/listings', { body: least })).status).toBe(201);
    const { status, body } = await host('POST', '/v1/listings', {
      body: {
        title: '',
        roomType: 'tent',
        capacity: 1.5,
        surprise: 1,
        location: { latitude: 91, longitude: 0, planet: 'Mars' },
        amenities: ['wifi', 'wifi'],
      },
    });
    expect([status, body.code]).toEqual([422, 'invalid_request']);
    expect(pointers(body)?.toSorted()).toEqual([
      '/amenities',
      '/capacity',
      '/location/latitude',
      '/location/planet',
      '/roomType',
      '/surprise',
      '/title',
    ]);
  });

  test('refuses an externalId that another listing of the host has, not one that another host uses', async () => {
    await create({ externalId: 'taken' });
    const { status, body } = await host('POST', '/v1/listings', { body: { ...least, externalId: 'taken' } });
    expect([status, body.code, body.detail]).toEqual([
      409,
      'external_id_taken',
      expect.stringContaining('"taken"'),
    ]);
    expect((await other('POST', '/v1/listings', { body: { ...least, externalId: 'taken' } })).status).toBe(
      201,
    );
    const draft = await create();
    const moved = await host('PATCH', `/v1/listings/${draft.id}`, { body: { externalId: 'taken' } });
    expect([moved.status, moved.body.code]).toEqual([409, 'external_id_taken']);
  });

  test('keeps ids above 2^53 to the digit, and refuses them as numbers', async () => {
    const externalId = '9007199254740993';
    expect((await create({ externalId })).externalId).toBe(externalId);
    const found = await host('GET', `/v1/listings?externalId=${externalId}`);
    expect(found.body.data.map((listing: { externalId: string }) => listing.externalId)).toEqual([
      externalId,
    ]);
    const number = await host('POST', '/v1/listings', {
      body: '{"title":"x","roomType":"privateRoom","externalId":9007199254740993}',
    });
    expect([number.status, pointers(number.body)]).toEqual([422, ['/externalId']]);
  });

  test('happens once for an idempotency key', async () => {
    const options = { body: { ...least, externalId: 'once' }, headers: { 'Idempotency-Key': 'create-once' } };
    const [first, second] = [
      await host('POST', '/v1/listings', options),
      await host('POST', '/v1/listings', options),
    ];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('reading', () => {
  test('shows guests a rounded point, no street, no id of the host’s own', async () => {
    const whole = await createPublished();
    const expected = {
      ...whole,
      location: {
        latitude: 40.759,
        longitude: -73.986,
        exact: false,
        address: { neighbourhood: null, city: 'New York', region: 'NY', country: 'US' },
      },
    };
    delete expected.externalId;
    for (const call of [anonymous, other]) {
      const { status, body, headers } = await call('GET', `/v1/listings/${whole.id}`);
      expect([status, headers.get('etag'), headers.get('vary')]).toEqual([
        200,
        '"2-public"',
        'Authorization',
      ]);
      expect(body).toEqual(expected);
    }
    expect((await admin('GET', `/v1/listings/${whole.id}`)).body).toEqual(whole);
  });

  test('lets caches keep only what everybody may see, and ask again each time', async () => {
    const { id } = await createPublished();
    const first = await anonymous('GET', `/v1/listings/${id}`);
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    const again = await anonymous('GET', `/v1/listings/${id}`, {
      headers: { 'If-None-Match': first.headers.get('etag')! },
    });
    expect([again.status, again.text]).toEqual([304, '']);
    const own = await host('GET', `/v1/listings/${id}`, {
      headers: { 'If-None-Match': first.headers.get('etag')! },
    });
    expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  test('a key without the scope sees what guests see', async () => {
    const key = await host('POST', '/v1/api-keys', { body: { name: 'profile', scopes: ['profile:read'] } });
    const profile = callerOf(server, key.body.key);
    const draft = await create();
    expect((await profile('GET', `/v1/listings/${draft.id}`)).status).toBe(404);
    const published = await createPublished();
    expect((await profile('GET', `/v1/listings/${published.id}`)).body.location.exact).toBe(false);
    expect((await profile('GET', '/v1/listings')).body.code).toBe('insufficient_scope');
  });

  test.each([
    'lst_00000000000000000000000000',
    'usr_01k9q2v7n8e6xrd5w3m4h1t0za',
    '1',
    "' or 1=1 --",
    'lst_01K9Q2V7N8E6XRD5W3M4H1T0ZA',
  ])('the id %s is nobody’s', async (id) => {
    for (const [method, suffix, body] of [
      ['GET', ''],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ['POST', '/publish'],
      ['GET', '/photos'],
      ['DELETE', '/photos/pho_x'],
    ] as const) {
      const answer = await host(method, `/v1/listings/${encodeURIComponent(id)}${suffix}`, { body });
      expect([answer.status, answer.body.code], `${method} ${suffix}`).toEqual([404, 'listing_not_found']);
    }
  });
});

describe('listing one’s own', () => {
  test('pages newest first without gap or repeat while more are added', async () => {
    const { call } = await newPerson(server);
    const add = async (count: number, from: number) =>
      call('POST', '/v1/listings/batch', {
        body: {
          listings: Array.from({ length: count }, (_, index) => ({
            ...least,
            externalId: `page-${from + index}`,
          })),
        },
      });
    await add(45, 0);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await call('GET', `/v1/listings?limit=10${cursor}`);
      seen.push(...body.data.map((listing: { externalId: string }) => listing.externalId));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
      await add(3, 100 + seen.length);
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 45 }, (_, index) => `page-${44 - index}`));
  });

  test('filters by state, part of the title and id of one’s own', async () => {
    const { call } = await newPerson(server);
    const titles = ['100% wool', '100 wools', 'a_b', 'aXb', 'back\\slash', 'ÉTÉ'];
    const listings = titles.map((title) => ({ ...complete, title, externalId: title }));
    await call('POST', '/v1/listings/batch', { body: { listings } });
    const titlesFor = async (query: string) =>
      (await call('GET', `/v1/listings?${query}`)).body.data
        .map(({ title }: { title: string }) => title)
        .toSorted();
    expect(await titlesFor(`q=${encodeURIComponent('100%')}`)).toEqual(['100% wool']);
    expect(await titlesFor('q=A_B')).toEqual(['a_b']);
    expect(await titlesFor(`q=${encodeURIComponent('k\\s')}`)).toEqual(['back\\slash']);
    expect(await titlesFor(`q=${encodeURIComponent('été')}`)).toEqual(['ÉTÉ']);
    expect(await titlesFor('externalId=aXb')).toEqual(['aXb']);
    expect(await titlesFor('status=published')).toEqual([]);
    expect(await titlesFor('status=draft')).toHaveLength(6);
  });

  test('refuses what it does not know: filters, states, cursors of other lists', async () => {
    const unknown = await host('GET', '/v1/listings?colour=red&status=lost&limit=1000');
    expect([unknown.status, pointers(unknown.body)?.toSorted()]).toEqual([
      422,
      ['/query/colour', '/query/limit', '/query/status'],
    ]);
    await Promise.all([create(), create()]);
    const { nextCursor } = (await host('GET', '/v1/listings?limit=1')).body;
    for (const query of [`status=draft&cursor=${nextCursor}`, 'cursor=nonsense', `cursor=${nextCursor}x`]) {
      const answer = await host('GET', `/v1/listings?limit=1&${query}`);
      if (query.endsWith('x') && answer.status === 200) continue;
      expect([answer.status, answer.body.code], query).toEqual([400, 'invalid_cursor']);
    }
    expect((await other('GET', `/v1/listings?limit=1&cursor=${nextCursor}`)).body.code).toBe(
      'invalid_cursor',
    );
  });
});

describe('changing', () => {
  test('changes what is sent and leaves the rest', async () => {
    const before = await create();
    const { status, body, headers } = await host('PATCH', `/v1/listings/${before.id}`, {
      body: {
        title: 'Sunny loft with a terrace',
        weekendPrice: { amount: 15_000, currency: 'USD' },
        location: null,
        photos: [],
      },
    });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    expect(body).toEqual({
      ...before,
      title: 'Sunny loft with a terrace',
      weekendPrice: { amount: 15_000, currency: 'USD' },
      location: null,
      photos: [],
      version: 2,
      updatedAt: body.updatedAt,
    });
    expect(body.updatedAt > before.updatedAt).toBe(true);
  });

  test('writes nothing when nothing differs', async () => {
    const before = await create();
    const { body, headers } = await host('PATCH', `/v1/listings/${before.id}`, {
      body: { title: ` ${before.title} `, location: complete.location },
    });
    expect(body).toEqual(before);
    expect(headers.get('etag')).toBe('"1"');
  });

  test('holds the rules between fields for the listing as it would be', async () => {
    const { id } = await create({ minNights: 2, maxNights: 30, capacity: 4 });
    const { status, body } = await host('PATCH', `/v1/listings/${id}`, {
      body: { maxNights: 1, includedGuests: 5, basePrice: { amount: 1, currency: 'EUR' } },
    });
    expect([status, body.code]).toEqual([422, 'invalid_request']);
    expect(pointers(body)).toEqual(['/minNights', '/includedGuests', '/cleaningFee/currency']);
    expect((await host('GET', `/v1/listings/${id}`)).body.version).toBe(1);
  });

  test('a published listing keeps what it must have; a paused one may lose it', async () => {
    const { id } = await createPublished();
    const body = { description: ' ', basePrice: null, cleaningFee: null };
    const refused = await host('PATCH', `/v1/listings/${id}`, { body });
    expect([refused.status, refused.body.code, pointers(refused.body)]).toEqual([
      422,
      'invalid_request',
      ['/description', '/basePrice'],
    ]);
    await host('POST', `/v1/listings/${id}/pause`);
    expect((await host('PATCH', `/v1/listings/${id}`, { body })).status).toBe(200);
    const again = await host('POST', `/v1/listings/${id}/publish`);
    expect([again.status, again.body.code, pointers(again.body)]).toEqual([
      422,
      'listing_not_publishable',
      ['/description', '/basePrice'],
    ]);
  });

  test('refuses by name what is not the host’s to set', async () => {
    const { id } = await create();
    const fields = {
      status: 'published',
      rating: 5,
      reviewCount: 9,
      hostId: 'usr_x',
      version: 7,
      createdAt: 'now',
      content: {},
    };
    const { status, body } = await host('PATCH', `/v1/listings/${id}`, { body: fields });
    expect([status, pointers(body)?.toSorted()]).toEqual([
      422,
      Object.keys(fields)
        .map((field) => `/${field}`)
        .toSorted(),
    ]);
    expect(new Set(body.errors.map(({ code }: { code: string }) => code))).toEqual(
      new Set(['unknown_field']),
    );
  });

  test.each(['"2"', '1x', 'W/"1"', '""'])('If-Match %s is not the current version', async (tag) => {
    const { id } = await create();
    for (const [method, suffix, body] of [
      ['PATCH', '', { title: 'New' }],
      ['POST', '/publish'],
      ['POST', '/archive'],
      ['POST', '/photos', { url: 'https://images.example.com/c.jpg' }],
      ['DELETE', ''],
    ] as const) {
      const answer = await host(method, `/v1/listings/${id}${suffix}`, {
        body,
        headers: { 'If-Match': tag },
      });
      expect([answer.status, answer.body.code], `${method} ${suffix}`).toEqual([412, 'precondition_failed']);
    }
    expect((await host('GET', `/v1/listings/${id}`)).body.version).toBe(1);
  });

  test('If-Match lets one of many writers through', async () => {
    const { id } = await create();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        host('PATCH', `/v1/listings/${id}`, {
          body: { title: `Title ${index}` },
          headers: { 'If-Match': '"1"' },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
    expect(
      (await host('PATCH', `/v1/listings/${id}`, { body: { title: 'Last' }, headers: { 'If-Match': '*' } }))
        .body.version,
    ).toBe(3);
  });

  test('somebody else’s draft answers like none at all, and what is public is theirs to change only', async () => {
    const published = await createPublished();
    const draft = await create();
    for (const [{ id }, refusal] of [
      [published, [403, 'not_your_listing', 'The listing belongs to another host']],
      [draft, [404, 'listing_not_found', 'There is no such listing']],
    ])
      for (const [method, suffix, body] of [
        ['PATCH', '', { title: 'Mine' }],
        ['DELETE', ''],
        ['POST', '/pause'],
        ['POST', '/archive'],
        ['POST', '/photos', { url: 'https://images.example.com/c.jpg' }],
      ] as const) {
        const answer = await other(method, `/v1/listings/${id}${suffix}`, { body });
        expect([answer.status, answer.body.code, answer.body.detail]).toEqual(refusal);
      }
    expect(
      (await admin('PATCH', `/v1/listings/${draft.id}`, { body: { title: 'Mended by staff' } })).body,
    ).toMatchObject({ title: 'Mended by staff', hostId });
  });
});

describe('states', () => {
  const paths = { published: 'publish', paused: 'pause', archived: 'archive' } as const;
  type Reached = 'draft' | keyof typeof paths | 'suspended';

  async function inState(status: Reached) {
    const { id } = await create();
    if (status === 'suspended')
      await server.resources.pool.query("update listings set status = 'suspended' where external_id = $1", [
        `own-${externalIds - 1}`,
      ]);
    else if (status !== 'draft') {
      if (status === 'paused') await host('POST', `/v1/listings/${id}/publish`);
      await host('POST', `/v1/listings/${id}/${paths[status]}`);
    }
    return id as string;
  }

  test.each([
    ['draft', 'published', 200],
    ['draft', 'paused', 409],
    ['draft', 'archived', 200],
    ['published', 'published', 409],
    ['published', 'paused', 200],
    ['published', 'archived', 200],
    ['paused', 'published', 200],
    ['paused', 'paused', 409],
    ['paused', 'archived', 200],
    ['suspended', 'published', 409],
    ['suspended', 'paused', 409],
    ['suspended', 'archived', 200],
    ['archived', 'published', 409],
    ['archived', 'paused', 409],
    ['archived', 'archived', 409],
  ] as const)('%s → %s answers %d', async (from, to, expected) => {
    const id = await inState(from);
    const { status, body } = await host('POST', `/v1/listings/${id}/${paths[to]}`);
    expect(status).toBe(expected);
    if (status === 200) expect(body.status).toBe(to);
    else
      expect([body.code, body.detail]).toEqual([
        'listing_state_conflict',
        expect.stringMatching(new RegExp(`is ${from} and cannot become ${to}\\. From ${from} it can become`)),
      ]);
    expect((await host('GET', `/v1/listings/${id}`)).body.status).toBe(status === 200 ? to : from);
  });

  test.each([
    ['draft', 404, 204],
    ['published', 200, 409],
    ['paused', 200, 409],
    ['archived', 404, 204],
    ['suspended', 404, 409],
  ] as const)('a %s listing answers guests %d, and deleting it %d', async (state, forGuests, onDelete) => {
    const id = await inState(state);
    expect((await anonymous('GET', `/v1/listings/${id}`)).status).toBe(forGuests);
    expect((await anonymous('GET', `/v1/listings/${id}/photos`)).status).toBe(forGuests);
    const { status, body } = await host('DELETE', `/v1/listings/${id}`);
    expect(status).toBe(onDelete);
    if (onDelete === 409)
      expect([body.code, body.detail]).toEqual([
        'listing_state_conflict',
        expect.stringContaining('/archive'),
      ]);
    expect((await host('GET', `/v1/listings/${id}`)).status).toBe(onDelete === 204 ? 404 : 200);
  });

  test('publishing names everything that lacks', async () => {
    const { body: draft } = await host('POST', '/v1/listings', { body: least });
    const { status, body } = await host('POST', `/v1/listings/${draft.id}/publish`);
    expect([status, body.code]).toEqual([422, 'listing_not_publishable']);
    expect(pointers(body)).toEqual([
      '/description',
      '/location',
      '/timeZone',
      '/capacity',
      '/basePrice',
      '/cancellationPolicy',
    ]);
  });

  test('the marketplace may ask for photos', async () => {
    const strict = await startTestServer({ REQUIRE_PHOTOS: 'true' });
    try {
      const strictHost = callerOf(strict, strict.credentials.host.apiKey);
      const { body: draft } = await strictHost('POST', '/v1/listings', { body: { ...complete, photos: [] } });
      const publish = () => strictHost('POST', `/v1/listings/${draft.id}/publish`);
      expect(pointers((await publish()).body)).toEqual(['/photos']);
      const { body: photo } = await strictHost('POST', `/v1/listings/${draft.id}/photos`, {
        body: { url: 'https://images.example.com/a.jpg' },
      });
      expect((await publish()).status).toBe(200);
      const removed = await strictHost('DELETE', `/v1/listings/${draft.id}/photos/${photo.id}`);
      expect([removed.status, removed.body.code, pointers(removed.body)]).toEqual([
        422,
        'listing_not_publishable',
        ['/photos'],
      ]);
      expect(strict.breaches).toEqual([]);
    } finally {
      await strict.stop();
    }
  });
});

describe('photos', () => {
  const photosOf = async (id: string, call = host) =>
    (await call('GET', `/v1/listings/${id}/photos`)).body.data as {
      id: string;
      url: string;
      caption: string | null;
    }[];
  const urls = (photos: { url: string }[]) =>
    photos.map(({ url }) => url.replace(/.*\/(.*)\.jpg/, '$1')).join('');
  const url = (name: string) => `https://images.example.com/${name}.jpg`;

  test('are added at the end and removed one by one, each keeping its id', async () => {
    const { id } = await create();
    const added = await host('POST', `/v1/listings/${id}/photos`, {
      body: { url: url('c'), caption: 'View' },
    });
    expect([added.status, added.body]).toEqual([
      201,
      { id: expect.stringMatching(/^pho_/), url: url('c'), caption: 'View' },
    ]);
    const before = await photosOf(id);
    expect(urls(before)).toBe('abc');
    expect((await host('DELETE', `/v1/listings/${id}/photos/${before[0]!.id}`)).status).toBe(204);
    expect(await photosOf(id)).toEqual(before.slice(1));
    expect((await host('GET', `/v1/listings/${id}`)).body).toMatchObject({
      version: 3,
      photos: [{ url: url('b') }, { url: url('c') }],
    });
    const gone = await host('DELETE', `/v1/listings/${id}/photos/${before[0]!.id}`);
    expect([gone.status, gone.body.code]).toEqual([404, 'photo_not_found']);
  });

  test('are put in a new order by a change of the listing, and those that stay keep their ids', async () => {
    const { id } = await create({
      photos: [{ url: url('a') }, { url: url('b') }, { url: url('a'), caption: 'Again' }],
    });
    const before = await photosOf(id);
    await host('PATCH', `/v1/listings/${id}`, {
      body: {
        photos: [{ url: url('d') }, { url: url('b'), caption: 'Bath' }, { url: url('a') }, { url: url('a') }],
      },
    });
    const after = await photosOf(id);
    expect(urls(after)).toBe('dbaa');
    expect(after.slice(1)).toEqual([
      { ...before[1], caption: 'Bath' },
      before[0],
      { ...before[2], caption: null },
    ]);
    expect(before.map((photo) => photo.id)).not.toContain(after[0]!.id);
  });

  test('of two with the same URL, the one that is named goes', async () => {
    const { id } = await create({
      photos: [
        { url: url('a'), caption: 'First' },
        { url: url('a'), caption: 'Second' },
      ],
    });
    const [first, second] = await photosOf(id);
    await host('DELETE', `/v1/listings/${id}/photos/${first!.id}`);
    expect(await photosOf(id)).toEqual([second]);
  });

  test('that are added at once are all kept, and no more than fifty', async () => {
    const { id } = await create({ photos: Array.from({ length: 44 }, () => ({ url: url('x') })) });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        host('POST', `/v1/listings/${id}/photos`, { body: { url: url(`${index}`) } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 201, 201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('photo_limit_reached');
    expect(await photosOf(id)).toHaveLength(50);
  });

  test('are web addresses', async () => {
    const { id } = await create();
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'not a url',
      `https://a.example/${'x'.repeat(2_000)}`,
    ]) {
      const answer = await host('POST', `/v1/listings/${id}/photos`, { body: { url: bad } });
      expect([answer.status, pointers(answer.body)], bad).toEqual([422, ['/url']]);
    }
  });
});

describe('what is too much', () => {
  test('a body beyond the limit is not read', async () => {
    const { status, body } = await host('POST', '/v1/listings', {
      body: { ...least, description: 'x'.repeat(1_100_000) },
    });
    expect([status, body.code]).toEqual([413, 'body_too_large']);
  });

  test('every list in a listing has an end', async () => {
    const { status, body } = await host('POST', '/v1/listings', {
      body: {
        ...least,
        title: 'x'.repeat(201),
        tags: Array.from({ length: 101 }, (_, index) => `tag ${index}`),
        photos: Array.from({ length: 51 }, () => ({ url: 'https://images.example.com/a.jpg' })),
        amenities: [...AMENITIES, ...AMENITIES],
        languages: Array.from({ length: 31 }, () => 'en'),
        externalId: '9'.repeat(101),
      },
    });
    expect(status).toBe(422);
    expect([...new Set(pointers(body))].toSorted()).toEqual([
      '/amenities',
      '/externalId',
      '/languages',
      '/photos',
      '/tags',
      '/title',
    ]);
  });
});
