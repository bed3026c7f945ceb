import type { Db, Tx } from '../../platform/context.ts';
import { type Payment, type PaymentSummary, summaryOf } from '../model/payment.ts';
import type { MoneyGone, PaymentRefund } from '../model/refund.ts';
import { listPayments, listReferences, lockPayments } from '../repository/payments.ts';
import { listRefunds, sumMoneyGone } from '../repository/refunds.ts';

/** How the payments for each of these things stand, by what they are for. */
export async function readPayments(
  db: Db,
  references: readonly string[],
): Promise<ReadonlyMap<string, PaymentSummary>> {
  const payments = await listPayments(db, references);
  const byReference = Map.groupBy(payments, ({ reference }) => reference);
  return new Map([...byReference].map(([reference, those]) => [reference, summaryOf(those)]));
}

/** The payments for a thing, each by itself, oldest first. */
export const paymentsOf = (db: Db, reference: string): Promise<Payment[]> => listPayments(db, [reference]);

/** Keeps the payments for a thing as they stand until the transaction ends, whatever Stripe says meanwhile. */
export async function holdPayments(tx: Tx, reference: string): Promise<void> {
  await lockPayments(tx, [reference]);
}

/** What payments are for, each once. */
export const referencesOf = (db: Db, paymentIds: readonly string[]): Promise<string[]> =>
  listReferences(db, paymentIds);

/** What is given back for a thing, oldest first. */
export const listPaymentRefunds = (db: Db, reference: string): Promise<PaymentRefund[]> =>
  listRefunds(db, reference);

/** What was given back, and what banks took back, of the payments for a thing; in minor units. */
export const moneyOf = (db: Db, reference: string): Promise<MoneyGone> => sumMoneyGone(db, reference);
