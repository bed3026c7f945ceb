import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_ATTEMPTS, nextAttemptAfter, shownAnswer } from './delivery.ts';

const NOW = new Date('2026-11-23T09:30:00Z');
const waits = (chance: number) =>
  Array.from({ length: MAX_ATTEMPTS }, (_, index) => nextAttemptAfter(index + 1, NOW, chance)).map(
    (at) => at && (at.getTime() - NOW.getTime()) / 1_000,
  );

test('a delivery is tried after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and then no more', () => {
  const schedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
  expect(waits(0)).toEqual([...schedule, null]);
  expect(waits(1)).toEqual([...schedule.map((seconds) => (seconds * 11) / 10), null]);
});

test('an answer of any bytes becomes text that can be stored and printed', () => {
  expect(shownAnswer(Buffer.from('{"error":\n\t"naïve"}'))).toBe('{"error":\n\t"naïve"}');
  expect(shownAnswer(Buffer.from('\u0000\u001b[31mred\r\u009b'))).toBe('\ufffd\ufffd[31mred\ufffd\ufffd');
  expect(shownAnswer(Buffer.alloc(5_000, 'x'))).toHaveLength(1_024);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      const text = shownAnswer(Buffer.from(bytes));
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/[\p{Cc}--[\n\t]]/v);
    }),
  );
});
