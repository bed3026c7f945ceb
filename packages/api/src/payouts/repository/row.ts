import type { Currency } from '@sojourn/shared/money';
import type { Selectable } from 'kysely';
import type { HostDebts, Payouts } from '../../platform/db/rows.ts';
import type { Debt, DebtKind, Payout, PayoutFailure, PayoutStatus } from '../model/payout.ts';

export const payoutOf = (row: Selectable<Payouts>): Payout => ({
  id: row.id,
  hostId: row.host_id,
  bookingId: row.booking_id,
  currency: row.currency as Currency,
  amount: row.amount,
  deducted: row.deducted,
  reversed: row.reversed,
  status: row.status as PayoutStatus,
  dueAt: row.due_at,
  nextAttemptAt: row.next_attempt_at,
  attempts: row.attempts,
  failure: row.failure as PayoutFailure | null,
  stripeAccountId: row.stripe_account_id,
  sourceCharge: row.source_charge,
  stripeTransferId: row.stripe_transfer_id,
  paidAt: row.paid_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const debtOf = (row: Selectable<HostDebts>): Debt => ({
  id: row.id,
  hostId: row.host_id,
  bookingId: row.booking_id,
  kind: row.kind as DebtKind,
  currency: row.currency as Currency,
  amount: row.amount,
  remaining: row.remaining,
  createdAt: row.created_at,
});
