import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { booking, preview, quote } from './bookings.ts';
import { expectClean } from './clean.ts';
import { HOSTILE, listing, WIDE_TITLES } from './listings.ts';
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

const ID = booking().id;
const LISTING = quote().listingId;
const STAY = ['--check-in', '2027-05-01', '--check-out', '2027-05-05'];

describe('quote', () => {
  beforeEach(() => stub.on(`GET /v1/listings/${LISTING}`, { body: listing({ title: HOSTILE }) }));

  it('is a bill with the total, what a cancellation gives back, and the next command', async () => {
    stub.on('POST /v1/quotes', { status: 201, body: quote() });
    const { code, stdout, stderr } = await home.run(['quote', LISTING, ...STAY, '--pets', '1']);
    expect(code).toBe(0);
    expectClean(stdout);
    expect(stdout).toContain(
      [
        '  4 nights × €120                          €480.00',
        '  Weekly discount, 10 %                    -€48.00',
        '  Service fee                               €61.34',
        '  ────────────────────────────────────────────────',
        '  Total                                    €493.34',
        '',
        'Cancelling gives back',
        '  €493.34  before Mon, Apr 26, 2027, 15:00 (everything)',
        '  €162.00  before Sat, May 1, 2027, 15:00',
        '    €0.00  from Sat, May 1, 2027, 15:00 on',
      ].join('\n'),
    );
    expect(stdout).toMatch(/^Binding +until Sat, Mar 20, 2027, 09:45$/m);
    expect(stdout).toMatch(/^Times +of Europe\/Lisbon$/m);
    expect(stderr).toContain(`sojourn bookings create ${quote().id}`);
    expect(stub.received[0]!.body).toEqual({
      listingId: LISTING,
      checkIn: '2027-05-01',
      checkOut: '2027-05-05',
      guests: 2,
      pets: 1,
      nonRefundable: false,
    });
  });

  it('takes a number of nights, and is data alone with --json', async () => {
    stub.on('POST /v1/quotes', { status: 201, body: quote() });
    const args = ['--check-in', '2027-02-26', '--nights', '4', '--guests', '3', '--non-refundable'];
    const { stdout, stderr } = await home.run(['quote', LISTING, ...args, '--json']);
    expect(JSON.parse(stdout)).toEqual(quote());
    expect(stderr).toBe('');
    expect(stub.received.map(({ body }) => body)).toEqual([
      expect.objectContaining({ checkOut: '2027-03-02', guests: 3, nonRefundable: true }),
    ]);
  });

  it('writes prices of nights, long schedules and amounts of any currency in 80 columns', async () => {
    const rupiah = (amount: number) => ({ amount, currency: 'IDR' });
    const many = quote({
      total: rupiah(98_765_432_100),
      lineItems: [
        {
          kind: 'nights',
          description: '2 nights',
          quantity: 2,
          unitPrice: null,
          amount: rupiah(98_765_432_100),
        },
        {
          kind: 'tax',
          description: `${HOSTILE} ${WIDE_TITLES[0]}`.repeat(2),
          quantity: 1,
          unitPrice: null,
          amount: rupiah(0),
        },
      ],
      nightlyPrices: [
        { date: '2027-05-01', price: rupiah(90_000_000_000) },
        { date: '2027-05-02', price: rupiah(8_765_432_100) },
      ],
      refundSchedule: Array.from({ length: 30 }, (_, i) => ({
        until: new Date(Date.UTC(2027, 4, i + 1)).toISOString(),
        refund: rupiah(98_765_432_100 - i * 1_000_000),
      })),
      includedTaxes: [{ description: WIDE_TITLES[1], amount: rupiah(1_000) }],
    });
    stub.on('POST /v1/quotes', { status: 201, body: many });
    const { stdout } = await home.run(['quote', LISTING, ...STAY]);
    expectClean(stdout);
    expect(stdout).toContain('2 nights: 1 × IDR 900,000,000, 1 × IDR 87,654,321');
    expect(stdout).toContain('then less with every step');
    expect(stdout.split('\n').length).toBeLessThan(30);
  });

  describe('of a stay that cannot be booked', () => {
    const refusal = (alternatives: object[]) => {
      const { body, ...rest } = problem(422, 'not_bookable', 'The stay cannot be booked');
      const reasons = [
        { code: 'nights_taken', detail: 'Not free: 2027-05-03.' },
        { code: 'min_nights', detail: `Stays from 2027-05-01 have at least 5 nights. ${HOSTILE}` },
      ];
      return { ...rest, body: { ...(body as object), reasons, alternatives } };
    };
    const alternatives = [
      { checkIn: '2027-05-05', checkOut: '2027-05-09', total: { amount: 60_000, currency: 'EUR' } },
      { checkIn: '2027-04-20', checkOut: '2027-04-24', total: { amount: 9_950, currency: 'EUR' } },
    ];

    it('tells all the reasons, the nearest stays with their totals, and how to quote the first', async () => {
      stub.on('POST /v1/quotes', refusal(alternatives));
      const { code, stdout, stderr } = await home.run(['quote', LISTING, ...STAY, '--pets', '1']);
      expect([code, stdout]).toEqual([1, '']);
      expectClean(stderr, 150);
      expect(stderr).toContain('Sat, May 1 – Wed, May 5, 2027 cannot be booked (not_bookable');
      expect(stderr).toContain(
        '    Not free: 2027-05-03.\n    Stays from 2027-05-01 have at least 5 nights.',
      );
      expect(stderr).toContain('    Wed, May 5 – Sun, May 9, 2027    4 nights    €600\n');
      expect(stderr).toContain('    Tue, Apr 20 – Sat, Apr 24, 2027  4 nights  €99.50\n');
      expect(stderr).toContain(
        `sojourn quote ${LISTING} --check-in 2027-05-05 --check-out 2027-05-09 --guests 2 --pets 1`,
      );
    });

    it('is an answer of its own with --json', async () => {
      stub.on('POST /v1/quotes', refusal([]));
      const { code, stdout } = await home.run(['quote', LISTING, ...STAY, '--json']);
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        code: 'not_bookable',
        reasons: [{ code: 'nights_taken' }, { code: 'min_nights' }],
        alternatives: [],
      });
    });

    it('says where to read on when no other dates help', async () => {
      stub.on('POST /v1/quotes', refusal([]));
      const { stderr } = await home.run(['quote', LISTING, ...STAY]);
      expect(stderr).toContain('sojourn explain not_bookable');
      expect(stderr).not.toContain('nearest');
    });
  });

  it.each([
    [['--check-in', '2027-05-01'], 'How long is the stay?'],
    [['--check-in', '2027-05-01', '--check-out', '2027-05-01'], 'is not after'],
    [[...STAY, '--nights', '3'], 'cannot be used with'],
    [['--check-in', '2027-02-29', '--nights', '3'], 'must be a date such as'],
    [['--nights', '3'], '--check-in'],
  ])('refuses %j before anything is sent', async (args, message) => {
    const { code, stderr } = await home.run(['quote', LISTING, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stub.received).toEqual([]);
  });
});

describe('bookings list', () => {
  const data = ['held', 'requested', 'confirmed', 'checkedIn', 'noShow', 'aNewStatus'].map((status, i) =>
    booking({ status, listingTitle: [HOSTILE, ...WIDE_TITLES][i] }),
  );

  it('is a table in 80 columns that needs no colours', async () => {
    stub.on('GET /v1/bookings', { body: { data, nextCursor: 'next' } });
    const args = ['--role', 'host', '--status', 'requested', '--listing', LISTING, '--limit', '6'];
    const { code, stdout, stderr } = await home.run(['bookings', 'list', ...args]);
    expect(code).toBe(0);
    expectClean(stdout);
    for (const word of ['held', 'checked in', 'no show', 'a new status', '2027-05-01', '€493.34', ID])
      expect(stdout).toContain(word);
    expect(stderr).toContain('--cursor next');
    expect(Object.fromEntries(stub.received[0]!.query)).toEqual({
      role: 'host',
      status: 'requested',
      listingId: LISTING,
      limit: '6',
    });
  });

  it('paints by what a status means', async () => {
    stub.on('GET /v1/bookings', { body: { data, nextCursor: null } });
    const { stdout } = await home.run(['bookings', 'list'], { env: { FORCE_COLOR: '1' } });
    const [yellow, green, red] = [33, 32, 31].map((code) => `\u001b[${code}m`);
    for (const [colour, status] of [
      [yellow, 'requested'],
      [green, 'confirmed'],
      [red, 'no show'],
    ])
      expect(stdout).toContain(`${colour}${status}`);
  });

  it.each([
    [[], 'You have booked nothing yet'],
    [['--role', 'host'], 'Nobody has booked a home of yours'],
    [['--status', 'held'], 'No bookings like that'],
  ])('says so when there are none: %j', async (args, text) => {
    stub.on('GET /v1/bookings', { body: { data: [], nextCursor: null } });
    expect(await home.run(['bookings', 'list', ...args])).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining(text),
    });
  });
});

describe('bookings get', () => {
  it.each([
    ['held', {}, `bookings pay ${ID}`, /^Pay by +Sat, Mar 20, 2027, 09:45$/m],
    [
      'requested',
      { respondBy: '2027-03-21T09:30:00.000Z', hostPayout: { amount: 41_904, currency: 'EUR' } },
      `bookings accept ${ID}`,
      /^Answer by +Sun, Mar 21, 2027, 09:30$/m,
    ],
    ['confirmed', {}, `bookings cancellation-preview ${ID}`, /^Check-in +from Sat, May 1, 2027, 15:00$/m],
  ])('%s: shows the deadline and what to do', async (status, changes, next, deadline) => {
    stub.on(`GET /v1/bookings/${ID}`, { body: booking({ status, ...changes }) });
    const { stdout, stderr } = await home.run(['bookings', 'get', ID]);
    expectClean(stdout);
    expect(stdout).toContain(`Sunny loft by the river [${status}]`);
    expect(stdout).toMatch(deadline);
    expect(stderr).toContain(`sojourn ${next}`);
  });

  it('survives whatever people wrote', async () => {
    const hostile = booking({
      listingTitle: HOSTILE,
      message: `${HOSTILE}\n${WIDE_TITLES[2]}`,
      status: 'cancelled',
      address: { line1: HOSTILE, city: WIDE_TITLES[0], country: 'PT', latitude: 38.7123, longitude: -9.1448 },
      cancellation: {
        by: 'host',
        reason: HOSTILE,
        refund: { amount: 49_334, currency: 'EUR' },
        hostKeeps: { amount: 0, currency: 'EUR' },
        penalty: { amount: 5_000, currency: 'USD' },
        lines: [],
      },
      endedAt: '2027-04-28T08:00:00.000Z',
      refundSchedule: [],
    });
    stub.on(`GET /v1/bookings/${ID}`, { body: hostile });
    const { stdout } = await home.run(['bookings', 'get', ID]);
    expectClean(stdout);
    expect(stdout).toContain('38.7123, -9.1448');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('by the host on Wed, Apr 28, 2027, 09:00, €493.34 back');
    expect(stdout).not.toContain('gives back');
    expect(JSON.parse((await home.run(['bookings', 'get', ID, '--json'])).stdout)).toEqual(hostile);
  });
});

describe('bookings create', () => {
  const held = booking({ status: 'held', confirmedAt: null });
  beforeEach(() => stub.on('POST /v1/bookings', { status: 201, body: held }));

  it('prints the id, the deadline and how to pay', async () => {
    const { code, stdout, stderr } = await home.run(['bookings', 'create', 'qte_1', '--message', 'Hello']);
    expect([code, stdout]).toEqual([0, `${ID}\n`]);
    expect(stderr).toContain('Pay €493.34 by Sat, Mar 20, 2027, 09:45 (Europe/Lisbon)');
    expect(stderr).toContain(`sojourn bookings pay ${ID} --method pm_card_visa`);
    expect(stub.received[0]!.body).toEqual({ quoteId: 'qte_1', message: 'Hello' });
  });

  it('pays at once when told how', async () => {
    stub.on(`POST /v1/bookings/${ID}/payment/confirm`, { body: booking() });
    const { stdout, stderr } = await home.run(['bookings', 'create', 'qte_1', '--pay', 'pm_card_visa']);
    expect(stdout).toBe(`${ID}\n`);
    expect(stderr).toContain('Confirmed: Sunny loft by the river');
    expect(stub.received[1]!.body).toEqual({ paymentMethod: 'pm_card_visa' });
  });

  it.each([[[]], [['--json']]])('names the booking though the card was declined: %j', async (flags) => {
    stub.on(`POST /v1/bookings/${ID}/payment/confirm`, problem(402, 'payment_declined', 'It was declined'));
    const args = ['bookings', 'create', 'qte_1', '--pay', 'pm_card_visa_chargeDeclined', ...flags];
    const { code, stdout, stderr } = await home.run(args);
    expect(code).toBe(1);
    expect(stdout).toContain(ID);
    expect(stderr).toContain('payment_declined');
    if (flags.length === 0) expect(stderr).toContain(`sojourn bookings pay ${ID}`);
    else expect(JSON.parse(stdout)).toEqual(held);
  });
});

describe('bookings cancel', () => {
  beforeEach(() => {
    stub.on(`GET /v1/bookings/${ID}`, { body: booking() });
    stub.on(`GET /v1/bookings/${ID}/cancellation-preview`, { body: preview() });
    stub.on(`POST /v1/bookings/${ID}/cancel`, { body: booking({ status: 'cancelled' }) });
  });
  const sent = () => stub.received.filter(({ method }) => method === 'POST').map(({ body }) => body);

  it('shows what comes back, and does nothing while nobody says yes', async () => {
    const { code, stderr } = await home.run(['bookings', 'cancel', ID]);
    expect(code).toBe(2);
    expectClean(stderr, 130);
    expect(stderr).toMatch(/^4 nights +€432\.00 +€162\.00$/m);
    expect(stderr).toMatch(/^Holds +until Sat, May 1, 2027, 15:00 \(Europe\/Lisbon\)$/m);
    expect(stderr).toContain('€162 comes back. There is nobody to ask: add --yes');
    expect(sent()).toEqual([]);
  });

  it('cancels with --yes', async () => {
    const { code, stderr } = await home.run(['bookings', 'cancel', ID, '--yes', '--reason', 'no flight']);
    expect(code).toBe(0);
    expect(stderr).toContain('Cancelled, €162 comes back: Sunny loft by the river');
    expect(sent()).toEqual([{ reason: 'no flight' }]);
  });

  it('tells a host what it costs them', async () => {
    stub.on(`GET /v1/bookings/${ID}/cancellation-preview`, {
      body: preview({ penalty: { amount: 12_300, currency: 'EUR' }, until: null }),
    });
    const { stdout } = await home.run(['bookings', 'cancellation-preview', ID]);
    expectClean(stdout);
    expect(stdout).toMatch(/^You owe +€123$/m);
    expect(stdout).toMatch(/^Holds +from now on$/m);
  });
});

it.each([
  [['accept', ID], 'accept', undefined, 'Accepted'],
  [['decline', ID, '--yes', '--reason', 'no heating'], 'decline', { reason: 'no heating' }, 'Declined'],
  [['check-in', ID], 'check-in', undefined, 'Checked in'],
  [['check-out', ID], 'check-out', undefined, 'Checked out'],
  [['no-show', ID, '--yes'], 'no-show', undefined, 'No show'],
])('bookings %j tells what was done', async (args, verb, body, text) => {
  stub.on(`POST /v1/bookings/${ID}/${verb}`, { body: booking({ listingTitle: HOSTILE }) });
  const { code, stderr } = await home.run(['bookings', ...args]);
  expect(code).toBe(0);
  expectClean(stderr, 200);
  expect(stderr).toContain(`✓ ${text}: `);
  expect(stub.received.map((request) => request.body)).toEqual([body]);
});

it.each(['decline', 'no-show'])('bookings %s asks first: it cannot be undone', async (verb) => {
  expect((await home.run(['bookings', verb, ID])).code).toBe(2);
  expect(stub.received).toEqual([]);
});

describe('alterations', () => {
  const alteration = (changes: object = {}) => ({
    id: 'alt_01k9q2v7n8e6xrd5w3m4h1t0zf',
    bookingId: ID,
    askedBy: 'guest',
    status: 'pending',
    checkIn: '2027-05-01',
    checkOut: '2027-05-07',
    nights: 6,
    guests: 2,
    pets: 0,
    priceDifference: { amount: -2_050, currency: 'EUR' },
    newTotal: { amount: 47_284, currency: 'EUR' },
    lineItems: [],
    message: HOSTILE,
    expiresAt: '2027-03-22T09:30:00.000Z',
    createdAt: '2027-03-20T09:30:00.000Z',
    answeredAt: null,
    ...changes,
  });

  it('are asked for', async () => {
    stub.on(`POST /v1/bookings/${ID}/alterations`, { status: 201, body: alteration() });
    const { stderr } = await home.run([
      'bookings',
      'alter',
      ID,
      '--check-out',
      '2027-05-07',
      '--guests',
      '2',
    ]);
    expect(stderr).toContain('Asked for: €20.50 less (€472.84 in all), Sat, May 1 – Fri, May 7, 2027');
    expect(stub.received[0]!.body).toEqual({ checkOut: '2027-05-07', guests: 2 });
    expect((await home.run(['bookings', 'alter', ID, '--message', 'please'])).code).toBe(2);
  });

  it.each([
    ['its guest, who asked', null, ['withdraw']],
    ['its host, who answers', { amount: 1, currency: 'EUR' }, ['accept', 'decline']],
  ])('are listed for %s', async (_, hostPayout, verbs) => {
    const data = [alteration(), alteration({ status: 'declined', message: null })];
    stub.on(`GET /v1/bookings/${ID}/alterations`, { body: { data } });
    stub.on(`GET /v1/bookings/${ID}`, { body: booking({ hostPayout }) });
    const { stdout, stderr } = await home.run(['bookings', 'alterations', 'list', ID]);
    expectClean(stdout);
    expect(stdout).toContain('[pending] asked by the guest');
    expect(stdout).toContain('to be answered by Mon, Mar 22, 2027, 09:30 (Europe/Lisbon)');
    expect(stderr.match(/alterations \w+/g)).toEqual(verbs.map((verb) => `alterations ${verb}`));
  });

  it('that both sides agreed on are paid by the guest', async () => {
    const agreed = alteration({
      status: 'awaitingPayment',
      priceDifference: { amount: 2_050, currency: 'EUR' },
    });
    stub.on(`GET /v1/bookings/${ID}/alterations`, { body: { data: [agreed] } });
    stub.on(`GET /v1/bookings/${ID}`, { body: booking() });
    stub.on(`POST /v1/bookings/${ID}/alterations/alt_1/accept`, { body: agreed });
    const { stdout, stderr } = await home.run(['bookings', 'alterations', 'list', ID]);
    expectClean(stdout);
    expect(stdout).toContain('[awaiting payment] asked by the guest');
    expect(stdout).toContain('to be paid by Mon, Mar 22, 2027, 09:30 (Europe/Lisbon)');
    expect(stderr).toContain(`sojourn bookings pay ${ID}`);
    const accepted = await home.run(['bookings', 'alterations', 'accept', ID, 'alt_1']);
    expect(accepted.stderr).toContain('takes effect when the guest has paid');
  });

  it.each(['accept', 'decline', 'withdraw'])('%s', async (verb) => {
    stub.on(`POST /v1/bookings/${ID}/alterations/alt_1/${verb}`, { body: alteration() });
    const { code, stdout } = await home.run(['bookings', 'alterations', verb, ID, 'alt_1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(alteration());
  });
});
