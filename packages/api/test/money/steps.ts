import fc from 'fast-check';

// Everything that can happen to money, as plain data: what a run consists of, and what is printed when one fails.

export const HOMES = 4;
export const GUESTS = 2;

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;

const which = fc.nat(30);
const part = fc.integer({ min: 1, max: 100 });

const CARDS = [
  'pm_card_visa',
  'pm_card_visa_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
  'pm_card_chargeCustomerFail',
  'pm_card_authenticationRequired',
  'pm_card_authenticationRequiredOnSetup',
  'pm_card_createDispute',
  'pm_card_refundFail',
  'pm_card_pendingRefund',
] as const;
const card = fc.oneof(
  { weight: 14, arbitrary: fc.constant('pm_card_visa' as const) },
  { weight: 5, arbitrary: fc.constantFrom(...CARDS) },
);

/** What somebody asks the server for. */
const requests = {
  book: fc.record({
    act: fc.constant('book' as const),
    home: fc.nat(HOMES - 1),
    guest: fc.nat(GUESTS - 1),
    inDays: fc.integer({ min: 1, max: 40 }),
    nights: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constantFrom(8, 30, 61)),
    card: fc.option(card, { freq: 8 }),
    /** Whether the host takes the guest at once, where the host is asked. */
    taken: fc.constantFrom(true, true, false),
  }),
  pay: fc.record({ act: fc.constant('pay' as const), which, card }),
  checkout: fc.record({ act: fc.constant('checkout' as const), which }),
  answer: fc.record({ act: fc.constant('answer' as const), which, yes: fc.boolean() }),
  cancel: fc.record({
    act: fc.constant('cancel' as const),
    which,
    by: fc.constantFrom('guest' as const, 'guest' as const, 'host' as const, 'admin' as const),
    /** What an admin decides to give back, in hundredths of the price; by the rules when null. */
    refund: fc.option(fc.nat(100)),
  }),
  alter: fc.record({
    act: fc.constant('alter' as const),
    which,
    by: fc.constantFrom('guest' as const, 'host' as const),
    nights: fc.integer({ min: -3, max: 4 }),
    /** What the other side says at once, if anything. */
    reply: fc.constantFrom('accept' as const, 'accept' as const, 'decline' as const, null),
  }),
  answerAlteration: fc.record({
    act: fc.constant('answerAlteration' as const),
    which,
    how: fc.constantFrom('accept' as const, 'accept' as const, 'decline' as const, 'withdraw' as const),
  }),
  refund: fc.record({
    act: fc.constant('refund' as const),
    which,
    by: fc.constantFrom('host' as const, 'admin' as const),
    paidBy: fc.constantFrom('host' as const, 'marketplace' as const),
    /** In hundredths of the price. */
    part: fc.oneof(part, fc.constant(150)),
  }),
  stay: fc.record({
    act: fc.constant('stay' as const),
    which,
    what: fc.constantFrom('check-in' as const, 'check-out' as const, 'no-show' as const),
  }),
  openAccount: fc.record({
    act: fc.constant('openAccount' as const),
    host: fc.nat(1),
    complete: fc.boolean(),
  }),
};
export type Request = {
  [Act in keyof typeof requests]: Of<(typeof requests)[Act]>;
}[keyof typeof requests];

const request = fc.oneof(
  { weight: 12, arbitrary: requests.book },
  { weight: 5, arbitrary: requests.pay },
  { weight: 1, arbitrary: requests.checkout },
  { weight: 3, arbitrary: requests.answer },
  { weight: 7, arbitrary: requests.cancel },
  { weight: 5, arbitrary: requests.alter },
  { weight: 5, arbitrary: requests.answerAlteration },
  { weight: 4, arbitrary: requests.refund },
  { weight: 2, arbitrary: requests.stay },
  { weight: 2, arbitrary: requests.openAccount },
) as fc.Arbitrary<Request>;

/** At which of its steps the server or the worker dies; mostly at none. */
const dies = (weight: number) =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(20) });
const dieAfter = dies(5);

/** What goes wrong with the next calls of Stripe meanwhile: it acts and its answer is lost, or it fails before it acts. */
const stripeIsAway = (weight: number) =>
  fc.oneof(
    { weight, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        how: fc.constantFrom('dropNext' as const, 'dropNext' as const, 'failNext' as const),
        times: fc.integer({ min: 1, max: 4 }),
      }),
    },
  );

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ms = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(MINUTE, 10 * MINUTE, 20 * MINUTE, 2 * HOUR) },
  { weight: 5, arbitrary: fc.constantFrom(DAY, 3 * DAY) },
  { weight: 2, arbitrary: fc.constantFrom(8 * DAY, 35 * DAY) },
);

export const step = fc.oneof(
  {
    weight: 45,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      request,
      dieAfter,
      stripeFails: stripeIsAway(8),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('askAtOnce' as const), request, other: request }) },
  // A worker that stops after a few jobs, so that what follows finds things half done.
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      most: fc.constantFrom(1, 3, 1_000, 1_000),
      dieAfter: dies(2),
      stripeFails: stripeIsAway(2),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('byClock' as const), name: fc.nat(6), dieAfter }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('hear' as const),
      duplicates: fc.nat(2),
      shuffle: fc.boolean(),
      dieAfter,
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms,
      /** Whether the worker was at work meanwhile, or everything stood still. */
      working: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('bank' as const),
      what: fc.constantFrom(
        'authenticate' as const,
        'authenticate' as const,
        'refuse' as const,
        'payOnPage' as const,
        'dispute' as const,
        'win' as const,
        'lose' as const,
        'failRefund' as const,
        'refundByHand' as const,
        'closeAccount' as const,
        'completeAccount' as const,
        'completeAccount' as const,
        'payOut' as const,
      ),
      which,
    }),
  },
);
export type Step = Of<typeof step>;
