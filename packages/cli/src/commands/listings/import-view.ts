import { basename, relative } from 'node:path';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { ImportProgress, ImportReport, ImportWarning } from '../../import/model.ts';
import { phrase } from '../../import/problems.ts';
import { duration, type Progress, startProgress } from '../../progress.ts';
import { count, wrap } from '../../render.ts';

export interface ImportView {
  update(progress: ImportProgress): void;
  stop(): void;
  /** Since the start, for the rate in the summary. */
  seconds(): number;
}

const JSON_EVERY_MS = 1_000;

/** Progress for people on a terminal or in a log, or as lines of JSON. */
export function showProgress(ctx: CommandContext, { checkOnly }: { checkOnly: boolean }): ImportView {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  const drawing = ctx.json ? jsonLines(ctx, seconds) : forPeople(ctx, checkOnly);
  return { ...drawing, seconds };
}

function forPeople({ io, signal }: CommandContext, checkOnly: boolean): Pick<ImportView, 'update' | 'stop'> {
  let bar: { phase: string; progress: Progress } | undefined;
  let waiting = false;
  let concurrency: number | undefined;
  const onInterrupt = () => io.say('Finishing what is under way. Ctrl-C again stops at once.');
  signal.addEventListener('abort', onInterrupt, { once: true });

  const barFor = (phase: string, label: string, from = 0) => {
    if (bar?.phase !== phase) {
      bar?.progress.stop();
      bar = { phase, progress: startProgress(io, { label, unit: 'rows', from }) };
    }
    return bar.progress;
  };
  const note = (refused: number) =>
    refused > 0 ? { note: `${refused.toLocaleString('en-US')} rejected` } : {};

  return {
    stop() {
      signal.removeEventListener('abort', onInterrupt);
      io.status();
    },
    update(progress) {
      switch (progress.phase) {
        case 'compare':
          return io.status(`Reading what the server has … ${count(progress.listings, 'listing')}`);
        case 'check': {
          // Before sending, the check is over too soon to be worth lines in a log.
          if (!checkOnly && !io.stderrIsTerminal) return;
          const { rows, bytes, totalBytes, rejected } = progress;
          const total = bytes > 0 ? Math.round((rows * totalBytes) / bytes) : undefined;
          return barFor('check', 'Checking').update({ done: rows, total, ...note(rejected) });
        }
        case 'resume':
          return io.say(
            `Going on with an import that was not finished: ${progress.done.toLocaleString('en-US')} of ${count(progress.rows, 'row')} are done.`,
          );
        case 'send':
          if (waiting) io.say('The server answers again.');
          waiting = false;
          return barFor('send', 'Importing', progress.done).update({
            done: progress.done,
            total: progress.rows,
            ...note(progress.totals.rejected + progress.totals.failed),
          });
        case 'wait':
          if (!waiting)
            io.warn(
              `The server does not answer (${oneLine(progress.reason).replace(/[.\s]+$/, '')}). Trying again for ${duration(progress.patienceLeftMs / 1_000)} …`,
            );
          waiting = true;
          return io.status(
            `Waiting for the server: next attempt in ${duration(progress.retryInMs / 1_000)}, giving up in ${duration(progress.patienceLeftMs / 1_000)}`,
          );
        case 'slow':
          if (progress.concurrency !== concurrency)
            io.say(
              `The server asks for less: ${count(progress.concurrency, 'batch', 'batches')} at once from now on.`,
            );
          concurrency = progress.concurrency;
      }
    },
  };
}

function jsonLines({ io }: CommandContext, seconds: () => number): Pick<ImportView, 'update' | 'stop'> {
  let shownAt = Number.NEGATIVE_INFINITY;
  let firstDone: number | undefined;
  return {
    stop() {},
    update(progress) {
      const last = progress.phase === 'send' && progress.done === progress.rows;
      const frequent =
        progress.phase === 'send' || progress.phase === 'check' || progress.phase === 'compare';
      if (frequent && !last && seconds() * 1_000 - shownAt < JSON_EVERY_MS) return;
      if (frequent) shownAt = seconds() * 1_000;
      void io.jsonLine({ type: 'progress', ...progress, ...(progress.phase === 'send' && pace(progress)) });
    },
  };

  function pace({ done, rows }: { done: number; rows: number }) {
    firstDone ??= done;
    const rowsPerSecond = Math.round((done - firstDone) / Math.max(seconds(), 0.001));
    return {
      rowsPerSecond,
      secondsLeft: rowsPerSecond > 0 ? Math.ceil((rows - done) / rowsPerSecond) : null,
    };
  }
}

const WIDTH = 80;
const REJECTIONS_SHOWN = 5;
/** What came of it, within 80 columns; with `--json` the whole report as the last line. */
export async function showSummary(ctx: CommandContext, report: ImportReport, seconds: number): Promise<void> {
  const { io } = ctx;
  if (ctx.json) return io.jsonLine({ type: 'report', ...report });
  io.print(
    [
      headline(report, seconds),
      ...totalLines(report),
      ...warningLines(report.warnings),
      ...rejectionLines(report),
    ].join('\n'),
  );
  const shown = (path: string) => relative(ctx.env.cwd, path) || path;
  if (report.failedFile)
    io.say(`Rows to mend: ${shown(report.failedFile)}   (correct them there, and import that file)`);
  io.say(`Report: ${shown(report.reportFile)}`);
  if (report.status === 'interrupted' || report.status === 'stopped')
    io.say('Run the same command again: it goes on from here.');
}

function headline({ status, file, rows, notSent }: ImportReport, seconds: number): string {
  const verb = { finished: 'Imported', checked: 'Checked', interrupted: 'Interrupted:', stopped: 'Stopped:' }[
    status
  ];
  const rate = Math.round((status === 'checked' ? rows : rows - notSent) / Math.max(seconds, 0.001));
  return `${verb} ${oneLine(basename(file))} in ${duration(seconds)} (${rate.toLocaleString('en-US')} rows/s)`;
}

function totalLines({ status, rows, totals, notSent }: ImportReport): string[] {
  const { created, updated, unchanged, rejected, failed } = totals;
  const foreseen = status === 'checked' && notSent === 0;
  const would = foreseen ? 'would be ' : '';
  const sent = [
    [`${would}created`, created],
    [`${would}updated`, updated],
    [foreseen ? 'would stay unchanged' : 'unchanged', unchanged],
  ] as const;
  const figures = [
    ...(status === 'checked' && !foreseen ? [['good', notSent] as const] : sent),
    ['rejected', rejected],
    ...(status === 'checked' ? [] : [['failed', failed] as const]),
    ...(status === 'interrupted' || status === 'stopped' ? [['not sent yet', notSent] as const] : []),
    ['rows of the file', rows],
  ] as const;
  return figures.map(([name, value]) => `  ${value.toLocaleString('en-US').padStart(12)}  ${name}`);
}

function warningLines(warnings: readonly ImportWarning[]): string[] {
  if (warnings.length === 0) return [];
  return [
    '',
    'Remarks:',
    ...warnings.flatMap(({ message, count: rows, samples }) => {
      const where =
        samples.length > 0
          ? ` (line ${samples.map(({ line }) => line).join(', ')}${rows > samples.length ? ', …' : ''})`
          : '';
      return indented(rows === 0 ? '' : rows.toLocaleString('en-US'), `${oneLine(message)}${where}`);
    }),
  ];
}

function rejectionLines({ rejections, rejectionCount }: ImportReport): string[] {
  if (rejections.length === 0) return [];
  const shown = rejections.slice(0, REJECTIONS_SHOWN);
  return [
    '',
    `Rejected${rejectionCount > shown.length ? `, the first ${shown.length} of ${rejectionCount.toLocaleString('en-US')}` : ''}:`,
    ...shown.flatMap(({ line, problems }) =>
      problems.flatMap((problem) => indented(`line ${line}`, oneLine(phrase(problem)))),
    ),
  ];
}

const MARGIN = 14;

/** A figure on the left, words on the right, on as many lines as they need. */
const indented = (figure: string, text: string) =>
  wrap(text, WIDTH - MARGIN - 2).map((line, i) => `${(i === 0 ? figure : '').padStart(MARGIN)}  ${line}`);
