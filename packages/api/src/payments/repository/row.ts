import type { Currency } from '@sojourn/shared/money';
import type { Selectable } from 'kysely';
import type { Payments } from '../../platform/db/rows.ts';
import type { Capture, Payment, PaymentStatus } from '../model/payment.ts';

export const PAYMENT_COLUMNS = [
  'id',
  'reference',
  'payer_id',
  'capture',
  'status',
  'currency',
  'amount',
  'captured',
  'refunded',
  'failure',
  'stripe_intent_id',
  'stripe_charge_id',
  'checkout_session_id',
  'payment_method',
  'capture_requested_at',
] as const;

export const toPayment = (row: Pick<Selectable<Payments>, (typeof PAYMENT_COLUMNS)[number]>): Payment => ({
  id: row.id,
  reference: row.reference,
  payerId: row.payer_id,
  capture: row.capture as Capture,
  status: row.status as PaymentStatus,
  currency: row.currency as Currency,
  amount: row.amount,
  captured: row.captured,
  refunded: row.refunded,
  failure: row.failure,
  intentId: row.stripe_intent_id,
  chargeId: row.stripe_charge_id,
  checkoutSessionId: row.checkout_session_id,
  paymentMethod: row.payment_method,
  captureRequestedAt: row.capture_requested_at,
});
