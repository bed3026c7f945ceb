import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { contextOfProcess, transaction } from '../platform/context.ts';
import { NO_SHARES, postingsBetween, type Shares, withRest } from './model/allocation.ts';
import { ACCOUNTS, account, type Entry, move, payableTo } from './model/entry.ts';
import { allocate, standingOf } from './service/allocate.ts';
import { post } from './service/post.ts';

const UNBALANCED = 'ledger_transactions__add_up';
/** Rows by direct SQL in one statement, as the application's role would write them. */
const DIRECT = `with t as (
    insert into ledger_transactions (id, kind, source, occurred_at)
    values (gen_random_uuid(), 'charge', $1, now()) returning id
  ) insert into ledger_postings (transaction_id, account, currency, amount)
  select t.id, a.account, a.currency, a.amount from t, unnest($2::text[], $3::text[], $4::bigint[]) as a (account, currency, amount)`;

let server: TestServer;
let app: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  app = new pg.Client({ connectionString: server.databaseUrl, options: '-c role=sojourn_app' });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await server.stop();
});

const constraintOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: { constraint?: string; code?: string }) => error.constraint ?? error.code,
  );

interface Line {
  account: string;
  currency: string;
  amount: number;
}
const writeDirectly = (lines: readonly Line[], source: string = randomUUID()) =>
  app.query(DIRECT, [
    source,
    lines.map((line) => line.account),
    lines.map((line) => line.currency),
    lines.map((line) => line.amount),
  ]);

const line = fc.record({
  account: fc.constantFrom(...ACCOUNTS.filter((name) => name !== 'hostPayable')),
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  amount: fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((amount) => amount !== 0),
});
const sums = (lines: readonly Line[]) =>
  [...Map.groupBy(lines, ({ currency }) => currency).values()].map((same) =>
    same.reduce((sum, { amount }) => sum + amount, 0),
  );
const unbalanced = fc
  .array(line, { minLength: 1, maxLength: 5 })
  .filter((lines) => sums(lines).some((sum) => sum !== 0));

describe('what the database refuses', () => {
  test('postings that do not add up to zero in each currency, however they are written', async () => {
    const runs = Number(process.env.LEDGER_RUNS ?? 500);
    const refused: (string | undefined)[] = [];
    for (const lines of fc.sample(unbalanced, runs)) refused.push(await constraintOf(writeDirectly(lines)));
    expect(refused).toHaveLength(runs);
    expect(new Set(refused)).toEqual(new Set([UNBALANCED]));
    const { rows } = await app.query('select count(*)::int as count from ledger_postings');
    expect(rows).toEqual([{ count: 0 }]);
  });

  test('a movement without postings, and one posting more in a movement that is closed', async () => {
    const alone = app.query(
      `insert into ledger_transactions (id, kind, source, occurred_at) values (gen_random_uuid(), 'charge', 'alone', now())`,
    );
    expect(await constraintOf(alone)).toBe(UNBALANCED);
    await writeDirectly(
      [
        { account: 'stripeBalance', currency: 'EUR', amount: 100 },
        { account: 'guestPayments', currency: 'EUR', amount: -100 },
      ],
      'closed',
    );
    const later = app.query(`with t as (select id from ledger_transactions where source = 'closed')
      insert into ledger_postings (transaction_id, account, currency, amount)
      select t.id, a.account, 'EUR', a.amount from t, (values ('refunds', 5), ('stripeBalance', -5)) as a (account, amount)`);
    expect(await constraintOf(later)).toBe('ledger_transactions__closed');
  });

  test('to change or remove anything that is written', async () => {
    for (const statement of [
      'update ledger_postings set amount = amount',
      'delete from ledger_postings',
      'truncate ledger_postings',
      'update ledger_transactions set kind = kind',
      'delete from ledger_transactions',
      'truncate ledger_transactions cascade',
      'alter table ledger_postings disable trigger all',
    ])
      expect([statement, await constraintOf(app.query(statement))]).toEqual([statement, '42501']);
  });
});

describe('shares', () => {
  const kept = fc.record({
    host: fc.integer({ min: 0, max: 1_000_000 }),
    platform: fc.integer({ min: -50_000, max: 200_000 }),
    taxes: fc.integer({ min: 0, max: 200_000 }),
  });
  const shares = fc
    .record({ paid: fc.integer({ min: 0, max: 2_000_000 }), kept })
    .map((one) => withRest(one.paid, one.kept));

  test('a change of shares adds up to zero, and leads from the one to the other', () => {
    fc.assert(
      fc.property(shares, shares, (was, is) => {
        const postings = postingsBetween(was, is, { hostId: 'host', currency: 'EUR' });
        expect(postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
        const of = (name: string) => postings.find((posting) => posting.account === name)?.amount ?? 0;
        const reached: Shares = {
          host: was.host - of('hostPayable'),
          platform: was.platform - of('platformRevenue'),
          taxes: was.taxes - of('taxesPayable'),
          refunds: was.refunds - of('refunds'),
        };
        expect(reached).toEqual(is);
      }),
    );
  });

  test('whose the money of a stay is, is read as it was written; the same again changes nothing', async () => {
    const ctx = contextOfProcess(server.resources, null);
    const { id: hostId } = await server.resources.db
      .selectFrom('users')
      .select('id')
      .executeTakeFirstOrThrow();
    const reference = randomUUID();
    const charge: Entry = {
      kind: 'charge',
      source: `charge:${reference}`,
      reference,
      stripeTransaction: 'txn_1',
      occurredAt: ctx.clock.now(),
      postings: move(account('guestPayments'), account('stripeBalance'), { amount: 1_000, currency: 'EUR' }),
    };
    const is = withRest(1_000, { host: 700, platform: 120, taxes: 80 });
    const settled = await transaction(ctx, async (tx) => {
      expect(await post(ctx, tx, [charge])).toEqual([charge.source]);
      expect(await post(ctx, tx, [charge])).toEqual([]);
      return allocate(ctx, tx, { reference, hostId, currency: 'EUR', was: NO_SHARES, is });
    });
    expect(settled).toBe(true);
    const transfer: Entry = {
      ...charge,
      kind: 'transfer',
      source: `transfer:${reference}`,
      postings: move(account('stripeBalance'), payableTo(hostId), { amount: 700, currency: 'EUR' }),
    };
    await transaction(ctx, (tx) => post(ctx, tx, [transfer]));
    // What was sent to the host does not change what the host's share is.
    expect(await standingOf(ctx.db, reference)).toEqual({ paid: 1_000, shares: is });
    const again = transaction(ctx, (tx) =>
      allocate(ctx, tx, { reference, hostId, currency: 'EUR', was: is, is }),
    );
    expect(await again).toBe(false);
  });
});
