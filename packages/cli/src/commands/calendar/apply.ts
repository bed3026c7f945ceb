import type { Sojourn } from '@sojourn/sdk';
import { nightsBetween } from '@sojourn/shared/nights';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { EXIT, type ExitCode, usageError } from '../../exit.ts';
import { count, table } from '../../render.ts';
import type { TermFlags } from './term-flags.ts';
import { termsOf } from './terms.ts';
import type { Selection } from './where.ts';
import { checkDates, type Range } from './write.ts';

type Options = TermFlags & {
  where: Selection;
  from: string;
  to: string;
  price?: string;
  clear?: true;
  block?: true;
  unblock?: true;
  dryRun?: true;
};
type Outcome = Awaited<ReturnType<Sojourn['calendar']['apply']>>;

/** Shows what would change, asks, and changes it. Exit code 3 says that some listings could not take it. */
export async function run(
  ctx: CommandContext,
  _args: [],
  { where: select, dryRun, ...flags }: Options,
): Promise<ExitCode> {
  const { io, json, signal } = ctx;
  const range = rangeOf(flags);
  const { calendar } = await ctx.client();
  const send = (dry: boolean) =>
    calendar.apply({ select, ranges: [range as never], dryRun: dry }, { signal });
  if (dryRun || !(json && ctx.yes)) {
    const preview = await send(true);
    if (dryRun && json) await io.json(preview);
    else if (preview.matched > 0 && !json) io.print(draw(ctx, preview));
    if (preview.matched === 0 && !json) io.say('No listing of yours fits: nothing was changed.');
    if (dryRun || preview.matched === 0) return exitCodeOf(preview);
    if (preview.changed === 0) {
      if (json) await io.json({ ...preview, dryRun: false });
      else io.say('Nothing would change.');
      return exitCodeOf(preview);
    }
    await ctx.confirm(`Change ${count(preview.changed, 'calendar')} from ${range.from} to ${range.to}?`);
  }
  const done = await send(false);
  if (json) await io.json(done);
  else io.success(`Changed ${count(done.changed, 'calendar')}${refusals(done)}.`);
  return exitCodeOf(done);
}

function rangeOf({
  from,
  to,
  price: amount,
  clear,
  block,
  unblock,
  ...flags
}: Omit<Options, 'where'>): Range {
  checkDates({ from, to });
  const terms = termsOf(flags, { amount, flag: '--price', clear: clear ?? false });
  const blocked = block ? true : unblock ? false : undefined;
  if (Object.keys(terms).length === 0 && blocked === undefined)
    throw usageError('Say what is to hold: --price, --min-nights, --block, or another flag.');
  return { from, to, ...terms, ...(blocked !== undefined && { blocked }) };
}

const refused = ({ listings }: Outcome) => listings.filter(({ errors }) => errors.length > 0).length;
const refusals = (outcome: Outcome) =>
  refused(outcome) > 0 ? `; ${count(refused(outcome), 'listing')} could not be changed` : '';
const exitCodeOf = (outcome: Outcome): ExitCode => (refused(outcome) > 0 ? EXIT.rowErrors : EXIT.ok);

function draw({ io }: CommandContext, { listings, matched, changed }: Outcome): string {
  const { out } = io.paint;
  const nights = (skipped: Outcome['listings'][number]['skipped']) =>
    skipped.reduce((sum, { from, to }) => sum + nightsBetween(from, to), 0);
  const rows = table(
    listings,
    [
      { title: 'LISTING', text: ({ title }) => title, flexible: true },
      { title: 'DAYS', text: ({ changedDays }) => String(changedDays), align: 'right' },
      {
        title: 'STAY TAKEN',
        text: ({ skipped }) => (skipped.length > 0 ? String(nights(skipped)) : ''),
        align: 'right',
        dropFirst: 2,
        style: (cell) => out.yellow(cell),
      },
      {
        title: 'PROBLEM',
        text: ({ errors }) => errors.map(({ message }) => oneLine(message)).join('; '),
        dropFirst: 1,
        style: (cell) => out.red(cell),
      },
      { title: 'ID', text: ({ listingId }) => listingId, dropFirst: 3, style: (cell) => out.dim(cell) },
    ],
    io.columns,
    out,
  );
  return `${rows}\n\n${count(matched, 'listing')}, ${count(changed, 'calendar')} would change.`;
}
