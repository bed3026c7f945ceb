import { openInput } from '../source/input.ts';
import { type OpenSource, openSource } from '../source/open.ts';
import { createGatherer, type Gatherer } from './gather.ts';
import type {
  CalendarImportOptions,
  CalendarProgress,
  CalendarReport,
  CalendarSink,
  KnownListing,
} from './model.ts';
import { calendarReader } from './read-rows.ts';
import { createSender } from './send.ts';
import { createTally, type Tally } from './tally.ts';

const HELD_NIGHTS = 100_000;

export interface CalendarImportEnd {
  report: CalendarReport;
  /** What made it stop early, for the caller to explain. */
  failure?: unknown;
}

/**
 * Imports a file of nights: reads it once from front to end, folds the nights of a listing into ranges and sends these.
 * A second run with the same file changes nothing, so that an interrupted one is simply started again.
 *
 * @throws CliError when the file cannot be read or is no calendar; nothing was sent then.
 */
export async function importCalendar(
  options: CalendarImportOptions,
  sink: CalendarSink,
  onProgress: (progress: CalendarProgress) => void,
): Promise<CalendarImportEnd> {
  const startedAt = new Date().toISOString();
  await using input = await openInput(options);
  let bytes = 0;
  await using source = await openSource(input, { signal: options.signal, onRead: (read) => (bytes = read) });
  const read = calendarReader(source, input.label, await readListings(sink), options.currency);
  const tally = createTally();
  const gatherer = createGatherer(options.heldNights ?? HELD_NIGHTS);
  const sender = createSender(sink, options, tally);
  const tellProgress = () => {
    const { rows, rejected } = tally.report;
    onProgress({ rows, done: rows - gatherer.held(), bytes, totalBytes: input.size, rejected });
  };
  let failure: unknown;
  try {
    for await (const _ of gatherRows(source, read, { tally, gatherer, limit: options.limit })) {
      for (let full = gatherer.takeSurplus(); full; full = gatherer.takeSurplus()) await sender.send(full);
      sender.check();
      tellProgress();
    }
    for (const gathered of gatherer.takeRest()) {
      await sender.send(gathered);
      tellProgress();
    }
  } catch (error) {
    failure = error;
  }
  failure = (await sender.finish()) ?? failure;
  const report: CalendarReport = {
    file: options.file === '-' ? 'stdin' : options.file,
    ...endingOf(failure, options.signal),
    ...tally.report,
    startedAt,
    finishedAt: new Date().toISOString(),
  };
  return failure === undefined ? { report } : { report, failure };
}

interface Gathering {
  tally: Tally;
  gatherer: Gatherer;
  limit: number | undefined;
}

/** Reads the rows, piece by piece of the file, up to the limit. After each piece somebody has to make room. */
async function* gatherRows(
  source: OpenSource,
  read: ReturnType<typeof calendarReader>,
  { tally, gatherer, limit }: Gathering,
): AsyncGenerator<void> {
  for await (const part of source.rows) {
    for (const record of part) {
      if (tally.report.rows === limit) return;
      tally.report.rows += 1;
      const row = read(record);
      if ('problem' in row) tally.reject(record.line, row);
      else {
        if (row.wish.priceLeftOut) tally.report.pricesLeftOut += 1;
        gatherer.add(row.listing, row.day, row.wish);
      }
    }
    yield;
  }
}

async function readListings(sink: CalendarSink): Promise<Map<string, KnownListing>> {
  const known = new Map<string, KnownListing>();
  for await (const listing of sink.listings()) known.set(listing.externalId, listing);
  return known;
}

function endingOf(failure: unknown, signal: AbortSignal): Pick<CalendarReport, 'status' | 'stopped'> {
  if (failure === undefined) return { status: 'finished', stopped: null };
  if (signal.aborted) return { status: 'interrupted', stopped: null };
  return { status: 'stopped', stopped: failure instanceof Error ? failure.message : String(failure) };
}
