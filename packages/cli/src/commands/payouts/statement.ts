import { resolve } from 'node:path';
import type { BalanceEntry } from '@sojourn/sdk';
import { isCurrency, toDecimal } from '@sojourn/shared/money';
import { stringify } from 'csv-stringify/sync';
import type { CommandContext } from '../../command-context.ts';
import { withoutControls } from '../../controls.ts';
import { count } from '../../render.ts';
import { toCurrency } from '../money.ts';
import { writeOutputFile } from '../output-file.ts';

interface Options {
  from?: string;
  to?: string;
  month?: string;
  currency?: string;
  host?: string;
  output?: string;
}

const LINES_A_PAGE = 100;

/** Streams what changed the host's balance into a file or stdout, the oldest first, as it was written down. */
export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const { output } = options;
  const { balance } = await ctx.client();
  const pages = balance.entries({ ...queryOf(options), limit: LINES_A_PAGE }, { signal }).pages();
  let written = 0;
  const text = async function* () {
    if (!json) yield stringify([COLUMNS]);
    for await (const { data } of pages) {
      yield json ? data.map((line) => `${JSON.stringify(line)}\n`).join('') : stringify(data.map(rowOf));
      written += data.length;
      io.status(`Writing … ${count(written, 'line')}`);
    }
  };
  if (output === undefined || output === '-') {
    // On a terminal it is looked at, in a pipe it has to stay as it is.
    const shown = io.stdoutIsTerminal ? withoutControls : (chunk: string) => chunk;
    for await (const chunk of text()) await io.write(shown(chunk));
    io.status();
  } else {
    await writeOutputFile(resolve(ctx.env.cwd, output), text(), signal);
    io.status();
    io.success(`Wrote ${count(written, 'line')} to ${output}.`);
  }
}

function queryOf({ from, to, month, currency, host }: Options) {
  const [first, end] = month === undefined ? [from, to] : [`${month}-01`, nextMonth(month)];
  return {
    ...(first !== undefined && { from: first }),
    ...(end !== undefined && { to: end }),
    ...(currency !== undefined && { currency: toCurrency(currency) }),
    ...(host !== undefined && { hostId: host }),
  };
}

/** The first day of the month after this one. */
function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

const COLUMNS = ['occurredAt', 'kind', 'bookingId', 'listingTitle', 'amount', 'balance', 'currency'];

const rowOf = ({ occurredAt, kind, bookingId, listingTitle, amount, balance }: BalanceEntry) => [
  occurredAt,
  kind,
  bookingId,
  listingTitle && notAFormula(listingTitle),
  wholeUnits(amount),
  wholeUnits(balance),
  amount.currency,
];

/** `-12.50`. A currency that is not known here stays in its minor units: how many digits it has is not for us to guess. */
function wholeUnits({ amount, currency }: BalanceEntry['amount']): string {
  if (!isCurrency(currency)) return String(amount);
  return `${amount < 0 ? '-' : ''}${toDecimal({ amount: Math.abs(amount), currency })}`;
}

/** A spreadsheet runs a cell that begins like a formula, and a title is whatever somebody wrote. */
const notAFormula = (title: string) => (/^[=+\-@\t\r]/.test(title) ? `'${title}` : title);
