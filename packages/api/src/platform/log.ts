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
];

/** For lines of fixed members that cannot hold a secret: nothing is looked through. */
export const withoutRedaction = (log: Log): Log => log.child({}, { redact: [] });

export function openLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.err },
    },
    // Lines are gathered for a quarter of a second at most: a write each would cost every request a system call.
    pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 250 }),
  );
}
