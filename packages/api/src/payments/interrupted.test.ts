import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PaymentServer, startPaymentServer } from '../../test/payment-server.ts';
import { type Context, type Db, transaction } from '../platform/context.ts';
import { cancelIntent } from './service/cancel-intent.ts';
import { capture } from './service/capture.ts';
import { capturePayment } from './service/capture-payment.ts';
import { orderRefund } from './service/order-refund.ts';
import { clientSecretOf } from './service/pay-in-browser.ts';
import { refund } from './service/refund.ts';
import { finishAttempt } from './service/settle-attempt.ts';
import { voidPayments } from './service/void-payments.ts';

let server: PaymentServer;
beforeAll(async () => {
  server = await startPaymentServer();
  await server.control('webhooks', { paused: true });
});
afterAll(() => server.stop());

/** A process that dies at its nth write: before it is written, or right after. Reads and calls of Stripe go on until then. */
function dyingAt(write: number, when: 'before' | 'after'): { ctx: Context; died: () => boolean } {
  let writes = 0;
  let died = false;
  const die = () => {
    died = true;
    throw new Error('The process was killed.');
  };
  const dying = async <T>(work: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes === write && when === 'before') die();
    const result = await work();
    if (writes === write && when === 'after') die();
    return result;
  };
  const db = new Proxy(server.ctx.db, {
    get(target, name) {
      if (name === 'transaction')
        return () => ({
          execute: (work: (tx: never) => Promise<unknown>) =>
            dying(() => target.transaction().execute(work as never)),
        });
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as Db;
  return { ctx: { ...server.ctx, db }, died: () => died };
}

const intentIdOf = async (reference: string) => (await server.rows(reference))[0]!.stripe_intent_id!;
const whole = async (reference: string) => {
  const { intents, charges } = await server.atStripe(reference);
  const refunds = await server.db
    .selectFrom('refunds')
    .select(['status', 'amount'])
    .where('reference', '=', reference)
    .execute();
  const { status, captured, refunded } = await server.read(reference);
  return {
    payment: { status, captured, refunded },
    ledger: await server.ledger(reference),
    news: await server.news(reference),
    refunds,
    atStripe: {
      intents: intents.map((intent) => intent.status),
      charges: charges.map(({ amount_captured, amount_refunded }) => [amount_captured, amount_refunded]),
    },
  };
};

type Job = (ctx: Context) => Promise<unknown>;
/** Each kind of job: brings a payment to where it is wanted, and answers it. */
const JOBS: Record<string, (reference: string) => Promise<Job>> = {
  'an attempt': async (reference) => {
    const attempt = await server.start(reference, 'pm_card_visa');
    return (ctx) => finishAttempt(ctx, attempt);
  },
  'an attempt that is declined': async (reference) => {
    const attempt = await server.start(reference, 'pm_card_visa_chargeDeclined');
    return (ctx) => finishAttempt(ctx, attempt);
  },
  'a capture': async (reference) => {
    await server.pay(reference);
    await transaction(server.ctx, (tx) => capturePayment(server.ctx, tx, reference));
    const [row] = await server.rows(reference);
    return (ctx) => capture(ctx, row!.id);
  },
  'a cancellation': async (reference) => {
    await server.pay(reference);
    await transaction(server.ctx, (tx) => voidPayments(server.ctx, tx, [reference]));
    const intentId = await intentIdOf(reference);
    return (ctx) => cancelIntent(ctx, intentId);
  },
  'a cancellation that comes too late': async (reference) => {
    await clientSecretOf(server.ctx, reference);
    const intentId = await intentIdOf(reference);
    await server.stripe.paymentIntents.confirm(intentId, {
      payment_method: 'pm_card_visa',
      return_url: 'https://app.example',
    });
    await transaction(server.ctx, (tx) => voidPayments(server.ctx, tx, [reference]));
    return (ctx) => cancelIntent(ctx, intentId);
  },
  'a refund': async (reference) => {
    await server.pay(reference);
    await transaction(server.ctx, (tx) => orderRefund(server.ctx, tx, { reference, amount: 7_000 }));
    const row = await server.db
      .selectFrom('refunds')
      .select('id')
      .where('reference', '=', reference)
      .executeTakeFirstOrThrow();
    return (ctx) => refund(ctx, row.id);
  },
};
const isHeld = (name: string) => name === 'a capture' || name === 'a cancellation';

describe.each(Object.keys(JOBS))('%s', (name) => {
  const prepare = async () => {
    const reference = await server.open(20_000, isHeld(name) ? 'manual' : 'automatic');
    return { reference, job: await JOBS[name]!(reference) };
  };

  test('whose process dies at any write is, done again, what it is when nobody dies', async () => {
    const { reference, job } = await prepare();
    await job(server.ctx);
    const expected = await whole(reference);
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let write = 1; ; write++) {
        const again = await prepare();
        const { ctx, died } = dyingAt(write, when);
        await again.job(ctx).catch(() => undefined);
        if (!died()) break;
        deaths += 1;
        await again.job(server.ctx);
        expect([when, write, await whole(again.reference)]).toEqual([when, write, expected]);
      }
    }
    expect(deaths).toBeGreaterThanOrEqual(2);
  });

  test('that several processes do at once, and again, is done once', async () => {
    const { reference, job } = await prepare();
    await job(server.ctx);
    const expected = await whole(reference);
    const again = await prepare();
    await Promise.allSettled([job, job, job].map(() => again.job(server.ctx)));
    await again.job(server.ctx);
    expect(await whole(again.reference)).toEqual(expected);
  });
});
