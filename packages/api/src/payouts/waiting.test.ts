import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { until } from '../../test/until.ts';
import { claimDueJobs } from '../platform/jobs/store.ts';
import { lockAccountsOf } from './repository/sending.ts';
import { applyRefusal } from './service/apply-transfer.ts';
import { sendDue } from './service/send-due.ts';
import { sweepSilent } from './service/sweep.ts';

// Payouts that wait: for an account, for Stripe, for each other.

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

const idsOf = async ({ uuid }: Host) =>
  (
    await server.ctx.db
      .selectFrom('payouts')
      .select('id')
      .where('host_id', '=', uuid)
      .orderBy('due_at')
      .execute()
  ).map(({ id }) => id);

test('those that no account can take are not looked at each time, and go at once when one can', async () => {
  await server.stay(host, 40_000);
  server.goTo('2027-04-05T00:00:00Z');
  await server.send();
  const { rows } = await sql<{ due: number }>`select count(*)::int as due from payouts
    where status in ('scheduled', 'failed') and next_attempt_at <= ${server.clock.at}`.execute(server.ctx.db);
  expect(rows).toEqual([{ due: 0 }]);
  expect(await server.payouts(host)).toMatchObject([
    { status: 'scheduled', blockedBy: 'payoutAccount', dueAt: '2027-04-02T14:00:00.000Z' },
  ]);
  const account = await server.enable(host);
  await server.send();
  expect(await server.transfersTo(account)).toMatchObject([{ amount: 40_000 }]);
  await server.agree(host);
});

test('one that failed and became due later does not go before that for a new account', async () => {
  const closed = await server.enable(host);
  const stay = await server.stay(host, 40_000);
  await server.control(`accounts/${closed}/close`);
  server.goTo('2027-04-02T14:00:00Z');
  await server.send();
  const later = new Date('2027-04-20T14:00:00Z');
  await server.ctx.db
    .updateTable('payouts')
    .set({ due_at: later, next_attempt_at: later })
    .where('booking_id', '=', stay.uuid)
    .execute();
  const account = await server.enable(host);
  await server.send();
  expect(await server.transfersTo(account)).toEqual([]);
  server.goTo('2027-04-20T14:00:00Z');
  await server.send();
  expect(await server.transfersTo(account)).toMatchObject([{ amount: 40_000 }]);
});

test('a look at what stayed silent adds no job to one that is at it', async () => {
  await server.enable(host);
  await server.stay(host, 40_000);
  server.goTo('2027-04-02T14:00:00Z');
  await sendDue(server.ctx, server.signal);
  await claimDueJobs(server.ctx.db, server.clock.at, 1_000);
  for (const minute of [10, 11, 12]) {
    server.goTo(`2027-04-02T14:${minute}:00Z`);
    await sweepSilent(server.ctx, server.signal);
    await claimDueJobs(server.ctx.db, server.clock.at, 1_000);
  }
  const jobs = await server.ctx.db
    .selectFrom('jobs')
    .select('id')
    .where('name', '=', 'payouts.transfer')
    .execute();
  expect(jobs).toHaveLength(1);
  await server.runJobs();
});

test('one that is refused while another of the same stay is sent waits for no one in a circle', async () => {
  await server.enable(host);
  await server.stay(host, 61_000, { nights: 61 });
  server.goTo('2027-04-02T14:00:00Z');
  await sendDue(server.ctx, server.signal);
  const [first, second] = await idsOf(host);
  // Whoever sends what is due holds the second, and then wants the account.
  let refused: Promise<void> | undefined;
  await server.ctx.db.transaction().execute(async (tx) => {
    await tx.selectFrom('payouts').select('id').where('id', '=', second!).forNoKeyUpdate().execute();
    refused = applyRefusal(server.ctx, first!, 'refused');
    await until('somebody waits', async () => {
      const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from pg_locks
        where not granted`.execute(server.ctx.db);
      return rows[0]!.waiting > 0;
    });
    expect((await lockAccountsOf(tx, [host.uuid])).size).toBe(1);
  });
  await refused;
  expect(await server.payouts(host, '&status=failed')).toHaveLength(1);
});
