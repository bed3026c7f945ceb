import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SCOPES } from '../platform/actor.ts';
import { type RefreshState, refreshVerdict, refusalSeconds, scopesOf, sessionExpiry } from './model.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23) + seconds * 1_000);
const DAY = 86_400;

describe('scopesOf', () => {
  test('gives the admin scope to staff only', () => {
    expect(scopesOf('user').has('admin')).toBe(false);
    expect(scopesOf('support').has('admin')).toBe(true);
    expect(scopesOf('admin').has('admin')).toBe(true);
    expect([...scopesOf('user')]).toEqual(SCOPES.filter((scope) => scope !== 'admin'));
  });
});

describe('sessionExpiry', () => {
  test('is thirty days after the last use', () => {
    expect(sessionExpiry(at(0), at(0))).toEqual(at(30 * DAY));
    expect(sessionExpiry(at(0), at(100 * DAY))).toEqual(at(130 * DAY));
  });
  test('is never later than 180 days after the beginning', () => {
    expect(sessionExpiry(at(0), at(170 * DAY))).toEqual(at(180 * DAY));
  });
});

describe('refreshVerdict', () => {
  const [current, previous, older] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
  const state: RefreshState = { refreshHash: current, previousRefreshHash: previous, rotatedAt: at(0) };

  test('rotates the current token, however old', () => {
    expect(refreshVerdict(state, current, at(20 * DAY))).toBe('rotate');
    expect(refreshVerdict({ ...state, previousRefreshHash: null }, current, at(0))).toBe('rotate');
  });
  test('takes the token before as a retry for ten seconds, and then as theft', () => {
    expect(refreshVerdict(state, previous, at(0))).toBe('replaceSuccessor');
    expect(refreshVerdict(state, previous, at(10))).toBe('replaceSuccessor');
    expect(refreshVerdict(state, previous, at(10.001))).toBe('reuse');
  });
  test('takes any older token as theft at once', () => {
    expect(refreshVerdict(state, older, at(0))).toBe('reuse');
    expect(refreshVerdict({ ...state, previousRefreshHash: null }, older, at(0))).toBe('reuse');
  });
});

describe('refusalSeconds', () => {
  test('refuses nothing below ten failures, then doubles up to a quarter of an hour', () => {
    expect([0, 1, 9].map(refusalSeconds)).toEqual([0, 0, 0]);
    expect([10, 11, 12, 13, 14, 15, 16, 500].map(refusalSeconds)).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ]);
  });
});
