import { setTimeout as sleep } from 'node:timers/promises';
import type { ListingDraft } from '@sojourn/shared/listing';
import type { Format } from './formats/format.ts';
import type { BatchOutcome, KeptRow, Ledger, PlannedBatch } from './ledger.ts';
import type {
  BatchResult,
  ImportOptions,
  ImportProgress,
  ImportSink,
  OutgoingRow,
  RowProblem,
} from './model.ts';
import { createPace } from './pace.ts';
import { presentable, serverProblems } from './problems.ts';
import { SinkBusy, SinkRefused, SinkTooLarge, SinkUnavailable } from './sink.ts';
import type { OpenSource } from './source/open.ts';
import type { SourceRecord } from './source/record.ts';
import { countWarnings } from './warnings.ts';

const PATIENCE_MS = 60_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8_000;

/** The server's word for a key that came before with other rows, and what makes another key of it. */
const KEY_REUSED = 'idempotency_key_reused';
const RENEWED = '-again';

interface Sending {
  source: OpenSource;
  format: Format;
  ledger: Ledger;
  sink: ImportSink;
  importId: string;
  options: Pick<ImportOptions, 'publish' | 'concurrency' | 'signal' | 'patienceMs'>;
  onProgress: (progress: ImportProgress) => void;
}

interface ReadyRow extends OutgoingRow {
  record: SourceRecord;
}

/**
 * Sends the planned batches that have no answer yet, several at once. Throws when it has to stop early; by then every
 * batch under way has been answered and recorded, or will be sent again under its own key.
 */
export async function sendRows(sending: Sending): Promise<void> {
  const { source, format, ledger, options } = sending;
  reportTo(sending);
  const pace = createPace(options.concurrency);
  const failed = new AbortController();
  const stopped = AbortSignal.any([options.signal, failed.signal]);
  const deliver = courier(sending, pace, stopped);
  const underWay = new Set<Promise<void>>();

  const dispatch = async (batch: PlannedBatch, rows: ReadyRow[]) => {
    await pace.enter(stopped);
    const delivery = deliver(batch, rows)
      .catch((error: unknown) => {
        // Whoever is told to stop while waiting fails of that; what told him is known already.
        if (!stopped.aborted) failed.abort(error);
      })
      .finally(() => {
        underWay.delete(delivery);
        pace.leave();
      });
    underWay.add(delivery);
  };

  try {
    for await (const { batch, rows } of readBatches(source, format, ledger)) await dispatch(batch, rows);
  } catch (error) {
    if (!stopped.aborted) failed.abort(error);
  }
  await Promise.all(underWay);
  failed.signal.throwIfAborted();
  options.signal.throwIfAborted();
}

/** Reads the file again, and gathers the rows of each batch that still has to be sent. */
async function* readBatches(
  source: OpenSource,
  format: Format,
  ledger: Ledger,
): AsyncGenerator<{ batch: PlannedBatch; rows: ReadyRow[] }> {
  const batches = ledger.pendingBatches().values();
  let batch = batches.next().value;
  let rejected = batch && ledger.keptRowsBetween(batch.firstRow, batch.lastRow);
  let rows: ReadyRow[] = [];
  for await (const part of source.rows) {
    for (const record of part) {
      if (!batch) return;
      if (record.row < batch.firstRow || record.row > batch.lastRow) continue;
      if (!rejected?.has(record.row)) {
        const { draft, listingId } = format.read(record);
        // The check has held every row that is not rejected against the schema.
        rows.push({ record, draft: draft as ListingDraft, listingId });
      }
      if (record.row !== batch.lastRow) continue;
      yield { batch, rows };
      rows = [];
      batch = batches.next().value;
      rejected = batch && ledger.keptRowsBetween(batch.firstRow, batch.lastRow);
    }
  }
}

/** Takes one batch to the server and its answer to the ledger, whatever happens on the way. */
function courier(sending: Sending, pace: ReturnType<typeof createPace>, stopped: AbortSignal) {
  const { format, ledger, sink, importId, options, onProgress } = sending;
  const { publish } = options;
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  let downSince: number | undefined;

  const settle = (batch: PlannedBatch, outcome: BatchOutcome) => {
    downSince = undefined;
    ledger.acknowledge(batch, outcome);
    pace.faster();
    reportTo(sending);
  };

  const waitForServer = async (error: SinkUnavailable, attempt: number) => {
    downSince ??= performance.now();
    const left = patienceMs - (performance.now() - downSince);
    if (left <= 0) throw error;
    const backoff = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS) * (0.75 + Math.random() / 2);
    const retryInMs = Math.min(Math.max(backoff, error.retryAfterMs ?? 0), left);
    onProgress({ phase: 'wait', reason: error.message, retryInMs, patienceLeftMs: left });
    await sleep(retryInMs, undefined, { signal: stopped });
  };

  const slowDown = (error: SinkBusy, attempt: number) => {
    const retryInMs = error.retryAfterMs ?? Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
    const concurrency = pace.slower(retryInMs);
    onProgress({ phase: 'slow', concurrency, retryInMs });
  };

  return async function deliver(batch: PlannedBatch, rows: readonly ReadyRow[]): Promise<void> {
    const outgoing = rows.map(({ draft, listingId }) => ({ draft, listingId }));
    // The same rows always travel under the same key, also after a crash: a server that had taken them already repeats
    // its first answer, so that a row counts as what it was the first time.
    let idempotencyKey = `${importId}-${batch.firstRow}-${batch.lastRow}`;
    for (let attempt = 0; ; attempt += 1) {
      if (pace.restMs() > 0) await sleep(pace.restMs(), undefined, { signal: stopped });
      stopped.throwIfAborted();
      try {
        const results = await sink.upsert(outgoing, { publish, idempotencyKey });
        return settle(batch, outcomeOf(rows, results, format));
      } catch (error) {
        if (error instanceof SinkBusy) slowDown(error, attempt);
        else if (error instanceof SinkUnavailable) await waitForServer(error, attempt);
        else if (
          error instanceof SinkRefused &&
          error.code === KEY_REUSED &&
          !idempotencyKey.endsWith(RENEWED)
        ) {
          // Another version of this program began the import and read the rows in another way.
          idempotencyKey += RENEWED;
        } else if (error instanceof SinkTooLarge && rows.length > 1) {
          const [first, second] = halves(rows);
          const parts = ledger.split(batch, [spanOf(first), spanOf(second)]);
          await deliver(parts[0]!, first);
          return deliver(parts[1]!, second);
        } else if (error instanceof SinkTooLarge || error instanceof SinkRefused) {
          return settle(batch, allFailed(rows, error));
        } else throw error;
      }
    }
  };
}

function reportTo({ ledger, onProgress }: Sending): void {
  const { totals, notSent } = ledger.tally();
  const done = Object.values(totals).reduce((sum, count) => sum + count, 0);
  onProgress({ phase: 'send', rows: done + notSent, done, totals });
}

const halves = (rows: readonly ReadyRow[]) => {
  const middle = Math.ceil(rows.length / 2);
  return [rows.slice(0, middle), rows.slice(middle)] as const;
};

const spanOf = (rows: readonly ReadyRow[]) => ({
  firstRow: rows[0]!.record.row,
  lastRow: rows.at(-1)!.record.row,
  size: rows.length,
});

function outcomeOf(rows: readonly ReadyRow[], results: readonly BatchResult[], format: Format): BatchOutcome {
  const mismatch =
    results.length !== rows.length ||
    results.some(({ externalId }, i) => (externalId ?? null) !== idOf(rows[i]!));
  if (mismatch) throw new Error('The server answered about other rows than were sent to it.');
  const counts = { created: 0, updated: 0, unchanged: 0 };
  const failed: KeptRow[] = [];
  const warnings = countWarnings();
  for (const [i, result] of results.entries()) {
    const row = rows[i]!;
    if (result.outcome === 'failed')
      failed.push(keptRow(row, serverProblems(result.errors, format, row.record)));
    else counts[result.outcome] += 1;
    for (const { pointer, message } of result.gaps)
      warnings.add(`stays_draft${pointer}`, `Stays a draft. ${message}`, row.record.line, null);
  }
  return { ...counts, failed, warnings: warnings.all() };
}

/** As the schema reads it: trimmed. */
const idOf = ({ draft }: ReadyRow) => draft.externalId?.trim() ?? null;

function allFailed(rows: readonly ReadyRow[], error: SinkRefused | SinkTooLarge): BatchOutcome {
  const problem: RowProblem = {
    column: null,
    value: null,
    rule: error instanceof SinkRefused ? error.code : 'too_large',
    message: error.message,
    fix: 'The server refused the row; correct it and import it again.',
  };
  return {
    created: 0,
    updated: 0,
    unchanged: 0,
    failed: rows.map((row) => keptRow(row, [problem])),
    warnings: [],
  };
}

const keptRow = ({ record, draft }: ReadyRow, problems: RowProblem[]): KeptRow => ({
  row: record.row,
  line: record.line,
  externalId: draft.externalId ?? null,
  outcome: 'failed',
  problems: problems.map(presentable),
  original: record.cells ?? record.text ?? '',
});
