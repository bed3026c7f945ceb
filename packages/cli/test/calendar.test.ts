import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, datesBetween } from '@sojourn/shared/nights';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../src/render.ts';
import { HOSTILE, listing } from './listings.ts';
import { type Home, makeHome } from './run.ts';
import { problem, type Received, type Stub, startStub } from './stub-server.ts';

const ID = 'lst_01k9q2v7n8e6xrd5w3m4h1t0za';
const FEED = 'feed_01k9q2v7n8e6xrd5w3m4h1t0zf';
const CALENDAR = `/v1/listings/${ID}/calendar`;
const FEEDS = `/v1/listings/${ID}/calendar-feeds`;
const SECRET_URL = 'https://www.airbnb.com/calendar/ical/12345.ics?s=verysecretindeed';

let home: Home;
let stub: Stub;
beforeEach(async () => {
  home = makeHome();
  stub = await startStub();
  home.loggedIn(stub.url);
  stub.on(`GET /v1/listings/${ID}`, { body: listing({ title: HOSTILE }) });
  stub.on(`GET ${CALENDAR}`, calendar);
  stub.on(`PUT ${CALENDAR}`, written());
});
afterEach(async () => {
  await stub.close();
  home.remove();
});

function calendar({ query }: Received) {
  const from = query.get('from') ?? '2027-05-20';
  const to = query.get('to') ?? addDays(from, 365);
  const days = datesBetween(from, to).map((date) => ({
    date,
    available: date >= '2027-05-20',
    price: { amount: 137_900, currency: 'USD' },
    minNights: 2,
    maxNights: null,
    closedToArrival: false,
    closedToDeparture: false,
    reason: date < '2027-05-20' ? 'past' : null,
    note: null,
    bookingId: null,
  }));
  return {
    body: { listingId: ID, timeZone: 'America/New_York', currency: 'USD', from, to, version: 7, days },
  };
}
const written = (more: object = {}) => ({
  body: { dryRun: false, version: 8, changedDays: 7, skipped: [], ...more },
});
const run = (...args: string[]) => home.run(['calendar', ...args]);
const sent = () => stub.received.at(-1)?.body as Record<string, unknown>;
const range = () => (sent().ranges as object[])[0];
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
function checkLines(text: string) {
  for (const line of text.split('\n')) {
    expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(CONTROLS);
  }
}

describe('calendar show', () => {
  it('draws this month, which the server knows, and the next in 80 columns', async () => {
    const { code, stdout, stderr } = await run('show', ID);
    expect([code, stderr]).toEqual([0, '']);
    checkLines(stdout);
    expect(stdout).toMatch(/^ May 2027 +June 2027$/m);
    expect(stdout).toContain('1.4k');
    const { query } = stub.received.findLast(({ path }) => path === CALENDAR)!;
    expect(Object.fromEntries(query)).toEqual({ from: '2027-05-01', to: '2027-07-01' });
  });

  it('draws the months it is told, with colours when there are some', async () => {
    const { stdout } = await home.run(['calendar', 'show', ID, '--from', '2027-12', '--months', '12'], {
      env: { FORCE_COLOR: '1' },
    });
    expect(stdout).toContain('\u001b[32m');
    expect(stdout).toContain('November 2028');
    expect((await run('show', ID, '--from', '2027-13')).code).toBe(2);
    expect((await run('show', ID, '--months', '13')).code).toBe(2);
  });

  it('is the answer of the API with --json', async () => {
    const { stdout } = await run('show', ID, '--from', '2027-06', '--months', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ from: '2027-06-01', to: '2027-07-01', version: 7 });
    expect(JSON.parse(stdout).days).toHaveLength(30);
  });
});

describe('changes of nights', () => {
  it('block and unblock, and say which nights stay taken', async () => {
    const skipped = [
      { from: '2027-09-03', to: '2027-09-05', reason: 'booking' },
      { from: '2027-09-06', to: '2027-09-07', reason: 'feed' },
    ];
    stub.on(`PUT ${CALENDAR}`, written({ skipped }));
    const blocked = await run('block', ID, '2027-09-01', '2027-09-08', '--note', 'New bathroom');
    expect(blocked.code).toBe(0);
    expect(sent()).toEqual({
      ranges: [{ from: '2027-09-01', to: '2027-09-08', blocked: true, note: 'New bathroom' }],
      dryRun: false,
    });
    expect(blocked.stderr).toContain('✓ Changed 7 days.');
    expect(blocked.stderr).toContain('! 2 nights from Sep 3 to 4 are booked');
    expect(blocked.stderr).toContain('! 1 night on Sep 6 is taken in a feed');
    stub.on(`PUT ${CALENDAR}`, written({ changedDays: 0 }));
    expect((await run('unblock', ID, '2027-09-01', '2027-09-08')).stderr).toContain('It is so already');
    expect(range()).toEqual({ from: '2027-09-01', to: '2027-09-08', blocked: false });
  });

  it('set a price in the currency of the listing, and rules', async () => {
    await run('price', ID, '2027-07-01', '2027-08-16', '139.50', '--min-nights', '4', '--closed-to-arrival');
    expect(range()).toEqual({
      from: '2027-07-01',
      to: '2027-08-16',
      price: { amount: 13_950, currency: 'USD' },
      minNights: 4,
      closedToArrival: true,
    });
    await run('price', ID, '2027-07-01', '2027-07-02', '14000', '--currency', 'jpy', '--dry-run');
    expect(sent()).toMatchObject({ ranges: [{ price: { amount: 14_000, currency: 'JPY' } }], dryRun: true });
    await run('price', ID, '2027-07-01', '2027-07-02', '--clear', '--no-closed-to-departure');
    expect(range()).toEqual({
      from: '2027-07-01',
      to: '2027-07-02',
      price: null,
      minNights: null,
      maxNights: null,
      closedToArrival: null,
      closedToDeparture: false,
    });
  });

  it.each([
    [['block', ID, '2027-09-08', '2027-09-01'], 'is not after'],
    [['block', ID, '2027-02-30', '2027-03-01'], 'must be a date'],
    [['price', ID, '2027-07-01', '2027-07-02'], 'Give an amount'],
    [['price', ID, '2027-07-01', '2027-07-02', '1,000'], 'is not an amount in USD'],
    [['price', ID, '2027-07-01', '2027-07-02', '10', '--clear'], 'contradict'],
  ])('refuse %j before anything is written', async (args, words) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(stub.received.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('calendar apply', () => {
  const outcome = (changes: object) => ({
    listingId: ID,
    title: HOSTILE,
    changed: true,
    changedDays: 62,
    skipped: [],
    errors: [],
    ...changes,
  });
  const answer = ({ body }: Received) => ({
    body: {
      dryRun: (body as { dryRun: boolean }).dryRun,
      matched: 2,
      changed: 1,
      listings: [
        outcome({ skipped: [{ from: '2027-07-03', to: '2027-07-05', reason: 'booking' }] }),
        outcome({
          changed: false,
          changedDays: 0,
          errors: [{ pointer: '', code: 'x', message: 'is in JPY' }],
        }),
      ],
    },
  });
  const dates = ['--from', '2027-07-01', '--to', '2027-09-01'];
  const args = ['apply', '--where', 'tag=beach', '--where', 'city=Lisbon', ...dates];
  const wish = ['--price', '180', '--currency', 'EUR'];
  beforeEach(() => stub.on('PUT /v1/calendar', answer));

  it('shows what would change, and changes it when told to', async () => {
    const asked = await run(...args, ...wish);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('add --yes')]);
    checkLines(asked.stdout);
    expect(asked.stdout).toMatch(/62 +2/);
    expect(asked.stdout).toContain('is in JPY');
    expect(asked.stdout).toContain('2 listings, 1 calendar would change.');
    expect(stub.received.map(({ body }) => (body as { dryRun: boolean }).dryRun)).toEqual([true]);

    const done = await run(...args, ...wish, '--yes');
    expect([done.code, done.stderr]).toEqual([3, expect.stringContaining('1 listing could not be changed')]);
    expect(sent()).toEqual({
      select: { tags: ['beach'], place: { city: 'Lisbon' } },
      ranges: [{ from: '2027-07-01', to: '2027-09-01', price: { amount: 18_000, currency: 'EUR' } }],
      dryRun: false,
    });
  });

  it('speaks JSON once, and only previews with --dry-run', async () => {
    const done = await run(...args, '--block', '--json', '--yes');
    expect(JSON.parse(done.stdout)).toMatchObject({ dryRun: false, matched: 2 });
    const dry = await run(...args, '--unblock', '--json', '--dry-run');
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true });
    expect(sent()).toMatchObject({ ranges: [{ blocked: false }], dryRun: true });
  });

  it.each([
    [[...args], 'Say what is to hold'],
    [[...args, '--price', '180'], '--price needs a currency'],
    [['apply', '--where', 'town=x', ...dates, '--block'], 'must be all, ids='],
    [['apply', ...dates, '--block'], '--where'],
    [[...args, '--block', '--unblock'], 'cannot be used with'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await run(...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stub.received).toEqual([]);
  });
});

describe('calendar seasons', () => {
  const season = {
    name: 'Summer',
    from: '2027-06-15',
    to: '2027-09-15',
    price: { amount: 18_000, currency: 'USD' },
    weekendPrice: null,
    minNights: 4,
    maxNights: null,
  };
  it('go out and in again by a file', async () => {
    const body = { version: 3, seasons: [season] };
    stub.on(`GET /v1/listings/${ID}/seasons`, { body });
    stub.on(`PUT /v1/listings/${ID}/seasons`, { body });
    const shown = await run('seasons', ID);
    expect(shown.stdout).toMatch(/Summer +2027-06-15 +2027-09-14 +\$180 +from 4/);
    writeFileSync(join(home.home, 'seasons.json'), (await run('seasons', ID, '--json')).stdout);
    expect((await run('seasons', ID, '--set', 'seasons.json')).stderr).toContain('has 1 season now');
    expect(sent()).toEqual({ seasons: [season] });
    writeFileSync(join(home.home, 'seasons.json'), '{}');
    expect((await run('seasons', ID, '--set', 'seasons.json')).code).toBe(2);
  });
});

describe('calendar feeds', () => {
  const feed = (changes: object = {}) => ({
    id: FEED,
    name: 'Airbnb',
    host: 'www.airbnb.com',
    status: 'active',
    lastFetchedAt: '2026-11-28T09:30:00.000Z',
    lastSucceededAt: '2026-11-28T09:30:00.000Z',
    lastChangedAt: null,
    lastError: null,
    suspiciousSince: null,
    nextFetchAt: '2026-11-28T10:00:00.000Z',
    events: 21,
    nights: 305,
    conflicts: 0,
    warnings: [],
    createdAt: '2026-11-28T09:30:00.000Z',
    ...changes,
  });
  const failing = feed({
    status: 'failing',
    lastError: { code: 'http_error', detail: `It answered 500. ${HOSTILE}` },
    conflicts: 2,
  });

  it('take the URL from stdin, and never show it', async () => {
    stub.on(`POST ${FEEDS}`, { status: 201, body: feed() });
    const piped = await home.run(['calendar', 'feeds', 'add', ID, '-'], { stdin: `${SECRET_URL}\n` });
    expect([piped.code, piped.stdout]).toEqual([0, `${FEED}\n`]);
    expect(sent()).toEqual({ name: 'www.airbnb.com', url: SECRET_URL });
    const typed = await run('feeds', 'add', ID, SECRET_URL, '--name', 'Airbnb');
    expect(typed.stderr).toContain('! The URL is a secret');
    expect(sent()).toMatchObject({ name: 'Airbnb' });
    const none = await run('feeds', 'add', ID);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('- < url.txt')]);
    stub.on(
      `POST ${FEEDS}`,
      problem(422, 'invalid_request', 'x', [{ pointer: '/url', code: 'x', message: 'must be https' }]),
    );
    const refused = await home.run(['calendar', 'feeds', 'add', ID, '-'], { stdin: SECRET_URL });
    for (const { stdout, stderr } of [piped, typed, none, refused])
      expect(stdout + stderr).not.toContain('verysecret');
  });

  it('are listed and shown, with what is wrong', async () => {
    stub.on(`GET ${FEEDS}`, { body: { data: [feed(), failing] } });
    stub.on(`GET ${FEEDS}/${FEED}`, { body: { ...failing, suspiciousSince: '2026-11-28T09:30:00.000Z' } });
    const list = await run('feeds', 'list', ID);
    checkLines(list.stdout);
    expect(list.stdout).toMatch(/Airbnb +active +11-28 09:30 +305/);
    expect(list.stderr).toContain('! Airbnb: It answered 500.');
    expect(list.stderr).toContain('! Airbnb: 2 events on nights of your own stays.');
    const one = await run('feeds', 'show', ID, FEED);
    checkLines(one.stdout);
    expect(one.stdout).toContain('It answered 500');
    expect(one.stderr).toContain(`feeds conflicts ${ID} ${FEED}`);
    expect(one.stderr).toContain('--accept-empty');
    expect((await run('feeds', 'list', ID, '--json')).stdout).toContain('"conflicts": 2');
    stub.on(`GET ${FEEDS}`, { body: { data: [] } });
    expect((await run('feeds', 'list', ID)).stderr).toContain('calendar feeds add');
  });

  it('are fetched, and what came of it is waited for', async () => {
    stub.on(`POST ${FEEDS}/${FEED}/sync`, { status: 202, body: feed() });
    stub.on(`GET ${FEEDS}/${FEED}`, { body: feed({ lastFetchedAt: '2026-11-28T09:31:00.000Z', nights: 1 }) });
    const good = await run('feeds', 'sync', ID, FEED);
    expect([good.code, good.stderr]).toEqual([0, '✓ Airbnb takes 1 night in 21 events.\n']);
    stub.on(`GET ${FEEDS}/${FEED}`, { body: { ...failing, lastFetchedAt: '2026-11-28T09:31:00.000Z' } });
    const bad = await run('feeds', 'sync', ID, FEED, '--accept-empty', '--yes');
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('It answered 500')]);
    expect((await run('feeds', 'sync', ID, FEED, '--no-wait')).stderr).toContain('in a moment');
    expect(sent()).toEqual({});
    expect((await run('feeds', 'sync', ID, FEED, '--accept-empty')).code).toBe(2);
  });

  it('are paused, go on, and go with a choice for their nights', async () => {
    stub.on(`PATCH ${FEEDS}/${FEED}`, { body: feed() });
    stub.on(`DELETE ${FEEDS}/${FEED}`, { status: 204 });
    expect((await run('feeds', 'pause', ID, FEED)).stderr).toContain('not fetched for now');
    expect(sent()).toEqual({ paused: true });
    expect((await run('feeds', 'resume', ID, FEED)).stderr).toContain('fetched again');
    const asked = await run('feeds', 'remove', ID, FEED, '--yes');
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--nights keep')]);
    expect((await run('feeds', 'remove', ID, FEED, '--nights', 'keep')).code).toBe(2);
    const gone = await run('feeds', 'remove', ID, FEED, '--nights', 'keep', '--yes');
    expect(gone.stderr).toContain('its nights are blocked');
    expect(stub.received.at(-1)!.query.get('nights')).toBe('keep');
  });

  it('tell of conflicts', async () => {
    const conflict = {
      bookingId: 'bkg_01k9q2v7n8e6xrd5w3m4h1t0zb',
      checkIn: '2027-05-03',
      checkOut: '2027-05-07',
      from: '2027-05-01',
      to: '2027-05-08',
      summary: HOSTILE,
      foundAt: '2026-11-28T09:30:00.000Z',
    };
    stub.on(`GET ${FEEDS}/${FEED}/conflicts`, { body: { data: [conflict] } });
    const { stdout } = await run('feeds', 'conflicts', ID, FEED);
    checkLines(stdout);
    expect(stdout).toContain('2027-05-03 → 2027-05-07');
  });
});

describe('calendar export-url', () => {
  const url = `https://stays.example.com/v1/listings/${ID}/calendar.ics?token=t`;
  it('is alone on stdout, is replaced and revoked after a question', async () => {
    const body = { url, createdAt: '2026-11-28T09:30:00.000Z' };
    stub.on(`POST /v1/listings/${ID}/calendar-export`, { body });
    stub.on(`POST /v1/listings/${ID}/calendar-export/rotate`, { body });
    stub.on(`DELETE /v1/listings/${ID}/calendar-export`, { status: 204 });
    const shared = await run('export-url', ID);
    expect([shared.code, shared.stdout]).toEqual([0, `${url}\n`]);
    expect((await run('export-url', ID, '--rotate')).code).toBe(2);
    expect((await run('export-url', ID, '--rotate', '--yes')).stdout).toBe(`${url}\n`);
    expect((await run('export-url', ID, '--revoke', '--yes')).stderr).toContain('no URL any more');
    expect((await run('export-url', ID, '--revoke', '--rotate')).code).toBe(2);
  });
});

describe('calendar import', () => {
  const ROWS = [
    'listing_id,date,available,price',
    'loft-12,2027-05-19,f,$99.00',
    'loft-12,2027-05-20,f,$99.00',
    'loft-12,2027-05-21,t,$120.00',
    'loft-13,2027-05-21,t,$120.00',
    '"\u001b[31m14",2027-05-21,t,$120.00',
    '',
  ].join('\n');
  beforeEach(() => {
    writeFileSync(join(home.home, 'calendar.csv'), ROWS);
    stub.on('GET /v1/listings/export', {
      headers: { 'content-type': 'application/x-ndjson' },
      text: `${JSON.stringify(listing())}\n`,
    });
    stub.on(`GET /v1/listings/${ID}/seasons`, { body: { version: 0, seasons: [] } });
  });

  it('imports, says what came of it, and ends with 3 when rows were rejected', async () => {
    const { code, stdout } = await run('import', 'calendar.csv');
    expect(code).toBe(3);
    checkLines(stdout);
    expect(stdout).toMatch(/ 1 {2}calendars changed\n/);
    expect(stdout).toMatch(/ 1 {2}nights blocked\n +1 {2}nights open\n/);
    expect(stdout).toMatch(/ 1 {2}rows about past nights/);
    expect(stdout).toMatch(/line 5 {2}listing_id "loft-13"/);
    expect(sent()).toEqual({
      ranges: [
        { from: '2027-05-20', to: '2027-05-21', blocked: true, price: { amount: 9_900, currency: 'USD' } },
        { from: '2027-05-21', to: '2027-05-22', blocked: false, price: null },
      ],
      dryRun: false,
    });
  });

  it('compares in a dry run, reads a pipe, and speaks JSON', async () => {
    stub.on(`PUT ${CALENDAR}`, written({ changedDays: 0 }));
    const { code, stdout, stderr } = await home.run(['calendar', 'import', '-', '--dry-run', '--json'], {
      stdin: ROWS,
    });
    expect([code, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
      type: 'report',
      dryRun: true,
      file: 'stdin',
      rows: 5,
      listings: { changed: 0, unchanged: 1, unknown: 2 },
      rejected: 2,
    });
    expect(sent()).toMatchObject({ dryRun: true });
  });

  it('tells of a calendar that the server refuses', async () => {
    stub.on(
      `PUT ${CALENDAR}`,
      problem(422, 'invalid_request', 'x', [
        { pointer: '/ranges/0/to', code: 'x', message: 'is too far ahead' },
      ]),
    );
    const { code, stdout } = await run('import', 'calendar.csv');
    expect([code, stdout]).toEqual([3, expect.stringContaining('is too far ahead')]);
    stub.on('GET /v1/listings/export', problem(401, 'invalid_credentials', 'The credentials are not valid'));
    expect((await run('import', 'calendar.csv')).code).toBe(4);
    expect(readFileSync(join(home.home, 'calendar.csv'), 'utf8')).toBe(ROWS);
  });
});
