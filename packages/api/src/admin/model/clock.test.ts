import { describe, expect, test } from 'vitest';
import { aheadAfter, MAX_AHEAD_MS, spanMs } from './clock.ts';

const HOUR = 3_600_000;
const NOW = new Date('2026-12-01T12:00:00.000Z');

describe('a span of time', () => {
  test.each([
    ['3d', 72 * HOUR],
    ['2h30m', 2.5 * HOUR],
    ['1w', 168 * HOUR],
    ['1w2d3h4m5s', (168 + 48 + 3) * HOUR + 4 * 60_000 + 5_000],
    ['90m', 1.5 * HOUR],
  ])('%s is understood', (text, milliseconds) => expect(spanMs(text)).toBe(milliseconds));

  test.each(['', '0d', '3', 'd', '-1d', '1.5h', '3d ', '30m2h', '1e3s', '3 d', '99999d'])(
    '%j is none',
    (text) => expect(spanMs(text)).toBeUndefined(),
  );
});

describe('a move', () => {
  test('adds up', () => {
    expect(aheadAfter({ advance: '1h' }, 2 * HOUR, NOW)).toBe(3 * HOUR);
  });

  test('to an instant counts from the time of the system, not from where the clock is', () => {
    expect(aheadAfter({ to: '2026-12-01T15:00:00.000Z' }, 2 * HOUR, NOW)).toBe(3 * HOUR);
  });

  test('never goes back, by a millisecond neither', () => {
    expect(aheadAfter({ to: '2026-12-01T14:00:00.000Z' }, 2 * HOUR, NOW)).toBe(2 * HOUR);
    expect(aheadAfter({ to: '2026-12-01T13:59:59.999Z' }, 2 * HOUR, NOW)).toBe('back');
  });

  test('reaches ten years, all moves together', () => {
    expect(aheadAfter({ advance: '1s' }, MAX_AHEAD_MS - 1_000, NOW)).toBe(MAX_AHEAD_MS);
    expect(aheadAfter({ advance: '2s' }, MAX_AHEAD_MS - 1_000, NOW)).toBe('too_far');
    expect(aheadAfter({ to: '9999-12-31T00:00:00.000Z' }, 0, NOW)).toBe('too_far');
  });
});
