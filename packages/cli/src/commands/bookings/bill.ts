import type { Booking, Quote } from '@sojourn/sdk';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { fullPrice, price } from '../../price.ts';
import { truncate, widthOf } from '../../render.ts';

type Bill = Pick<Quote | Booking, 'lineItems' | 'total'> & Partial<Pick<Quote, 'nightlyPrices'>>;

/** One line of a sum. */
export interface Line {
  text: string;
  amount: string;
  /** Such as a discount: less to pay. */
  isCredit?: boolean;
}

const INDENT = 2;
const GAP = 3;
const LEAST_WIDTH = 48;

/** What a stay costs, line by line, the amounts one under the other and the sum beneath. */
export const drawBill = (
  { lineItems, total, nightlyPrices = [] }: Bill,
  columns: number,
  paint: Colours,
): string =>
  drawSum(
    lineItems.map((line) => toLine(line, nightlyPrices)),
    { text: 'Total', amount: fullPrice(total) },
    columns,
    paint,
  );

/** Lines with their amounts one under the other, and what they come to beneath. */
export function drawSum(lines: readonly Line[], sum: Line, columns: number, paint: Colours): string {
  const amountWidth = Math.max(...[...lines, sum].map(({ amount }) => widthOf(amount)));
  const textWidth = Math.max(...[...lines, sum].map(({ text }) => widthOf(text)));
  const width = Math.min(columns - INDENT, Math.max(LEAST_WIDTH, textWidth + GAP + amountWidth));
  const draw = ({ text, amount }: Line) => {
    const shown = truncate(text, width - GAP - amountWidth);
    return shown + ' '.repeat(width - widthOf(shown) - widthOf(amount)) + amount;
  };
  return [
    ...lines.map((line) => (line.isCredit ? paint.green(draw(line)) : draw(line))),
    paint.dim('─'.repeat(width)),
    paint.bold(draw(sum)),
  ]
    .map((line) => ' '.repeat(INDENT) + line)
    .join('\n');
}

/** Of more prices than these a person wants no list. */
const SHOWN_PRICES = 3;

const toLine = (
  { kind, description, quantity, unitPrice, amount }: Bill['lineItems'][number],
  nightlyPrices: Quote['nightlyPrices'],
): Line => {
  const how =
    kind === 'nights' && unitPrice === null
      ? pricesText(nightlyPrices)
      : quantity > 1 && unitPrice
        ? ` × ${price(unitPrice)}`
        : '';
  return { text: oneLine(description + how), amount: fullPrice(amount), isCredit: amount.amount < 0 };
};

/** `: 3 × $120, 1 × $140`. */
function pricesText(nightlyPrices: Quote['nightlyPrices']): string {
  const counts = new Map<string, number>();
  for (const night of nightlyPrices) {
    const text = price(night.price);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 0 || counts.size > SHOWN_PRICES) return '';
  return `: ${[...counts].map(([text, times]) => `${times} × ${text}`).join(', ')}`;
}
