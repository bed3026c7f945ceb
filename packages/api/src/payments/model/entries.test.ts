import type { Currency } from '@sojourn/shared/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../ledger/model/entry.ts';
import {
  chargeEntries,
  disputeEntries,
  disputeLossEntries,
  refundEntry,
  refundFailureEntry,
} from './entries.ts';
import { type Movement, movedAs } from './intent.ts';

const AT = new Date('2027-03-01T10:00:00Z');
const reference = '0198c0de-5a1e-7000-8000-000000000000';
const movement = (over: Partial<Movement>): Movement => ({
  id: 'txn_1',
  currency: 'EUR',
  amount: 10_000,
  fee: 320,
  feeCurrency: 'EUR',
  at: AT,
  ...over,
});

/** What is on each account, in each currency. */
function balances(entries: readonly Entry[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, currency, amount } of entries.flatMap(({ postings }) => postings)) {
    const key = `${account} ${currency}`;
    sums[key] = (sums[key] ?? 0) + amount;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

const size = fc.integer({ min: 1, max: 1_000_000 });
const currency = fc.constantFrom<Currency>('EUR', 'USD', 'JPY');
const moved = fc
  .record({ amount: size, fee: fc.integer({ min: -5_000, max: 5_000 }), currency, feeCurrency: currency })
  .map(movement);
const negative = (one: Movement): Movement => ({ ...one, amount: -one.amount });

test('every entry adds up to zero in each currency, and has a source of its own', () => {
  fc.assert(
    fc.property(
      moved,
      moved,
      fc.array(moved, { maxLength: 4 }),
      fc.array(moved, { maxLength: 4 }),
      (a, b, out, back) => {
        const movements = [...out.map(negative), ...back];
        const dispute = { reference, id: 'dp_1', movements };
        const entries = [
          ...chargeEntries({ reference, id: 'ch_1', movement: a }),
          refundEntry({ reference, id: 're_1', movement: negative(b) }),
          refundFailureEntry({ reference, id: 're_1', movement: b }),
          ...disputeEntries(dispute),
        ];
        for (const { postings } of entries)
          for (const same of Map.groupBy(postings, (posting) => posting.currency).values())
            expect(same.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
        expect(new Set(entries.map(({ source }) => source)).size).toBe(entries.length);
      },
    ),
  );
});

test('the balance changes by what Stripe says: the amount less the fee', () => {
  fc.assert(
    fc.property(size, fc.nat(5_000), (amount, fee) => {
      const charge = chargeEntries({ reference, id: 'ch_1', movement: movement({ amount, fee }) });
      expect(balances(charge)['stripeBalance EUR'] ?? 0).toBe(amount - fee);
      const dispute = { reference, id: 'dp_1', movements: [movement({ amount: -amount, fee })] };
      expect(balances(disputeEntries(dispute))['stripeBalance EUR']).toBe(-amount - fee);
    }),
  );
});

test('a dispute that is lost leaves nothing in doubt: all that was taken is what the payer got back', () => {
  const movements = [movement({ amount: -10_000, fee: 1_500 })];
  const dispute = { reference, id: 'dp_1', movements };
  expect(balances([...disputeEntries(dispute), ...disputeLossEntries(dispute, AT)])).toEqual({
    'stripeBalance EUR': -11_500,
    'stripeFees EUR': 1_500,
    'refunds EUR': 10_000,
  });
});

test('what Stripe converted is booked as it was paid, and its fee as it was taken', () => {
  const converted = movement({ currency: 'USD', amount: 10_832, fee: 344, feeCurrency: 'USD' });
  const paid = movedAs(converted, { amount: 10_000, currency: 'EUR' });
  expect(balances(chargeEntries({ reference, id: 'ch_1', movement: paid }))).toEqual({
    'guestPayments EUR': -10_000,
    'stripeBalance EUR': 10_000,
    'stripeBalance USD': -344,
    'stripeFees USD': 344,
  });
  const taken = movedAs(negative(converted), { amount: 10_000, currency: 'EUR' });
  expect(taken.amount).toBe(-10_000);
});
