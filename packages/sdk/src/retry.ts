/** The first wait is up to this long; each further one up to twice as long. Milliseconds. */
const BASE_DELAY = 500;
/** No wait of our own choosing is longer. Milliseconds. */
const MAX_DELAY = 8_000;
/** A server that asks for a longer pause is not waited for: the error says how long it asked for. Milliseconds. */
export const MAX_RETRY_AFTER = 60_000;

// Status codes that say "not now" rather than "not like this".
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Whether the same request may be sent twice without having two effects. */
export const mayRepeat = (method: string, hasIdempotencyKey: boolean): boolean =>
  hasIdempotencyKey || IDEMPOTENT_METHODS.has(method);

/** Whether an answer invites another attempt. A 409 does only while the first request with this key is still running. */
export const isRetryableAnswer = (status: number, code: string): boolean =>
  RETRYABLE_STATUS.has(status) || (status === 409 && code === 'idempotency_in_progress');

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds, or an HTTP date, which is compared with the server's
 * own `Date` where it sent one, so that a wrong clock on this side does no harm. Undefined when it says neither.
 */
export function parseRetryAfter(
  value: string | undefined,
  serverDate: string | undefined,
  now: number,
): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // Date.parse reads far more than HTTP dates ("-5" is a year to it); those all begin with the day of the week.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const sent = Date.parse(serverDate ?? '');
  return Math.max(0, until - (Number.isNaN(sent) ? now : sent));
}

/**
 * Milliseconds to wait after the given failed attempt (1 for the first): exponential with full jitter, and never less
 * than the server asked for. Undefined when it asked for more than `MAX_RETRY_AFTER`.
 */
export function retryDelay(
  attempt: number,
  retryAfter: number | undefined,
  random: number,
): number | undefined {
  if (retryAfter !== undefined && retryAfter > MAX_RETRY_AFTER) return undefined;
  const backoff = random * Math.min(MAX_DELAY, BASE_DELAY * 2 ** (attempt - 1));
  return Math.max(backoff, retryAfter ?? 0);
}
