import { CURRENCIES } from '@sojourn/shared/money';
import { sql } from 'kysely';
import { stepOf } from '../../payments/model/stripe-amount.ts';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import type { Deduction } from '../model/deduction.ts';
import type { Debt, Payout, PayoutFailure } from '../model/payout.ts';
import { debtOf, payoutOf } from './row.ts';

/** Of some currencies Stripe moves no less than a few minor units. */
const IN_STEPS = CURRENCIES.filter((currency) => stepOf(currency) > 1);
const STEP = Math.max(...IN_STEPS.map(stepOf));

/**
 * Payouts that can be sent: they are due, there is an account to take them, and nobody disputes the booking. Those that
 * somebody else is at work on are passed over.
 */
export async function lockDuePayouts(tx: Tx, now: Date, limit: number): Promise<Payout[]> {
  const rows = await tx
    .selectFrom('payouts')
    .selectAll()
    .where('status', 'in', ['scheduled', 'failed'])
    .where('next_attempt_at', '<=', now)
    .where(sql<boolean>`(amount >= ${STEP} or currency <> all(${IN_STEPS}))`)
    .where(
      sql<boolean>`exists (select from payout_accounts a where a.host_id = payouts.host_id and a.status = 'enabled')`,
    )
    .where(
      sql<boolean>`not exists (select from disputes d where d.reference = payouts.booking_id and d.status = 'open')`,
    )
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  return rows.map(payoutOf);
}

/**
 * Puts off payouts that are due and that no account can take, so that not all of them are looked at each time; answers how
 * many. They go at once when there is an account.
 */
export async function putOff(db: Db, now: Date, until: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update payouts set next_attempt_at = ${until}
    where id = any (array(
      select id from payouts p
      where status in ('scheduled', 'failed') and next_attempt_at <= ${now}
        and not exists (select from payout_accounts a where a.host_id = p.host_id and a.status = 'enabled')
      order by next_attempt_at limit ${limit} for no key update skip locked
    ))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Keeps everybody else from sending to these hosts, and from what they owe, until the transaction ends.
 *
 * @returns by host, the account at Stripe of those that can take money
 */
export async function lockAccountsOf(tx: Tx, hostIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('payout_accounts')
    .select(['host_id', 'stripe_account_id', 'status'])
    .where('host_id', '=', sql<string>`any(${[...hostIds]}::uuid[])`)
    .orderBy('host_id')
    .forNoKeyUpdate()
    .execute();
  return new Map(
    rows
      .filter(({ status }) => status === 'enabled')
      .map(({ host_id, stripe_account_id }) => [host_id, stripe_account_id!]),
  );
}

/** What these hosts still owe, oldest first. The caller holds their accounts. */
export async function listOpenDebts(tx: Tx, hostIds: readonly string[]): Promise<Debt[]> {
  const rows = await tx
    .selectFrom('host_debts')
    .selectAll()
    .where('host_id', '=', sql<string>`any(${[...hostIds]}::uuid[])`)
    .where('remaining', '>', 0)
    .orderBy('id')
    .execute();
  return rows.map(debtOf);
}

/**
 * The charge that was made for each booking where it is the only one, and nothing of it was disputed or came back from
 * the host: a transfer from it need not wait until the money is available.
 */
export async function readOnlyCharges(db: Db, bookingIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ reference: string; charge: string }>`
    select reference, min(stripe_charge_id) as charge from payments
    where reference = any(${[...bookingIds]}::uuid[]) and stripe_charge_id is not null and status = 'succeeded'
      and not exists (select from disputes d where d.reference = payments.reference)
      and not exists (select from payouts p join payout_reversals r on r.payout_id = p.id
        where p.booking_id = payments.reference)
    group by reference having count(*) = 1`.execute(db);
  return new Map(rows.map(({ reference, charge }) => [reference, charge]));
}

/** A payout as it is sent off: where it goes, and what it is by then. */
export interface Sent {
  id: string;
  amount: number;
  deducted: number;
  stripeAccountId: string;
  sourceCharge: string | null;
}

const SENT_TYPES = {
  id: 'uuid',
  amount: 'bigint',
  deducted: 'bigint',
  account: 'text',
  charge: 'text',
} as const;

/** One of which all pays what the host owes is paid by that. */
export async function sendOff(tx: Tx, sent: readonly Sent[], now: Date): Promise<Payout[]> {
  const rows = sent.map(({ id, amount, deducted, stripeAccountId, sourceCharge }) => ({
    id,
    amount,
    deducted,
    account: stripeAccountId,
    charge: sourceCharge,
  }));
  const { rows: updated } = await sql<Parameters<typeof payoutOf>[0]>`
    update payouts p set amount = s.amount, deducted = s.deducted, attempts = p.attempts + 1,
      status = case when s.amount = s.deducted then 'paid' else 'processing' end,
      paid_at = case when s.amount = s.deducted then ${now}::timestamptz end,
      failure = case when s.amount = s.deducted then null else p.failure end,
      stripe_account_id = s.account, source_charge = s.charge, updated_at = ${now}
    from ${columnwise(rows, SENT_TYPES)} as s
    where p.id = s.id
    returning p.*`.execute(tx);
  return updated.map(payoutOf);
}

/** Notes which payouts pay what of which debts. */
export async function payDebts(tx: Tx, deductions: readonly Deduction[]): Promise<void> {
  if (deductions.length === 0) return;
  const rows = deductions.map(({ payoutId, debtId, amount }) => ({
    payout_id: payoutId,
    debt_id: debtId,
    amount,
  }));
  await sql`
    with paying as (
      insert into payout_deductions (payout_id, debt_id, amount)
      select payout_id, debt_id, amount
      from ${columnwise(rows, { payout_id: 'uuid', debt_id: 'uuid', amount: 'bigint' })} as rows
      returning debt_id, amount
    )
    update host_debts d set remaining = d.remaining - p.amount
    from (select debt_id, sum(amount)::bigint as amount from paying group by debt_id) p
    where d.id = p.debt_id`.execute(tx);
}

/** What a payout would have paid of debts is owed again. The caller holds the account of its host. */
export async function oweAgain(tx: Tx, payoutId: string): Promise<void> {
  await sql`
    with undone as (delete from payout_deductions where payout_id = ${payoutId} returning debt_id, amount)
    update host_debts d set remaining = d.remaining + u.amount from undone u where d.id = u.debt_id`.execute(
    tx,
  );
}

export async function markPaid(tx: Tx, id: string, stripeTransferId: string, now: Date): Promise<Payout> {
  return payoutOf(
    await tx
      .updateTable('payouts')
      .set({
        status: 'paid',
        stripe_transfer_id: stripeTransferId,
        failure: null,
        paid_at: now,
        updated_at: now,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
}

export async function markFailed(
  tx: Tx,
  id: string,
  { failure, nextAttemptAt }: { failure: PayoutFailure; nextAttemptAt: Date },
  now: Date,
): Promise<Payout> {
  return payoutOf(
    await tx
      .updateTable('payouts')
      .set({ status: 'failed', deducted: 0, failure, next_attempt_at: nextAttemptAt, updated_at: now })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
}

/** What waited for an account, or failed for want of one, goes as soon as it is due. */
export async function stopWaiting(tx: Tx, hostId: string, now: Date): Promise<void> {
  // Those that somebody is at work on are passed over: who sends them waits for the account, which the caller holds.
  await sql`
    update payouts set next_attempt_at = greatest(due_at, ${now}::timestamptz), updated_at = ${now}
    where id = any (array(
      select id from payouts
      where host_id = ${hostId} and status in ('scheduled', 'failed')
        and next_attempt_at > greatest(due_at, ${now}::timestamptz)
      for no key update skip locked
    ))`.execute(tx);
}

/** Payouts that were sent off and not answered since. */
export async function listSilentPayouts(db: Db, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('payouts')
    .select('id')
    .where('status', '=', 'processing')
    .where('updated_at', '<', before)
    .orderBy('updated_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
