import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectClean } from './clean.ts';
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

const money = (amount: number, currency = 'EUR') => ({ amount, currency });
const ID = 'pyo_01k9q2v7n8e6xrd5w3m4h1t0za';
const BOOKING = 'bkg_01k9q2v7n8e6xrd5w3m4h1t0za';
const payout = (changes: object = {}) => ({
  id: ID,
  hostId: 'usr_01k9q2v7n8e6xrd5w3m4h1t0ze',
  bookingId: BOOKING,
  listingTitle: 'Sunny loft by the river',
  checkIn: '2027-05-01',
  checkOut: '2027-05-05',
  status: 'scheduled',
  dueAt: '2027-05-02T14:00:00.000Z',
  amount: money(50_440),
  deducted: money(0),
  sent: money(50_440),
  reversed: money(0),
  blockedBy: null,
  failure: null,
  nextAttemptAt: '2027-05-02T14:00:00.000Z',
  transferId: null,
  paidAt: null,
  createdAt: '2027-03-20T09:30:00.000Z',
  updatedAt: '2027-03-20T09:30:00.000Z',
  ...changes,
});

describe('payouts list', () => {
  const data = [
    payout({ listingTitle: HOSTILE }),
    payout({ blockedBy: 'payoutAccount', listingTitle: WIDE_TITLES[0] }),
    payout({ status: 'processing', listingTitle: WIDE_TITLES[1] }),
    payout({ status: 'paid' }),
    payout({ status: 'failed', failure: 'refused', sent: money(123_456_700, 'IDR') }),
    payout({ status: 'cancelled' }),
    payout({ status: 'aNewStatus' }),
  ];

  it('is a table in 80 columns that needs no colours', async () => {
    stub.on('GET /v1/payouts', { body: { data, nextCursor: 'next' } });
    const { code, stdout, stderr } = await home.run(['payouts', 'list', '--status', 'paid', '--limit', '7']);
    expect(code).toBe(0);
    expectClean(stdout);
    for (const text of ['on hold', 'on its way', 'a new status', '2027-05-02', '€504.40', ID])
      expect(stdout).toContain(text);
    expect(stderr).toContain('--cursor next');
    expect(stderr).toContain('sojourn payouts account');
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ status: 'paid', limit: '7' });
  });

  it('paints by what a status means', async () => {
    stub.on('GET /v1/payouts', { body: { data, nextCursor: null } });
    const { stdout } = await home.run(['payouts', 'list'], { env: { FORCE_COLOR: '1' } });
    for (const [colour, status] of [
      [33, 'on hold'],
      [32, 'paid'],
      [31, 'failed'],
    ])
      expect(stdout).toContain(`\u001b[${colour}m${status}`);
  });

  it('is for staff the list of a host, and says when there is none', async () => {
    stub.on('GET /v1/payouts', { body: { data: [], nextCursor: null } });
    const { stdout, stderr } = await home.run(['payouts', 'list', '--host', 'usr_1']);
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('No payouts yet')]);
    expect(stub.received[0]!.query.get('hostId')).toBe('usr_1');
  });
});

describe('payouts show', () => {
  it('tells what it is made of, to the cent', async () => {
    const deductions = [{ kind: 'penalty', bookingId: BOOKING, amount: money(5_000) }];
    const paid = {
      status: 'paid',
      deducted: money(5_000),
      sent: money(45_440),
      paidAt: '2027-05-02T14:00:05.000Z',
      nextAttemptAt: null,
      transferId: 'tr_1PQc5YLkdIwHu7ixQ2jAqQ0h',
      listingTitle: HOSTILE,
    };
    stub.on(`GET /v1/payouts/${ID}`, { body: { ...payout(paid), deductions } });
    const { stdout } = await home.run(['payouts', 'show', ID]);
    expectClean(stdout);
    expect(stdout).toMatch(/^ {2}Of the stay +€504\.40$/m);
    expect(stdout).toMatch(new RegExp(`^ {2}Penalty for cancelling ${BOOKING} +-€50\\.00$`, 'm'));
    expect(stdout).toMatch(/^ {2}Sent to you +€454\.40$/m);
    expect(stdout).toMatch(/^Paid +2027-05-02 14:00$/m);
  });

  it.each([
    [{ blockedBy: 'payoutAccount' }, 'There is no account yet', true],
    [{ blockedBy: 'dispute' }, 'The guest disputes the payment', false],
    [{ status: 'failed', failure: 'accountClosed' }, 'closed: open another one', true],
    [{ status: 'failed', failure: 'balanceInsufficient' }, 'nothing for you to do', false],
    [{ status: 'failed', failure: 'aNewReason' }, 'A new reason', false],
  ])('says what keeps it, and what to do: %j', async (changes, text, isUpToHost) => {
    stub.on(`GET /v1/payouts/${ID}`, { body: { ...payout(changes), deductions: [] } });
    const { stdout, stderr } = await home.run(['payouts', 'show', ID]);
    expectClean(stdout);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(text);
    expect(stderr.includes('sojourn payouts account')).toBe(isUpToHost);
  });
});

describe('payouts account', () => {
  const account = (changes: object = {}) => ({
    status: 'none',
    country: null,
    onboardingUrl: null,
    expiresAt: null,
    requirements: [],
    ...changes,
  });
  const URL = `https://connect.stripe.com/setup/e/acct_1/${'x'.repeat(80)}`;
  const pending = account({
    status: 'pending',
    country: 'PT',
    requirements: ['external_account', 'individual.dob.day', 'individual.dob.month', 'a_new.thing'],
  });
  const linked = { ...pending, onboardingUrl: URL, expiresAt: '2027-03-20T09:35:00.000Z' };
  const posted = () => stub.received.filter(({ method }) => method === 'POST').map(({ body }) => body);
  beforeEach(() => stub.on('POST /v1/payout-account', { body: linked }));

  it('is opened for a country that was named, and for none by chance', async () => {
    stub.on('GET /v1/payout-account', { body: account() });
    const none = await home.run(['payouts', 'account']);
    expect(none.stdout).toBe('You have no account for payouts yet.\n');
    expect(none.stderr).toContain('sojourn payouts account --country PT');
    expect(posted()).toEqual([]);
    const { stdout } = await home.run(['payouts', 'account', '--country', 'pt']);
    expect(posted()).toEqual([{ country: 'PT' }]);
    expectClean(stdout.replace(URL, ''));
    expect(stdout).toContain(`until 2027-03-20 09:35 UTC:\n${URL}\n`);
  });

  it('lists what Stripe still wants, each thing once, and links to where it is told', async () => {
    stub.on('GET /v1/payout-account', { body: pending });
    const { stdout } = await home.run(['payouts', 'account']);
    expect(posted()).toEqual([{}]);
    expect(stdout).toMatch(/^A bank account for the payouts +external_account$/m);
    expect(stdout).toMatch(/^Your date of birth +individual\.dob\.day, individual\.dob\.month$/m);
    expect(stdout).toMatch(/^A new thing +a_new\.thing$/m);
    expect(JSON.parse((await home.run(['payouts', 'account', '--json'])).stdout)).toEqual(linked);
  });

  it('is left alone once payouts go there', async () => {
    stub.on('GET /v1/payout-account', { body: account({ status: 'enabled', country: 'PT' }) });
    expect((await home.run(['payouts', 'account'])).stdout).toContain('Payouts go to your account.');
    expect(posted()).toEqual([]);
  });

  it.each(['Portugal', 'P1'])('is not opened in %s', async (country) => {
    expect((await home.run(['payouts', 'account', '--country', country])).code).toBe(2);
    expect(stub.received).toEqual([]);
  });
});

describe('payouts balance', () => {
  const balance = (currency: string, [upcoming, onHold, inTransit, paid, owed]: number[]) => ({
    currency,
    ...Object.fromEntries(
      Object.entries({ upcoming, onHold, inTransit, paid, owed }).map(([name, amount]) => [
        name,
        money(amount!, currency),
      ]),
    ),
  });

  it('adds up what is yours, and leaves out what there is none of', async () => {
    const data = [balance('EUR', [50_440, 0, 0, 120_000, 5_000]), balance('JPY', [1_000, 0, 500, 0, 0])];
    stub.on('GET /v1/balance', { body: { data } });
    const { stdout } = await home.run(['payouts', 'balance']);
    expectClean(stdout);
    expect(stdout).toMatch(/^EUR +€504\.40 +€50\.00 +€454\.40 +€1,200\.00$/m);
    expect(stdout).toMatch(/^JPY +¥1,000 +¥500 +¥1,500 +¥0$/m);
    expect(stdout).not.toContain('ON HOLD');
  });

  it('fits 80 columns with large sums of everything', async () => {
    const rupiah = [98_765_432_100, 12_345_678_900, 1_234_567_800, 98_765_432_100, 55_555_555_500];
    stub.on('GET /v1/balance', { body: { data: [balance('IDR', rupiah)] } });
    const { stdout } = await home.run(['payouts', 'balance']);
    expectClean(stdout);
    expect(stdout).toContain('YOURS');
  });

  it('says when nothing was earned', async () => {
    stub.on('GET /v1/balance', { body: { data: [] } });
    expect((await home.run(['payouts', 'balance'])).stderr).toContain('Nothing was earned yet');
  });
});

describe('payouts statement', () => {
  const line = (kind: string, amount: number, balance: number, changes: object = {}) => ({
    occurredAt: '2027-05-02T14:00:05.000Z',
    kind,
    bookingId: BOOKING,
    listingTitle: 'Loft, "sunny"',
    amount: money(amount),
    balance: money(balance),
    ...changes,
  });
  const lines = [
    line('allocation', 50_440, 50_440),
    line('penalty', -5, 50_435, { listingTitle: '=HYPERLINK("https://evil.example")' }),
    line('transfer', -50_435, 0, { listingTitle: null }),
    line('allocation', 12_345, 12_345, { amount: money(12_345, 'KWD'), balance: money(12_345, 'KWD') }),
    line('transferReversal', 500, 500, { amount: money(500, 'JPY'), balance: money(500, 'JPY') }),
  ];
  const records = (text: string) => parse(text, { columns: true }) as Record<string, string>[];
  beforeEach(() =>
    stub.on('GET /v1/balance/entries', ({ query }) => {
      const from = Number(query.get('cursor') ?? 0);
      return { body: { data: [lines[from]], nextCursor: from + 1 < lines.length ? String(from + 1) : null } };
    }),
  );

  it('is CSV of all pages in whole units, the last line a line like the others', async () => {
    const { code, stdout, stderr } = await home.run(['payouts', 'statement']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe('occurredAt,kind,bookingId,listingTitle,amount,balance,currency');
    expect(records(stdout).map(({ amount, balance, currency }) => [amount, balance, currency])).toEqual([
      ['504.40', '504.40', 'EUR'],
      ['-0.05', '504.35', 'EUR'],
      ['-504.35', '0.00', 'EUR'],
      ['12.345', '12.345', 'KWD'],
      ['500', '500', 'JPY'],
    ]);
    expect(records(stdout)[0]).toMatchObject({
      occurredAt: '2027-05-02T14:00:05.000Z',
      listingTitle: 'Loft, "sunny"',
    });
  });

  it('holds nothing that a spreadsheet would run', async () => {
    const { stdout } = await home.run(['payouts', 'statement']);
    expect(records(stdout)[1]!.listingTitle).toBe(`'=HYPERLINK("https://evil.example")`);
  });

  it.each([
    [['--month', '2027-12'], { from: '2027-12-01', to: '2028-01-01' }],
    [['--from', '2027-01-01'], { from: '2027-01-01' }],
    [
      ['--from', '2027-01-01', '--to', '2027-02-01', '--currency', 'eur', '--host', 'usr_1'],
      { from: '2027-01-01', to: '2027-02-01', currency: 'EUR', hostId: 'usr_1' },
    ],
  ])('asks for %j only', async (args, query) => {
    await home.run(['payouts', 'statement', ...args]);
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ ...query, limit: '100' });
  });

  it('goes into a file that appears when it is whole', async () => {
    const { stdout, stderr } = await home.run(['payouts', 'statement', '-o', 'may.csv']);
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('Wrote 5 lines to may.csv')]);
    expect(records(readFileSync(join(home.home, 'may.csv'), 'utf8'))).toHaveLength(5);
    await home.run(['payouts', 'statement', '-o', 'may.csv.gz']);
    expect(gunzipSync(readFileSync(join(home.home, 'may.csv.gz'))).toString()).toContain('-504.35');
    let page = 0;
    stub.on('GET /v1/balance/entries', () =>
      page++ === 0
        ? { body: { data: [lines[0]], nextCursor: '1' } }
        : problem(403, 'insufficient_scope', 'The key may not read payouts'),
    );
    const failed = await home.run(['payouts', 'statement', '-o', 'june.csv']);
    expect(failed.code).toBe(1);
    expect(() => readFileSync(join(home.home, 'june.csv'))).toThrow('ENOENT');
  });

  it('is JSON Lines with --json, as the API says it', async () => {
    const { stdout } = await home.run(['payouts', 'statement', '--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual(lines);
  });

  it.each([
    [['--month', '2027-13'], 'must be a month'],
    [['--month', '2027-05', '--from', '2027-05-01'], 'cannot be used with'],
    [['--currency', 'EURO'], 'is not a currency'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await home.run(['payouts', 'statement', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stub.received).toEqual([]);
  });
});
