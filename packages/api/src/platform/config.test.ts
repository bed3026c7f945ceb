import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const TEST_KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const LIVE_KEY = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SECRETS = [TEST_KEY, LIVE_KEY, WEBHOOK_SECRET];

/** All that a live server needs. */
const LIVE = {
  SOJOURN_MODE: 'live',
  SOJOURN_SECRET: 's'.repeat(32),
  DATABASE_URL: 'postgres://sojourn@localhost/sojourn',
  SMTP_URL: 'smtp://localhost',
  STRIPE_SECRET_KEY: LIVE_KEY,
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
};

/** What the settings are refused with; undefined when they are taken. */
function refusalOf(settings: Record<string, string | undefined>): string | undefined {
  try {
    readConfig(settings);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('play money and real money never mix: refused is', () => {
  test.each<[string, Record<string, string | undefined>, RegExp]>([
    [
      'a live key in a sandbox',
      { SOJOURN_MODE: 'sandbox', STRIPE_SECRET_KEY: LIVE_KEY },
      /STRIPE_SECRET_KEY: is a live key/,
    ],
    [
      'a restricted live key in a sandbox',
      { SOJOURN_MODE: 'sandbox', STRIPE_SECRET_KEY: 'rk_live_1' },
      /STRIPE_SECRET_KEY: is a live key/,
    ],
    [
      'a live key in a sandbox, even for a double',
      { SOJOURN_MODE: 'sandbox', STRIPE_SECRET_KEY: LIVE_KEY, STRIPE_API_BASE: 'http://127.0.0.1:4010' },
      /STRIPE_SECRET_KEY: is a live key/,
    ],
    [
      'a live key without a mode that says so, and without what live needs',
      { STRIPE_SECRET_KEY: LIVE_KEY },
      /STRIPE_WEBHOOK_SECRET: is required in live mode[\s\S]*SOJOURN_SECRET[\s\S]*DATABASE_URL/,
    ],
    ['a test key live', { ...LIVE, STRIPE_SECRET_KEY: TEST_KEY }, /STRIPE_SECRET_KEY: is a test key/],
    ['a restricted test key live', { ...LIVE, STRIPE_SECRET_KEY: 'rk_test_1' }, /is a test key/],
    ['no key live', { ...LIVE, STRIPE_SECRET_KEY: undefined }, /STRIPE_SECRET_KEY: is required in live mode/],
    [
      'no signing secret live',
      { ...LIVE, STRIPE_WEBHOOK_SECRET: undefined },
      /STRIPE_WEBHOOK_SECRET: is required in live mode/,
    ],
    [
      'a double live',
      { ...LIVE, STRIPE_API_BASE: 'http://127.0.0.1:4010' },
      /STRIPE_API_BASE: is for the sandbox/,
    ],
    ['a publishable key', { STRIPE_SECRET_KEY: 'pk_test_1' }, /STRIPE_SECRET_KEY: must be a secret key/],
    ['a key as the signing secret', { STRIPE_WEBHOOK_SECRET: TEST_KEY }, /STRIPE_WEBHOOK_SECRET: must be/],
    [
      'an address with a path',
      { STRIPE_API_BASE: 'http://localhost:4010/v1' },
      /STRIPE_API_BASE: must have no path/,
    ],
    ['an address that is none', { STRIPE_API_BASE: 'localhost:4010' }, /STRIPE_API_BASE: must be/],
    ['a port that is none', { STRIPE_EMULATOR_PORT: '70000' }, /STRIPE_EMULATOR_PORT/],
  ])('%s', (_, settings, message) => {
    const refusal = refusalOf(settings);
    expect(refusal).toMatch(message);
    // A refusal is printed and logged: it names settings, and never repeats a secret.
    for (const secret of SECRETS) expect(refusal).not.toContain(secret);
  });

  test('all at once, when several contradict', () => {
    const refusal = refusalOf({
      SOJOURN_MODE: 'live',
      STRIPE_SECRET_KEY: TEST_KEY,
      STRIPE_API_BASE: 'http://localhost',
    });
    expect(refusal).toMatch(/is a test key[\s\S]*STRIPE_WEBHOOK_SECRET[\s\S]*STRIPE_API_BASE/);
  });
});

describe('who moves the money', () => {
  test('without any key it is a sandbox with the emulator beside it', () => {
    expect(readConfig({})).toMatchObject({ mode: 'sandbox', stripe: undefined, stripeEmulatorPort: 4010 });
    expect(readConfig({ PORT: '5000' }).stripeEmulatorPort).toBe(5010);
    expect(readConfig({ PORT: '0' }).stripeEmulatorPort).toBe(0);
    expect(readConfig({ STRIPE_EMULATOR_PORT: '9999' }).stripeEmulatorPort).toBe(9_999);
  });

  test('with a test key it is Stripe, in a sandbox', () => {
    expect(readConfig({ STRIPE_SECRET_KEY: TEST_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET })).toMatchObject({
      mode: 'sandbox',
      stripe: { secretKey: TEST_KEY, webhookSecret: WEBHOOK_SECRET, apiBase: undefined },
    });
  });

  test('at an address it is whoever answers there', () => {
    const { mode, stripe } = readConfig({ STRIPE_API_BASE: 'http://localhost:12111/' });
    expect(mode).toBe('sandbox');
    expect(stripe).toMatchObject({
      apiBase: 'http://localhost:12111',
      secretKey: expect.stringMatching(/^sk_test_/),
    });
  });

  test('with a live key it is Stripe, for real money, whether the mode says so or not', () => {
    for (const mode of ['live', undefined])
      expect(readConfig({ ...LIVE, SOJOURN_MODE: mode })).toMatchObject({
        mode: 'live',
        stripe: { secretKey: LIVE_KEY, apiBase: undefined },
      });
  });
});
