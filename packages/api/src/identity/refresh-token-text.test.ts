import { expect, test } from 'vitest';
import { newRefreshToken, readRefreshToken, successorOf } from './refresh-token-text.ts';

test('a token reads back as what was issued', () => {
  const token = newRefreshToken();
  expect(token.text).toMatch(/^rt_[0-9a-z]{56}$/);
  expect(readRefreshToken(token.text)).toEqual(token);
});

test('a successor is of the same family and another token', () => {
  const token = newRefreshToken();
  const next = successorOf(token);
  expect(next.familyHash).toEqual(token.familyHash);
  expect(next.tokenHash).not.toEqual(token.tokenHash);
  expect(newRefreshToken().familyHash).not.toEqual(token.familyHash);
});

test('other text is no token', () => {
  const { text } = newRefreshToken();
  for (const other of [
    '',
    'rt_',
    text.slice(0, -1),
    `${text}0`,
    text.toUpperCase(),
    `${text}\n`,
    text.replace('rt_', 'at_'),
  ])
    expect(readRefreshToken(other)).toBeUndefined();
});
