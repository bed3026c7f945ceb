import { newId } from '../ids.ts';
import type { Charge } from './charge.ts';

export type Refund = ReturnType<typeof newRefund>;
export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';

export function newRefund(created: number, charge: Charge, amount: number) {
  return {
    id: newId('re'),
    object: 'refund' as const,
    amount,
    balance_transaction: null as string | null,
    charge: charge.id,
    created,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: {} as Record<string, string>,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null as RefundReason | null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded' as 'succeeded' | 'pending' | 'failed' | 'canceled' | 'requires_action',
    transfer_reversal: null,
    failure_balance_transaction: undefined as string | undefined,
    failure_reason: undefined as string | undefined,
  };
}
