import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passwordWeakness } from './password-rules.ts';

const ada = { email: 'ada.lovelace@example.com', displayName: 'Ada Lovelace' };
const weakness = (password: string) => passwordWeakness(password, ada);

describe('passwordWeakness', () => {
  test('counts characters as people do, after normalisation', () => {
    expect(weakness('7 chars')).toMatch(/at least 8/);
    expect(weakness('𝒳🦭🦭🦭🦭🦭🦭')).toMatch(/at least 8/);
    expect(weakness('🦭🐧🦉🦊🐍🐌🐝🐢')).toBeUndefined();
    // Eight letters typed as letter and accent are four once they are put together.
    expect(weakness('e\u0301o\u0301u\u0301a\u0301')).toMatch(/at least 8/);
    expect(weakness('xq'.repeat(64))).toBeUndefined();
    expect(weakness(`${'xq'.repeat(64)}x`)).toMatch(/at most 128/);
    // One sign of Arabic stands for eighteen.
    expect(weakness('\ufdfa'.repeat(8))).toMatch(/at most 128/);
  });

  test('asks for no kinds of characters', () => {
    for (const password of [
      'correct horse battery staple',
      'zzzzzzzzzzzzzzzzzzzzzzzz',
      '83650174628',
      '        .        ',
      'naïve café au lait',
    ])
      expect(weakness(password), password).toBeUndefined();
  });

  test('refuses what is known from breaches, in either case and any form of the letters', () => {
    for (const password of [
      'password1',
      'PASSWORD1',
      'qwertyuiop',
      '1q2w3e4r5t',
      'iloveyou1',
      'ｐａｓｓｗｏｒｄ１',
      'trustno1',
      'p@ssw0rd',
    ])
      expect(weakness(password), password).toMatch(/known from breaches/);
  });

  test('refuses what leans on the name, the address or the service', () => {
    for (const password of [
      'ada.lovelace',
      'Ada.Lovelace1',
      'adalovelace!!',
      'Ada Lovelace',
      'ada.lovelace@example.com',
      'sojourn1',
      'Sojourn2026',
      'mySOJOURN!',
    ])
      expect(weakness(password), password).toMatch(/too close/);
  });

  test('lets a long password hold such a word', () => {
    expect(weakness('a long sojourn by the sea')).toBeUndefined();
    expect(
      passwordWeakness('what a good password', { email: 'a@example.com', displayName: 'Al' }),
    ).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (password, displayName) => {
        passwordWeakness(password, { email: 'x@example.com', displayName });
      }),
    );
    expect(weakness('half a pair \ud800')).toBe('must be text');
  });
});
