import { invalid, missingParam, unfit } from '../errors.ts';
import { checkUnits, shown } from '../money.ts';
import { newDestinationPayment } from '../objects/charge.ts';
import {
  newTransfer,
  newTransferReversal,
  type Transfer,
  type TransferReversal,
} from '../objects/transfer.ts';
import type { Work } from '../work.ts';
import { availableIn, moveBalance } from './balance.ts';

interface Wanted {
  amount: number;
  currency: string;
  destination: string;
  source_transaction: string | undefined;
}

/** Sends money of the platform to a connected account. */
export function transfer(work: Work, wanted: Wanted): Transfer {
  const { amount, currency, destination } = wanted;
  checkUnits(amount, currency);
  requireAbleToReceive(work, destination);
  const source = wanted.source_transaction;
  if (source === undefined) requireBalance(work, amount, currency);
  else drawOn(work, source, amount, currency);
  const made = work.put('transfer', newTransfer(work.now, amount, currency, destination));
  made.source_transaction = source ?? null;
  made.transfer_group = (source && work.get('charge', source)?.transfer_group) || null;
  made.balance_transaction = moveBalance(work, {
    type: 'transfer',
    category: 'transfer',
    source: made.id,
    amount: -amount,
    currency,
  }).id;
  made.destination_payment = work.put('charge', newDestinationPayment(work.now, made, destination)).id;
  const balance = work.edit('account', destination)._.balance;
  balance[currency] = (balance[currency] ?? 0) + amount;
  return made;
}

function requireAbleToReceive(work: Work, destination: string): void {
  const account = work.get('account', destination);
  if (!account) throw missingParam('destination', destination, 'destination');
  if (account.capabilities.transfers !== 'active') {
    throw unfit(
      'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
      { code: 'insufficient_capabilities_for_transfer' },
    );
  }
}

function requireBalance(work: Work, amount: number, currency: string): void {
  if (availableIn(work, currency) >= amount) return;
  throw unfit(
    'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the pm_card_bypassPending test card. See: https://stripe.com/docs/testing#available-balance',
    { code: 'balance_insufficient' },
  );
}

/** A charge can fund transfers up to its amount, also while its money is on the way. */
function drawOn(work: Work, source: string, amount: number, currency: string): void {
  const found = work.get('charge', source);
  if (!found || found._.account !== null) throw missingParam('charge', source, 'source_transaction');
  if (found.currency !== currency) {
    throw invalid(
      `The currency of source_transaction's balance transaction (${found.currency}) must be the same as the transfer currency (${currency})`,
      { param: 'currency' },
    );
  }
  if (!found.captured || found.status !== 'succeeded') {
    throw unfit(`The source_transaction ${source} has not been captured.`, { param: 'source_transaction' });
  }
  const left = found.amount_captured - found._.transferred;
  if (amount > left) {
    throw unfit(
      `The transfer amount (${shown(amount, currency)}) is greater than what is left of source_transaction (${shown(left, currency)}).`,
      { param: 'amount' },
    );
  }
  work.edit('charge', source)._.transferred += amount;
}

/** Takes money of a transfer back from the account that received it. */
export function reverseTransfer(
  work: Work,
  id: string,
  wanted: number | undefined,
  metadata: Record<string, string>,
): TransferReversal {
  const made = work.edit('transfer', id);
  const left = made.amount - made.amount_reversed;
  const amount = wanted ?? left;
  if (left === 0)
    throw unfit(`Transfer ${id} is already fully reversed.`, { code: 'transfer_already_reversed' });
  if (amount > left) {
    const [asked, rest] = [shown(amount, made.currency), shown(left, made.currency)];
    throw unfit(`Reversal amount (${asked}) is greater than unreversed amount on transfer (${rest})`, {
      param: 'amount',
    });
  }
  takeFromAccount(work, made.destination, amount, made.currency);
  made.amount_reversed += amount;
  made.reversed = made.amount_reversed === made.amount;
  if (made.source_transaction) work.edit('charge', made.source_transaction)._.transferred -= amount;
  const reversal = work.put('transfer_reversal', newTransferReversal(work.now, made, amount));
  reversal.metadata = metadata;
  reversal.balance_transaction = moveBalance(work, {
    type: 'transfer_refund',
    category: 'transfer_reversal',
    source: reversal.id,
    amount,
    currency: made.currency,
  }).id;
  const payment = work.edit('charge', made.destination_payment);
  payment.amount_refunded += amount;
  payment.refunded = payment.amount_refunded === payment.amount;
  work.emit('transfer.reversed', made);
  return reversal;
}

function takeFromAccount(work: Work, id: string, amount: number, currency: string): void {
  const has = work.get('account', id)?._.balance[currency] ?? 0;
  if (has < amount) {
    throw unfit(
      `Insufficient funds in the connected account ${id} to reverse this transfer: it has ${shown(has, currency)}.`,
      { code: 'balance_insufficient' },
    );
  }
  work.edit('account', id)._.balance[currency] = has - amount;
}
