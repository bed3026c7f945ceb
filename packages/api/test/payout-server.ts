import type { Currency } from '@sojourn/shared/money';
import { addDays } from '@sojourn/shared/nights';
import { sql } from 'kysely';
import { releaseNights } from '../src/calendar/repository/occupied-nights.ts';
import { account, move } from '../src/ledger/model/entry.ts';
import { allocate, standingOf } from '../src/ledger/service/allocate.ts';
import { post } from '../src/ledger/service/post.ts';
import { fromStripeAmount, movable, toStripeAmount } from '../src/payments/model/stripe-amount.ts';
import { payoutHandlers } from '../src/payouts/handlers.ts';
import { chargePenalty } from '../src/payouts/service/charge-penalty.ts';
import { planPayouts } from '../src/payouts/service/plan-payouts.ts';
import { refreshAccount } from '../src/payouts/service/refresh-account.ts';
import { sendDue } from '../src/payouts/service/send-due.ts';
import { transaction } from '../src/platform/context.ts';
import { uuidOf } from '../src/platform/id.ts';
import { startBookingServer } from './booking-server.ts';
import { type Caller, callerOf, newPerson } from './caller.ts';

const SCOPES = [
  'listings:read',
  'listings:write',
  'bookings:read',
  'bookings:write',
  'payouts:read',
  'payouts:write',
  'profile:read',
  'profile:write',
  'events:read',
];

export interface Host {
  id: string;
  uuid: string;
  call: Caller;
}

/** What a host gets of a stay that a guest paid for, told to the ledger as bookings and payments do. */
export interface PaidStay {
  /** `bkg_…` */
  id: string;
  uuid: string;
  chargeId: string;
  total: number;
}

/** The server without its worker, with hosts whose stays are paid for at the emulator, and payouts that tests drive. */
export async function startPayoutServer() {
  const server = await startBookingServer();
  const { ctx } = server;
  const { client } = ctx.stripe;
  const control = server.controlStripe;
  const signal = new AbortController().signal;
  const guest = await server.person();

  async function host(): Promise<Host> {
    const { id, call } = await newPerson(server);
    const { body } = await call('POST', '/v1/api-keys', { body: { name: 'tests', scopes: SCOPES } });
    return { id, uuid: uuidOf('usr', id)!, call: callerOf(server, body.key) };
  }

  const accountOf = async ({ uuid }: Host): Promise<string> =>
    (
      await ctx.db
        .selectFrom('payout_accounts')
        .select('stripe_account_id')
        .where('host_id', '=', uuid)
        .executeTakeFirstOrThrow()
    ).stripe_account_id!;

  /** Opens an account at Stripe that can take money. */
  async function enable(one: Host): Promise<string> {
    const { status, text } = await one.call('POST', '/v1/payout-account', { body: { country: 'PT' } });
    if (status !== 200) throw new Error(text);
    const accountId = await accountOf(one);
    await control(`accounts/${accountId}/complete`);
    await refreshAccount(ctx, accountId);
    return accountId;
  }

  /** A guest pays for a stay; nobody has a share of it yet. */
  async function paidStay(
    by: Host,
    { checkIn = '2027-04-01', nights = 4, currency = 'EUR' as Currency, listing = {} } = {},
  ): Promise<PaidStay> {
    const money = (amount: number) => ({ amount, currency });
    const listingId = await server.home(
      { basePrice: money(10_000), cleaningFee: money(4_000), ...listing },
      by.call,
    );
    const { id, total } = await server.hold(guest.call, listingId, {
      checkIn,
      checkOut: addDays(checkIn, nights),
    });
    const uuid = uuidOf('bkg', id)!;
    const intent = await client.paymentIntents.create({
      amount: toStripeAmount(movable(total.amount, currency), currency)!,
      currency: currency.toLowerCase(),
      payment_method: 'pm_card_visa',
      confirm: true,
      return_url: 'https://example.test/',
    });
    const chargeId = intent.latest_charge as string;
    await mirrorCharge(uuid, chargeId, currency);
    await ctx.db
      .updateTable('payments')
      .set(({ ref }) => ({
        status: 'succeeded',
        captured: ref('amount'),
        stripe_intent_id: intent.id,
        stripe_charge_id: chargeId,
      }))
      .where('reference', '=', uuid)
      .execute();
    return { id, uuid, chargeId, total: total.amount };
  }

  async function mirrorCharge(reference: string, chargeId: string, currency: Currency) {
    const charge = await client.charges.retrieve(chargeId, { expand: ['balance_transaction'] });
    const made = charge.balance_transaction;
    if (made === null || typeof made === 'string') throw new Error('The charge has no balance transaction.');
    const mirrors = { reference, stripeTransaction: made.id, occurredAt: ctx.clock.now() };
    const units = (amount: number) => ({ amount: fromStripeAmount(amount, currency), currency });
    await transaction(ctx, (tx) =>
      post(ctx, tx, [
        {
          ...mirrors,
          kind: 'charge',
          source: `charge:${chargeId}`,
          postings: move(account('guestPayments'), account('stripeBalance'), units(made.amount)),
        },
        {
          ...mirrors,
          kind: 'stripeFee',
          source: `fee:${made.id}`,
          postings: move(account('stripeBalance'), account('stripeFees'), units(made.fee)),
        },
      ]),
    );
  }

  /** The host gets so much of a stay from now on; the marketplace has the rest. */
  const earn = ({ uuid }: PaidStay, amount: number): Promise<void> =>
    transaction(ctx, async (tx) => {
      const { host_id: hostId, currency } = await tx
        .selectFrom('bookings')
        .select(['host_id', 'currency'])
        .where('id', '=', uuid)
        .executeTakeFirstOrThrow();
      const { paid, shares } = await standingOf(tx, uuid);
      await allocate(ctx, tx, {
        reference: uuid,
        hostId,
        currency: currency as Currency,
        was: shares,
        is: { host: amount, platform: paid - amount, taxes: 0, refunds: 0 },
      });
      await planPayouts(ctx, tx, uuid);
    });

  /** A stay of which the host gets so much. */
  async function stay(
    by: Host,
    earns: number,
    wanted: Parameters<typeof paidStay>[1] = {},
  ): Promise<PaidStay> {
    const made = await paidStay(by, wanted);
    await earn(made, earns);
    return made;
  }

  /** The host has cancelled a stay, for a penalty. */
  const cancelled = ({ uuid }: PaidStay, penalty: number): Promise<void> =>
    transaction(ctx, async (tx) => {
      const cancellation = { reason: null, refund: 0, hostKeeps: 0, penalty, lines: [] };
      await releaseNights(tx, uuid);
      await tx
        .updateTable('bookings')
        .set({
          status: 'cancelled',
          cancelled_by: 'host',
          ended_at: ctx.clock.now(),
          cancellation: JSON.stringify(cancellation),
        })
        .where('id', '=', uuid)
        .execute();
      await chargePenalty(ctx, tx, uuid);
    });

  /** What a host was told of, oldest first. */
  async function news({ uuid }: Host, type: string): Promise<Record<string, unknown>[]> {
    const { rows } = await sql<{ data: Record<string, unknown> }>`
      select data from (select id, type, audience, data from outbox union all
        select id, type, audience, data from events) as told
      where type = ${type} and audience @> array[${uuid}::uuid] order by id`.execute(ctx.db);
    return rows.map(({ data }) => data);
  }

  /** Does the jobs of payouts that wait, each once, and answers what failed of them. */
  async function runJobs(): Promise<string[]> {
    const failures: string[] = [];
    const jobs = await ctx.db
      .selectFrom('jobs')
      .select(['id', 'name', 'payload'])
      .where('name', 'in', ['payouts.transfer', 'payouts.reverse', 'payouts.applyStripeEvent'])
      .orderBy('id')
      .execute();
    for (const { id, name, payload } of jobs) {
      const handler = payoutHandlers.find(({ job }) => job.name === name)!;
      try {
        await handler.run(ctx, payload as never, { signal });
        await ctx.db.deleteFrom('jobs').where('id', '=', id).execute();
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    return failures;
  }

  /** Sends what is due, and does what follows of it. */
  async function send(): Promise<string[]> {
    await sendDue(ctx, signal);
    return runJobs();
  }

  const payouts = async ({ call }: Host, query = '') =>
    (await call('GET', `/v1/payouts?limit=100${query}`)).body.data;
  const balance = async ({ call }: Host) => (await call('GET', '/v1/balance')).body.data;
  /** What the ledger says is the host's, by currency. */
  async function payable({ uuid }: Host): Promise<Record<string, number>> {
    const { rows } = await sql<{ currency: string; amount: number }>`
      select currency, (-sum(amount))::bigint as amount from ledger_postings where owner_id = ${uuid}
      group by currency`.execute(ctx.db);
    return Object.fromEntries(rows.map(({ currency, amount }) => [currency, amount]));
  }
  const transfersTo = async (accountId: string) =>
    (await client.transfers.list({ destination: accountId, limit: 100 })).data;

  /** What the API, the ledger and Stripe say of the money is one and the same. */
  async function agree(one: Host): Promise<void> {
    const owedToHost = await payable(one);
    for (const { currency, upcoming, onHold, inTransit, owed } of await balance(one)) {
      const told = upcoming.amount + onHold.amount + inTransit.amount - owed.amount;
      if (told !== (owedToHost[currency] ?? 0))
        throw new Error(`The balance is ${told} ${currency}, and in the ledger ${owedToHost[currency]}.`);
    }
    const missing = await server.missing();
    if (Object.keys(missing).length > 0) throw new Error(`Missing at Stripe: ${JSON.stringify(missing)}.`);
  }

  return {
    ...server,
    signal,
    newHost: host,
    control,
    accountOf,
    enable,
    paidStay,
    earn,
    cancelled,
    news,
    stay,
    runJobs,
    send,
    payouts,
    balance,
    payable,
    agree,
    transfersTo,
    goTo: (instant: string) => {
      server.clock.at = new Date(instant);
    },
  };
}
export type PayoutServer = Awaited<ReturnType<typeof startPayoutServer>>;
