import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { Payments } from '../../platform/db/rows.ts';
import { OPEN, type Payment } from '../model/payment.ts';
import { PAYMENT_COLUMNS, toPayment } from './row.ts';

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
      failure: payment.failure,
      stripe_intent_id: payment.intentId,
      stripe_charge_id: payment.chargeId,
      payment_method: payment.paymentMethod,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

const anyOf = (ids: readonly string[]) => sql<string>`any(${[...ids]}::uuid[])`;

const paymentsFor = (db: Db, references: readonly string[]) =>
  db.selectFrom('payments').select(PAYMENT_COLUMNS).where('reference', '=', anyOf(references)).orderBy('id');

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

export async function findPayment(db: Db, id: string): Promise<Payment | undefined> {
  const row = await db.selectFrom('payments').select(PAYMENT_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row && toPayment(row);
}

export async function lockPayment(tx: Tx, id: string): Promise<Payment | undefined> {
  const row = await tx
    .selectFrom('payments')
    .select(PAYMENT_COLUMNS)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && toPayment(row);
}

/** The payment that an intent or a charge of Stripe belongs to. */
export async function lockPaymentAtStripe(
  tx: Tx,
  { intentId, chargeId }: { intentId: string | null; chargeId: string | null },
): Promise<Payment | undefined> {
  const row = await tx
    .selectFrom('payments')
    .select(PAYMENT_COLUMNS)
    .where((is) => is.or([is('stripe_intent_id', '=', intentId), is('stripe_charge_id', '=', chargeId)]))
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && toPayment(row);
}

/** The newest payment for a thing that can be paid. */
export async function lockOpenPayment(tx: Tx, reference: string): Promise<Payment | undefined> {
  const payments = await lockPayments(tx, [reference]);
  return payments.findLast(({ status }) => OPEN.includes(status));
}

export async function findOpenPayment(db: Db, reference: string): Promise<Payment | undefined> {
  const payments = await listPayments(db, [reference]);
  return payments.findLast(({ status }) => OPEN.includes(status));
}

/** Writes down how a payment stands, as the transaction that locked it found out. */
export async function updatePayment(tx: Tx, payment: Payment, now: Date): Promise<Payment> {
  const row = await tx
    .updateTable('payments')
    .set({
      status: payment.status,
      captured: payment.captured,
      failure: payment.failure,
      stripe_intent_id: payment.intentId,
      stripe_charge_id: payment.chargeId,
      checkout_session_id: payment.checkoutSessionId,
      payment_method: payment.paymentMethod,
      capture_requested_at: payment.captureRequestedAt,
      updated_at: now,
    })
    .where('id', '=', payment.id)
    .returning(PAYMENT_COLUMNS)
    .executeTakeFirstOrThrow();
  return toPayment(row);
}

/** Asks for what is reserved by payments for a thing. */
export async function requestCapture(tx: Tx, reference: string, now: Date): Promise<Payment[]> {
  const rows = await tx
    .updateTable('payments')
    .set({ status: 'processing', capture_requested_at: now, updated_at: now })
    .where('reference', '=', reference)
    .where('status', '=', 'requiresCapture')
    .returning(PAYMENT_COLUMNS)
    .execute();
  return rows.map(toPayment);
}

/** Gives up what was not taken yet, nor asked for, of all payments for these things; answers those that it gave up. */
export async function cancelPayments(tx: Tx, references: readonly string[], now: Date): Promise<Payment[]> {
  const rows = await tx
    .updateTable('payments')
    .set({ status: 'cancelled', updated_at: now })
    .where('reference', '=', anyOf(references))
    .where('status', 'in', ['requiresPaymentMethod', 'requiresAction', 'processing', 'requiresCapture'])
    .where('capture_requested_at', 'is', null)
    .returning(PAYMENT_COLUMNS)
    .execute();
  return rows.map(toPayment);
}

/** Adds to what is given back of each payment, in one statement; less than zero takes it back. */
export async function addRefunds(
  tx: Tx,
  refunds: readonly { id: string; amount: number }[],
  now: Date,
): Promise<Payment[]> {
  const { rows } = await sql<Selectable<Payments>>`
    update payments p set refunded = p.refunded + r.amount, updated_at = ${now}
    from (
      select id, sum(amount)::bigint as amount
      from unnest(${refunds.map(({ id }) => id)}::uuid[], ${refunds.map(({ amount }) => amount)}::bigint[]) as r (id, amount)
      group by id
    ) r
    where p.id = r.id
    returning p.*`.execute(tx);
  return rows.map(toPayment);
}

/** What payments are for, each once. */
export async function listReferences(db: Db, paymentIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('payments')
    .select('reference')
    .distinct()
    .where('id', '=', anyOf(paymentIds))
    .execute();
  return rows.map(({ reference }) => reference);
}
