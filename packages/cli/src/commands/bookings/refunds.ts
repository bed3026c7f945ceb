import type { Booking, Quote } from '@sojourn/sdk';
import type { Colours } from '../../io.ts';
import { localTime } from '../../local-time.ts';
import { fullPrice } from '../../price.ts';
import { widthOf } from '../../render.ts';

type Refunds = Pick<Quote | Booking, 'refundSchedule' | 'total' | 'timeZone'>;

/** Of a long stay each night is a step: more than a person reads. */
const SHOWN_STEPS = 5;

/** What a guest who cancels gets back, and until when: one step a line, the times where the home is. */
export function drawRefunds({ refundSchedule, total, timeZone }: Refunds, paint: Colours): string {
  const steps = refundSchedule.filter(({ refund }) => refund.amount > 0);
  const last = steps.at(-1);
  if (!last) return '  nothing, at any time';
  const shown = steps.length > SHOWN_STEPS + 1 ? steps.slice(0, SHOWN_STEPS) : steps;
  const width = Math.max(...shown.map(({ refund }) => widthOf(fullPrice(refund))));
  const lines = shown.map(({ refund, until }) => {
    const amount = fullPrice(refund).padStart(width);
    const isAll = refund.amount === total.amount;
    const painted = isAll ? paint.green(amount) : paint.yellow(amount);
    return `  ${painted}  before ${localTime(until, timeZone)}${isAll ? ' (everything)' : ''}`;
  });
  if (shown !== steps) lines.push(`  ${' '.repeat(width)}  then less with every step`);
  return [
    ...lines,
    `  ${fullPrice({ ...total, amount: 0 }).padStart(width)}  from ${localTime(last.until, timeZone)} on`,
  ].join('\n');
}
