import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { releaseNights } from '../calendar/repository/occupied-nights.ts';
import { stripeEventForPayouts } from '../payments/jobs.ts';
import { transaction } from '../platform/context.ts';
import { enqueue } from '../platform/jobs/enqueue.ts';
import { sweepSilent } from './service/sweep.ts';

// The account that a host's money goes to, and what the host reads of it: balance, statement, export.

let server: PayoutServer;
let host: Host;
beforeAll(async () => {
  server = await startPayoutServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.goTo('2027-03-01T10:00:00Z');
  host = await server.newHost();
});

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const account = async () => (await host.call('GET', '/v1/payout-account')).body;
const open = (body: unknown = { country: 'PT' }) => host.call('POST', '/v1/payout-account', { body });
const accountsOf = async (one: Host) =>
  (await server.ctx.stripe.client.accounts.list({ limit: 100 })).data.filter(
    ({ metadata }) => metadata?.host === one.id,
  );
const heard = (type: string, accountId: string) =>
  transaction(server.ctx, (tx) =>
    enqueue(server.ctx, tx, stripeEventForPayouts, {
      payload: { eventId: 'evt_1', type, account: accountId, objectId: accountId },
    }),
  );

describe('the account', () => {
  test('is opened once, each time with a link that is good for a few minutes', async () => {
    expect(await account()).toEqual({
      status: 'none',
      country: null,
      onboardingUrl: null,
      expiresAt: null,
      requirements: [],
    });
    const [first, second] = [await open(), await open()];
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      status: 'pending',
      country: 'PT',
      expiresAt: '2027-03-01T10:05:00.000Z',
    });
    expect(first.body.requirements).not.toEqual([]);
    expect(second.body.onboardingUrl).not.toBe(first.body.onboardingUrl);
    expect(await accountsOf(host)).toHaveLength(1);
    expect(await account()).toMatchObject({ status: 'pending', onboardingUrl: null });
  });

  test('is opened once by requests that come at the same time, and when Stripe acts and does not answer', async () => {
    await Promise.all([open(), open(), open()]);
    expect(await accountsOf(host)).toHaveLength(1);
    host = await server.newHost();
    await server.control('faults', { dropNext: '2', 'paths[0]': '/v1/accounts' });
    expect((await open()).body.code).toBe('payments_unavailable');
    expect((await open()).status).toBe(200);
    expect(await accountsOf(host)).toHaveLength(1);
  });

  test('is ready when the host has told Stripe all, which Stripe says by itself or is asked for', async () => {
    const { body } = await open();
    // As the host does in the browser.
    await fetch(body.onboardingUrl, { method: 'POST', redirect: 'manual' });
    await server.work();
    expect(await account()).toMatchObject({ status: 'enabled', requirements: [] });
    expect((await open()).body).toMatchObject({ status: 'enabled', onboardingUrl: null });
    expect(await server.news(host, 'payoutAccount.updated')).toContainEqual(
      expect.objectContaining({ status: 'enabled' }),
    );

    host = await server.newHost();
    await open();
    await server.control(`accounts/${await server.accountOf(host)}/complete`);
    server.goTo('2027-03-01T12:00:00Z');
    await sweepSilent(server.ctx, server.signal);
    expect(await account()).toMatchObject({ status: 'enabled' });
  });

  test('that Stripe closed, or lost, is closed; the next one is another', async () => {
    const first = await server.enable(host);
    await server.ctx.stripe.client.accounts.del(first);
    await heard('account.updated', first);
    await server.runJobs();
    expect(await account()).toMatchObject({ status: 'closed' });
    expect((await open({ country: 'ES' })).body).toMatchObject({ status: 'pending', country: 'ES' });
    expect(await server.accountOf(host)).not.toBe(first);
  });

  test('goes by the country of the newest listing; without one the country is asked for', async () => {
    const refused = await open({});
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ pointer: '/country', code: 'required' }]);
    await server.home({}, host.call);
    expect((await open({})).body).toMatchObject({ country: 'PT' });
  });

  test('in a country where Stripe pays nobody is refused, and another country may be tried', async () => {
    const refused = await open({ country: 'ZZ' });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'payout_account_refused',
      detail: expect.stringContaining('ZZ'),
    });
    expect((await open({ country: 'FR' })).body).toMatchObject({ status: 'pending', country: 'FR' });
  });

  test.each([
    ['a country that is none', { country: 'Portugal' }, '/country'],
    ['a page that is none', { country: 'PT', returnUrl: 'javascript:alert(1)' }, '/returnUrl'],
    ['a field that is none', { country: 'PT', iban: 'PT50' }, '/iban'],
  ])('%s is refused by name', async (_what, body, pointer) => {
    const answer = await open(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer }]);
  });
});

describe('what a host reads', () => {
  test('the statement has each change with the balance after it, page by page, and by time and currency', async () => {
    await server.enable(host);
    const stay = await server.stay(host, 40_000);
    await server.stay(host, 700, { currency: 'JPY', checkIn: '2027-04-10' });
    server.goTo('2027-04-02T14:00:00Z');
    await server.send();
    await server.earn(stay, 25_000);
    await server.runJobs();
    const all = (await host.call('GET', '/v1/balance/entries')).body.data;
    expect(all).toMatchObject([
      {
        kind: 'allocation',
        bookingId: stay.id,
        listingTitle: 'Sunny loft',
        amount: eur(40_000),
        balance: eur(40_000),
      },
      {
        kind: 'allocation',
        amount: { amount: 700, currency: 'JPY' },
        balance: { amount: 700, currency: 'JPY' },
      },
      { kind: 'transfer', amount: eur(-40_000), balance: eur(0), occurredAt: '2027-04-02T14:00:00.000Z' },
      { kind: 'allocation', amount: eur(-15_000), balance: eur(-15_000) },
      { kind: 'transferReversal', amount: eur(15_000), balance: eur(0) },
    ]);
    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await host.call('GET', `/v1/balance/entries?limit=2${cursor}`);
      paged.push(...body.data);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(paged).toEqual(all);
    const kinds = async (query: string) =>
      (await host.call('GET', `/v1/balance/entries?${query}`)).body.data.map(
        ({ kind }: { kind: string }) => kind,
      );
    expect(await kinds('currency=JPY')).toEqual(['allocation']);
    expect(await kinds('from=2027-03-02')).toEqual(['transfer', 'allocation', 'transferReversal']);
    expect(await kinds('to=2027-04-02')).toEqual(['allocation', 'allocation']);
    expect(await kinds('from=2027-04-02&to=2027-04-03&currency=EUR')).toHaveLength(3);
  });

  test('what is another host’s is not there; staff with the scope of admins look into it', async () => {
    await server.stay(host, 40_000);
    const [{ id }] = await server.payouts(host);
    const other = await server.newHost();
    const missing = await other.call('GET', `/v1/payouts/pyo_${'0'.repeat(26)}`);
    const theirs = await other.call('GET', `/v1/payouts/${id}`);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: '', instance: '' }).toEqual({
      ...missing.body,
      requestId: '',
      instance: '',
    });
    expect((await other.call('GET', '/v1/payouts')).body.data).toEqual([]);
    for (const path of ['/v1/payouts', '/v1/balance', '/v1/balance/entries']) {
      const refused = await other.call('GET', `${path}?hostId=${host.id}`);
      expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_scope']);
      expect((await server.admin('GET', `${path}?hostId=${host.id}`)).body.data).toHaveLength(1);
    }
    expect((await server.admin('GET', `/v1/payouts/${id}`)).body).toMatchObject({ id, hostId: host.id });
    expect((await server.admin('GET', '/v1/payouts?hostId=usr_nobody')).body.data).toEqual([]);
  });

  test('the list of payouts pages, newest first, and by status', async () => {
    for (const [minute, checkIn] of ['2027-04-01', '2027-04-06', '2027-04-11'].entries()) {
      server.goTo(`2027-03-01T10:0${minute}:00Z`);
      await server.stay(host, 10_000 + minute, { checkIn });
    }
    const first = (await host.call('GET', '/v1/payouts?limit=2')).body;
    expect(first.data).toMatchObject([{ amount: eur(10_002) }, { amount: eur(10_001) }]);
    const rest = (await host.call('GET', `/v1/payouts?limit=2&cursor=${first.nextCursor}`)).body;
    expect(rest).toMatchObject({ data: [{ amount: eur(10_000) }], nextCursor: null });
    expect(await server.payouts(host, '&status=paid')).toEqual([]);
    expect((await host.call('GET', `/v1/payouts?status=paid&cursor=${first.nextCursor}`)).body.code).toBe(
      'invalid_cursor',
    );
  });

  test('the export of the account has the payouts', async () => {
    await server.stay(host, 40_000);
    const { body } = await host.call('GET', '/v1/me/export');
    expect(body.payouts).toMatchObject([{ status: 'scheduled', amount: eur(40_000) }]);
  });
});

test('an account is not closed while money is on its way to it, or owed', async () => {
  const password = 'harbour-lantern-42';
  const close = () => host.call('DELETE', '/v1/me', { body: { password } });
  const stay = await server.stay(host, 40_000);
  await transaction(server.ctx, async (tx) => {
    await releaseNights(tx, stay.uuid);
    await tx.updateTable('bookings').set({ status: 'expired' }).where('id', '=', stay.uuid).execute();
  });
  const refused = await close();
  expect([refused.status, refused.body.code]).toEqual([409, 'account_has_payouts']);
  await server.earn(stay, 0);
  expect((await close()).status).toBe(204);
});

test('the first payout of a new host is held back as long as the marketplace says, the second is not', async () => {
  const { config } = server.resources;
  config.firstPayoutHoldDays = 30;
  try {
    const toAccount = await server.enable(host);
    await server.stay(host, 10_000, { checkIn: '2027-03-10' });
    expect(await server.payouts(host)).toMatchObject([{ dueAt: '2027-03-31T10:00:00.000Z' }]);
    server.goTo('2027-03-31T10:00:00Z');
    await server.send();
    expect(await server.transfersTo(toAccount)).toHaveLength(1);
    await server.stay(host, 20_000, { checkIn: '2027-04-01' });
    expect(await server.payouts(host, '&status=scheduled')).toMatchObject([
      { dueAt: '2027-04-02T14:00:00.000Z' },
    ]);
  } finally {
    config.firstPayoutHoldDays = 0;
  }
});
