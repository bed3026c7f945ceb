import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRetryableAnswer, MAX_RETRY_AFTER, mayRepeat, parseRetryAfter, retryDelay } from './retry.ts';

const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('retryDelay', () => {
  test('stays within its doubling bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), random, (attempt, chance) => {
        const delay = retryDelay(attempt, undefined, chance)!;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(8_000, 500 * 2 ** (attempt - 1)));
      }),
    );
  });

  test('is never shorter than the server asks, and gives up beyond the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 3 * MAX_RETRY_AFTER }),
        random,
        (attempt, asked, chance) => {
          const delay = retryDelay(attempt, asked, chance);
          if (asked > MAX_RETRY_AFTER) expect(delay).toBeUndefined();
          else expect(delay).toBeGreaterThanOrEqual(asked);
        },
      ),
    );
  });

  test('spreads over the whole range', () => {
    expect(retryDelay(3, undefined, 0)).toBe(0);
    expect(retryDelay(3, undefined, 0.5)).toBe(1_000);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['1.5', 1_500],
    ['Mon, 23 Nov 2026 10:00:05 GMT', 5_000],
    ['Mon, 23 Nov 2026 09:59:00 GMT', 0],
  ])('reads %j', (value, milliseconds) => {
    expect(parseRetryAfter(value, undefined, now)).toBe(milliseconds);
  });

  test.each(['', ' ', '-5', 'soon', '1e3', 'NaN', 'Infinity', '2026-11-23', 'Mon, not a date', '0x10'])(
    'does not believe %j',
    (value) => {
      expect(parseRetryAfter(value, undefined, now)).toBeUndefined();
    },
  );

  test("compares a date with the server's clock, not with ours", () => {
    expect(parseRetryAfter('Mon, 23 Nov 2026 08:00:09 GMT', 'Mon, 23 Nov 2026 08:00:00 GMT', now)).toBe(
      9_000,
    );
  });

  test('gives back any number of seconds, and is never negative or NaN whatever the text', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        expect(parseRetryAfter(String(seconds), undefined, now)).toBe(seconds * 1_000);
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, date) => {
        const parsed = parseRetryAfter(value, date, now);
        if (parsed !== undefined) expect(parsed).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test('a write is repeated only under a key', () => {
  expect(['GET', 'PUT', 'DELETE'].map((method) => mayRepeat(method, false))).toEqual([true, true, true]);
  expect(['POST', 'PATCH'].map((method) => mayRepeat(method, false))).toEqual([false, false]);
  expect(['POST', 'PATCH'].map((method) => mayRepeat(method, true))).toEqual([true, true]);
});

test('only passing failures are retried', () => {
  const retried = [];
  for (let status = 300; status < 600; status++)
    if (isRetryableAnswer(status, 'whatever')) retried.push(status);
  expect(retried).toEqual([408, 429, 502, 503, 504]);
  expect(isRetryableAnswer(409, 'idempotency_in_progress')).toBe(true);
});
