import { basename } from 'node:path';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { CalendarProgress, CalendarReport } from '../../import/calendar/model.ts';
import { phrase } from '../../import/problems.ts';
import { duration, startProgress } from '../../progress.ts';
import { count, wrap } from '../../render.ts';

const JSON_EVERY_MS = 1_000;
const SHOWN = 5;
const WIDTH = 80;
const MARGIN = 14;

/** A bar for people, or a line of JSON each second. */
export function showProgress({ io, json }: CommandContext, dryRun: boolean) {
  const started = performance.now();
  const bar = startProgress(io, { label: dryRun ? 'Comparing' : 'Importing', unit: 'rows' });
  let told = started;
  return {
    seconds: () => (performance.now() - started) / 1_000,
    stop: () => bar.stop(),
    update(progress: CalendarProgress) {
      const { rows, done, bytes, totalBytes, rejected } = progress;
      if (!json) {
        const total = bytes > 0 ? Math.round((rows * totalBytes) / bytes) : undefined;
        const note = rejected > 0 ? { note: `${rejected.toLocaleString('en-US')} rejected` } : {};
        return bar.update({ done, total, ...note });
      }
      if (performance.now() - told < JSON_EVERY_MS) return;
      told = performance.now();
      void io.jsonLine({ type: 'progress', ...progress });
    },
  };
}

interface Ending {
  dryRun: boolean;
  seconds: number;
}

/** What came of it, within 80 columns; with `--json` the whole report as the last line. */
export async function showReport(
  { io, json }: CommandContext,
  report: CalendarReport,
  { dryRun, seconds }: Ending,
): Promise<void> {
  if (json) return io.jsonLine({ type: 'report', dryRun, ...report });
  const verb = {
    finished: dryRun ? 'Compared' : 'Imported',
    interrupted: 'Interrupted:',
    stopped: 'Stopped:',
  }[report.status];
  const rate = Math.round(report.rows / Math.max(seconds, 0.001));
  io.print(
    [
      `${verb} ${oneLine(basename(report.file))} in ${duration(seconds)} (${rate.toLocaleString('en-US')} rows/s)`,
      ...figures(report, dryRun),
      ...problems(report),
    ].join('\n'),
  );
  if (report.status !== 'finished')
    io.say('Run the same command again: what is done already stays as it is.');
}

function figures(report: CalendarReport, dryRun: boolean) {
  const { listings, nights, skipped, pricesLeftOut, taken, rejected, rows } = report;
  const always = [
    [dryRun ? 'calendars would change' : 'calendars changed', listings.changed],
    ['calendars unchanged', listings.unchanged],
    ['nights blocked', nights.blocked],
    ['nights open', nights.open],
  ] as const;
  const sometimes = [
    ['nights booked or taken in a feed: they stay so', taken],
    ['rows about past nights, left out', skipped.past],
    ['prices left out: the listing has no base price', pricesLeftOut],
    ['listings not found by their own id', listings.unknown],
    ['calendars refused by the server', listings.failed],
    ['rows rejected', rejected],
  ] as const;
  return [...always, ...sometimes.filter(([, value]) => value > 0), ['rows of the file', rows] as const].map(
    ([name, value]) => `  ${value.toLocaleString('en-US').padStart(12)}  ${name}`,
  );
}

function problems({ rejections, rejected, failures, unknownListings }: CalendarReport): string[] {
  const rowsOf = new Map(unknownListings.map(({ externalId, rows }) => [externalId, rows]));
  const rows = rejections.slice(0, SHOWN).flatMap(({ line, externalId, problem }) => {
    const many = problem.column === 'listing_id' ? rowsOf.get(externalId) : undefined;
    const all = many !== undefined && many > 1 ? ` (${count(many, 'row')})` : '';
    return indented(`line ${line}`, `${oneLine(phrase(problem))}${all}`);
  });
  const refused = failures
    .slice(0, SHOWN)
    .flatMap(({ externalId, message }) => indented(oneLine(externalId).slice(0, MARGIN), oneLine(message)));
  const first = (shown: number, all: number) =>
    all > shown ? `, the first ${shown} of ${all.toLocaleString('en-US')}` : '';
  return [
    ...(rows.length > 0
      ? [
          '',
          `Rejected${rejected > 0 && rejections.length > SHOWN ? first(SHOWN, rejections.length) : ''}:`,
          ...rows,
        ]
      : []),
    ...(refused.length > 0 ? ['', `Refused${first(SHOWN, failures.length)}:`, ...refused] : []),
  ];
}

/** A figure on the left, words on the right, on as many lines as they need. */
const indented = (figure: string, text: string) =>
  wrap(text, WIDTH - MARGIN - 2).map((line, i) => `${(i === 0 ? figure : '').padStart(MARGIN)}  ${line}`);
