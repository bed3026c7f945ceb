import { readdirSync, readFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvText } from '../../../test/read-records.ts';
import { hasSharedData, sharedData } from '../../../test/shared-data.ts';

const cellsOf = async (text: string) => (await readCsvText(text)).rows.map(({ cells }) => cells);
const outline = async (text: string | Buffer, size?: number) =>
  (await readCsvText(text, size)).rows.map(({ row, line, cells, problem }) => [
    row,
    line,
    problem?.rule ?? cells!.join('·'),
  ]);

describe('lines', () => {
  it.each([
    ['line feeds', '\n'],
    ['carriage return and line feed', '\r\n'],
    ['lone carriage returns', '\r'],
  ])('counts physical lines ended by %s', async (_, end) => {
    const text = ['id,name,price', '1,one,10', `2,"two${end}lines",20`, '', '3,three,30', ''].join(end);
    expect(await outline(text)).toEqual([
      [1, 2, '1·one·10'],
      [2, 3, `2·two${end}lines·20`],
      [3, 6, '3·three·30'],
    ]);
  });

  it('keeps every kind of line break that stands inside a cell', async () => {
    const cell = 'a\nb\r\nc\rd';
    expect(await cellsOf(`id,text\n1,"${cell}"\n2,x\n`)).toEqual([
      ['1', cell],
      ['2', 'x'],
    ]);
  });

  it('reads a last row without a line break, and rows between empty lines', async () => {
    expect(await outline('id,name\n\n\n1,a\n\n2,b')).toEqual([
      [1, 4, '1·a'],
      [2, 6, '2·b'],
    ]);
  });

  it('skips rows of nothing but delimiters without counting them', async () => {
    expect(await outline('id,name\n1,a\n,\n , \n2,b\n,,,\n')).toEqual([
      [1, 2, '1·a'],
      [2, 5, '2·b'],
    ]);
  });
});

describe('delimiters', () => {
  it.each([
    [';', 'id;name;price\n1;a,b;2,50\n'],
    ['\t', 'id\tname\tprice\n1\ta,b\t2,50\n'],
    ['|', 'id|name|price\n1|a,b|2,50\n'],
    ['the one Excel names', 'sep=;\r\nid;name;price\r\n1;a,b;2,50\r\n'],
  ])('finds %j by the header', async (_, text) => {
    const { header, rows } = await readCsvText(text);
    expect(header).toEqual(['id', 'name', 'price']);
    expect(rows[0]!.cells).toEqual(['1', 'a,b', '2,50']);
  });

  it('says that a file is empty', async () => {
    await expect(readCsvText('')).rejects.toThrow('test.csv is empty');
    await expect(readCsvText('\n\r\n  \n')).rejects.toThrow('test.csv is empty');
  });
});

describe('rows that break the rules', () => {
  const good = (n: number) => `${n},good ${n},x,${n}0`;

  it('loses only the row whose quotation mark is never closed', async () => {
    const text = [
      'id,name,kind,price',
      good(1),
      '2,"stray,x,20',
      good(3),
      good(4),
      '5,"fine, quoted",x,50',
      good(6),
      '',
    ].join('\n');
    expect(await outline(text)).toEqual([
      [1, 2, '1·good 1·x·10'],
      [2, 3, 'unclosed_quote'],
      [3, 4, '3·good 3·x·30'],
      [4, 5, '4·good 4·x·40'],
      [5, 6, '5·fine, quoted·x·50'],
      [6, 7, '6·good 6·x·60'],
    ]);
  });

  it('finds a stray mark also when a later row happens to close it', async () => {
    const text = [
      'id,name,kind,price',
      '1,"stray,x,10',
      good(2),
      good(3),
      '4,19" rack,x,40',
      good(5),
      '',
    ].join('\n');
    expect((await outline(text)).map(([, line, what]) => [line, what])).toEqual([
      [2, 'unclosed_quote'],
      [3, '2·good 2·x·20'],
      [4, '3·good 3·x·30'],
      [5, '4·19" rack·x·40'],
      [6, '5·good 5·x·50'],
    ]);
    const closed = ['id,name,kind,price', '1,"stray,x,10', good(2), '3,a rack of 19",x,30', good(4), ''].join(
      '\n',
    );
    expect((await outline(closed)).map(([, line, what]) => [line, what])).toEqual([
      [2, 'unclosed_quote'],
      [3, '2·good 2·x·20'],
      [4, '3·a rack of 19"·x·30'],
      [5, '4·good 4·x·40'],
    ]);
  });

  it('keeps the cells of a broken row as they read with marks as text', async () => {
    const { rows } = await readCsvText('id,name,kind,price\n1,"stray,x,10\n');
    expect(rows[0]).toMatchObject({ cells: ['1', '"stray', 'x', '10'], problem: { rule: 'unclosed_quote' } });
  });

  it.each([
    ['inside a bare cell', '1,5" nails,x,10', '5" nails'],
    ['undoubled inside a quoted cell', '1,"The "Big" flat",x,10', 'The "Big" flat'],
    ['after a space', '1, "Big, bright",x,10', 'Big, bright'],
    ['before a space', '1,"Big, bright" ,x,10', 'Big, bright'],
  ])('takes a mark %s as text', async (_, row, name) => {
    const { rows } = await readCsvText(`id,name,kind,price\n${row}\n${good(2)}\n`);
    expect(rows.map(({ cells }) => cells![1])).toEqual([name, 'good 2']);
    expect(rows.every(({ problem }) => !problem)).toBe(true);
  });

  it('keeps a cell over several lines whose marks are not doubled', async () => {
    const text = `id,name,text,price\n1,a,"Near the "Big"\nmarket, quiet",10\n${good(2)}\n`;
    expect(await outline(text)).toEqual([
      [1, 2, '1·a·Near the "Big"\nmarket, quiet·10'],
      [2, 4, '2·good 2·x·20'],
    ]);
  });

  it('rejects rows with too few or too many cells and goes on', async () => {
    const text = [
      'id,name,kind,price',
      '1,cut',
      good(2),
      '3,comma, unquoted,x,30',
      good(4),
      '5,trailing,x,50,,',
      '',
    ].join('\n');
    expect((await outline(text)).map(([, , what]) => what)).toEqual([
      'columns',
      '2·good 2·x·20',
      'columns',
      '4·good 4·x·40',
      '5·trailing·x·50',
    ]);
  });

  it('reads a row that is not UTF-8 as Windows-1252 and rejects it', async () => {
    const text = Buffer.concat([
      Buffer.from('id,name\n1,'),
      Buffer.from([0x43, 0x61, 0x66, 0xe9]),
      Buffer.from('\n2,Café\n'),
    ]);
    const { rows } = await readCsvText(text);
    expect(rows[0]).toMatchObject({ line: 2, cells: ['1', 'Café'], problem: { rule: 'encoding' } });
    expect(rows[1]).toMatchObject({ line: 3, cells: ['2', 'Café'] });
  });

  it('skips a line without end in bounded memory', async () => {
    const long = 'x'.repeat(3_000_000);
    const { rows } = await readCsvText(`id,name\n1,a\n2,${long}\n3,c\n`, 65_536);
    expect(rows.map(({ line, problem, cells }) => [line, problem?.rule ?? cells![1]])).toEqual([
      [2, 'a'],
      [3, 'too_long'],
      [4, 'c'],
    ]);
  });

  it('gives up on a mark that is not closed within a megabyte', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, i) => `${i + 3},a name that is long enough to fill some space,x,10`,
    );
    const text = ['id,name,kind,price', '1,first,x,1', '2,"stray,x,2', ...rows, ''].join('\n');
    const read = await readCsvText(text, 65_536);
    expect(read.rows.filter(({ problem }) => problem).map(({ line }) => line)).toEqual([3]);
    expect(read.rows).toHaveLength(30_002);
  });
});

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '"', '""', ',', '\n', '\r\n', 'a"b', 'a\nb', "'=1+1", ' x ', '﻿x', '; |\t'),
);

describe('well-formed files', () => {
  it('reads what a CSV writer wrote, however the bytes arrive', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 64 }),
        async (rows, size) => {
          // A row that is blank is none, and one that begins with a line break keeps it only inside of quotation marks.
          const kept = rows.map((cells, i) => [`id ${i}`, ...cells]);
          const text = stringify([['id', 'a', 'b', 'c', 'd', 'e'], ...kept]);
          const read = await readCsvText(text, size);
          expect(read.rows.map(({ cells }) => cells)).toEqual(kept);
          expect(read.rows.filter(({ problem }) => problem)).toEqual([]);
          const lines = text.split('\n');
          for (const { line, row } of read.rows)
            expect(lines[line - 1]!.startsWith(`id ${row - 1},`)).toBe(true);
        },
      ),
      { numRuns: 100 },
    ));

  it('never fails and never loses count, whatever the bytes are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('"', ',', '\n', '\r', 'a', '""', ' ', 'é', '1,2,3,4\n'), { maxLength: 60 }),
        fc.integer({ min: 1, max: 16 }),
        async (parts, size) => {
          const text = `id,name,kind,price\n${parts.join('')}`;
          const whole = await outline(text);
          expect(await outline(text, size)).toEqual(whole);
          expect(whole.map(([row]) => row)).toEqual(whole.map((_, i) => i + 1));
        },
      ),
      { numRuns: 150 },
    ));
});

describe.runIf(hasSharedData)('csv-spectrum', () => {
  const folder = sharedData('csv/csv-spectrum');
  it.each(hasSharedData ? readdirSync(`${folder}/csvs`) : [])('%s', async (name) => {
    const { header, rows } = await readCsvText(readFileSync(`${folder}/csvs/${name}`));
    const expected = [
      JSON.parse(readFileSync(`${folder}/json/${name.replace('.csv', '.json')}`, 'utf8')),
    ].flat();
    // The set's own answers give one file another telephone number, and forget the carriage return of another.
    const comparable = (cell: string | undefined) =>
      cell?.replaceAll('\r\n', '\n').replace(/^\d{10}$/, 'telephone');
    const named = (cells: readonly string[]) =>
      Object.fromEntries(header.map((column, i) => [column, comparable(cells[i])]));
    expect(rows.map(({ cells }) => named(cells!))).toEqual(
      expected.map((row) => named(header.map((column) => row[column]))),
    );
  });
});
