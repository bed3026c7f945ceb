import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { until } from '../../test/until.ts';
import { account, move } from '../ledger/model/entry.ts';
import { post } from '../ledger/service/post.ts';
import { type Context, contextOfProcess, transaction } from '../platform/context.ts';
import { type RunningWorker, startWorker } from '../worker.ts';
import { startReconciliation } from './service/run-maintenance.ts';

const RUNS = '/v1/admin/maintenance-runs';
const HOUR_MS = 3_600_000;

let server: TestServer;
let worker: RunningWorker;
let call: Caller;
let ctx: Context;
beforeAll(async () => {
  server = await startTestServer();
  worker = startWorker(server.resources);
  call = callerOf(server, server.credentials.admin.apiKey);
  ctx = contextOfProcess(server.resources, null);
});
afterAll(async () => {
  expect(server.breaches).toEqual([]);
  await worker.close();
  await server.stop();
});

/** Asks for maintenance and waits until it is through. */
async function maintain(task: string, body: object = {}) {
  const { status, body: started } = await call('POST', `/v1/admin/maintenance/${task}`, { body });
  expect([status, started.status]).toEqual([202, 'waiting']);
  return ended(started.id);
}

async function ended(id: string) {
  const read = async () => (await call('GET', `${RUNS}/${id}`)).body;
  await until('the run has ended', async () => ['succeeded', 'failed'].includes((await read()).status));
  return read();
}

/** A charge at Stripe, with its balance transaction. */
async function charge(amount: number, currency = 'eur') {
  const { client } = server.resources.stripe;
  const { latest_charge } = await client.paymentIntents.create({
    amount,
    currency,
    payment_method: 'pm_card_visa',
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    expand: ['latest_charge.balance_transaction'],
  });
  if (!latest_charge || typeof latest_charge === 'string') throw new Error('the charge was not expanded');
  const { balance_transaction } = latest_charge;
  if (!balance_transaction || typeof balance_transaction === 'string') throw new Error('nor its transaction');
  return { id: latest_charge.id, transaction: balance_transaction };
}

type Charge = Awaited<ReturnType<typeof charge>>;

/** Writes a charge as payments do: the charge and its fee mirror one balance transaction. */
const write = (
  { id, transaction: { id: stripeTransaction, amount, fee, created } }: Charge,
  currency = 'EUR',
) => {
  const entry = { reference: null, stripeTransaction, occurredAt: new Date(created * 1_000) };
  const money = (sum: number) => ({ amount: sum, currency: currency as 'EUR' });
  return transaction(ctx, (tx) =>
    post(ctx, tx, [
      {
        ...entry,
        kind: 'charge',
        source: `charge:${id}`,
        postings: move(account('guestPayments'), account('stripeBalance'), money(amount)),
      },
      {
        ...entry,
        kind: 'stripeFee',
        source: `fee:${stripeTransaction}`,
        postings: move(account('stripeBalance'), account('stripeFees'), money(fee)),
      },
    ]),
  );
};

describe('a reconciliation', () => {
  test('is at zero when both know the same, each charge with its fee as one', async () => {
    for (const amount of [12_000, 4_500]) await write(await charge(amount));
    await write(await charge(9_000, 'jpy'), 'JPY');
    const run = await maintain('reconcile');
    expect(run).toMatchObject({
      status: 'succeeded',
      applies: false,
      failure: null,
      progress: { done: 3, total: 3 },
      result: { task: 'reconcile', from: null, checked: 3, matched: 3, differenceCount: 0, differences: [] },
    });
    for (const { ledger, stripe } of [...run.result.totals, ...run.result.balances])
      expect(ledger).toBe(stripe);
    expect(run.result.balances.map(({ currency }: { currency: string }) => currency)).toEqual(['EUR', 'JPY']);
    expect(run.result.balances[0].ledger).toBeLessThan(16_500);
  });

  test('names what Stripe did and the ledger does not know, and tells of it', async () => {
    const unknown = await charge(7_700);
    const { id, result } = await maintain('reconcile');
    expect(result).toMatchObject({ checked: 4, matched: 3, differenceCount: 1 });
    const { net } = unknown.transaction;
    expect(result.differences).toEqual([
      {
        kind: 'missingInLedger',
        transaction: unknown.transaction.id,
        at: new Date(unknown.transaction.created * 1_000).toISOString(),
        ledger: null,
        stripe: { amount: net, currency: 'EUR', source: unknown.id },
        advice: expect.stringContaining('reconcile again'),
      },
    ]);
    const [euros] = result.balances;
    expect(euros.stripe - euros.ledger).toBe(net);
    await until('it is told', async () => {
      const { data } = (await call('GET', '/v1/events?all=true&types=marketplace.moneyDiffers')).body;
      return data.some((event: { data: { runId: string } }) => event.data.runId === id);
    });
    await write(unknown);
    expect((await maintain('reconcile')).result.differenceCount).toBe(0);
  });

  test('names what the ledger tells wrongly or Stripe never did', async () => {
    const [less, other] = [await charge(5_000), await charge(5_000)];
    await write({ ...less, transaction: { ...less.transaction, amount: 4_999 } });
    await write(other, 'USD');
    const never = { ...other.transaction, id: 'txn_never' };
    await write({ id: 'ch_never', transaction: never });
    const { result } = await maintain('reconcile');
    const kinds = Object.fromEntries(
      result.differences.map((one: { transaction: string; kind: string }) => [one.transaction, one.kind]),
    );
    expect(kinds).toEqual({
      [less.transaction.id]: 'amountDiffers',
      [other.transaction.id]: 'currencyDiffers',
      txn_never: 'missingAtStripe',
    });
  });

  test('of another time looks at nothing of now, and compares no balances', async () => {
    const now = server.resources.clock.now().getTime();
    const [from, to] = [2, 1].map((hours) => new Date(now - hours * HOUR_MS).toISOString());
    const { result } = await maintain('reconcile', { from, to });
    expect(result).toMatchObject({ from, to, checked: 0, differences: [], totals: [], balances: null });
  });

  test('leaves alone what Stripe takes for itself, which is of no booking', async () => {
    const at = server.resources.clock.now().getTime() - 90 * 60_000;
    const [from, to] = [at - HOUR_MS, at + HOUR_MS / 2].map((time) => new Date(time).toISOString());
    const { balanceTransactions } = server.resources.stripe.client;
    const original = balanceTransactions.list;
    balanceTransactions.list = async function* () {
      const monthly = { id: 'txn_monthly', type: 'stripe_fee', amount: -200, fee: 0, currency: 'eur' };
      yield { ...monthly, created: Math.floor(at / 1_000), source: null };
    } as never;
    try {
      const { result } = await maintain('reconcile', { from, to });
      expect(result).toMatchObject({ checked: 0, differences: [] });
    } finally {
      balanceTransactions.list = original;
    }
  });

  test('of many pages reads both sides to their end', async () => {
    const clock = server.resources.clock.now();
    await transaction(ctx, (tx) =>
      post(
        ctx,
        tx,
        Array.from({ length: 2_300 }, (_, index) => ({
          kind: 'charge' as const,
          source: `charge:ch_many_${index}`,
          reference: null,
          stripeTransaction: `txn_many_${index}`,
          // Many in each second, so that pages end within one.
          occurredAt: new Date(clock.getTime() - 48 * HOUR_MS - Math.floor(index / 700) * 1_000),
          postings: move(account('guestPayments'), account('stripeBalance'), { amount: 1, currency: 'EUR' }),
        })),
      ),
    );
    const to = new Date(clock.getTime() - 24 * HOUR_MS).toISOString();
    const { result } = await maintain('reconcile', { to });
    expect(result).toMatchObject({ checked: 2_300, matched: 0, differenceCount: 2_300 });
    expect(result.totals).toEqual([{ currency: 'EUR', ledger: 2_300, stripe: 0 }]);
    expect(new Set(result.differences.map((one: { transaction: string }) => one.transaction)).size).toBe(
      1_000,
    );
  });

  test('fails in words when Stripe does not answer', async () => {
    const { client } = server.resources.stripe;
    const original = client.balanceTransactions.list.bind(client.balanceTransactions);
    client.balanceTransactions.list = (() => {
      throw new Error('Stripe does not answer.');
    }) as never;
    try {
      const run = await maintain('reconcile');
      expect(run).toMatchObject({ status: 'failed', result: null, failure: 'Stripe does not answer.' });
    } finally {
      client.balanceTransactions.list = original;
    }
  });

  test('of the day before is wanted by the calendar of UTC', async () => {
    await startReconciliation(ctx);
    const [latest] = (await call('GET', `${RUNS}?task=reconcile&limit=1`)).body.data;
    const today = `${server.resources.clock.now().toISOString().slice(0, 10)}T00:00:00.000Z`;
    expect(latest).toMatchObject({ startedBy: null, options: { to: today } });
    expect(Date.parse(today) - Date.parse(latest.options.from)).toBe(24 * HOUR_MS);
    expect((await ended(latest.id)).status).toBe('succeeded');
  });

  test('of days that were left out is made up for', async () => {
    await server.resources.db
      .updateTable('maintenance_runs')
      .set({ options: JSON.stringify({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' }) })
      .where('started_by', 'is', null)
      .execute();
    await startReconciliation(ctx);
    const [latest] = (await call('GET', `${RUNS}?task=reconcile&limit=1`)).body.data;
    expect(latest.options.from).toBe('2026-01-02T00:00:00.000Z');
    expect((await ended(latest.id)).status).toBe('succeeded');
  });
});

describe('rebuilding search', () => {
  test('looks first, and mends when it is told to, with a reason in the audit log', async () => {
    const host = callerOf(server, server.credentials.host.apiKey);
    await host('POST', '/v1/listings', { body: { title: 'Loft', roomType: 'entirePlace' } });
    const look = await maintain('rebuildSearch');
    expect(look.result).toEqual({ task: 'rebuildSearch', wrong: 0, mended: 0 });
    await server.resources.db.deleteFrom('listing_search_stays').execute();
    expect((await maintain('rebuildSearch')).result).toEqual({ task: 'rebuildSearch', wrong: 1, mended: 0 });
    const reason = 'rows were lost';
    const mended = await maintain('rebuildSearch', { apply: true, reason });
    expect(mended).toMatchObject({ applies: true, reason, result: { wrong: 1, mended: 1 } });
    expect((await maintain('rebuildSearch')).result.wrong).toBe(0);
    await until('it is in the audit log', async () => {
      const { data } = (await call('GET', '/v1/admin/audit-log?type=maintenance.started')).body;
      return data.some((act: { data: object }) => JSON.stringify(act.data).includes(mended.id));
    });
  });
});

describe('maintenance', () => {
  test.each([
    ['reconcile', { apply: true, reason: 'because' }, '/apply'],
    ['rebuildSearch', { apply: true }, '/reason'],
    ['rebuildSearch', { from: '2026-11-01T00:00:00.000Z' }, '/from'],
    ['reconcile', { from: '2026-11-02T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' }, '/to'],
    ['reconcile', { from: 'yesterday' }, '/from'],
  ])('%s of %j is refused by its pointer', async (task, body, pointer) => {
    const answer = await call('POST', `/v1/admin/maintenance/${task}`, { body });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test('is one of those that are listed', async () => {
    const { data } = (await call('GET', '/v1/admin/maintenance')).body;
    expect(data).toEqual([
      { name: 'reconcile', summary: expect.any(String), applies: false, options: ['from', 'to'] },
      { name: 'rebuildSearch', summary: expect.any(String), applies: true, options: [] },
    ]);
    const unknown = await call('POST', '/v1/admin/maintenance/constructor', { body: {} });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'maintenance_not_found']);
    expect((await call('GET', `${RUNS}/run_1`)).body.code).toBe('maintenance_run_not_found');
  });

  test('is listed newest first, page by page', async () => {
    const first = (await call('GET', `${RUNS}?limit=2`)).body;
    const second = (await call('GET', `${RUNS}?limit=2&cursor=${first.nextCursor}`)).body;
    const ids = [...first.data, ...second.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids).toHaveLength(4);
  });

  test('is asked for once with one idempotency key', async () => {
    const ask = () =>
      call('POST', '/v1/admin/maintenance/rebuildSearch', {
        body: {},
        headers: { 'Idempotency-Key': 'once' },
      });
    expect((await ask()).body.id).toBe((await ask()).body.id);
  });
});
