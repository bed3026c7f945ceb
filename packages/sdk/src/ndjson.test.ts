import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../test/text.ts';
import { parseLines } from './ndjson.ts';

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer, void, undefined> {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const cut of [...at, bytes.length]) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
}

test('records survive any cut, also inside a character', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ title: anyText(), rooms: fc.integer() })),
      fc.array(fc.nat()),
      fc.constantFrom('\n', '\r\n', '\n\n'),
      fc.boolean(),
      async (records, cuts, lineEnd, ended) => {
        const text = records.map((record) => JSON.stringify(record)).join(lineEnd) + (ended ? lineEnd : '');
        const read = await Array.fromAsync(parseLines(chunksOf(Buffer.from(text), cuts)));
        expect(read).toEqual(records);
      },
    ),
  );
});

test('one byte at a time', async () => {
  const bytes = Buffer.from('{"title":"Zażółć 🏡"}\n{"title":"穏やか"}');
  const read = await Array.fromAsync(parseLines(chunksOf(bytes, [...bytes.keys()])));
  expect(read).toEqual([{ title: 'Zażółć 🏡' }, { title: '穏やか' }]);
});

test('a broken record is named', async () => {
  const read = Array.fromAsync(parseLines(chunksOf(Buffer.from('{"a":1}\n{"a":\n'), [])));
  await expect(read).rejects.toThrow('Record 2 of the stream is not JSON');
});

test('a line without end does not fill memory', async () => {
  async function* endless(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) yield Buffer.alloc(1024 * 1024, 'x');
  }
  await expect(Array.fromAsync(parseLines(endless()))).rejects.toThrow('a line of more than');
});
