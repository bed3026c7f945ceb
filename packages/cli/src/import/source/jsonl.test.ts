import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileWith, readFileRecords } from '../../../test/read-records.ts';
import { hasSharedData, sharedData } from '../../../test/shared-data.ts';
import { parseJson } from './jsonl.ts';

const outline = async (text: string | Buffer, name = 'units.jsonl') =>
  (await readFileRecords(fileWith(text, name))).records.map(({ row, line, json, problem }) => [
    row,
    line,
    problem?.rule ?? json,
  ]);

describe('lines', () => {
  it('reads one object a line and loses only the lines that are none', async () => {
    expect(await outline('{"a":1}\n{"a":\n\n  \n[1]\nnull\n"x"\r\n{"a":2}\r\n{"a":3}')).toEqual([
      [1, 1, { a: 1 }],
      [2, 2, 'not_json'],
      [3, 5, 'not_an_object'],
      [4, 6, 'not_an_object'],
      [5, 7, 'not_an_object'],
      [6, 8, { a: 2 }],
      [7, 9, { a: 3 }],
    ]);
  });

  it('reads them whatever the name, by the first character, and unpacks them', async () => {
    expect(await outline('\n {"a":1}', 'units.txt')).toEqual([[1, 2, { a: 1 }]]);
    expect(await outline(gzipSync('{"a":1}'), 'units')).toEqual([[1, 1, { a: 1 }]]);
  });

  it('rejects a line that is too long or not UTF-8, and goes on', async () => {
    const text = Buffer.concat([
      Buffer.from(`{"a":1}\n{"a":"${'x'.repeat(2_500_000)}"}\n{"a":"`),
      Buffer.from([0xe9]),
      Buffer.from('"}\n{"a":2}\n'),
    ]);
    expect(await outline(text)).toEqual([
      [1, 1, { a: 1 }],
      [2, 2, 'too_long'],
      [3, 3, 'encoding'],
      [4, 4, { a: 2 }],
    ]);
  });

  it.each([
    ['an array', 'units.json', '[\n{"a":1},\n{"a":2}\n]', 'one JSON array'],
    ['an array on one line', 'units.json', '[{"a":1},{"a":2}]', 'one JSON array'],
    ['an array in a file that is named otherwise', 'units.jsonl', '[\n{"a":1}\n]', 'over several lines'],
    ['one object over several lines', 'units.json', '{\n"a":1\n}', 'over several lines'],
  ])('says what to do about %s', async (_, name, text, message) => {
    await expect(outline(text, name)).rejects.toThrow(message);
  });

  it('reads again what a file of rejected rows kept of a broken line', async () => {
    expect(
      await outline(
        '{"sojourn_line":"{\\"a\\":1}","sojourn_error":"x"}\n{"sojourn_line":"{a","sojourn_error":"x"}',
      ),
    ).toEqual([
      [1, 1, { a: 1 }],
      [2, 2, 'not_json'],
    ]);
  });
});

describe('parseJson', () => {
  it('keeps every digit of whole numbers', () => {
    expect(
      parseJson(
        '{"id":1279846646046615122,"low":-9007199254740993,"safe":9007199254740991,"more":[12345678901234567890]}',
      ),
    ).toEqual({
      id: '1279846646046615122',
      low: '-9007199254740993',
      safe: 9007199254740991,
      more: ['12345678901234567890'],
    });
  });

  it('leaves other numbers and text alone', () => {
    expect(parseJson('{"x":40.123456789012345678,"t":"1279846646046615122"}')).toEqual({
      x: Number('40.123456789012345678'),
      t: '1279846646046615122',
    });
    expect(parseJson('{"__proto__":{"polluted":1},"n":1279846646046615122}')).toMatchObject({
      n: '1279846646046615122',
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe.runIf(hasSharedData)('JSONTestSuite as lines', () => {
  const folder = sharedData('json/JSONTestSuite');
  const files = hasSharedData ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

  it('accepts and refuses what it should, and keeps the good rows between', async () => {
    // Some files have line breaks of their own: then only the good row after them is looked at.
    const good = (name: string) => Buffer.from(`\n{"after":"${name}"}\n`);
    const contents = files.map((name) => readFileSync(`${folder}/${name}`));
    const text = Buffer.concat([
      Buffer.from('{"first":1}\n'),
      ...files.flatMap((name, i) => [contents[i]!, good(name)]),
    ]);
    const { records } = await readFileRecords(fileWith(text, 'suite.jsonl'));
    const afterwards = new Map(
      records.flatMap((record, i) => (record.json?.after ? [[record.json.after, i]] : [])),
    );
    expect([...afterwards.keys()]).toEqual(files);
    for (const [i, name] of files.entries()) {
      if (contents[i]!.includes(0x0a)) continue;
      const record = records[afterwards.get(name)! - 1]!;
      if (name.startsWith('n_') && contents[i]!.toString().trim() !== '')
        expect([name, record.problem?.rule]).toEqual([name, expect.stringMatching(/not_json|encoding/)]);
      if (name.startsWith('y_'))
        expect([name, record.problem?.rule ?? 'object']).toEqual([name, expect.stringMatching(/object/)]);
    }
  });
});
