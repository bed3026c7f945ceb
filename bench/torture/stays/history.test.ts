import { expect, test } from 'vitest';
import { explain, type Operation } from './history.ts';

const at = (askedAt: number, answeredAt: number) => ({ askedAt, answeredAt });
const book = (booking: string, nights: number[], taken: boolean, from: number, to: number): Operation => ({
  kind: 'book',
  booking,
  nights,
  taken,
  ...at(from, to),
});

test('two that overlap in time and in nights are explained when one of them won', () => {
  const race = (a: boolean, b: boolean) => [book('a', [0, 1], a, 0, 10), book('b', [1, 2], b, 1, 9)];
  expect(explain(race(false, true), 3)).toHaveLength(2);
  expect(explain(race(true, false), 3)).toHaveLength(2);
  expect(explain(race(false, false), 3)).toBeUndefined();
  expect(explain(race(true, true), 3)).toBeUndefined();
});

test('a night that was sold again before the first stay was cancelled is not explained', () => {
  const cancel: Operation = { kind: 'cancel', booking: 'a', done: true, ...at(20, 30) };
  expect(explain([book('a', [0], false, 0, 5), cancel, book('b', [0], false, 31, 40)], 1)).toHaveLength(3);
  expect(explain([book('a', [0], false, 0, 5), cancel, book('b', [0], false, 10, 15)], 1)).toBeUndefined();
});

test('a read that shows an old calendar after a new one is not explained', () => {
  const read = (free: boolean, from: number, to: number): Operation => ({
    kind: 'read',
    free: [free],
    ...at(from, to),
  });
  const booked = book('a', [0], false, 0, 100);
  expect(explain([booked, read(true, 1, 2), read(false, 3, 4)], 1)).toHaveLength(3);
  expect(explain([booked, read(false, 1, 2), read(true, 3, 4)], 1)).toBeUndefined();
});

test('a long history of many clients is explained quickly', () => {
  const operations: Operation[] = [];
  for (let i = 0; i < 2_000; i += 1)
    operations.push(book(`b${i}`, [i % 5], i >= 5, i * 10, i * 10 + (i % 7) * 10 + 5));
  expect(explain(operations, 5)).toHaveLength(2_000);
});
