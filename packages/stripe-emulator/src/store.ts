import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Identified {
  id: string;
}
type Table<T> = Map<string, T>;
type Tables<K> = { [N in keyof K & string]: Table<K[N]> };
type Change = [kind: string, id: string, value: Identified | null];

/** The changes of one request: seen by itself at once, by others when it is committed, or never. */
export interface Draft<K> {
  get<N extends keyof K & string>(kind: N, id: string): K[N] | undefined;
  /** A copy that may be changed in place; it is part of the draft. */
  edit<N extends keyof K & string>(kind: N, id: string): K[N];
  put<N extends keyof K & string>(kind: N, value: K[N]): K[N];
  remove(kind: keyof K & string, id: string): void;
  /** Newest first. */
  all<N extends keyof K & string>(kind: N): K[N][];
  commit(): void;
}

export interface Store<K> {
  draft(): Draft<K>;
  /** What is committed, oldest first, without copying it. */
  committed<N extends keyof K & string>(kind: N): ReadonlyMap<string, K[N]>;
  close(): void;
}

/** Everything is in memory. With a journal, each commit is one line in it, written before the commit returns. */
export function openStore<K extends { [N in keyof K]: Identified }>(
  kinds: readonly (keyof K & string)[],
  journal: string | undefined,
): Store<K> {
  const tables = Object.fromEntries(kinds.map((kind) => [kind, new Map()])) as unknown as Tables<K>;
  if (journal) {
    mkdirSync(path.dirname(journal), { recursive: true });
    restore(tables, journal);
  }
  const file = journal ? openSync(journal, 'a') : undefined;
  return {
    draft: () =>
      draftOf(tables, (changes) => {
        if (file !== undefined) writeFileSync(file, `${JSON.stringify(changes)}\n`);
        apply(tables, changes);
      }),
    committed: (kind) => tables[kind],
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

function draftOf<K>(tables: Tables<K>, write: (changes: Change[]) => void): Draft<K> {
  const changed = new Map<string, Change>();
  const find = (kind: string, id: string): unknown => {
    const change = changed.get(`${kind} ${id}`);
    return change ? (change[2] ?? undefined) : (tables as Tables<Record<string, unknown>>)[kind]!.get(id);
  };
  const put = (kind: string, id: string, value: Identified | null) =>
    changed.set(`${kind} ${id}`, [kind, id, value]);
  return {
    get: (kind, id) => find(kind, id) as never,
    edit(kind, id) {
      const found = find(kind, id);
      if (!found) throw new Error(`There is no ${kind} ${id} to edit`);
      if (changed.has(`${kind} ${id}`)) return found as never;
      const copy = structuredClone(found) as Identified;
      put(kind, id, copy);
      return copy as never;
    },
    put(kind, value) {
      put(kind, (value as Identified).id, value as Identified);
      return value;
    },
    remove: (kind, id) => void put(kind, id, null),
    all(kind) {
      const merged = new Map<string, unknown>(tables[kind]);
      for (const [of, id, value] of changed.values()) {
        if (of === kind && value) merged.set(id, value);
        else if (of === kind) merged.delete(id);
      }
      return [...merged.values()].reverse() as never;
    },
    commit() {
      if (changed.size > 0) write([...changed.values()]);
      changed.clear();
    },
  };
}

function apply<K>(tables: Tables<K>, changes: Change[]): void {
  for (const [kind, id, value] of changes) {
    const table = (tables as Record<string, Table<unknown>>)[kind];
    if (value) table?.set(id, value);
    else table?.delete(id);
  }
}

function restore<K>(tables: Tables<K>, journal: string): void {
  if (existsSync(journal)) {
    let number = 0;
    for (const line of linesOf(readFileSync(journal))) {
      number += 1;
      apply(tables, changesOf(line, journal, number));
    }
  }
  compact(tables, journal);
}

const LINE_BREAK = 10;

/** What follows the last line break is a line that was not written to its end, or nothing. */
function* linesOf(content: Buffer): Generator<string> {
  let start = 0;
  for (let end = content.indexOf(LINE_BREAK); end >= 0; end = content.indexOf(LINE_BREAK, start)) {
    yield content.toString('utf8', start, end);
    start = end + 1;
  }
}

function changesOf(line: string, journal: string, number: number): Change[] {
  try {
    return JSON.parse(line) as Change[];
  } catch (cause) {
    throw new Error(`The journal ${journal} is broken in line ${number}`, { cause });
  }
}

/** One line an object, in the order in which they came to be. */
function compact<K>(tables: Tables<K>, journal: string): void {
  const beside = `${journal}.new`;
  // It has the secrets of endpoints and the addresses of guests.
  const file = openSync(beside, 'w', 0o600);
  for (const [kind, table] of Object.entries(tables) as [string, Table<unknown>][]) {
    for (const batch of batches([...table])) {
      writeFileSync(file, batch.map(([id, value]) => `${JSON.stringify([[kind, id, value]])}\n`).join(''));
    }
  }
  closeSync(file);
  renameSync(beside, journal);
}

const BATCH = 1000;

function* batches<T>(items: T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}
