import { newId } from '../ids.ts';

export type BalanceTransactionType =
  | 'charge'
  | 'refund'
  | 'refund_failure'
  | 'transfer'
  | 'transfer_refund'
  | 'adjustment';

export interface Movement {
  type: BalanceTransactionType;
  category: string;
  source: string;
  amount: number;
  currency: string;
  fee?: number;
  feeDescription?: string;
  description?: string | null;
}

export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>;

/** One change of the platform's balance; its net is what the balance changes by. */
export function newBalanceTransaction(created: number, availableOn: number, movement: Movement) {
  const fee = movement.fee ?? 0;
  return {
    id: newId('txn'),
    object: 'balance_transaction' as const,
    amount: movement.amount,
    available_on: availableOn,
    balance_type: 'payments',
    created,
    currency: movement.currency,
    description: movement.description ?? null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: movement.currency,
              description: movement.feeDescription ?? 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: movement.amount - fee,
    reporting_category: movement.category,
    source: movement.source,
    status: 'available' as 'available' | 'pending',
    type: movement.type,
  };
}
