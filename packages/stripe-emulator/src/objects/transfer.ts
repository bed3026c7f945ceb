import { newId } from '../ids.ts';

export type Transfer = ReturnType<typeof newTransfer>;

export function newTransfer(created: number, amount: number, currency: string, destination: string) {
  return {
    id: newId('tr'),
    object: 'transfer' as const,
    amount,
    amount_reversed: 0,
    balance_transaction: '',
    created,
    currency,
    description: null as string | null,
    destination,
    destination_payment: '',
    livemode: false,
    metadata: {} as Record<string, string>,
    reversed: false,
    source_transaction: null as string | null,
    source_type: 'card',
    transfer_group: null as string | null,
  };
}

export type TransferReversal = ReturnType<typeof newTransferReversal>;

export function newTransferReversal(created: number, transfer: Transfer, amount: number) {
  return {
    id: newId('trr'),
    object: 'transfer_reversal' as const,
    amount,
    balance_transaction: '',
    created,
    currency: transfer.currency,
    destination_payment_refund: newId('pyr'),
    metadata: {} as Record<string, string>,
    source_refund: null,
    transfer: transfer.id,
  };
}
