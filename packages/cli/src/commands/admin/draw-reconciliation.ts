import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { moment } from '../../local-time.ts';
import { fullPrice } from '../../price.ts';
import { type Column, table, words, wrap } from '../../render.ts';
import { balanceDiffers, type Reconciliation } from './maintenance-words.ts';

type Difference = Reconciliation['differences'][number];
type Balance = NonNullable<Reconciliation['balances']>[number];

/** What moved, what there is where that differs, and each difference with what to do about it. Empty when nothing moved. */
export function drawReconciliation(
  { differences, totals, balances }: Reconciliation,
  columns: number,
  paint: Colours,
): string {
  return [
    ...(totals.length > 0 ? [drawTotals(totals, columns, paint)] : []),
    ...(balances?.some(balanceDiffers) ? [drawBalances(balances, columns, paint)] : []),
    ...(differences.length > 0
      ? [drawDifferences(differences, columns, paint), drawAdvice(differences, columns, paint)]
      : []),
  ].join('\n\n');
}

const money = (amount: number, currency: string) => fullPrice({ amount, currency });

function drawTotals(totals: Reconciliation['totals'], columns: number, paint: Colours): string {
  const gap = ({ ledger, stripe }: (typeof totals)[number]) => stripe - ledger;
  return table(
    totals,
    [
      { title: 'MOVED', text: ({ currency }) => currency },
      { title: 'LEDGER', text: ({ ledger, currency }) => money(ledger, currency), align: 'right' },
      { title: 'STRIPE', text: ({ stripe, currency }) => money(stripe, currency), align: 'right' },
      {
        title: 'DIFFERENCE',
        text: (total) => money(gap(total), total.currency),
        align: 'right',
        style: (cell, total) => (gap(total) === 0 ? paint.green(cell) : paint.red(cell)),
      },
    ],
    columns,
    paint,
  );
}

function drawBalances(balances: readonly Balance[], columns: number, paint: Colours): string {
  return table(
    balances,
    [
      { title: 'THERE IS', text: ({ currency }) => currency },
      { title: 'LEDGER', text: ({ ledger, currency }) => money(ledger, currency), align: 'right' },
      {
        title: 'BANK',
        text: ({ bank, currency }) => (bank === 0 ? '' : money(bank, currency)),
        align: 'right',
        dropFirst: 1,
      },
      {
        title: 'STRIPE',
        text: ({ stripe, currency }) => money(stripe, currency),
        align: 'right',
        style: (cell, balance) => (balanceDiffers(balance) ? paint.red(cell) : cell),
      },
    ],
    columns,
    paint,
  );
}

function drawDifferences(differences: readonly Difference[], columns: number, paint: Colours): string {
  const side = (title: string, name: 'ledger' | 'stripe'): Column<Difference> => ({
    title,
    text: ({ [name]: known }) => (known === null ? '–' : money(known.amount, known.currency)),
    align: 'right',
  });
  return table(
    differences,
    [
      {
        title: 'WHAT',
        text: ({ kind }) => words(kind).toLowerCase(),
        style: (cell) => paint.red(cell),
        flexible: true,
      },
      { title: 'WHEN (UTC)', text: ({ at }) => moment(at), dropFirst: 1 },
      { title: 'TRANSACTION', text: ({ transaction }) => transaction },
      side('LEDGER', 'ledger'),
      side('STRIPE', 'stripe'),
      { title: 'OF', text: ({ ledger, stripe }) => (stripe ?? ledger)?.source ?? '', dropFirst: 2 },
    ],
    columns,
    paint,
  );
}

/** Each kind of difference has one advice. */
function drawAdvice(differences: readonly Difference[], columns: number, paint: Colours): string {
  const advices = new Map(differences.map(({ kind, advice }) => [kind, advice]));
  return [...advices]
    .map(([kind, advice]) =>
      [paint.bold(words(kind)), ...wrap(oneLine(advice), columns - 2).map((line) => `  ${line}`)].join('\n'),
    )
    .join('\n');
}
