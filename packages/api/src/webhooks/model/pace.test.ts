import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ATTEMPTS_AT_ONCE,
  batchSize,
  FAILING_AFTER,
  healthAfter,
  isFailing,
  isGivenUp,
  restAfter,
} from './pace.ts';

const NOW = new Date('2026-11-23T09:30:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const well = { consecutiveFailures: 0, failingSince: null };

describe('the pace of an endpoint', () => {
  test('slows with each failure in a row, down to one attempt at a time', () => {
    const sizes = [0, 1, 2, 3, 4, 5, 6, 1_000].map((consecutiveFailures) =>
      batchSize({ consecutiveFailures }),
    );
    expect(sizes).toEqual([200, 16, 8, 4, 2, 1, 1, 1]);
    expect(batchSize({ consecutiveFailures: FAILING_AFTER })).toBe(1);
    expect(ATTEMPTS_AT_ONCE).toBe(16);
  });

  test('has rests from the fifth failure in a row on, at most a minute long', () => {
    const restOf = (consecutiveFailures: number) => {
      const until = restAfter({ consecutiveFailures, failingSince: NOW }, NOW);
      return until && (until.getTime() - NOW.getTime()) / 1_000;
    };
    expect([0, 4, 5, 6, 7, 10, 11, 12, 100_000].map(restOf)).toEqual([null, null, 1, 2, 4, 32, 60, 60, 60]);
  });
});

describe('the health of an endpoint', () => {
  test('counts the failures since the last success, and since when', () => {
    const earlier = { consecutiveFailures: 3, failingSince: daysAgo(1) };
    expect(healthAfter(well, [], NOW)).toEqual(well);
    expect(healthAfter(earlier, [], NOW)).toEqual(earlier);
    expect(healthAfter(well, [false, false], NOW)).toEqual({ consecutiveFailures: 2, failingSince: NOW });
    expect(healthAfter(earlier, [false], NOW)).toEqual({ consecutiveFailures: 4, failingSince: daysAgo(1) });
    expect(healthAfter(earlier, [false, true], NOW)).toEqual(well);
    expect(healthAfter(earlier, [true, false], NOW)).toEqual({ consecutiveFailures: 1, failingSince: NOW });
  });

  test('is the same however its attempts were grouped', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.nat(), (succeeded, at) => {
        const [first, second] = [succeeded.slice(0, at), succeeded.slice(at)];
        const both = healthAfter(healthAfter(well, first, NOW), second, NOW);
        expect(both).toEqual(healthAfter(well, succeeded, NOW));
        expect(isFailing(both)).toBe(both.consecutiveFailures >= FAILING_AFTER);
      }),
    );
  });

  test('makes it given up after five days and ten attempts of nothing but failures', () => {
    expect(isGivenUp({ consecutiveFailures: 10, failingSince: daysAgo(5) }, NOW)).toBe(true);
    expect(isGivenUp({ consecutiveFailures: 9, failingSince: daysAgo(30) }, NOW)).toBe(false);
    expect(isGivenUp({ consecutiveFailures: 900, failingSince: daysAgo(4.99) }, NOW)).toBe(false);
    expect(isGivenUp(well, NOW)).toBe(false);
  });
});
