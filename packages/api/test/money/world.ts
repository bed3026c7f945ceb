import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { differingBalances } from '../../src/admin/model/reconciliation.ts';
import { reconcile } from '../../src/admin/service/reconcile.ts';
import { SCOPES } from '../../src/platform/actor.ts';
import { transaction } from '../../src/platform/context.ts';
import { consume } from '../../src/platform/events/consume.ts';
import { ensureCursors, listBehind } from '../../src/platform/events/consumption.ts';
import { sequenceOutbox } from '../../src/platform/events/sequence.ts';
import { uuidOf } from '../../src/platform/id.ts';
import { claimDueJobs, type DispatchedJob, finishJob, giveBackJobs } from '../../src/platform/jobs/store.ts';
import { work as allWork } from '../../src/surface.ts';
import { startBookingServer } from '../booking-server.ts';
import { type Answer, callerOf, newPerson } from '../caller.ts';
import { SECRET_KEY } from '../server.ts';
import { faultsAtAnyMoment, faultsOfMoney } from './checker.ts';
import { plantCrashes } from './crashes.ts';

/** What runs by itself every so often. */
const BY_CLOCK = [
  'bookings.expireHolds',
  'bookings.expireRequests',
  'bookings.expireAlterations',
  'bookings.complete',
  'payouts.sendDue',
  'payments.sweep',
  'payouts.sweep',
];
const MOST_ROUNDS = 60;
const MINUTE_MS = 60_000;

const SCOPES_OF_PEOPLE = SCOPES.filter((scope) => scope !== 'admin');

export interface Person {
  id: string;
  key: string;
}

/** A marketplace whose server and worker may die at each of their steps, with everything about money that can happen in it. */
export async function startMoneyWorld() {
  const server = await startBookingServer({ FIRST_PAYOUT_HOLD_DAYS: '2' });
  const { ctx, clock } = server;
  const stripe = ctx.stripe.client;
  const crashes = plantCrashes(server);
  await ensureCursors(ctx.db, [...allWork.consumers.keys()]);

  /** Lets a piece of the server's or worker's work die at a step, if it is told to. Undefined when it died. */
  async function mayDie<T>(dieAfter: number | undefined, work: (signal: AbortSignal) => Promise<T>) {
    if (dieAfter === undefined) return work(new AbortController().signal);
    const life = new AbortController();
    crashes.arm(dieAfter);
    const working = work(life.signal);
    working.catch(() => {});
    const result = await Promise.race([working, crashes.death.then(() => undefined)]);
    crashes.disarm();
    life.abort();
    return result;
  }

  /** Asks the server, which may die meanwhile: then there is no answer. */
  async function ask(
    key: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    dieAfter?: number,
  ): Promise<Answer | undefined> {
    return mayDie(dieAfter, async (signal) => {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        signal,
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, body: text ? JSON.parse(text) : null };
    });
  }

  /** What the emulator says of something that may be refused by then, such as a second dispute of the same charge. */
  const control = (path: string, body?: Parameters<typeof server.controlStripe>[1]) =>
    server.controlStripe(path, body).catch(() => undefined);

  async function hearStripe(dieAfter?: number): Promise<void> {
    crashes.breaking = true;
    if (dieAfter !== undefined) crashes.arm(dieAfter);
    await server.controlStripe('webhooks/flush');
    crashes.disarm();
    crashes.breaking = false;
  }

  async function takeEvents(): Promise<number> {
    const { count } = await sequenceOutbox(ctx.db, 5_000);
    for (const share of await listBehind(ctx.db, clock.now()))
      while (await consume(ctx, allWork.consumers.get(share.consumer)!, share));
    return count;
  }

  async function runJob(job: DispatchedJob, signal: AbortSignal): Promise<void> {
    const { inTransaction, job: type, run } = allWork.handlers.get(job.name)!;
    const payload = type.payload.parse(job.payload) as never;
    const inside = { ...ctx, requestId: job.name };
    if (!inTransaction) {
      await run(inside, payload, { signal });
      await finishJob(ctx.db, job.id);
      return;
    }
    await transaction(inside, async (tx) => {
      if (await finishJob(tx, job.id)) await run({ ...inside, db: tx }, payload, { signal });
    });
  }

  /**
   * One look of the worker at what there is to do. What fails, or dies, is there the next time.
   *
   * @param dieAfter the step at which the worker dies, if at all
   * @param most so many jobs at most
   */
  async function workOnce({ dieAfter, most = 1_000 }: { dieAfter?: number | undefined; most?: number } = {}) {
    const failures: string[] = [];
    const done = await mayDie(dieAfter, async (signal) => {
      const events = await takeEvents();
      const jobs = await claimDueJobs(ctx.db, clock.now(), most);
      for (const job of jobs)
        await runJob(job, signal).catch(async (error: Error) => {
          failures.push(`${job.name}: ${error.stack}`);
          await giveBackJobs(ctx.db, [job.id]);
        });
      return events + jobs.length;
    });
    // What a dead worker had claimed is claimed anew by another one.
    if (done === undefined)
      await ctx.db.updateTable('jobs').set({ dispatched_at: null, key: null }).execute();
    return { done: done ?? 1, failures };
  }

  async function runByClock(names: readonly string[] = BY_CLOCK, dieAfter?: number): Promise<string[]> {
    const failures: string[] = [];
    await mayDie(dieAfter, async (signal) => {
      for (const name of names)
        await allWork.handlers
          .get(name)!
          .run({ ...ctx, requestId: name }, {} as never, { signal })
          .catch((error: Error) => failures.push(`${name}: ${error.stack}`));
    });
    return failures;
  }

  /** Lets everything happen that is to happen by now: nothing fails any more, and Stripe tells all that it has to. */
  async function calmDown(): Promise<string[]> {
    await control('faults');
    await control('webhooks');
    let failures: string[] = [];
    // The sweep asks about what stayed silent for a while.
    for (const minutes of [0, 6, 65]) {
      clock.at = new Date(clock.at.getTime() + minutes * MINUTE_MS);
      for (let round = 0; ; round += 1) {
        if (round === MOST_ROUNDS) return [`There is no end of work: ${failures.join('\n')}`];
        await hearStripe();
        failures = await runByClock();
        const { done, failures: ofJobs } = await workOnce();
        failures.push(...ofJobs);
        if (done === 0 && failures.length === 0) break;
        if (failures.length > 0 && round > 5) return failures;
        if (failures.length > 0) await wait(5);
      }
    }
    return failures;
  }

  const books = { databaseUrl: server.databaseUrl, stripeUrl: server.emulator.url, secretKey: SECRET_KEY };

  /** Lets all come to rest, and tells whatever is then not as it must be. */
  async function faults(): Promise<string[]> {
    const unfinished = await calmDown();
    const found = [...unfinished, ...(await faultsOfMoney(books))];
    const signal = new AbortController().signal;
    const result = await reconcile(ctx, {}, { tell: async () => {}, signal });
    const { differences } = result;
    if (differences.length > 0) found.push(`Reconciliation: ${JSON.stringify(differences)}`);
    return [...found, ...differingBalances(result).map((currency) => `Reconciliation: other ${currency}.`)];
  }

  /** How often what was seen, so that a test that sees too little does not look as if it held. */
  async function seen(): Promise<Record<string, number>> {
    const { rows } = await sql<{ what: string; count: number }>`
      select 'booking ' || status || coalesce(' by ' || cancelled_by, '') as what, count(*)::int from bookings group by 1
      union all select 'payment ' || status, count(*)::int from payments group by 1
      union all select 'attempt ' || status, count(*)::int from payment_attempts group by 1
      union all select 'refund ' || status, count(*)::int from refunds group by 1
      union all select 'dispute ' || status, count(*)::int from disputes group by 1
      union all select 'payout ' || status, count(*)::int from payouts group by 1
      union all select 'reversal ' || status, count(*)::int from payout_reversals group by 1
      union all select 'debt ' || kind, count(*)::int from host_debts group by 1
      union all select 'alteration ' || status, count(*)::int from alterations group by 1
      order by 1`.execute(ctx.db);
    return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
  }

  /** Somebody who may do all that people may. */
  async function person(): Promise<Person> {
    const { id, call } = await newPerson(server);
    const { body } = await call('POST', '/v1/api-keys', {
      body: { name: 'money', scopes: SCOPES_OF_PEOPLE },
    });
    return { id, key: body.key };
  }

  return {
    ...server,
    crashes,
    books,
    ask,
    control,
    hearStripe,
    workOnce,
    runByClock,
    calmDown,
    faults,
    faultsNow: () => faultsAtAnyMoment(server.resources.pool),
    seen,
    newPerson: person,
    byClock: BY_CLOCK,
    /** For looking at Stripe; nothing dies of it. */
    stripe,
    move(milliseconds: number) {
      clock.at = new Date(clock.at.getTime() + milliseconds);
    },
    uuid: (id: string) => uuidOf('bkg', id)!,
    callerOf: (key: string) => callerOf(server, key),
  };
}
export type MoneyWorld = Awaited<ReturnType<typeof startMoneyWorld>>;
