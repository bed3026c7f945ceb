import { newId } from '../ids.ts';
import type { BalanceTransaction } from './balance-transaction.ts';
import type { Charge } from './charge.ts';

const DAYS_TO_ANSWER = 9;
const DAY = 86_400;

export type Dispute = ReturnType<typeof newDispute>;
export type DisputeStatus = 'needs_response' | 'under_review' | 'won' | 'lost';

export const EVIDENCE_TEXTS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;

type Evidence = Record<(typeof EVIDENCE_TEXTS)[number], string | null> & { enhanced_evidence: object };

export function newDispute(created: number, charge: Charge, amount: number, reason: string) {
  return {
    id: newId('dp'),
    object: 'dispute' as const,
    amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {
      ...Object.fromEntries(EVIDENCE_TEXTS.map((name) => [name, null])),
      enhanced_evidence: {},
    } as Evidence,
    evidence_details: {
      due_by: created + DAYS_TO_ANSWER * DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: null,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {} as Record<string, string>,
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: charge._.card?.brand ?? 'visa',
        case_type: 'chargeback',
        network: 'visa',
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason,
    status: 'needs_response' as DisputeStatus,
  };
}

export const isOpen = ({ status }: Dispute): boolean =>
  status === 'needs_response' || status === 'under_review';
