import { page, paging, pagingByTime } from '../lists.ts';
import { balanceOf, newPurse } from '../objects/purse.ts';
import { oneOf, text } from '../params.ts';
import { found, route } from '../route.ts';
import type { Work } from '../work.ts';

function balance(work: Work): object {
  const purses = work.all('purse').reverse();
  if (purses.length === 0) purses.push(newPurse('usd'));
  const amounts = purses.map((purse) => ({ currency: purse.id, ...balanceOf(purse, work.now) }));
  const by = (part: 'available' | 'pending') =>
    amounts.map(({ currency, [part]: amount }) => ({ amount, currency, source_types: { card: amount } }));
  return {
    object: 'balance',
    available: by('available'),
    connect_reserved: amounts.map(({ currency }) => ({ amount: 0, currency })),
    livemode: false,
    pending: by('pending'),
  };
}

/** Money that was on its way is there once the clock says so. */
const settled = <T extends { available_on: number; status: string }>(work: Work, transaction: T): T => ({
  ...transaction,
  status: transaction.available_on <= work.now ? 'available' : 'pending',
});

const TYPES = [
  'charge',
  'refund',
  'refund_failure',
  'transfer',
  'transfer_refund',
  'adjustment',
  // Asked for by those who compare their books with Stripe; here no money comes from a bank, nor goes there.
  'payout',
  'payout_cancel',
  'payout_failure',
  'topup',
  'topup_reversal',
  'stripe_fee',
  'stripe_fx_fee',
  'tax_fee',
] as const;

export const balanceRoutes = [
  route('GET', '/v1/balance', {}, balance),
  route(
    'GET',
    '/v1/balance_transactions',
    { ...pagingByTime, currency: text(), source: text(), type: oneOf(...TYPES) },
    (work, given) => {
      const all = work
        .all('balance_transaction')
        .filter(
          ({ currency, source, type }) =>
            (!given.currency || currency === given.currency) &&
            (!given.source || source === given.source) &&
            (!given.type || type === given.type),
        );
      const shown = all.map((transaction) => settled(work, transaction));
      return page(shown, given, '/v1/balance_transactions');
    },
  ),
  route('GET', '/v1/balance_transactions/:id', {}, (work, _given, id) =>
    settled(work, found(work, 'balance_transaction', id)),
  ),
  route('GET', '/v1/payouts', paging, (_work, given) => page([], given, '/v1/payouts')),
];
