import { addDays } from '@sojourn/shared/nights';
import { CANCELLATION_POLICIES, LONG_STAY_POLICIES } from '@sojourn/shared/vocabulary';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { NOW, policy, rulebook, stay, stayFacts } from '../../test/stay-facts.ts';
import { flawsOf } from './model/policy-rules.ts';
import { priceStay } from './model/price.ts';
import { refundAt } from './model/refund.ts';
import type { PolicyRules, Terms } from './model/terms.ts';

// The policies that a new marketplace has, held against what is told of them to guests, one second before and after
// each boundary.

let server: TestServer;
let admin: Caller;
const seeded = new Map<string, PolicyRules>();
beforeAll(async () => {
  server = await startTestServer();
  admin = callerOf(server, server.credentials.admin.apiKey);
  const { body } = await admin('GET', '/v1/admin/policies?limit=100');
  for (const { key, rules } of body.data) seeded.set(key, rules);
});
afterAll(() => server.stop());

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LONG_BEFORE = new Date('2026-06-01T00:00:00Z');

/** A stay at 100.00 a night without service fee, from an afternoon in May. */
function termsUnder(key: string, nights: number): Terms {
  const [schedule] = rulebook().feeSchedules;
  const facts = stayFacts(
    {},
    {
      rulebook: rulebook({
        feeSchedules: [{ ...schedule!, guestFeeBps: 0 }],
        policies: [policy(nights < 28 ? 'moderate' : 'firmLongTerm', seeded.get(key)!)],
      }),
    },
  );
  return priceStay(facts, stay({ checkOut: addDays('2027-05-03', nights) }), NOW);
}

/** How many nights' price comes back to who cancels so long before check-in. */
function nightsBack(terms: Terms, msBeforeCheckIn: number, confirmedAt = LONG_BEFORE): number {
  const at = new Date(Date.parse(terms.checkInAt) - msBeforeCheckIn);
  return refundAt(terms, confirmedAt, at).refund / 10_000;
}

test('are there for every key that a listing may choose, and none of them has a flaw', () => {
  expect([...seeded.keys()].sort()).toEqual([...CANCELLATION_POLICIES, ...LONG_STAY_POLICIES].sort());
  for (const rules of seeded.values()) expect(flawsOf(rules)).toEqual([]);
});

// The policy, the nights of the stay, the boundary before check-in, and what comes back a second before and after it.
const BEFORE_CHECK_IN = [
  ['flexible', 10, 24 * HOUR, 10, 9],
  ['moderate', 10, 5 * DAY, 10, 4.5],
  ['limited', 10, 14 * DAY, 10, 5],
  ['limited', 10, 7 * DAY, 5, 0],
  ['firm', 10, 30 * DAY, 10, 5],
  ['firm', 10, 7 * DAY, 5, 0],
  ['strict', 10, 7 * DAY, 5, 0],
  ['strict', 10, 200 * DAY, 5, 5],
  ['nonRefundable', 10, 200 * DAY, 0, 0],
  ['firmLongTerm', 40, 30 * DAY, 40, 10],
  ['firmLongTerm', 28, 30 * DAY, 28, 0],
  ['strictLongTerm', 40, 200 * DAY, 10, 10],
  ['vrboRelaxed', 10, 14 * DAY, 10, 5],
  ['vrboRelaxed', 10, 7 * DAY, 5, 0],
  ['vrboModerate', 10, 30 * DAY, 10, 5],
  ['vrboModerate', 10, 14 * DAY, 5, 0],
  ['vrboFirm', 10, 60 * DAY, 10, 5],
  ['vrboFirm', 10, 30 * DAY, 5, 0],
  ['vrboStrict', 10, 60 * DAY, 10, 0],
] as const;

test.each(BEFORE_CHECK_IN)('%s, %i nights, %i ms before check-in', (key, nights, boundary, before, after) => {
  const terms = termsUnder(key, nights);
  expect(nightsBack(terms, boundary + SECOND)).toBe(before);
  expect(nightsBack(terms, boundary - SECOND)).toBe(after);
});

// From check-in on a night counts as stayed when its date is over: midnight comes nine hours after check-in.
const AFTER_CHECK_IN = [
  ['flexible', 10, 0, 9, 9],
  ['flexible', 10, 9 * HOUR, 9, 8],
  ['flexible', 10, 9 * HOUR + 3 * DAY, 6, 5],
  ['flexible', 10, 9 * HOUR + 8 * DAY, 1, 0],
  ['moderate', 10, 0, 4.5, 4.5],
  ['moderate', 10, 9 * HOUR, 4.5, 4],
  ['moderate', 10, 9 * HOUR + 8 * DAY, 0.5, 0],
  ['limited', 10, 0, 0, 0],
  ['firm', 10, 9 * HOUR, 0, 0],
  ['firmLongTerm', 40, 0, 10, 10],
  ['firmLongTerm', 40, 9 * HOUR, 10, 9],
  ['strictLongTerm', 40, 9 * HOUR + 9 * DAY, 1, 0],
] as const;

test.each(AFTER_CHECK_IN)('%s, %i nights, %i ms after check-in', (key, nights, boundary, before, after) => {
  const terms = termsUnder(key, nights);
  expect(nightsBack(terms, -boundary + SECOND)).toBe(before);
  expect(nightsBack(terms, -boundary - SECOND)).toBe(after);
});

describe('the time to think after a confirmation', () => {
  // The policy, its hours, the days before check-in that it needs, the nights and what comes back after it.
  const GRACE = [
    ['limited', 24, 7, 10, 0],
    ['strict', 24, 7, 10, 0],
    ['strictLongTerm', 48, 28, 40, 10],
    ['vrboStrict', 24, 7, 10, 0],
  ] as const;

  test.each(GRACE)('%s: %i hours when confirmed %i days ahead', (key, hours, days, nights, after) => {
    const terms = termsUnder(key, nights);
    const confirmedAhead = days * DAY;
    const confirmedAt = new Date(Date.parse(terms.checkInAt) - confirmedAhead);
    const end = confirmedAhead - hours * HOUR;
    expect(nightsBack(terms, end + SECOND, confirmedAt)).toBe(nights);
    expect(nightsBack(terms, end - SECOND, confirmedAt)).toBe(after);
    const tooLate = new Date(confirmedAt.getTime() + SECOND);
    expect(nightsBack(terms, confirmedAhead - 2 * SECOND, tooLate)).toBe(after);
  });

  test('is none for what is not refundable', () => {
    const terms = termsUnder('nonRefundable', 10);
    const confirmedAt = new Date(Date.parse(terms.checkInAt) - 100 * DAY);
    expect(nightsBack(terms, 100 * DAY - SECOND, confirmedAt)).toBe(0);
  });
});

describe('admins', () => {
  const reason = 'Decided by the board.';
  const RULES = {
    steps: [{ hoursBeforeCheckIn: 72, percent: 80 }],
    late: { nights: 1, percentOfRest: 50 },
    during: { nights: 1, percentOfRest: 50 },
    grace: null,
  };

  test('make versions of policies, and the audit log says why', async () => {
    const made = await admin('POST', '/v1/admin/policies', {
      body: { key: 'moderate', name: 'Moderate', rules: RULES, reason },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ key: 'moderate', rules: RULES });
    const { body } = await admin('GET', '/v1/admin/policies?limit=1');
    expect(body.data).toEqual([made.body]);
    const page = await admin('GET', `/v1/admin/policies?limit=1&cursor=${body.nextCursor}`);
    expect(page.body.data[0].id).not.toBe(made.body.id);
    const told = await server.resources.db
      .selectFrom('outbox')
      .select('data')
      .where('type', '=', 'policy.created')
      .execute();
    expect(told).toMatchObject([{ data: { policyId: made.body.id, key: 'moderate', reason } }]);
  });

  test('are refused rules by which a refund rises, with every flaw', async () => {
    const rules = {
      ...RULES,
      steps: [
        { hoursBeforeCheckIn: 72, percent: 20 },
        { hoursBeforeCheckIn: 24, percent: 40 },
      ],
      during: { nights: 0, percentOfRest: 50 },
    };
    const { status, body } = await admin('POST', '/v1/admin/policies', {
      body: { key: 'moderate', name: 'Moderate', rules, reason },
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/rules/steps/1/percent',
      '/rules/late/percentOfRest',
      '/rules/during/nights',
    ]);
  });

  test('cannot change the past, and not the same moment twice', async () => {
    const fees = { name: 'Later', mode: 'hostOnly', hostFeeBps: 1_550, guestFeeBps: 0, reason };
    const post = (effectiveFrom: string) =>
      admin('POST', '/v1/admin/fee-schedules', { body: { ...fees, effectiveFrom } });
    expect((await post('2021-01-01T00:00:00Z')).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/effectiveFrom', code: 'in_the_past' }],
    });
    expect((await post('2099-01-01T00:00:00Z')).status).toBe(201);
    expect((await post('2099-01-01T00:00:00Z')).body.code).toBe('fee_schedule_conflict');
    const { body } = await admin('POST', '/v1/admin/fee-schedules', {
      body: { ...fees, guestFeeBps: 5 },
    });
    expect(body.errors).toMatchObject([{ pointer: '/guestFeeBps' }]);
    const rules = {
      key: 'strict',
      name: 'Strict',
      rules: RULES,
      effectiveFrom: '2099-01-01T00:00:00Z',
      reason,
    };
    expect((await admin('POST', '/v1/admin/policies', { body: rules })).status).toBe(201);
    expect((await admin('POST', '/v1/admin/policies', { body: rules })).body.code).toBe('policy_conflict');
  });

  test('add taxes and end them, once', async () => {
    const wrong = await admin('POST', '/v1/admin/tax-rules', {
      body: { name: 'Odd', country: 'PT', kind: 'perNight', bps: 100, inclusive: true, reason },
    });
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/bps',
      '/amount',
      '/inclusive',
    ]);
    const { body: rule } = await admin('POST', '/v1/admin/tax-rules', {
      body: { name: 'City tax', country: 'PT', city: 'Porto', kind: 'percent', bps: 600, reason },
    });
    expect(rule).toMatchObject({ bps: 600, amount: null, effectiveUntil: null });
    const end = () => admin('POST', `/v1/admin/tax-rules/${rule.id}/end`, { body: { reason } });
    expect((await end()).body.effectiveUntil).not.toBeNull();
    expect((await end()).body.code).toBe('tax_rule_ended');
    const nobodys = 'tax_01k9q2v7n8e6xrd5w3m4h1t0ze';
    const missing = await admin('POST', `/v1/admin/tax-rules/${nobodys}/end`, { body: { reason } });
    expect(missing.body.code).toBe('tax_rule_not_found');
  });

  test('are the only ones who may', async () => {
    const { call } = await newPerson(server);
    for (const path of ['fee-schedules', 'policies', 'tax-rules'])
      expect((await call('GET', `/v1/admin/${path}`)).status).toBe(403);
  });

  test('no answer breaks its contract', () => expect(server.breaches).toEqual([]));
});
