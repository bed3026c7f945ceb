import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { booking } from './bookings.ts';
import { expectClean } from './clean.ts';
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

const ID = booking().id;
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const open = { ...booking().payment, status: 'requiresPaymentMethod', captured: eur(0) };
const held = (payment: object = {}) =>
  booking({ status: 'held', confirmedAt: null, payment: { ...open, ...payment } });
const asking = held({ status: 'requiresAction', nextActionUrl: 'https://bank.example/ask?secret=pi_1' });
const CONFIRM = `POST /v1/bookings/${ID}/payment/confirm`;
const GET = `GET /v1/bookings/${ID}`;

describe('bookings pay', () => {
  it('says what to do where the bank asks who pays, with the URL alone on stdout', async () => {
    stub.on(CONFIRM, { body: asking });
    const { code, stdout, stderr } = await home.run(['bookings', 'pay', ID, '--method', 'pm_asks']);
    expect([code, stdout]).toEqual([0, 'https://bank.example/ask?secret=pi_1\n']);
    expect(stderr).toContain('3-D Secure) by Sat, Mar 20, 2027, 09:45 (Europe/Lisbon)');
    expect(stderr).toContain(`sojourn bookings get ${ID}`);
    expect(stderr).not.toContain('✓');
    const { stdout: data } = await home.run(['bookings', 'pay', ID, '--method', 'pm_asks', '--json']);
    expect(JSON.parse(data)).toEqual(asking);
  });

  it('waits until it was done there, and the booking has followed', async () => {
    stub.on(CONFIRM, { body: asking });
    const steps = [asking, held({ status: 'succeeded', captured: eur(49_334) }), booking()];
    stub.on(GET, () => ({ body: steps.length > 1 ? steps.shift() : steps[0] }));
    const { code, stderr } = await home.run(['bookings', 'pay', ID, '--method', 'pm_asks', '--wait']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Not paid yet[\s\S]*✓ Confirmed: Sunny loft by the river/);
  });

  it('looks again while nobody knows what came of it', async () => {
    stub.on(CONFIRM, { body: held({ status: 'processing' }) });
    stub.on(GET, { body: booking() });
    const { stderr } = await home.run(['bookings', 'pay', ID, '--method', 'pm_card_visa']);
    expect(stderr).toContain('✓ Confirmed: Sunny loft by the river');
  });

  it('says why a card was declined, and that another one may do', async () => {
    stub.on(CONFIRM, problem(402, 'payment_declined', 'The bank gives as its reason: insufficient_funds.'));
    const { code, stderr } = await home.run(['bookings', 'pay', ID, '--method', 'pm_poor']);
    expect(code).toBe(1);
    expect(stderr).toContain('insufficient_funds (payment_declined)');
    expect(stderr).toContain(`sojourn bookings pay ${ID} --method …`);
  });

  it('prints where to pay in a browser, and until when', async () => {
    const url = 'https://checkout.stripe.com/c/pay/cs_test_a1';
    stub.on(GET, { body: held() });
    stub.on(`POST /v1/bookings/${ID}/payment/checkout`, {
      status: 201,
      body: { url, expiresAt: '2027-03-20T10:01:00.000Z' },
    });
    const { stdout, stderr } = await home.run(['bookings', 'pay', ID, '--checkout']);
    expect(stdout).toBe(`${url}\n`);
    // The nights are held for a shorter time than the page is open.
    expect(stderr).toContain('pay by Sat, Mar 20, 2027, 09:45 (Europe/Lisbon)');
    const pages = ['--success-url', 'https://a.example/paid', '--cancel-url', 'https://a.example/no'];
    await home.run(['bookings', 'pay', ID, '--checkout', ...pages, '--json']);
    expect(stub.received.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
      { successUrl: stub.url, cancelUrl: stub.url },
      { successUrl: 'https://a.example/paid', cancelUrl: 'https://a.example/no' },
    ]);
  });

  it.each([[[]], [['--method', 'pm_card_visa', '--checkout']]])('has to know how: %j', async (flags) => {
    const { code, stderr } = await home.run(['bookings', 'pay', ID, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain('--checkout');
    expect(stub.received).toEqual([]);
  });
});

it.each([
  [{ ...open }, '€493.34 to pay'],
  [{ ...open, failure: 'insufficient_funds' }, 'to pay; the last try: there is not enough money'],
  [{ ...open, failure: 'a_new_reason' }, 'the last try: a new reason'],
  [{ ...open, status: 'requiresAction' }, '€493.34 to pay, awaiting 3-D Secure'],
  [{ ...open, status: 'processing' }, '€493.34 processing'],
  [{ ...open, status: 'requiresCapture' }, '€493.34 reserved until the host answers'],
  [{ ...booking().payment, refunded: eur(1_000) }, '€493.34 paid, €10 given back'],
  [{ ...open, status: 'requiresPaymentMethod', captured: eur(40_000) }, 'to pay, €400 of it paid'],
])('bookings get tells the payment in words: %j', async (payment, text) => {
  stub.on(GET, { body: booking({ payment }) });
  const { stdout } = await home.run(['bookings', 'get', ID]);
  expectClean(stdout);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(text);
});

describe('bookings payment', () => {
  const refund = (status: string, changes: object = {}) => ({
    id: 'rfd_01k9q2v7n8e6xrd5w3m4h1t0zh',
    amount: eur(8_000),
    status,
    failure: null,
    createdAt: '2027-03-21T09:30:00.000Z',
    ...changes,
  });
  const show = async (payment: object, args: string[] = []) => {
    stub.on(GET, { body: booking({ listingTitle: HOSTILE }) });
    stub.on(`GET /v1/bookings/${ID}/payment`, { body: payment });
    return home.run(['bookings', 'payment', ID, ...args]);
  };

  it('adds up what was paid and given back, and tells each refund', async () => {
    const statuses = ['succeeded', 'pending', 'blocked', 'cancelled', 'aNewOne'];
    const refunds = [
      ...statuses.map((status) => refund(status)),
      refund('failed', { failure: 'lost_or_stolen_card' }),
    ];
    const paid = { ...booking().payment, failure: 'insufficient_funds', refunded: eur(48_000), refunds };
    const { stdout, stderr } = await show(paid);
    expectClean(stdout);
    expect(stdout).toContain(
      [
        '  Paid                                     €493.34',
        '  Given back                              -€480.00',
        '  ────────────────────────────────────────────────',
        '  Paid and not given back                   €13.34',
      ].join('\n'),
    );
    for (const text of ['done', 'on its way', 'waits for a dispute', 'the bank gave it', 'a new one'])
      expect(stdout).toContain(text);
    expect(stdout).toMatch(/did not arrive +€80\.00 +2027-03-21 09:30 +lost or stolen card/);
    // It was paid after all: that a card was declined before is of no matter any more.
    expect(stdout).not.toContain('Last try');
    expect(stderr).toContain('looked after');
  });

  it('tells the host whose the money is, to the last cent', async () => {
    const shares = { host: eur(40_000), platform: eur(5_334), taxes: eur(0), refunds: eur(4_000) };
    const { stdout } = await show({
      ...open,
      status: 'succeeded',
      captured: eur(49_334),
      refunds: [],
      shares,
    });
    expect(stdout).toMatch(
      /Of that, the host’s +€400\.00\n +The marketplace’s +€53\.34\n +The guest’s again +€40\.00/,
    );
    expect(stdout).toMatch(/All that was paid +€493\.34/);
    expect(stdout).not.toContain('Taxes');
  });

  it('tells the guest why the last try came to nothing, and never the client secret', async () => {
    const secret = 'pi_1_secret_2';
    const { stdout, stderr } = await show({
      ...open,
      failure: 'expired_card',
      clientSecret: secret,
      refunds: [],
    });
    expect(stdout).toMatch(/^Last try +the card has expired$/m);
    expect(stderr).toContain(`sojourn bookings pay ${ID} --checkout`);
    expect(stdout + stderr).not.toContain(secret);
  });

  it('is the answer of the API with --json', async () => {
    const payment = { ...open, refunds: [refund('succeeded')] };
    expect(JSON.parse((await show(payment, ['--json'])).stdout)).toEqual(payment);
  });
});

describe('bookings refund', () => {
  beforeEach(() => {
    stub.on(GET, { body: booking() });
    stub.on(`POST /v1/bookings/${ID}/refunds`, { body: booking() });
  });
  const sent = () => stub.received.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const refund = (...args: string[]) => home.run(['bookings', 'refund', ID, ...args]);

  it('gives back an amount in the currency of the booking, of the host’s share unless told', async () => {
    const { code, stderr } = await refund('--amount', '50.5', '--reason', 'cold', '--yes');
    expect(code).toBe(0);
    expect(stderr).toContain('✓ €50.50 of the host’s share goes back to the guest: Sunny loft by the river');
    await refund('--amount', '20', '--reason', 'cold', '--paid-by', 'marketplace', '--yes');
    expect(sent()).toEqual([
      { amount: eur(5_050), reason: 'cold', paidBy: 'host' },
      { amount: eur(2_000), reason: 'cold', paidBy: 'marketplace' },
    ]);
  });

  it.each([
    [['--amount', '50', '--reason', 'cold'], 'add --yes'],
    [['--amount', '50', '--yes'], 'The guest reads it'],
    [['--amount', '50.123', '--reason', 'cold', '--yes'], 'is not an amount in EUR'],
    [['--reason', 'cold', '--yes'], '--amount'],
  ])('gives nothing back for %j', async (args, message) => {
    const { code, stderr } = await refund(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(sent()).toEqual([]);
  });
});
