import { unfit } from '../errors.ts';
import { disputeFee } from '../money.ts';
import { unrefunded } from '../objects/charge.ts';
import { type Dispute, isOpen, newDispute } from '../objects/dispute.ts';
import type { Work } from '../work.ts';
import { moveBalance } from './balance.ts';

/** The holder of a card disputes a charge: the money is taken back at once, with a fee. */
export function openDispute(work: Work, chargeId: string, reason: string, amount?: number): Dispute {
  const charge = work.edit('charge', chargeId);
  if (!charge.captured || charge._.dispute !== null) {
    throw unfit(
      `Charge ${chargeId} cannot be disputed: it is ${charge.captured ? 'disputed already' : 'not captured'}.`,
    );
  }
  const disputed = amount ?? unrefunded(charge);
  if (disputed < 1 || disputed > charge.amount_captured) {
    throw unfit(`Charge ${chargeId} cannot be disputed for ${disputed}.`, { param: 'amount' });
  }
  const dispute = work.put('dispute', newDispute(work.now, charge, disputed, reason));
  charge.disputed = true;
  charge._.dispute = dispute.id;
  const withdrawn = moveBalance(work, {
    type: 'adjustment',
    category: 'dispute',
    source: dispute.id,
    amount: -disputed,
    currency: charge.currency,
    fee: disputeFee(charge.currency),
    feeDescription: 'Dispute fee',
    description: `Chargeback withdrawal for ${charge.id}`,
  });
  dispute.balance_transactions.push(withdrawn);
  work.emit('charge.dispute.created', dispute);
  work.emit('charge.dispute.funds_withdrawn', dispute);
  work.emit('charge.updated', charge, { disputed: false });
  return dispute;
}

/** The bank decides: won money comes back, the fee does not. */
export function decideDispute(work: Work, id: string, won: boolean): Dispute {
  const dispute = work.edit('dispute', id);
  if (!isOpen(dispute)) throw unfit(`This dispute is already closed: it was ${dispute.status}.`);
  work.remove('deadline', `dispute ${id}`);
  dispute.status = won ? 'won' : 'lost';
  dispute.is_charge_refundable = won;
  if (won) {
    const reinstated = moveBalance(work, {
      type: 'adjustment',
      category: 'dispute_reversal',
      source: dispute.id,
      amount: dispute.amount,
      currency: dispute.currency,
      description: `Chargeback reversal for ${dispute.charge}`,
    });
    dispute.balance_transactions.push(reinstated);
    work.emit('charge.dispute.funds_reinstated', dispute);
  }
  work.emit('charge.dispute.closed', dispute);
  return dispute;
}

/** Evidence is handed in; the text of tests says how it will be judged. */
export function submitEvidence(work: Work, dispute: Dispute): void {
  dispute.status = 'under_review';
  dispute.evidence_details.submission_count += 1;
  const said = dispute.evidence.uncategorized_text;
  if (said !== 'winning_evidence' && said !== 'losing_evidence') return;
  const detail = said === 'winning_evidence' ? 'won' : 'lost';
  work.put('deadline', {
    id: `dispute ${dispute.id}`,
    what: 'decideDispute',
    of: dispute.id,
    at: work.now,
    detail,
  });
}
