import { expect, test } from 'vitest';
import { passesLuhn, secretsIn } from './secrets.ts';

// Of what guards the logs, that it bites. The numbers are those that card schemes give out for tests.

test.each([
  '{"msg":"paid with 4242424242424242"}',
  'number=4000 0000 0000 9995 exp=12/34',
  '"5555-5555-5555-4444"',
  'card 378282246310005',
  'Invalid API Key provided: sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  '{"key":"rk_live_4eC39HqLyjWDarjtT1zdp7dc"}',
  'secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  '{"client_secret":"pi_3PZ2aL_secret_Kx81"}',
  'Bearer sjn_test_01j9z6t8v2e4m8q0r5s7x3y1ka',
  'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  '{"password":"a long passphrase of the host"}',
])('%s is found', (text) => expect(secretsIn(text)).toHaveLength(1));

test.each([
  '{"time":"2026-11-28T03:00:00.000Z","milliseconds":4242.42}',
  'repeat:bookings.expireHolds:1764299745000',
  '019ac8f1-4242-7424-8242-424242424242',
  '{"id":"pi_4242424242424242"}',
  'payment pay_01j9z6t8v2e4m8q0r5s7x3y1ka of 4242424242424241',
  'the client_secret was not logged',
])('%s is none', (text) => expect(secretsIn(text)).toEqual([]));

test('what a test knows to be secret is found as it is', () => {
  expect(secretsIn('a token of one use: 7f3k', ['7f3k', 'other'])).toEqual(['7f3k…']);
});

test('the check digit is checked', () => {
  expect(passesLuhn('4242424242424242')).toBe(true);
  expect(passesLuhn('4242424242424241')).toBe(false);
});
