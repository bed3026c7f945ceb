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
];

export function openLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
  });
}
