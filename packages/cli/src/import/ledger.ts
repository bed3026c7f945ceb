import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CliError } from '../exit.ts';
import type { ImportTotals, ImportWarning, RejectedRow } from './model.ts';

/** A run of consecutive rows that are sent together. Rejected rows may lie between them. */
export interface PlannedBatch {
  id: number;
  firstRow: number;
  lastRow: number;
  /** Rows to send, without the rejected ones between. */
  size: number;
}

/** How a batch ended: what the server did with its rows. */
export interface BatchOutcome {
  created: number;
  updated: number;
  unchanged: number;
  failed: readonly KeptRow[];
  warnings: readonly ImportWarning[];
}

/** A row that did not make it, with what its file said. */
export interface KeptRow extends RejectedRow {
  /** The cells of a CSV row; the text of a JSONL line. */
  original: readonly string[] | string;
}

const SAMPLES = 5;

const SCHEMA = `
  create table if not exists facts (name text primary key, value text not null) without rowid;
  create table if not exists ids (external_id text primary key, line integer not null) without rowid;
  create table if not exists existing (id text primary key, digest blob not null) without rowid;
  create table if not exists batches (
    id integer primary key, first_row integer not null, last_row integer not null, size integer not null,
    sent integer not null default 0, created integer not null default 0, updated integer not null default 0,
    unchanged integer not null default 0, failed integer not null default 0);
  create index if not exists batches_order on batches (first_row);
  create table if not exists kept_rows (
    row integer primary key, line integer not null, external_id text, outcome text not null,
    problems text not null, original text not null);
  create table if not exists warnings (kind text primary key, message text not null, count integer not null, samples text not null);
`;

export type Ledger = ReturnType<typeof openLedger>;

/**
 * What is known about one import of one file: which rows were rejected, in which batches the others are sent, and
 * what became of each. It lives as long as the import is unfinished, so that the same command can go on. The process
 * that has it open keeps it locked; the system frees the lock when that process ends, however it ends.
 */
export function openLedger(path: string) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = openLocked(path);
  db.exec(SCHEMA);

  const statement = {
    fact: db.prepare('select value from facts where name = ?'),
    setFact: db.prepare('insert into facts values (?, ?) on conflict do update set value = excluded.value'),
    claim: db.prepare('insert into ids values (?, ?) on conflict do nothing'),
    claimedOn: db.prepare('select line from ids where external_id = ?'),
    remember: db.prepare('insert or replace into existing values (?, ?)'),
    digest: db.prepare('select digest from existing where id = ?'),
    plan: db.prepare('insert into batches (first_row, last_row, size) values (?, ?, ?)'),
    unplan: db.prepare('delete from batches where id = ?'),
    sent: db.prepare(
      'update batches set sent = 1, created = ?, updated = ?, unchanged = ?, failed = ? where id = ?',
    ),
    pending: db.prepare(
      'select id, first_row as firstRow, last_row as lastRow, size from batches where sent = 0 order by first_row',
    ),
    keep: db.prepare('insert or replace into kept_rows values (?, ?, ?, ?, ?, ?)'),
    kept: db.prepare('select * from kept_rows order by row'),
    keptBetween: db.prepare('select row from kept_rows where row between ? and ?'),
    tally: db.prepare(`select coalesce(sum(created), 0) as created, coalesce(sum(updated), 0) as updated,
      coalesce(sum(unchanged), 0) as unchanged, coalesce(sum(failed), 0) as failed,
      coalesce(sum(size) filter (where sent = 0), 0) as notSent from batches`),
    warning: db.prepare('select count, samples from warnings where kind = ?'),
    warn: db.prepare('insert or replace into warnings values (?, ?, ?, ?)'),
    warnings: db.prepare('select * from warnings order by count desc, kind'),
  };

  const fact = (name: string) => (statement.fact.get(name) as { value: string } | undefined)?.value;

  const keep = ({ row, line, externalId, outcome, problems, original }: KeptRow) =>
    statement.keep.run(row, line, externalId, outcome, JSON.stringify(problems), JSON.stringify(original));

  const warn = ({ kind, message, count, samples }: ImportWarning) => {
    const before = statement.warning.get(kind) as { count: number; samples: string } | undefined;
    const all = [...((before ? JSON.parse(before.samples) : []) as ImportWarning['samples']), ...samples];
    const first = all.sort((a, b) => a.line - b.line).slice(0, SAMPLES);
    statement.warn.run(kind, message, count + (before?.count ?? 0), JSON.stringify(first));
  };

  /** All or nothing, also when the process dies in between. */
  const inTransaction = <T>(work: () => T): T => {
    db.exec('begin immediate');
    try {
      const result = work();
      db.exec('commit');
      return result;
    } catch (error) {
      db.exec('rollback');
      throw error;
    }
  };

  return {
    fact,
    setFact: (name: string, value: string) => void statement.setFact.run(name, value),

    begin: () => db.exec('begin immediate'),
    commit: () => db.exec('commit'),

    /** The line that has this id already; undefined when it is now taken for `line`. */
    claimId(externalId: string, line: number): number | undefined {
      if (statement.claim.run(externalId, line).changes === 1) return undefined;
      return (statement.claimedOn.get(externalId) as { line: number }).line;
    },
    /** What the server has under an id, as a digest of its content. */
    rememberExisting: (id: string, digest: Uint8Array) => void statement.remember.run(id, digest),
    existingDigest: (id: string) => (statement.digest.get(id) as { digest: Uint8Array } | undefined)?.digest,

    plan: ({ firstRow, lastRow, size }: Omit<PlannedBatch, 'id'>) =>
      void statement.plan.run(firstRow, lastRow, size),
    keep,
    warn,

    pendingBatches: () => statement.pending.all() as unknown as PlannedBatch[],
    keptRowsBetween: (first: number, last: number) =>
      new Set((statement.keptBetween.all(first, last) as { row: number }[]).map(({ row }) => row)),

    /** The server's answer to a batch. From here on its rows are never sent again by this import. */
    acknowledge(batch: PlannedBatch, { created, updated, unchanged, failed, warnings }: BatchOutcome): void {
      inTransaction(() => {
        statement.sent.run(created, updated, unchanged, failed.length, batch.id);
        for (const row of failed) keep(row);
        for (const warning of warnings) warn(warning);
      });
    },
    /** Puts several smaller batches in the place of one. */
    split(batch: PlannedBatch, parts: readonly Omit<PlannedBatch, 'id'>[]): PlannedBatch[] {
      return inTransaction(() => {
        statement.unplan.run(batch.id);
        return parts.map((part) => ({
          ...part,
          id: Number(statement.plan.run(part.firstRow, part.lastRow, part.size).lastInsertRowid),
        }));
      });
    },

    /** What became of the rows so far, and how many still wait to be sent. */
    tally(): { totals: ImportTotals; notSent: number } {
      const { notSent, ...sums } = statement.tally.get() as unknown as Omit<ImportTotals, 'rejected'> & {
        notSent: number;
      };
      const { created, updated, unchanged, failed } = sums;
      return {
        totals: { created, updated, unchanged, rejected: Number(fact('rejected') ?? 0), failed },
        notSent,
      };
    },
    *keptRows(): Generator<KeptRow> {
      for (const found of statement.kept.iterate()) {
        const { row, line, external_id, outcome, problems, original } = found as Record<string, unknown>;
        yield {
          row: row as number,
          line: line as number,
          externalId: external_id as string | null,
          outcome: outcome as KeptRow['outcome'],
          problems: JSON.parse(problems as string) as KeptRow['problems'],
          original: JSON.parse(original as string) as KeptRow['original'],
        };
      }
    },
    warnings: (): ImportWarning[] =>
      (statement.warnings.all() as { kind: string; message: string; count: number; samples: string }[]).map(
        ({ samples, ...warning }) => ({
          ...warning,
          samples: JSON.parse(samples) as ImportWarning['samples'],
        }),
      ),

    close: () => db.close(),
    /** The import is finished: the same command begins anew. */
    remove() {
      db.close();
      removeLedger(path);
    },
  };
}

export function removeLedger(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

function openLocked(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    // Exclusive from the first access to the last: two runs of one import must not mix.
    db.exec(
      'pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000',
    );
    db.exec('begin immediate; commit');
    return db;
  } catch (error) {
    db.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY)
      throw new CliError('This import is running already, in another terminal.', {
        next: 'Wait until it has ended, or stop it there.',
        cause: error,
      });
    throw new CliError(`The record of this import cannot be opened (${path}).`, {
      next: 'If the file is damaged, delete it and start again: rows that are there already stay unchanged.',
      cause: error,
    });
  }
}

const SQLITE_BUSY = 5;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id for an import, of the same form as the server's ids. */
export const newImportId = () => {
  const letters = Array.from(randomBytes(26), (byte) => ALPHABET[byte & 31]).join('');
  return `imp_${Number(letters.codePointAt(0)) % 8}${letters.slice(1)}`;
};
