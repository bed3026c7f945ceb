import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Stripe from 'stripe';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import { openLog } from './log.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'sojourn-log-'));
afterAll(() => rm(folder, { recursive: true }));

/** What stands in the log after something was logged. */
async function logged(name: string, ...line: [object, string]): Promise<string> {
  const file = path.join(folder, name);
  openLog('trace', file).info(...line);
  const read = () => readFile(file, 'utf8').catch(() => '');
  await until('the line is written', async () => (await read()).endsWith('\n'));
  return read();
}

test('members that are called like secrets are replaced, one step down too', async () => {
  const secret = 'hush-hush';
  const text = await logged(
    'members',
    {
      password: secret,
      client_secret: secret,
      clientSecret: secret,
      secretKey: secret,
      webhookSecret: secret,
      stripe: { secretKey: secret, webhookSecret: secret },
      payment: { clientSecret: secret, amount: 5 },
    },
    'told',
  );
  expect(text).not.toContain(secret);
  expect(JSON.parse(text)).toMatchObject({ msg: 'told', payment: { amount: 5 }, password: '[redacted]' });
});

test('an error of Stripe is told without the payment that it brings along', async () => {
  const err = new Stripe.errors.StripeCardError({
    type: 'card_error',
    code: 'card_declined',
    message: 'Your card was declined.',
    payment_intent: { id: 'pi_1', client_secret: 'pi_1_secret_2' } as Stripe.PaymentIntent,
    headers: { authorization: 'Bearer sk_test_1' },
  } as never);
  const text = await logged('declined', { err }, 'a payment failed');
  expect(text).not.toMatch(/pi_1_secret_2|sk_test_1/);
  expect(JSON.parse(text).err).toMatchObject({
    type: 'StripeCardError',
    code: 'card_declined',
    message: 'Your card was declined.',
    stack: expect.stringContaining('log.test.ts'),
  });
});

test.each([
  'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  'rk_live_4eC39HqLyjWDarjtT1zdp7dc',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'pi_3PZ2aL_secret_Kx81',
  'sjn_test_01j9z6t8v2e4m8q0r5s7x3y1ka',
  'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
])('a message that repeats %s does not, nor that of its cause', async (secret) => {
  const err = new Error(`It refused ${secret}.`, { cause: new Error(`because of ${secret}`) });
  const text = await logged(secret.slice(0, 6), { err }, 'failed');
  expect(text).not.toContain(secret);
  expect(JSON.parse(text).err.message).toContain('It refused [redacted].');
});
