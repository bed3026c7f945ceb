import type { Currency } from '@sojourn/shared/money';
import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { Payments } from '../../platform/db/rows.ts';
import type { Capture, Payment, PaymentStatus } from '../model/payment.ts';

const COLUMNS = [
  'id',
  'reference',
  'payer_id',
  'capture',
  'status',
  'currency',
  'amount',
  'captured',
  'refunded',
] as const;

const toPayment = (row: Pick<Selectable<Payments>, (typeof COLUMNS)[number]>): Payment => ({
  id: row.id,
  reference: row.reference,
  payerId: row.payer_id,
  capture: row.capture as Capture,
  status: row.status as PaymentStatus,
  currency: row.currency as Currency,
  amount: row.amount,
  captured: row.captured,
  refunded: row.refunded,
});

export async function insertPayment(tx: Tx, payment: Payment, now: Date): Promise<void> {
  await tx
    .insertInto('payments')
    .values({
      id: payment.id,
      reference: payment.reference,
      payer_id: payment.payerId,
      capture: payment.capture,
      status: payment.status,
      currency: payment.currency,
      amount: payment.amount,
      captured: payment.captured,
      refunded: payment.refunded,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** All payments for these things, oldest first. */
export async function listPayments(db: Db, references: readonly string[]): Promise<Payment[]> {
  const rows = await paymentsFor(db, references).execute();
  return rows.map(toPayment);
}

/** The same, kept from others until the transaction ends. */
export async function lockPayments(tx: Tx, references: readonly string[]): Promise<Payment[]> {
  const rows = await paymentsFor(tx, references).forNoKeyUpdate().execute();
  return rows.map(toPayment);
}

const paymentsFor = (db: Db, references: readonly string[]) =>
  db
    .selectFrom('payments')
    .select(COLUMNS)
    .where('reference', '=', sql<string>`any(${[...references]}::uuid[])`)
    .orderBy('id');

/** Takes the whole amount of a payment, or reserves it. */
export async function settlePayment(tx: Tx, id: string, status: PaymentStatus, now: Date): Promise<Payment> {
  return toPayment(
    await tx
      .updateTable('payments')
      .set(({ ref }) => ({
        status,
        failure: null,
        updated_at: now,
        ...(status === 'succeeded' ? { captured: ref('amount') } : {}),
      }))
      .where('id', '=', id)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow(),
  );
}

export async function recordFailure(tx: Tx, id: string, reason: string, now: Date): Promise<void> {
  await tx.updateTable('payments').set({ failure: reason, updated_at: now }).where('id', '=', id).execute();
}

/** Gives up what was not taken yet of all payments for these things; answers those that it gave up. */
export async function cancelPayments(tx: Tx, references: readonly string[], now: Date): Promise<Payment[]> {
  const rows = await tx
    .updateTable('payments')
    .set({ status: 'cancelled', updated_at: now })
    .where('reference', '=', sql<string>`any(${[...references]}::uuid[])`)
    .where('status', 'in', ['requiresPaymentMethod', 'requiresCapture'])
    .returning(COLUMNS)
    .execute();
  return rows.map(toPayment);
}

/** Takes all that is reserved by payments for a thing. */
export async function captureReserved(tx: Tx, reference: string, now: Date): Promise<Payment[]> {
  const rows = await tx
    .updateTable('payments')
    .set(({ ref }) => ({ status: 'succeeded', captured: ref('amount'), updated_at: now }))
    .where('reference', '=', reference)
    .where('status', '=', 'requiresCapture')
    .returning(COLUMNS)
    .execute();
  return rows.map(toPayment);
}

/** Books what is given back of each payment, in one statement. */
export async function addRefunds(
  tx: Tx,
  refunds: readonly { id: string; amount: number }[],
  now: Date,
): Promise<Payment[]> {
  const { rows } = await sql<Selectable<Payments>>`
    update payments p set refunded = p.refunded + r.amount, updated_at = ${now}
    from unnest(${refunds.map(({ id }) => id)}::uuid[], ${refunds.map(({ amount }) => amount)}::bigint[]) as r (id, amount)
    where p.id = r.id
    returning p.*`.execute(tx);
  return rows.map(toPayment);
}
