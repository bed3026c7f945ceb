import path from 'node:path';
import { Currency } from '@sojourn/shared/money';
import { z } from 'zod';

const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((value) => value === 'true' || value === '1');
const port = z.coerce.number('must be a port number').int().min(0).max(65_535);
const count = (max: number) => z.coerce.number('must be a whole number').int().min(1).max(max);
const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: 'must look like redis://user:password@host:6379, or rediss:// for TLS',
});
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgres://user:password@host:5432/name',
});

/** Every setting of the server, its default and its meaning. `.env.example` lists the same, checked by a test. */
const Settings = z.object({
  PORT: port.default(4000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: count(500).default(20),
  REDIS_URL: redisUrl.optional(),
  WORKER: z.enum(['inline', 'off'], 'must be inline or off').default('inline'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:587' }).optional(),
  MAIL_FROM: z.string().min(3).max(320).default('Sojourn <no-reply@localhost>'),
  APP_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  SOJOURN_DATA_DIR: z.string().min(1).default('.sojourn'),
  SOJOURN_MODE: z.enum(['sandbox', 'live'], 'must be sandbox or live').optional(),
  SOJOURN_SECRET: z
    .string()
    .transform((value) => value.split(',').map((secret) => secret.trim()))
    .refine(
      (secrets) => secrets.every((secret) => secret.length >= 32),
      'each secret must have at least 32 characters',
    )
    .optional(),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, 'must be a secret key of Stripe: sk_test_… or sk_live_…')
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^whsec_[^,\s]+(?:,whsec_[^,\s]+)*$/,
      'must be the signing secret of a webhook endpoint at Stripe, or several with commas between: whsec_…',
    )
    .optional(),
  STRIPE_API_BASE: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => new URL(url).pathname === '/', 'must have no path')
    .optional(),
  STRIPE_EMULATOR_PORT: port.optional(),
  FIRST_PAYOUT_HOLD_DAYS: z.coerce
    .number('must be a number of days')
    .int()
    .min(0)
    .max(30, 'must be at most 30 days')
    .default(0),
  DEFAULT_CURRENCY: Currency.default('USD'),
  REQUIRE_PHOTOS: flag.optional(),
  SEED_DEMO: flag.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  TRUST_PROXY: z.coerce.number('must be the number of proxies in front').int().min(0).max(10).default(0),
  MAX_CONCURRENT_REQUESTS: count(100_000).default(512),
  RATE_LIMIT_PER_MINUTE: count(100_000_000).optional(),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: count(100_000_000).optional(),
  RATE_LIMIT_SIGN_IN_PER_MINUTE: count(100_000_000).optional(),
});

export type Mode = 'sandbox' | 'live';

/** How money is moved. */
export interface StripeSettings {
  secretKey: string;
  /**
   * With which Stripe signs what it tells; without one nothing that it tells is believed. With commas between them several:
   * at Stripe what happens in connected accounts comes from an endpoint of its own.
   */
  webhookSecret: string | undefined;
  /** Undefined means Stripe itself. */
  apiBase: string | undefined;
}

export interface Config {
  mode: Mode;
  host: string;
  port: number;
  /** Where clients reach the server, without a trailing slash. Undefined means "at the port it listens on". */
  publicUrl: string | undefined;
  databaseUrl: string | undefined;
  databasePoolSize: number;
  /** Undefined means that PostgreSQL and the memory of each process do what Redis would. */
  redisUrl: string | undefined;
  /** Whether this process also does the background work, or leaves it to processes of its own. */
  worker: 'inline' | 'off';
  /** Undefined means the file mailbox in the data folder. */
  smtpUrl: string | undefined;
  mailFrom: string;
  /** Where the marketplace's own pages are, without a trailing slash: the links in mail lead there. Undefined means the plain pages of this server. */
  appUrl: string | undefined;
  /** Absolute. Holds the embedded database and, in the sandbox, the development credentials. */
  dataDir: string;
  /** The first signs and encrypts, all verify and decrypt. Undefined in the sandbox until one is made. */
  secrets: string[] | undefined;
  /** Undefined in a sandbox without keys, which has its money moved by the local emulator at `stripeEmulatorPort`. */
  stripe: StripeSettings | undefined;
  /** 0 means any. */
  stripeEmulatorPort: number;
  /** For how many days after a host opened their account the first payout is held back. */
  firstPayoutHoldDays: number;
  defaultCurrency: z.infer<typeof Currency>;
  requirePhotos: boolean;
  seedDemo: boolean;
  logLevel: string;
  trustProxy: number;
  maxConcurrentRequests: number;
  /** Requests a minute: by credential, by address without one, and attempts to sign in by address. */
  rateLimits: { perCredential: number; perAddress: number; signIn: number };
}

/** Where this server is reached, without a trailing slash. */
export const serverUrl = ({ publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>): string =>
  publicUrl ?? `http://localhost:${port}`;

/** The settings are contradictory or wrong. Its message lists everything at once and never shows a secret. */
export class ConfigError extends Error {}

export function readConfig(
  environment: Record<string, string | undefined> = process.env,
  cwd = process.cwd(),
): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Settings.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const mode = given.SOJOURN_MODE ?? modeOfKey(given.STRIPE_SECRET_KEY);
  problems.push(...stripeContradictions(mode, given));
  if (mode === 'live' && !given.SOJOURN_SECRET)
    problems.push('SOJOURN_SECRET: is required in live mode (at least 32 random characters)');
  if (mode === 'live' && !given.DATABASE_URL)
    problems.push('DATABASE_URL: is required in live mode; the embedded database is for development');
  if (mode === 'live' && !given.SMTP_URL)
    problems.push('SMTP_URL: is required in live mode; the file mailbox is for development');
  if (problems.length > 0 || !parsed.success)
    throw new ConfigError(`The settings are not valid:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
  const settings = parsed.data;
  const sandbox = mode === 'sandbox';
  return {
    mode: sandbox ? 'sandbox' : 'live',
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, ''),
    databaseUrl: settings.DATABASE_URL,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    redisUrl: settings.REDIS_URL,
    worker: settings.WORKER,
    smtpUrl: settings.SMTP_URL,
    mailFrom: settings.MAIL_FROM,
    appUrl: settings.APP_URL?.replace(/\/+$/, ''),
    dataDir: path.resolve(cwd, settings.SOJOURN_DATA_DIR),
    secrets: settings.SOJOURN_SECRET,
    stripe: stripeOf(settings),
    stripeEmulatorPort: settings.STRIPE_EMULATOR_PORT ?? (settings.PORT === 0 ? 0 : settings.PORT + 10),
    firstPayoutHoldDays: settings.FIRST_PAYOUT_HOLD_DAYS,
    defaultCurrency: settings.DEFAULT_CURRENCY,
    requirePhotos: settings.REQUIRE_PHOTOS ?? !sandbox,
    seedDemo: settings.SEED_DEMO ?? (sandbox && !settings.DATABASE_URL),
    // A person at a terminal sees what is wrong; a file or a collector gets every request.
    logLevel: settings.LOG_LEVEL ?? (sandbox && process.stdout.isTTY ? 'warn' : 'info'),
    trustProxy: settings.TRUST_PROXY,
    maxConcurrentRequests: settings.MAX_CONCURRENT_REQUESTS,
    rateLimits: {
      perCredential: settings.RATE_LIMIT_PER_MINUTE ?? (sandbox ? 60_000 : 6_000),
      perAddress: settings.RATE_LIMIT_ANONYMOUS_PER_MINUTE ?? (sandbox ? 60_000 : 1_200),
      signIn: settings.RATE_LIMIT_SIGN_IN_PER_MINUTE ?? (sandbox ? 6_000 : 30),
    },
  };
}

/** Who has a live key means to take real money; everybody else plays. */
const modeOfKey = (secretKey: string | undefined): Mode =>
  /^(sk|rk)_live_/.test(secretKey ?? '') ? 'live' : 'sandbox';

/** Real money and play money never mix: a server that could mistake one for the other does not start. */
function stripeContradictions(mode: string, given: Record<string, string | undefined>): string[] {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_BASE: base } = given;
  const live = modeOfKey(key) === 'live';
  if (mode !== 'live')
    return live
      ? ['STRIPE_SECRET_KEY: is a live key, and the mode is sandbox; use sk_test_…, or SOJOURN_MODE=live']
      : [];
  return [
    ...(key === undefined ? ['STRIPE_SECRET_KEY: is required in live mode (sk_live_…)'] : []),
    ...(key !== undefined && !live
      ? ['STRIPE_SECRET_KEY: is a test key, and the mode is live; use sk_live_…, or SOJOURN_MODE=sandbox']
      : []),
    ...(webhookSecret === undefined ? ['STRIPE_WEBHOOK_SECRET: is required in live mode (whsec_…)'] : []),
    ...(base === undefined
      ? []
      : ['STRIPE_API_BASE: is for the sandbox; in live mode money is moved by Stripe itself']),
  ];
}

/** For a double that takes any key. */
const ANY_TEST_KEY = 'sk_test_sojourn';

function stripeOf(settings: z.output<typeof Settings>): StripeSettings | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase } = settings;
  if (secretKey === undefined && apiBase === undefined) return undefined;
  return {
    secretKey: secretKey ?? ANY_TEST_KEY,
    webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
    apiBase: apiBase?.replace(/\/$/, ''),
  };
}

/** The names of all settings, for the test that holds `.env.example` against them. */
export const settingNames = Object.keys(Settings.shape);
