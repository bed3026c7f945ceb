import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/read-records.ts';
import { newImportId, openLedger } from './ledger.ts';

const open = (path = join(temporaryFolder(), 'a', 'import.sqlite')) => ({ path, ledger: openLedger(path) });
const batch = (firstRow: number, lastRow: number) => ({ firstRow, lastRow, size: lastRow - firstRow + 1 });
const outcome = { created: 2, updated: 1, unchanged: 0, failed: [], warnings: [] };

describe('a ledger', () => {
  it('remembers across processes which batches were answered, and how', () => {
    const { ledger, path } = open();
    for (const planned of [batch(1, 3), batch(4, 6), batch(7, 9)]) ledger.plan(planned);
    ledger.acknowledge(ledger.pendingBatches()[1]!, outcome);
    ledger.close();
    const again = openLedger(path);
    expect(again.pendingBatches().map(({ firstRow }) => firstRow)).toEqual([1, 7]);
    expect(again.tally()).toEqual({
      totals: { created: 2, updated: 1, unchanged: 0, rejected: 0, failed: 0 },
      notSent: 6,
    });
    again.remove();
    expect(existsSync(path)).toBe(false);
  });

  it('lets only one process in', () => {
    const { ledger, path } = open();
    expect(() => openLedger(path)).toThrow('running already');
    ledger.close();
    openLedger(path).close();
  });

  it('keeps nothing of a check that did not reach its end', () => {
    const { ledger, path } = open();
    ledger.begin();
    ledger.plan(batch(1, 3));
    ledger.claimId('a', 2);
    ledger.close();
    const again = openLedger(path);
    expect(again.pendingBatches()).toEqual([]);
    expect(again.claimId('a', 9)).toBeUndefined();
  });

  it('gives an id to the first line that claims it', () => {
    const { ledger } = open();
    expect([ledger.claimId('a', 2), ledger.claimId('b', 3), ledger.claimId('a', 4)]).toEqual([
      undefined,
      undefined,
      2,
    ]);
  });

  it('puts halves in the place of a batch', () => {
    const { ledger } = open();
    ledger.plan(batch(1, 4));
    ledger.plan(batch(5, 6));
    const [first, second] = ledger.split(ledger.pendingBatches()[0]!, [batch(1, 2), batch(3, 4)]);
    ledger.acknowledge(second!, outcome);
    expect(ledger.pendingBatches().map(({ firstRow, id }) => [firstRow, id])).toEqual([
      [1, first!.id],
      [5, expect.anything()],
    ]);
  });

  it('adds up warnings of a kind and keeps the first lines', () => {
    const { ledger } = open();
    const warning = (count: number, ...lines: number[]) => ({
      kind: 'k',
      message: 'm',
      count,
      samples: lines.map((line) => ({ line, value: null })),
    });
    ledger.warn(warning(2, 30, 31));
    ledger.warn(warning(4, 3, 4, 5, 6));
    expect(ledger.warnings()).toMatchObject([
      { kind: 'k', count: 6, samples: [3, 4, 5, 6, 30].map((line) => ({ line })) },
    ]);
  });

  it('keeps rows that did not make it in the order of the file', () => {
    const { ledger } = open();
    const row = (n: number) => ({
      row: n,
      line: n + 1,
      externalId: null,
      outcome: 'failed' as const,
      problems: [],
      original: ['a', 'b'],
    });
    ledger.plan(batch(1, 9));
    ledger.keep({ ...row(7), outcome: 'rejected' });
    ledger.acknowledge(ledger.pendingBatches()[0]!, { ...outcome, failed: [row(3)] });
    expect([...ledger.keptRows()].map((kept) => [kept.row, kept.outcome, kept.original])).toEqual([
      [3, 'failed', ['a', 'b']],
      [7, 'rejected', ['a', 'b']],
    ]);
    expect(ledger.keptRowsBetween(1, 5)).toEqual(new Set([3]));
  });
});

it('makes ids of the form that others have', () => {
  expect(newImportId()).toMatch(/^imp_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
  expect(newImportId()).not.toBe(newImportId());
});
