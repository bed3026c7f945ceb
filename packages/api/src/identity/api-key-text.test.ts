import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOfApiKey, isApiKeyText, newApiKeyText, shownPrefix } from './api-key-text.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('API key text', () => {
  test('has the head of its mode, 160 random bits and a checksum', () => {
    expect(newApiKeyText('sandbox')).toMatch(/^sjn_test_[0-9a-hjkmnp-tv-z]{32}[0-9A-Za-z]{6}$/);
    expect(newApiKeyText('live')).toMatch(/^sjn_live_[0-9a-hjkmnp-tv-z]{32}[0-9A-Za-z]{6}$/);
    expect(new Set(Array.from({ length: 1_000 }, () => newApiKeyText('live'))).size).toBe(1_000);
  });

  test('is good in its own mode only', () => {
    const key = newApiKeyText('sandbox');
    expect(isApiKeyText(key, 'sandbox')).toBe(true);
    expect(isApiKeyText(key, 'live')).toBe(false);
    expect(isApiKeyText(key.replace('sjn_test_', 'sjn_live_'), 'live')).toBe(false);
  });

  test('does not survive one wrong character anywhere', () => {
    fc.assert(
      fc.property(fc.nat({ max: 46 }), fc.constantFrom(...BASE62, '_', '-', 'é'), (index, char) => {
        const key = newApiKeyText('sandbox');
        fc.pre(key[index] !== char);
        return !isApiKeyText(key.slice(0, index) + char + key.slice(index + 1), 'sandbox');
      }),
      { numRuns: 2_000 },
    );
  });

  test('is no other text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => !isApiKeyText(text, 'sandbox') && !isApiKeyText(`sjn_test_${text}`, 'sandbox'),
      ),
    );
    const key = newApiKeyText('sandbox');
    for (const text of [key.slice(0, -1), `${key}0`, key.slice(1), ` ${key}`, ''])
      expect(isApiKeyText(text, 'sandbox')).toBe(false);
  });

  test('is shown by twelve characters and stored as a hash', () => {
    const key = newApiKeyText('sandbox');
    expect(shownPrefix(key)).toBe(key.slice(0, 12));
    expect(hashOfApiKey(key)).toHaveLength(32);
  });
});
