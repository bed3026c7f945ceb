import { randomUUID } from 'node:crypto';
import type { Currency } from '@sojourn/shared/money';
import Stripe from 'stripe';
import { paymentHandlers } from '../src/payments/handlers.ts';
import type { Capture } from '../src/payments/model/payment.ts';
import { openPayment } from '../src/payments/service/open-payment.ts';
import { readPayments } from '../src/payments/service/read-payments.ts';
import { settleAttempt } from '../src/payments/service/settle-attempt.ts';
import { startAttempt } from '../src/payments/service/start-attempt.ts';
import { contextOfProcess, transaction } from '../src/platform/context.ts';
import { publicId } from '../src/platform/id.ts';
import { SECRET_KEY, startTestServer, WEBHOOK_SECRET } from './server.ts';

/** The server without its worker, with a clock that can be moved, and what tests of payments do and look at. */
export async function startPaymentServer(settings: Record<string, string> = {}) {
  const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
  const server = await startTestServer(settings, { clock });
  const ctx = contextOfProcess(server.resources, null);
  const { db } = server.resources;
  const handlers = new Map(paymentHandlers.map((handler) => [handler.job.name, handler]));
  const { signal } = new AbortController();

  async function control(path: string, body: Record<string, string | number | boolean> = {}) {
    const answer = await fetch(`${server.emulator.url}/_emulator/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${SECRET_KEY}` },
      body: new URLSearchParams(
        Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
      ),
    });
    if (!answer.ok) throw new Error(await answer.text());
    // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
    return (await answer.json()) as any;
  }

  /** Runs the jobs that are due, each `times` side by side; answers the failures. What fails stays. */
  async function runJobs(times = 1): Promise<string[]> {
    const failures: string[] = [];
    for (let ran = new Set<string>(); ; ) {
      const due = await db
        .selectFrom('jobs')
        .select(['id', 'name', 'payload'])
        .where('name', 'like', 'payments.%')
        .where('run_at', '<=', clock.now())
        .execute();
      const next = due.filter(({ id }) => !ran.has(id));
      if (next.length === 0) return failures;
      ran = new Set([...ran, ...next.map(({ id }) => id)]);
      for (const { id, name, payload } of next) {
        const run = () => handlers.get(name)!.run(ctx, payload as never, { signal });
        const results = await Promise.allSettled(Array.from({ length: times }, run));
        const failed = results.flatMap((result) =>
          result.status === 'rejected' ? [`${name}: ${(result.reason as Error).message}`] : [],
        );
        failures.push(...failed);
        if (failed.length < times) await db.deleteFrom('jobs').where('id', '=', id).execute();
      }
    }
  }

  /** Lets what Stripe tells arrive and be applied, until all is quiet. */
  async function settle(): Promise<void> {
    const waiting = () =>
      db
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('name', 'like', 'payments.%')
        .where('run_at', '<=', clock.now())
        .executeTakeFirstOrThrow();
    do {
      const failures = await runJobs();
      if (failures.length > 0) throw new Error(failures.join('; '));
      await control('webhooks/flush');
    } while (Number((await waiting()).count) > 0);
  }

  const { id: payerId } = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();

  return {
    ...server,
    ctx,
    clock,
    db,
    payerId,
    stripe: server.resources.stripe.client,
    control,
    runJobs,
    settle,
    /** Something to be paid; answers what it is for. */
    async open(amount = 20_000, capture: Capture = 'automatic', currency: Currency = 'EUR'): Promise<string> {
      const reference = randomUUID();
      await transaction(ctx, (tx) =>
        openPayment(ctx, tx, { reference, payerId, capture, amount: { amount, currency } }),
      );
      return reference;
    },
    start: (reference: string, paymentMethod: string) =>
      transaction(ctx, (tx) => startAttempt(ctx, tx, { reference, paymentMethod })),
    async pay(reference: string, paymentMethod = 'pm_card_visa') {
      const attemptId = await transaction(ctx, (tx) => startAttempt(ctx, tx, { reference, paymentMethod }));
      return settleAttempt(ctx, attemptId);
    },
    read: async (reference: string) => (await readPayments(db, [reference])).get(reference)!,
    rows: (reference: string) =>
      db.selectFrom('payments').selectAll().where('reference', '=', reference).orderBy('id').execute(),
    /** The news of a thing's payments so far. */
    async news(reference: string): Promise<string[]> {
      const rows = await db
        .selectFrom('outbox as o')
        .innerJoin('payments as p', 'p.id', 'o.subject_id')
        .select('o.type')
        .where('p.reference', '=', reference)
        .orderBy('o.id')
        .execute();
      return rows.map(({ type }) => type);
    },
    /** How the ledger stands for a thing, by account; debits are positive. */
    async ledger(reference: string): Promise<Record<string, number>> {
      const rows = await db
        .selectFrom('ledger_transactions as t')
        .innerJoin('ledger_postings as p', 'p.transaction_id', 't.id')
        .select(({ fn }) => ['p.account', fn.sum<number>('p.amount').as('amount')])
        .where('t.reference', '=', reference)
        .groupBy('p.account')
        .execute();
      return Object.fromEntries(
        rows.map(({ account, amount }) => [account, Number(amount)]).filter(([, amount]) => amount !== 0),
      );
    },
    /** What Stripe has of a thing. */
    async atStripe(reference: string) {
      const group = publicId('bkg', reference);
      const intents = (await server.resources.stripe.client.paymentIntents.list({ limit: 100 })).data.filter(
        ({ metadata }) => metadata.booking === group,
      );
      const ids = new Set(intents.map(({ id }) => id));
      const charges = (await server.resources.stripe.client.charges.list({ limit: 100 })).data.filter(
        ({ payment_intent }) => ids.has(String(payment_intent)),
      );
      return { intents, charges: charges.filter(({ paid }) => paid) };
    },
    /** Sends something as Stripe would. */
    tell(event: unknown, { secret = WEBHOOK_SECRET, timestamp = Math.floor(Date.now() / 1_000) } = {}) {
      const payload = typeof event === 'string' ? event : JSON.stringify(event);
      const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
      return fetch(`${server.url}/v1/stripe/webhook`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'Stripe-Signature': header },
        body: payload,
      });
    },
  };
}
export type PaymentServer = Awaited<ReturnType<typeof startPaymentServer>>;
