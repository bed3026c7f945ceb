import type { Readable } from 'node:stream';
import type { ListingDraft } from '@sojourn/shared/listing';

/** What an import is asked to do. */
export interface ImportOptions {
  /** Path of the file, or `-` for `stdin`. */
  file: string;
  stdin: Readable;
  format: 'auto' | 'sojourn' | 'inside-airbnb';
  /** Path of a mapping file: the columns of any other file in our words. */
  map?: string | undefined;
  /** ISO 4217 code for prices whose file names no currency. */
  currency?: string | undefined;
  /** IANA zone of all rows that do not name theirs. */
  timeZone?: string | undefined;
  /** The listings that are on the server already: a dry run tells what would become of each row. */
  existing?: AsyncIterable<unknown> | undefined;
  /** Publish what can be published; the rest stays a draft and is reported. */
  publish: boolean;
  /** Batches under way at once, at most. */
  concurrency: number;
  /** Read only so many rows. */
  limit?: number | undefined;
  /** Folder for `NAME.report.json` and `NAME.failed.csv`. */
  reportDir: string;
  /** Rows in one batch, at most. */
  batchSize: number;
  /** Folder for ledgers of unfinished imports. */
  stateDir: string;
  /** Aborted by Ctrl-C: batches under way are finished and recorded, no further one is sent. */
  signal: AbortSignal;
  /** Whose listings on which server: two of them never share a ledger. */
  serverKey: string;
  /** How long to wait for a server that does not answer before giving up. Default: a minute. */
  patienceMs?: number | undefined;
}

/** A listing of the file, ready to send. */
export interface OutgoingRow {
  draft: ListingDraft;
  /** Set for a row without `externalId` that names a listing of Sojourn instead (from an export). */
  listingId: string | undefined;
}

export interface RowIssue {
  pointer: string;
  code: string;
  message: string;
}

/** What became of a row that was sent. */
export interface BatchResult {
  externalId: string | null;
  outcome: 'created' | 'updated' | 'unchanged' | 'failed';
  listingId: string | null;
  status: string | null;
  errors: readonly RowIssue[];
  gaps: readonly RowIssue[];
}

/**
 * Where rows go. Answers in the order of the rows. Failures are told apart by the errors of `sink.ts`; whatever else
 * is thrown ends the import.
 */
export interface ImportSink {
  upsert(
    rows: readonly OutgoingRow[],
    options: { publish: boolean; idempotencyKey: string },
  ): Promise<readonly BatchResult[]>;
}

/** One thing that is wrong with a row, in words for the person who must mend it. */
export interface RowProblem {
  /** Column of the file; null when it is about the row as a whole. */
  column: string | null;
  value: string | null;
  /** The rule's name, stable for scripts: `required`, `too_big`, `duplicate_id`… */
  rule: string;
  message: string;
  fix: string;
}

/** Something odd that was kept or mended, counted over the whole file. */
export interface ImportWarning {
  kind: string;
  message: string;
  /** Rows concerned; 0 when it is about the file as a whole. */
  count: number;
  /** The first few of them. */
  samples: { line: number; value: string | null }[];
}

export interface ImportTotals {
  created: number;
  updated: number;
  unchanged: number;
  /** Refused by the check before anything was sent. */
  rejected: number;
  /** Refused by the server. */
  failed: number;
}

export interface RejectedRow {
  row: number;
  line: number;
  externalId: string | null;
  outcome: 'rejected' | 'failed';
  problems: RowProblem[];
}

/**
 * `finished`: every row was sent or rejected. `checked`: nothing was to be sent; the totals say what would happen.
 * `interrupted` and `stopped` (by the reason in `stopped`): the same command goes on.
 */
export type ImportStatus = 'finished' | 'checked' | 'interrupted' | 'stopped';

export interface ImportReport {
  file: string;
  importId: string;
  format: string;
  status: ImportStatus;
  /** Why it stopped early; null otherwise. */
  stopped: string | null;
  /** Whether it went on with an earlier, unfinished run. */
  resumed: boolean;
  /** Rows of the file: the totals and `notSent` add up to it. */
  rows: number;
  totals: ImportTotals;
  /** Good rows that were not sent: only checked, or left when the import was stopped. 0 when it is finished. */
  notSent: number;
  warnings: ImportWarning[];
  /** The first thousand; `rejectionCount` counts all. */
  rejections: RejectedRow[];
  rejectionCount: number;
  /** Path of the file with the rows to mend; null when there are none. */
  failedFile: string | null;
  reportFile: string;
  startedAt: string;
  finishedAt: string;
}

export type ImportProgress =
  /** A dry run reads what the server has. */
  | { phase: 'compare'; listings: number }
  | { phase: 'check'; bytes: number; totalBytes: number; rows: number; rejected: number }
  | { phase: 'resume'; rows: number; done: number }
  | { phase: 'send'; rows: number; done: number; totals: ImportTotals }
  /** The server does not answer: the next attempt is in `retryInMs`, and `patienceLeftMs` remain before it stops. */
  | { phase: 'wait'; reason: string; retryInMs: number; patienceLeftMs: number }
  /** The server asked for less: so many batches at once from now on. */
  | { phase: 'slow'; concurrency: number; retryInMs: number };
