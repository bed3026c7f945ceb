import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../src/render.ts';
import { HOSTILE, listing, stay, WIDE_TITLES } from './listings.ts';
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

const TITLES = ['Sunny loft by the park', HOSTILE, ...WIDE_TITLES];
const idOf = (i: number) => `lst_01k9q2v7n8e6xrd5w3m4h1t${String(i).padStart(3, '0')}`;
const stays = TITLES.map((title, i) =>
  stay({ id: idOf(i), title, basePrice: { amount: 999_999_999 >> (2 * i), currency: 'USD' } }),
);
const searchPage = { data: stays, nextCursor: 'eyJvIjoxMH0=', total: { count: 1000, capped: true } };
const lastBody = () => stub.received.at(-1)?.body;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('search', () => {
  beforeEach(() => stub.on('GET /v1/search', { body: searchPage }));

  it('asks in the minor units of the currency', async () => {
    const args =
      '--near 40.7580,-73.9855 --radius-km 2 --min-price 79.5 --max-price 200 --sort price --room-type entirePlace,privateRoom --amenities wifi,kitchen --instant-book --guests 2';
    expect((await home.run(['search', ...args.split(' ')])).code).toBe(0);
    expect(Object.fromEntries(stub.received[0]!.query)).toMatchObject({
      near: '40.758,-73.9855',
      radiusKm: '2',
      minPrice: '7950',
      maxPrice: '20000',
      currency: 'USD',
      sort: 'price',
      instantBook: 'true',
      guests: '2',
    });
    await home.run(['search', '--max-price', '20000', '--currency', 'jpy']);
    expect(stub.received[1]!.query.get('maxPrice')).toBe('20000');
  });

  it.each([
    [['--max-price', '12.345'], '--max-price 12.345 is not an amount in USD'],
    [['--max-price', '1,000'], 'is not an amount in USD'],
    [['--max-price', '10', '--currency', 'XXX'], 'XXX is not a currency'],
    [['--near', '91,0'], 'Latitude comes first'],
    [['--near', 'home'], 'LATITUDE,LONGITUDE'],
    [['--bbox', '1,2,3'], 'WEST,SOUTH,EAST,NORTH'],
    [['--limit', '101'], 'from 1 to 100'],
    [['--room-type', 'entirePlase'], 'entirePlase is none of'],
    [['--sort', 'cheap'], 'relevance, price, rating, distance'],
  ])('refuses %j before anything is sent', async (args, message) => {
    const { code, stdout, stderr } = await home.run(['search', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stub.received).toEqual([]);
  });

  it('fits 80 columns and lets no control character through', async () => {
    const { stdout } = await home.run(['search', '--near', '40.7,-73.9']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(TITLES.length + 3);
    for (const line of lines) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(CONTROLS);
    }
    for (const { id } of stays) expect(stdout).toContain(id);
  });

  it('colours when forced to, with nothing but colours', async () => {
    const { stdout } = await home.run(['search'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001b[32m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences.
    expect(stdout.replace(/\u001b\[\d+m/g, '').replaceAll('\n', '')).not.toMatch(CONTROLS);
    expect((await home.run(['search', '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(
      '\u001b',
    );
  });

  it('tells the command of the next page, which a shell reads back as it was meant', async () => {
    const { stdout, stderr } = await home.run([
      'search',
      '--place',
      "Hell's Kitchen; $(rm -rf ~)",
      '--limit=7',
    ]);
    const command = stderr.split('Next page: ')[1]!.trim();
    expect(stdout).not.toContain('Next page');
    await home.shell(command);
    expect(Object.fromEntries(stub.received[1]!.query)).toEqual({
      place: "Hell's Kitchen; $(rm -rf ~)",
      limit: '7',
      cursor: 'eyJvIjoxMH0=',
    });
    // And from there to the next: the cursor is replaced, not added.
    const next = await home.shell(command);
    expect(next.stderr.match(/--cursor/g)).toHaveLength(1);
  });

  it('says with --json exactly what the API said, and keeps its words to stderr', async () => {
    const { stdout, stderr } = await home.run(['search', '--json']);
    expect(JSON.parse(stdout)).toEqual(searchPage);
    expect(stdout).not.toMatch(CONTROLS);
    expect(stderr).toBe('');
  });

  it('follows all pages with --all, one item a line as JSON', async () => {
    stub.on('GET /v1/search', ({ query }) => ({
      body: { ...searchPage, nextCursor: query.has('cursor') ? null : 'two' },
    }));
    const { stdout } = await home.run(['search', '--all', '--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([...stays, ...stays]);
  });

  it('names the flags that the server does not like together', async () => {
    stub.on(
      'GET /v1/search',
      problem(422, 'invalid_request', 'x', [
        { pointer: '/query/radiusKm', code: 'x', message: 'needs near' },
      ]),
    );
    expect((await home.run(['search', '--radius-km', '2'])).stderr).toContain(
      '    --radius-km  needs near\n',
    );
    expect((await home.run(['search', '--near', '1,2', '--place', 'x'])).code).toBe(2);
  });

  it('says what to try when there is nothing', async () => {
    stub.on('GET /v1/search', { body: { data: [], nextCursor: null, total: { count: 0, capped: false } } });
    const { code, stdout, stderr } = await home.run(['search']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('No stays found');
  });
});

describe('reading listings', () => {
  it('lists them in 80 columns', async () => {
    const data = TITLES.map((title, i) =>
      listing({ id: idOf(i), title, status: ['draft', 'published'][i % 2] }),
    );
    stub.on('GET /v1/listings', { body: { data, nextCursor: null } });
    const { stdout } = await home.run(['listings', 'list', '--status', 'draft', '--q', 'loft']);
    for (const line of stdout.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ status: 'draft', q: 'loft' });
  });

  it('shows one on a card, clean of what its text could do to a terminal', async () => {
    stub.on('GET /v1/listings/*', {
      body: listing({ title: HOSTILE, description: `${HOSTILE}\n${WIDE_TITLES.join(' ')}`, tags: [HOSTILE] }),
    });
    const { stdout } = await home.run(['listings', 'get', 'lst_1']);
    for (const line of stdout.split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(CONTROLS);
    }
    expect(stdout).toContain('$120 a night, $40.50 cleaning');
    expect(stdout).not.toContain('Discounts');
  });

  it('shows discounts and rules of stays where there are any', async () => {
    stub.on('GET /v1/listings/*', {
      body: listing({
        weeklyDiscountPercent: 10,
        lastMinuteDays: 3,
        lastMinutePercent: 15,
        arrivalMinNights: { friday: 3 },
        preparationNights: 1,
      }),
    });
    const words = (await home.run(['listings', 'get', 'lst_1'])).stdout.replaceAll(/\s+/g, ' ');
    expect(words).toContain('Discounts 10% by the week, 15% in the last 3 days ');
    expect(words).toContain('2–30 nights, 3+ from Friday, in from 15:00');
    expect(words).toContain('up to 730 days ahead, 1 night kept free after each stay');
  });

  it('says what the server says of a wrong id, with the request to ask about and the code to look up', async () => {
    stub.on('GET /v1/listings/*', problem(404, 'listing_not_found', 'There is no such listing.'));
    const { code, stdout, stderr } = await home.run(['listings', 'get', 'lst_nope', '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      '✗ There is no such listing (listing_not_found, request req_stub)\n  → sojourn explain listing_not_found\n',
    );
  });
});

describe('writing listings', () => {
  it('creates from flags: whole units become minor ones, a point and an address become a location', async () => {
    stub.on('POST /v1/listings', { status: 201, body: listing() });
    const args = [
      '--title',
      'Loft',
      '--room-type',
      'entirePlace',
      '--point',
      '-33.9,18.4',
      '--city',
      'Cape Town',
      '--price',
      '1200.50',
      '--cleaning-fee',
      '40',
      '--currency',
      'zar',
      '--amenities',
      'wifi,pool',
      '--no-instant-book',
      '--weekly-discount-percent',
      '10',
      '--non-refundable-percent',
      '5',
      '--long-stay-policy',
      'strictLongTerm',
      '--photo',
      'https://images.example.com/1.jpg',
    ];
    const { code, stdout } = await home.run(['listings', 'create', ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'lst_01k9q2v7n8e6xrd5w3m4h1t0za\n' });
    expect(lastBody()).toEqual({
      title: 'Loft',
      roomType: 'entirePlace',
      amenities: ['wifi', 'pool'],
      instantBook: false,
      weeklyDiscountPercent: 10,
      nonRefundableDiscountPercent: 5,
      longStayPolicy: 'strictLongTerm',
      photos: [{ url: 'https://images.example.com/1.jpg' }],
      location: { latitude: -33.9, longitude: 18.4, address: { city: 'Cape Town' } },
      basePrice: { amount: 120_050, currency: 'ZAR' },
      cleaningFee: { amount: 4_000, currency: 'ZAR' },
    });
    expect(stub.received[0]!.headers['idempotency-key']).toBeTruthy();
  });

  it('publishes at once when asked to, and tells the id even when that is refused', async () => {
    stub.on('POST /v1/listings', { status: 201, body: listing({ id: 'lst_new' }) });
    stub.on('POST /v1/listings/lst_new/publish', { body: listing({ id: 'lst_new', status: 'published' }) });
    const good = await home.run(['listings', 'create', '--title', 'Loft', '--publish', '--json']);
    expect({ code: good.code, answer: JSON.parse(good.stdout) }).toMatchObject({
      code: 0,
      answer: { id: 'lst_new', status: 'published' },
    });
    stub.on(
      'POST /v1/listings/lst_new/publish',
      problem(422, 'listing_not_publishable', 'It is not complete.'),
    );
    expect(await home.run(['listings', 'create', '--title', 'Loft', '--publish'])).toMatchObject({
      code: 1,
      stdout: 'lst_new\n',
    });
    const bad = await home.run(['listings', 'create', '--title', 'Loft', '--publish', '--json']);
    expect({ code: bad.code, answer: JSON.parse(bad.stdout) }).toMatchObject({
      code: 1,
      answer: { id: 'lst_new', status: 'draft' },
    });
  });

  it('creates from a file, or stdin, with flags on top', async () => {
    stub.on('POST /v1/listings', { status: 201, body: listing() });
    const draft = {
      title: 'From file',
      roomType: 'hotelRoom',
      externalId: '1279846646046615122',
      basePrice: { amount: 1, currency: 'JPY' },
    };
    writeFileSync(join(home.home, 'draft.json'), `\ufeff${JSON.stringify(draft)}`);
    await home.run(['listings', 'create', '--file', 'draft.json', '--price', '9000']);
    expect(lastBody()).toEqual({ ...draft, basePrice: { amount: 9000, currency: 'JPY' } });
    await home.run(['listings', 'create', '--file', '-', '--title', 'Flag'], {
      stdin: JSON.stringify(draft),
    });
    expect(lastBody()).toEqual({ ...draft, title: 'Flag' });
  });

  it.each([
    [[], 'nothing to write'],
    [['--price', '10'], '--price needs a currency'],
    [['--city', 'Rome'], 'needs its point'],
    [['--currency', 'USD'], '--currency belongs to an amount'],
    [['--capacity', '0'], 'from 1 to 100'],
    [['--file', 'missing.json'], 'Cannot read missing.json'],
  ])('refuses %j before anything is sent', async (args, message) => {
    const { code, stderr } = await home.run(['listings', 'create', ...args]);
    expect(code).toBe(message.startsWith('Cannot') ? 1 : 2);
    expect(stderr).toContain(message);
    expect(stub.received).toEqual([]);
  });

  it('shows each value that is wrong, where and why', async () => {
    stub.on(
      'POST /v1/listings',
      problem(422, 'invalid_request', 'The request has invalid values.', [
        { pointer: '/title', code: 'x', message: 'is required' },
        { pointer: '/basePrice/amount', code: 'x', message: HOSTILE },
      ]),
    );
    const { code, stderr } = await home.run(['listings', 'create', '--title', 'x']);
    expect(code).toBe(1);
    expect(stderr).toContain('    /title             is required\n    /basePrice/amount  Evilred');
    expect(stderr.replaceAll('\n', '')).not.toMatch(CONTROLS);
  });

  it('updates a part of a thing upon what it is now, and only if it still is', async () => {
    stub.on('GET /v1/listings/*', { body: listing(), headers: { etag: '"3"' } });
    stub.on('PATCH /v1/listings/*', { body: listing() });
    await home.run(['listings', 'update', 'lst_1', '--city', 'Albany', '--price', '130']);
    const patch = stub.received.at(-1)!;
    expect(patch.headers['if-match']).toBe('"3"');
    expect(patch.body).toEqual({
      location: {
        latitude: 40.758,
        longitude: -73.9855,
        address: { ...listing().location.address, city: 'Albany' },
      },
      basePrice: { amount: 13_000, currency: 'USD' },
    });
    await home.run(['listings', 'update', 'lst_1', '--title', 'New', '--if-match', '7']);
    expect(stub.received.slice(2).map(({ method, headers }) => [method, headers['if-match']])).toEqual([
      ['PATCH', '"7"'],
    ]);
  });
});

describe('publish, pause, archive', () => {
  beforeEach(() =>
    stub.on('POST /v1/listings/*', ({ path }) =>
      path.includes('bad')
        ? problem(422, 'listing_not_publishable', 'The listing is not complete.', [
            { pointer: '/description', code: 'x', message: 'A published listing needs a description.' },
          ])
        : { body: listing({ id: path.split('/')[3], status: 'published' }) },
    ),
  );

  it('fails with the failure of a single listing', async () => {
    expect((await home.run(['listings', 'publish', 'lst_bad'])).code).toBe(1);
    expect((await home.run(['listings', 'publish', 'lst_1'])).code).toBe(0);
  });

  it('goes on with several, says which were refused and why, and exits 3', async () => {
    const { code, stdout, stderr } = await home.run(['listings', 'publish', 'lst_1', 'lst_bad', 'lst_2']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(
      'lst_bad: The listing is not complete\n    /description  A published listing needs a description.',
    );
    expect(stderr).toContain('Published 2 listings; 1 refused.');
    const json = await home.run(['listings', 'pause', 'lst_1', 'lst_bad', '--json', '--quiet']);
    expect(json.stderr).toBe('');
    expect(
      json.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .sort((a, b) => a.id.localeCompare(b.id)),
    ).toMatchObject([
      { id: 'lst_1', status: 'published' },
      { id: 'lst_bad', error: { code: 'listing_not_publishable' } },
    ]);
  });

  it('asks before it takes all, and does not where nobody can answer', async () => {
    stub.on('GET /v1/listings', {
      body: { data: [listing({ id: 'lst_1' }), listing({ id: 'lst_2' })], nextCursor: null },
    });
    const asked = await home.run(['listings', 'archive', '--all', '--status', 'paused']);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('Archive 2 paused listings? There is nobody to ask: add --yes to go on.');
    expect(stub.received.every(({ method }) => method === 'GET')).toBe(true);
    const sure = await home.run(['listings', 'archive', '--all', '--status', 'paused', '--yes']);
    expect(sure.code).toBe(0);
    expect(
      stub.received
        .filter(({ method }) => method === 'POST')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/v1/listings/lst_1/archive', '/v1/listings/lst_2/archive']);
  });

  it('wants to know which', async () => {
    for (const args of [[], ['lst_1', '--all'], ['--status', 'draft']])
      expect((await home.run(['listings', 'publish', ...args])).code).toBe(2);
  });

  it('stops at a failure that is not the listing’s own', async () => {
    stub.on('POST /v1/listings/*', problem(401, 'invalid_credentials', 'The API key is unknown.'));
    const ids = Array.from({ length: 40 }, (_, i) => `lst_${i}`);
    expect((await home.run(['listings', 'publish', ...ids])).code).toBe(4);
    expect(stub.received.length).toBeLessThan(20);
  });
});
