import { account, type Entry, move } from '../../ledger/model/entry.ts';
import type { Movement } from './intent.ts';

const balance = account('stripeBalance');
const fees = account('stripeFees');
const refunds = account('refunds');
const disputes = account('disputes');

interface What {
  reference: string;
  /** The object of Stripe that moved the money. */
  id: string;
  movement: Movement;
}

const entry = (
  { reference, movement }: What,
  kind: Entry['kind'],
  source: string,
  postings: Entry['postings'],
): Entry => ({
  kind,
  source,
  reference,
  stripeTransaction: movement.id,
  occurredAt: movement.at,
  postings,
});

const sizeOf = ({ amount, currency }: Movement) => ({ amount: Math.abs(amount), currency });
const feeOf = ({ fee, feeCurrency }: Movement) => ({ amount: Math.abs(fee), currency: feeCurrency });

/** What a charge brought, and what Stripe took for it. */
export const chargeEntries = (what: What): Entry[] => [
  entry(what, 'charge', `charge:${what.id}`, move(account('guestPayments'), balance, sizeOf(what.movement))),
  entry(what, 'stripeFee', `fee:${what.movement.id}`, move(balance, fees, feeOf(what.movement))),
];

export const refundEntry = (what: What): Entry =>
  entry(what, 'refund', `refund:${what.id}`, move(balance, refunds, sizeOf(what.movement)));

/** A refund that did not reach the payer: the money is back. */
export const refundFailureEntry = (what: What): Entry =>
  entry(what, 'refundFailure', `refundFailure:${what.id}`, move(refunds, balance, sizeOf(what.movement)));

interface DisputeMoves {
  reference: string;
  id: string;
  movements: readonly Movement[];
}

/** What a dispute took out of the balance and brought back, with its fees. A bank may take the same money more than once. */
export function disputeEntries({ reference, id, movements }: DisputeMoves): Entry[] {
  const taken = movements.filter(({ amount }) => amount < 0);
  const returned = movements.filter(({ amount }) => amount > 0);
  return [
    ...taken.flatMap((movement, index) => withdrawal({ reference, id: nth(id, index), movement })),
    ...returned.flatMap((movement, index) => reinstatement({ reference, id: nth(id, index), movement })),
  ];
}

const nth = (id: string, index: number) => (index === 0 ? id : `${id}:${index + 1}`);

const withdrawal = (what: What): Entry[] => [
  entry(what, 'dispute', `dispute:${what.id}`, move(balance, disputes, sizeOf(what.movement))),
  entry(what, 'disputeFee', `disputeFee:${what.id}`, move(balance, fees, feeOf(what.movement))),
];

const reinstatement = (what: What): Entry[] => [
  entry(
    what,
    'disputeReversal',
    `disputeReversal:${what.id}`,
    move(disputes, balance, sizeOf(what.movement)),
  ),
  entry(what, 'disputeFee', `disputeFeeReversal:${what.id}`, move(fees, balance, feeOf(what.movement))),
];

/** A dispute that was lost: what the bank took is what the payer got back. */
export const disputeLossEntries = ({ reference, id, movements }: DisputeMoves, closedAt: Date): Entry[] => {
  const byCurrency = Map.groupBy(movements, ({ currency }) => currency);
  const postings = [...byCurrency].flatMap(([currency, those]) =>
    move(disputes, refunds, { currency, amount: -those.reduce((sum, { amount }) => sum + amount, 0) }),
  );
  return [
    {
      kind: 'disputeLoss',
      source: `disputeLoss:${id}`,
      reference,
      stripeTransaction: null,
      occurredAt: closedAt,
      postings,
    },
  ];
};
