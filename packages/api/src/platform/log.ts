import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Whatever is logged under these names is replaced: a secret never reaches a log line. */
const SECRET_PATHS = [
  'password',
  'accessToken',
  'refreshToken',
  'key',
  'secret',
  'authorization',
  'cookie',
  'databaseUrl',
  'redisUrl',
  'secretKey',
  'webhookSecret',
  'clientSecret',
  'client_secret',
];

/** What a secret looks like in a text: keys of Stripe and ours, signing secrets, what a browser pays with, access tokens. */
const SECRETS =
  /\b(?:(?:sk|rk)_(?:test|live)_\w+|sjn_(?:test|live)_\w+|whsec_[\w+/=-]+|\w+_secret_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]+)/g;

/** A text with its secrets replaced. */
export const withoutSecrets = (text: string): string => text.replaceAll(SECRETS, '[redacted]');

/** What errors tell beside their message that helps and holds nothing of anybody. Stripe's hold the whole answer. */
const TOLD_OF_ERRORS = ['code', 'statusCode', 'requestId', 'severity', 'constraint', 'table', 'routine'];

/** An error as it is logged: its message and stack, with those of its causes, and of its other members these alone. */
function errorWithoutSecrets(error: unknown): unknown {
  if (!(error instanceof Error)) return withoutSecrets(String(error));
  const { type, message, stack } = pino.stdSerializers.err(error);
  const told = TOLD_OF_ERRORS.map((name) => [name, (error as unknown as Record<string, unknown>)[name]]);
  return {
    type,
    message: withoutSecrets(message),
    stack: withoutSecrets(stack),
    ...Object.fromEntries(told.filter(([, value]) => value !== undefined)),
  };
}

/** For lines of fixed members that cannot hold a secret: nothing is looked through. */
export const withoutRedaction = (log: Log): Log => log.child({}, { redact: [] });

/** @param file where lines go; to the standard output unless told */
export function openLog(level: string, file?: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      serializers: { err: errorWithoutSecrets },
    },
    // Lines are gathered for a quarter of a second at most: a write each would cost every request a system call.
    pino.destination({ dest: file ?? 1, sync: false, minLength: 4_096, periodicFlush: 250 }),
  );
}
