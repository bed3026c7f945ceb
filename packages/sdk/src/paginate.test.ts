import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiPromise } from './answer.ts';
import { List, type Page } from './paginate.ts';

/** A list over pages in memory, that notes which cursors it was asked for. */
function listOf<T>(pages: readonly (readonly T[])[], start?: string) {
  const asked: (string | undefined)[] = [];
  const fetch = (cursor: string | undefined) => {
    asked.push(cursor);
    const index = Number(cursor ?? 0);
    const page: Page<T> = {
      data: [...(pages[index] ?? [])],
      nextCursor: index + 1 < pages.length ? String(index + 1) : null,
    };
    return apiPromise(
      Promise.resolve({
        data: page,
        status: 200,
        headers: {},
        etag: undefined,
        requestId: undefined,
        attempts: 1,
      }),
    );
  };
  return { list: new List<T>(fetch, start), asked };
}

test('every item of every page comes once, in order, empty pages between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer())), async (pages) => {
      const { list, asked } = listOf(pages);
      expect(await Array.fromAsync(list)).toEqual(pages.flat());
      expect(asked).toHaveLength(Math.max(1, pages.length));
    }),
  );
});

test('nothing is fetched before it is needed', async () => {
  const { list, asked } = listOf([[1, 2], [3], [4]]);
  expect(asked).toEqual([]);
  for await (const item of list) if (item === 3) break;
  expect(asked).toEqual([undefined, '1']);
});

test('a list can be read twice, by page and from a cursor', async () => {
  const { list } = listOf([[1], [2], [3]], '1');
  expect(await list.page()).toEqual({ data: [2], nextCursor: '2' });
  expect(await Array.fromAsync(list)).toEqual([2, 3]);
  expect((await Array.fromAsync(list.pages())).map(({ data }) => data)).toEqual([[2], [3]]);
});

test('a list that does not advance is not followed for ever', async () => {
  const page: Page<number> = { data: [1], nextCursor: 'same' };
  const response = {
    data: page,
    status: 200,
    headers: {},
    etag: undefined,
    requestId: undefined,
    attempts: 1,
  };
  const list = new List<number>(() => apiPromise(Promise.resolve(response)), undefined);
  await expect(Array.fromAsync(list)).rejects.toThrow('does not advance');
});

test('a failure ends the iteration with the items before it read', async () => {
  const { list } = listOf([[1], [2]]);
  const failing = new List<number>(
    (cursor) => (cursor === undefined ? list.page() : apiPromise(Promise.reject(new Error('gone')))),
    undefined,
  );
  const read: number[] = [];
  const reading = (async () => {
    for await (const item of failing) read.push(item);
  })();
  await expect(reading).rejects.toThrow('gone');
  expect(read).toEqual([1]);
});
