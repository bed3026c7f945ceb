import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellReader, guard, unguard } from './record.ts';

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '1', '\t', 'x') }),
);

describe('guard', () => {
  it('leaves nothing that a spreadsheet would run, and is taken off without a trace', () =>
    fc.assert(
      fc.property(cell, (text) => {
        expect(unguard(guard(text))).toBe(text);
        expect(guard(text)).not.toMatch(/^[=@\t\r]|^[+-](?!\d+(\.\d+)?$)/);
      }),
    ));

  it('leaves numbers as they are', () => {
    expect(['-73.98', '+1', '-5'].map(guard)).toEqual(['-73.98', '+1', '-5']);
    expect(['=1+1', '-5 degrees', "'=x", '＝1'].map(guard)).toEqual(["'=1+1", "'-5 degrees", "''=x", "'＝1"]);
  });
});

describe('cellReader', () => {
  it('finds columns by name, in any case and order', () => {
    const read = cellReader({ kind: 'csv', columns: ['Name ', ' ID', 'id'] }, false);
    const record = { row: 1, line: 2, cells: ['a', 'b', 'c'] };
    expect([read(record, 'name'), read(record, 'id'), read(record, 'other')]).toEqual(['a', 'b', '']);
  });

  it('reads values of an object as cells', () => {
    const read = cellReader({ kind: 'jsonl', columns: [] }, false);
    const record = { row: 1, line: 1, json: { a: 1, b: null, c: ['x'], d: true } };
    expect(['a', 'b', 'c', 'd', 'toString'].map((name) => read(record, name))).toEqual([
      '1',
      '',
      '["x"]',
      'true',
      '',
    ]);
  });
});
