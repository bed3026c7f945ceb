import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  balancesOf,
  compare,
  differingBalances,
  type Line,
  type Reconciliation,
  tally,
} from './reconciliation.ts';

const line = (transaction: string, of: Partial<Line> = {}): Line => ({
  transaction,
  currency: 'EUR',
  amount: 100,
  at: 1_000,
  source: `charge:${transaction}`,
  ...of,
});
/** As both sides tell them: the newest first, and in any order within a second. */
const newestFirst = (lines: readonly Line[]) => lines.toSorted((a, b) => b.at - a.at);

async function reconcile(ledger: readonly Line[], stripe: readonly Line[], maxPending?: number) {
  const found = tally();
  for await (const finding of compare(newestFirst(ledger), newestFirst(stripe), maxPending))
    found.add(finding);
  return found.result();
}
const kinds = ({ differences }: Awaited<ReturnType<typeof reconcile>>) =>
  differences.map(({ kind, transaction }) => `${kind} ${transaction}`).sort();

describe('a comparison names', () => {
  test('nothing when both agree, in whatever order a second is told', async () => {
    const result = await reconcile(
      [line('a'), line('b'), line('c', { at: 5 })],
      [line('b'), line('c', { at: 5 }), line('a')],
    );
    expect(result).toMatchObject({ checked: 3, matched: 3, differenceCount: 0, differences: [] });
    expect(result.totals).toEqual([{ currency: 'EUR', ledger: 300, stripe: 300 }]);
  });

  test('what one side lacks, and what it is worth', async () => {
    const result = await reconcile(
      [line('a'), line('ours', { amount: -40, currency: 'JPY' })],
      [line('a'), line('theirs', { amount: 7 })],
    );
    expect(kinds(result)).toEqual(['missingAtStripe ours', 'missingInLedger theirs']);
    expect(result.totals).toEqual([
      { currency: 'EUR', ledger: 100, stripe: 107 },
      { currency: 'JPY', ledger: -40, stripe: 0 },
    ]);
  });

  test('another amount and another currency, with both sides and what to do', async () => {
    const result = await reconcile(
      [line('a'), line('b')],
      [line('a', { amount: 101 }), line('b', { currency: 'USD' })],
    );
    expect(kinds(result)).toEqual(['amountDiffers a', 'currencyDiffers b']);
    expect(result.differences.find(({ transaction }) => transaction === 'a')).toMatchObject({
      ledger: { amount: 100, currency: 'EUR' },
      stripe: { amount: 101, currency: 'EUR' },
      advice: expect.stringMatching(/\w{3}/),
    });
  });

  test('one movement that the sides date differently once, and not as missing on both', async () => {
    const result = await reconcile([line('a', { at: 9_000 })], [line('a', { at: 12 })]);
    expect(result).toMatchObject({ checked: 1, matched: 1, differenceCount: 0 });
  });
});

// A transaction stands at one second with both sides; each side may lack it or know it wrongly.
const movement = fc.record({
  at: fc.integer({ min: 0, max: 20 }),
  amount: fc.integer({ min: -1_000, max: 1_000 }),
  ledger: fc.constantFrom('right', 'wrongAmount', 'wrongCurrency', 'missing'),
  atStripe: fc.boolean(),
});

test('whatever the two sides know, each movement is found once, and the totals say how far they are apart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(movement, { maxLength: 60 }), async (movements) => {
      const known = movements.map(({ at, amount, ledger, atStripe }, index) => {
        const right = line(`txn_${index}`, { at, amount });
        const wrong = {
          right,
          wrongAmount: { ...right, amount: amount + 1 },
          wrongCurrency: { ...right, currency: 'USD' },
        };
        return {
          ours: ledger === 'missing' ? [] : [wrong[ledger]],
          theirs: atStripe ? [right] : [],
          ledger,
          atStripe,
        };
      });
      const [ours, theirs] = [known.flatMap((one) => one.ours), known.flatMap((one) => one.theirs)];
      const result = await reconcile(ours, theirs);
      expect(result.checked).toBe(known.filter((one) => one.ours.length + one.theirs.length > 0).length);
      const expected = known.flatMap(({ ledger, atStripe }, index) => {
        if (ledger === 'missing') return atStripe ? [`missingInLedger txn_${index}`] : [];
        if (!atStripe) return [`missingAtStripe txn_${index}`];
        return {
          right: [],
          wrongAmount: [`amountDiffers txn_${index}`],
          wrongCurrency: [`currencyDiffers txn_${index}`],
        }[ledger];
      });
      expect(kinds(result)).toEqual(expected.sort());
      const sum = (lines: Line[]) => lines.reduce((total, { amount }) => total + amount, 0);
      expect(result.totals.reduce((total, { ledger }) => total + ledger, 0)).toBe(sum(ours));
      expect(result.totals.reduce((total, { stripe }) => total + stripe, 0)).toBe(sum(theirs));
    }),
  );
});

describe('of very much', () => {
  test('only what is in flight is remembered: both sides are read side by side', async () => {
    let [read, ahead] = [0, 0];
    function* side(step: 1 | -1) {
      for (let at = 50_000; at > 0; at--) {
        read += step;
        ahead = Math.max(ahead, Math.abs(read));
        yield line(`txn_${at}`, { at });
      }
    }
    const found = tally();
    for await (const finding of compare(side(1), side(-1))) found.add(finding);
    expect(found.result()).toMatchObject({ matched: 50_000, differenceCount: 0 });
    expect(ahead).toBeLessThan(5);
  });

  test('differences are counted all, and the first thousand are told', async () => {
    const missing = Array.from({ length: 2_500 }, (_, index) => line(`txn_${index}`, { at: index }));
    const result = await reconcile(missing, [], 100);
    expect(result).toMatchObject({ checked: 2_500, matched: 0, differenceCount: 2_500 });
    expect(result.differences).toHaveLength(1_000);
  });
});

test('balances are the same when the ledger and the bank together have what Stripe has', () => {
  const balances = balancesOf({
    ledger: new Map([
      ['EUR', 500],
      ['USD', 10],
    ]),
    stripe: new Map([
      ['EUR', 200],
      ['JPY', 3],
      ['CHF', 0],
    ]),
    bank: new Map([['EUR', -300]]),
  });
  expect(balances.map(({ currency }) => currency)).toEqual(['EUR', 'JPY', 'USD']);
  expect(differingBalances({ balances } as Reconciliation)).toEqual(['JPY', 'USD']);
});
