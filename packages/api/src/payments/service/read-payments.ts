import type { Db } from '../../platform/context.ts';
import { type PaymentSummary, summaryOf } from '../model/payment.ts';
import { listPayments } from '../repository/payments.ts';

/** How the payments for each of these things stand, by what they are for. */
export async function readPayments(
  db: Db,
  references: readonly string[],
): Promise<ReadonlyMap<string, PaymentSummary>> {
  const payments = await listPayments(db, references);
  const byReference = Map.groupBy(payments, ({ reference }) => reference);
  return new Map([...byReference].map(([reference, those]) => [reference, summaryOf(those)]));
}
