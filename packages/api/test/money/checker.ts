import type { Currency } from '@sojourn/shared/money';
import pg from 'pg';
import Stripe from 'stripe';
import { fromStripeAmount } from '../../src/payments/model/stripe-amount.ts';

// What must be so of all money, whatever happened, once everything is quiet: told from the tables and from Stripe alone,
// without the code that is under test. One line for each thing that is not so.

export interface Books {
  /** Connects as the owner. */
  databaseUrl: string;
  stripeUrl: string;
  secretKey: string;
}

/** A few minor units of a currency with three decimals, which Stripe does not move. */
const CRUMBS = 9;
const WITH_CRUMBS = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];
const crumbsOf = (currency: string) => (WITH_CRUMBS.includes(currency) ? CRUMBS : 0);
const NEVER_AGREED = ['held', 'requested', 'expired', 'declined'];
const AGREED = ['confirmed', 'checkedIn', 'completed', 'noShow'];

export async function faultsOfMoney({ databaseUrl, stripeUrl, secretKey }: Books): Promise<string[]> {
  const db = new pg.Client({ connectionString: databaseUrl });
  // 1700: numeric, in which PostgreSQL adds up whole numbers of 64 bits.
  db.setTypeParser(20, Number);
  db.setTypeParser(1700, Number);
  await db.connect();
  try {
    const stripe = clientFor(stripeUrl, secretKey);
    const [there, here] = await Promise.all([readStripe(stripe), readTables(db)]);
    return [
      ...unbalanced(here),
      ...otherBalance(here, there),
      ...otherMovements(here, there),
      ...here.bookings.flatMap((booking) => [...faultsOfBooking(booking), ...faultsOfPayouts(booking)]),
      ...faultsOfHosts(here),
      ...faultsOfCharges(here, there),
      ...faultsOfRefunds(here, there),
      ...faultsOfDisputes(here, there),
      ...faultsOfTransfers(here, there),
      ...unfinished(here),
      ...faultsOfNights(here),
    ];
  } finally {
    await db.end();
  }
}

/** What must be so at any moment, also while things are under way: little enough to be asked after each step. */
const AT_ANY_MOMENT = `
  select 'The ledger is off by ' || sum(amount) || ' ' || currency as fault from ledger_postings
    group by currency having sum(amount) <> 0
  union all select 'The payment ' || id || ' is ' || amount || ', captured ' || captured || ', refunded ' || refunded
    from payments where refunded < 0 or refunded > captured or captured > amount
  union all select 'Of the payment ' || p.id || ' more is given back than was taken' from payments p
    join refunds r on r.payment_id = p.id and r.status not in ('failed', 'cancelled')
    group by p.id having sum(r.amount) > p.captured
  union all select 'More was sent for the booking ' || p.booking_id || ' than was paid for it' from payouts p
    where status in ('processing', 'paid') group by p.booking_id
    having sum(p.amount - p.deducted - p.reversed) > (select sum(captured) from payments where reference = p.booking_id)
  union all select 'The booking ' || b.id || ' is ' || b.status || ', and nobody has paid' from bookings b
    where status in ('requested', 'confirmed', 'checkedIn') and not exists (select from payments p
      where p.reference = b.id and (p.status in ('requiresCapture', 'succeeded') or capture_requested_at is not null
        -- What the bank let go after a week ends the request a moment later.
        or (b.status = 'requested' and p.status = 'cancelled')))
  union all select 'The nights of ' || a.id || ' are sold twice' from occupied_nights a join occupied_nights b
    on a.listing_id = b.listing_id and a.id < b.id and a.nights && b.nights`;

export async function faultsAtAnyMoment(db: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await db.query<{ fault: string }>(AT_ANY_MOMENT);
  return rows.map(({ fault }) => fault);
}

function clientFor(stripeUrl: string, secretKey: string): Stripe {
  const { protocol, hostname: host, port } = new URL(stripeUrl);
  return new Stripe(secretKey, {
    protocol: protocol === 'https:' ? 'https' : 'http',
    host,
    port,
    telemetry: false,
  });
}

// What is read.

const LIMIT = 100;

async function readStripe(stripe: Stripe) {
  const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
    const items: T[] = [];
    for await (const item of list) items.push(item);
    return items;
  };
  const [intents, charges, refunds, transfers, disputes, movements, balance] = await Promise.all([
    all(stripe.paymentIntents.list({ limit: LIMIT })),
    all(stripe.charges.list({ limit: LIMIT })),
    all(stripe.refunds.list({ limit: LIMIT })),
    all(stripe.transfers.list({ limit: LIMIT })),
    all(stripe.disputes.list({ limit: LIMIT })),
    all(stripe.balanceTransactions.list({ limit: LIMIT })),
    stripe.balance.retrieve(),
  ]);
  return { intents, charges, refunds, transfers, disputes, movements, balance };
}
type AtStripe = Awaited<ReturnType<typeof readStripe>>;

interface BookingRow {
  id: string;
  status: string;
  instant: boolean;
  currency: string;
  price: number;
  confirmed: boolean;
  cancelled_by: string | null;
  guest_refund: number | null;
  host_refunded: number;
  marketplace_refunded: number;
  /** From the ledger: what was charged, whose it is said to be, what nobody has, and what was given back in fact. */
  paid: number;
  host: number;
  platform: number;
  taxes: number;
  refunds: number;
  unallocated: number;
  returned: number;
  /** From the other tables. */
  captured: number;
  failed: number;
  waiting: number;
  lost: number;
  open_disputes: number;
  /** Payments that are not given up. */
  alive: number;
  sent: number;
  to_send: number;
  debts: number;
}

const BOOKINGS = `
  with entries as (
    select t.reference, t.kind, p.account, -sum(p.amount)::bigint as credit
    from ledger_transactions t join ledger_postings p on p.transaction_id = t.id group by 1, 2, 3
  )
  select b.id, b.status, b.instant, b.currency, (b.terms ->> 'total')::bigint as price,
    b.confirmed_at is not null as confirmed, b.cancelled_by, (b.cancellation ->> 'refund')::bigint as guest_refund,
    b.host_refunded, b.marketplace_refunded,
    ${sumOf("kind = 'charge' and account = 'guestPayments'")} as paid,
    ${sumOf("kind = 'allocation' and account = 'hostPayable'")} as host,
    ${sumOf("kind = 'allocation' and account = 'platformRevenue'")} as platform,
    ${sumOf("kind = 'allocation' and account = 'taxesPayable'")} as taxes,
    ${sumOf("kind = 'allocation' and account = 'refunds'")} as refunds,
    ${sumOf("account = 'guestPayments'")} as unallocated,
    -${sumOf("kind in ('refund', 'refundFailure', 'disputeLoss') and account = 'refunds'")} as returned,
    (select coalesce(sum(captured), 0) from payments p where p.reference = b.id) as captured,
    (select coalesce(sum(amount), 0) from refunds r where r.reference = b.id and status in ('failed', 'cancelled')) as failed,
    (select coalesce(sum(amount), 0) from refunds r where r.reference = b.id and status in ('pending', 'blocked')) as waiting,
    (select coalesce(sum(amount), 0) from disputes d where d.reference = b.id and status = 'lost') as lost,
    (select count(*) from disputes d where d.reference = b.id and status = 'open') as open_disputes,
    (select count(*) from payments p where p.reference = b.id and status <> 'cancelled') as alive,
    (select coalesce(sum(amount - reversed), 0) from payouts p where p.booking_id = b.id and status = 'paid') as sent,
    (select coalesce(sum(amount), 0) from payouts p where p.booking_id = b.id
      and status in ('scheduled', 'failed', 'processing')) as to_send,
    (select coalesce(sum(amount), 0) from host_debts d where d.booking_id = b.id and kind = 'reversal') as debts
  from bookings b`;

function sumOf(condition: string): string {
  return `(select coalesce(sum(credit), 0) from entries e where e.reference = b.id and ${condition})`;
}

interface HostRow {
  host_id: string;
  currency: string;
  /** What the ledger says is the host's. */
  payable: number;
  to_send: number;
  owed: number;
}

async function readTables(db: pg.Client) {
  const rows = async <T extends object>(text: string): Promise<T[]> => (await db.query<T>(text)).rows;
  return {
    unbalanced: await rows<{ what: string; currency: string; amount: number }>(`
      select coalesce(t.source, 'all') as what, p.currency, sum(p.amount)::bigint as amount
      from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
      group by grouping sets ((t.id, t.source, p.currency), (p.currency)) having sum(p.amount) <> 0`),
    movements: await rows<{ id: string; currency: string; amount: number }>(`
      select t.stripe_transaction as id, p.currency, sum(p.amount)::bigint as amount
      from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
      where p.account = 'stripeBalance' group by 1, 2`),
    bookings: await rows<BookingRow>(BOOKINGS),
    hosts: await rows<HostRow>(`
      with payable as (select owner_id as host_id, currency, -sum(amount)::bigint as payable from ledger_postings
        where account = 'hostPayable' group by 1, 2)
      select host_id, currency, payable,
        (select coalesce(sum(amount), 0) from payouts p where p.host_id = payable.host_id
          and p.currency = payable.currency and status in ('scheduled', 'failed', 'processing')) as to_send,
        (select coalesce(sum(remaining), 0) from host_debts d where d.host_id = payable.host_id
          and d.currency = payable.currency) as owed
      from payable`),
    payments: await rows<PaymentRow>(`select id, reference, status, currency, amount, captured, refunded,
      stripe_intent_id as intent, stripe_charge_id as charge from payments`),
    refunds: await rows<{
      id: string;
      payment_id: string;
      stripe_id: string | null;
      status: string;
      amount: number;
    }>('select id, payment_id, stripe_refund_id as stripe_id, status, amount from refunds'),
    disputes: await rows<{ stripe_id: string; status: string; amount: number }>(
      'select stripe_dispute_id as stripe_id, status, amount from disputes',
    ),
    payouts: await rows<{
      id: string;
      transfer: string | null;
      net: number;
      reversed: number;
      status: string;
    }>('select id, stripe_transfer_id as transfer, amount - deducted as net, reversed, status from payouts'),
    reversals: await rows<{ stripe_id: string | null; status: string; amount: number }>(
      'select stripe_reversal_id as stripe_id, status, amount from payout_reversals',
    ),
    unfinished: await rows<{ what: string; id: string; state: string }>(`
      select 'job ' || name as what, id::text, coalesce(error, 'waits') as state from jobs
        where dead_at is not null
      union all select 'event of ' || consumer, sequence::text, coalesce(error, 'waits') from event_retries
      union all select 'news of Stripe', id, type from stripe_events where processed_at is null and outcome is null
      union all select 'attempt', id::text, status from payment_attempts where status = 'pending'
      union all select 'payment', id::text, status from payments where status = 'processing'
      union all select 'refund', id::text, status from refunds where status = 'pending' and stripe_refund_id is null
      union all select 'payout', id::text, status from payouts where status = 'processing'
      union all select 'reversal', id::text, status from payout_reversals where status = 'pending'`),
    nights: await rows<{ what: string; id: string }>(`
      select 'overlaps another' as what, a.id::text from occupied_nights a join occupied_nights b
        on a.listing_id = b.listing_id and a.id < b.id and a.nights && b.nights
      union all select 'is live and has no nights', b.id::text from bookings b
        where status in ('held', 'requested', 'confirmed', 'checkedIn') and not exists (select from occupied_nights n
          where n.booking_id = b.id and n.nights = daterange(b.check_in, b.check_out))
      union all select 'has nights and is ' || b.status, b.id::text from occupied_nights n
        join bookings b on b.id = n.booking_id where b.status in ('cancelled', 'declined', 'expired')`),
  };
}
type InTables = Awaited<ReturnType<typeof readTables>>;

interface PaymentRow {
  id: string;
  reference: string;
  status: string;
  currency: string;
  amount: number;
  captured: number;
  refunded: number;
  intent: string | null;
  charge: string | null;
}

// What must be so.

const unbalanced = ({ unbalanced: found }: InTables) =>
  found.map(({ what, currency, amount }) => `The ledger (${what}) is off by ${amount} ${currency}.`);

const here = (amount: number, stripeCurrency: string) =>
  fromStripeAmount(amount, stripeCurrency.toUpperCase() as Currency);

function otherBalance({ movements }: InTables, { balance }: AtStripe): string[] {
  const differences = new Map<string, number>();
  const add = (currency: string, amount: number) =>
    differences.set(currency, (differences.get(currency) ?? 0) + amount);
  for (const { currency, amount } of movements) add(currency, amount);
  for (const { currency, amount } of [...balance.available, ...balance.pending])
    add(currency.toUpperCase(), -here(amount, currency));
  return [...differences]
    .filter(([, amount]) => amount !== 0)
    .map(([currency, amount]) => `The ledger has ${amount} ${currency} more than there is at Stripe.`);
}

/** Each movement at Stripe is in the ledger once, with the same amount, and nothing else is. */
function otherMovements({ movements }: InTables, there: AtStripe): string[] {
  const left = new Map(movements.map(({ id, amount }) => [id, amount]));
  const faults = there.movements.flatMap(({ id, type, amount, fee, currency, source }) => {
    const known = left.get(id);
    left.delete(id);
    const moved = here(amount, currency) - here(fee, currency);
    if (known === moved || (known === undefined && moved === 0)) return [];
    return [
      `Stripe moved ${moved} ${currency} (${type} ${id} of ${source}), the ledger ${known ?? 'nothing'}.`,
    ];
  });
  return [...faults, ...[...left.keys()].map((id) => `The ledger has ${id}, which Stripe does not.`)];
}

function faultsOfBooking(booking: BookingRow): string[] {
  const { paid, host, platform, taxes, refunds, unallocated, returned, failed, waiting, status } = booking;
  const name = `The booking ${booking.id} (${status})`;
  const faults: string[] = [];
  const fault = (text: string) => faults.push(`${name} ${text}: ${JSON.stringify(booking)}`);
  if (paid !== booking.captured)
    fault(`was charged ${paid} by the ledger and ${booking.captured} by its payments`);
  if (paid - returned < 0) fault('gave back more than was paid');
  if (booking.open_disputes > 0) return faults;
  if (paid !== host + platform + taxes + refunds || unallocated !== 0)
    fault(`has ${unallocated} of ${paid} that nobody has a share of`);
  const owed = refunds - returned;
  if (owed < 0) fault(`gave back ${-owed} more than the guest’s share`);
  if (owed > failed + waiting + crumbsOf(booking.currency)) fault(`owes its guest ${owed}`);
  const kept = paid - returned;
  if (NEVER_AGREED.includes(status) && kept > failed + waiting + crumbsOf(booking.currency))
    fault(`keeps ${kept} of a guest without a stay`);
  if (kept > booking.price + failed + waiting + crumbsOf(booking.currency))
    fault(`keeps ${kept}, more than it costs`);
  // Nothing was left of what was reserved when the money was to be taken, and by then the stay was over.
  const wentUnpaid = ['completed', 'noShow'].includes(status) && booking.alive === 0;
  if (AGREED.includes(status) && paid < booking.price && !wentUnpaid)
    fault(`is a stay for which only ${paid} was paid`);
  if (status === 'requested' && booking.alive === 0) fault('is a request whose money was let go');
  if (status === 'cancelled' && booking.guest_refund !== null && paid > 0 && refunds < booking.guest_refund)
    fault(`promised ${booking.guest_refund} and gives back ${refunds}`);
  return faults;
}

/** What was sent and will be is what the host has, and what came too much is owed. */
function faultsOfPayouts(booking: BookingRow): string[] {
  const { host, sent, to_send: toSend, debts } = booking;
  if (sent + toSend - debts === host) return [];
  return [
    `The booking ${booking.id} (${booking.status}) gives its host ${host}, but payouts ${sent} sent + ${toSend} to be sent − ${debts} owed.`,
  ];
}

const faultsOfHosts = ({ hosts }: InTables) =>
  hosts
    .filter(({ payable, to_send: toSend, owed }) => payable !== toSend - owed)
    .map((host) => `The host ${host.host_id} is off: ${JSON.stringify(host)}`);

/** Every charge is one payment, every payment one charge, and nothing is held that nobody wants. */
function faultsOfCharges({ payments }: InTables, { charges, intents }: AtStripe): string[] {
  const byCharge = Map.groupBy(
    payments.filter(({ status, charge }) => status === 'succeeded' && charge !== null),
    ({ charge }) => charge!,
  );
  const byIntent = new Map(payments.map((payment) => [payment.intent, payment]));
  const taken = charges.filter(({ captured, status }) => captured && status === 'succeeded');
  return [
    ...taken.flatMap(({ id, amount_captured: amount, currency, metadata }) => {
      const rows = byCharge.get(id) ?? [];
      if (rows.length === 1 && rows[0]!.captured === here(amount, currency)) return [];
      return [
        `The charge ${id} of ${amount} ${currency} is ${JSON.stringify(rows)} (${JSON.stringify(metadata)}).`,
      ];
    }),
    ...[...byCharge.keys()]
      .filter((id) => !taken.some((charge) => charge.id === id))
      .map((id) => `The charge ${id} was never taken.`),
    ...intents.flatMap(({ id, status }) => {
      const payment = byIntent.get(id);
      if (status === 'requires_capture' && payment?.status !== 'requiresCapture')
        return [`The intent ${id} holds money for a payment that is ${payment?.status ?? 'unknown'}.`];
      if (payment?.status === 'cancelled' && status !== 'canceled')
        return [`The intent ${id} is ${status} for a payment that is cancelled.`];
      return [];
    }),
    ...payments.flatMap(({ id, status, amount, captured, refunded, intent }) => {
      if (refunded < 0 || refunded > captured || captured > amount)
        return [`The payment ${id} is ${amount}, captured ${captured}, refunded ${refunded}.`];
      const held = intents.find((one) => one.id === intent);
      return status === 'requiresCapture' && held?.status !== 'requires_capture'
        ? [`The payment ${id} is reserved by ${intent}, which is ${held?.status}.`]
        : [];
    }),
  ];
}

const IN_VAIN = ['failed', 'canceled'];

function faultsOfRefunds({ refunds, payments }: InTables, there: AtStripe): string[] {
  const left = new Map(
    refunds.filter(({ stripe_id: id }) => id !== null).map((row) => [row.stripe_id!, row]),
  );
  const faults = there.refunds.flatMap(({ id, amount, currency, status }) => {
    const row = left.get(id);
    left.delete(id);
    const stands = row && (IN_VAIN.includes(status!) ? row.status === 'failed' : row.status === status);
    if (stands && row.amount === here(amount, currency)) return [];
    return [`The refund ${id} of ${amount} ${currency} is ${status}, here ${JSON.stringify(row)}.`];
  });
  const sums = Map.groupBy(
    refunds.filter(({ status }) => status !== 'failed' && status !== 'cancelled'),
    ({ payment_id: id }) => id,
  );
  const wrong = payments.filter(
    ({ id, refunded }) => (sums.get(id) ?? []).reduce((sum, { amount }) => sum + amount, 0) !== refunded,
  );
  return [
    ...faults,
    ...[...left.keys()].map((id) => `The refund ${id} is not at Stripe.`),
    ...wrong.map(({ id, refunded }) => `The payment ${id} says that ${refunded} was given back.`),
  ];
}

const DECIDED: Record<string, string> = { won: 'won', warning_closed: 'won', lost: 'lost' };

function faultsOfDisputes({ disputes }: InTables, there: AtStripe): string[] {
  const known = new Map(disputes.map((dispute) => [dispute.stripe_id, dispute]));
  return there.disputes.flatMap(({ id, status, amount, currency }) => {
    const row = known.get(id);
    if (row?.status === (DECIDED[status] ?? 'open') && row.amount === here(amount, currency)) return [];
    return [`The dispute ${id} is ${status}, here ${JSON.stringify(row)}.`];
  });
}

/** Every transfer is one payout and every reversal one of ours; nothing goes out twice. */
function faultsOfTransfers({ payouts, reversals }: InTables, { transfers }: AtStripe): string[] {
  const left = new Map(
    payouts.filter(({ transfer }) => transfer !== null).map((row) => [row.transfer!, row]),
  );
  const reversed = new Set(reversals.flatMap(({ stripe_id: id }) => id ?? []));
  const faults = transfers.flatMap(({ id, amount, amount_reversed: back, currency, reversals: made }) => {
    const row = left.get(id);
    left.delete(id);
    const unknown = (made?.data ?? []).filter((one) => !reversed.has(one.id)).map((one) => one.id);
    const same =
      row?.status === 'paid' && row.net === here(amount, currency) && row.reversed === here(back, currency);
    if (same && unknown.length === 0) return [];
    return [
      `The transfer ${id} of ${amount} − ${back} ${currency} is ${JSON.stringify(row)}; unknown: ${unknown}.`,
    ];
  });
  return [...faults, ...[...left.keys()].map((id) => `The transfer ${id} is not at Stripe.`)];
}

const unfinished = ({ unfinished: found }: InTables) =>
  found.map(({ what, id, state }) => `Not finished: ${what} ${id}: ${state}.`);

const faultsOfNights = ({ nights }: InTables) => nights.map(({ what, id }) => `${id} ${what}.`);
