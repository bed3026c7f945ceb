import { createHmac, timingSafeEqual } from 'node:crypto';
import { SojournError } from '../sojourn-error.ts';
import { bodyNotRaw, isRaw, type RawBody } from './body.ts';
import { WebhookVerificationError } from './error.ts';
import { parseEvent, type WebhookEvent } from './event.ts';
import { keysOf } from './secret.ts';

/** The headers of a delivery: a `Headers` object, or a record such as `request.headers` of Node.js. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyWebhookOptions {
  /** How far the time of signing may be from now, before or after. Default 300. */
  toleranceSeconds?: number | undefined;
  /** Default: the clock of this machine. */
  now?: Date | undefined;
}

/** A payload to sign. */
export interface WebhookToSign {
  /** Stays the same when the delivery is tried again. */
  id: string;
  /** When it is signed. Default: now. */
  timestamp?: Date | undefined;
  /** Exactly what is sent. */
  body: string | Uint8Array;
  /** With several, each of them signs. */
  secret: string | readonly string[];
}

export type SignedHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** A delivery whose signature is right. */
interface Verified {
  event: WebhookEvent;
  id: string;
  timestamp: Date;
}

const DEFAULT_TOLERANCE_SECONDS = 300;
const VERSION = 'v1,';
/** Printable ASCII without space and dot: the dot separates what is signed, so an id with one could be read in two ways. */
const ID = /^[!-\-/-~]+$/;
const SECONDS = /^\d{1,11}$/;

/**
 * Checks that a delivery comes from the holder of the secret, unchanged and fresh, and gives its event.
 *
 * @param body as it came: the text or bytes of the request, not an object parsed from them
 * @param secret of the endpoint; while it is being replaced, the old and the new one
 * @throws WebhookVerificationError
 */
export const verifyWebhook = (
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): WebhookEvent => verify(body, headers, keysOf(secret), options).event;

/** The same with keys in place of secrets. */
export function verify(
  body: unknown,
  headers: WebhookHeaders,
  keys: readonly Buffer[],
  { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = new Date() }: VerifyWebhookOptions,
): Verified {
  if (!isRaw(body)) throw bodyNotRaw(body);
  const [id, seconds, signatures] = [
    requiredHeader(headers, 'webhook-id'),
    requiredHeader(headers, 'webhook-timestamp'),
    requiredHeader(headers, 'webhook-signature'),
  ];
  checkForm(id, seconds);
  checkAge(now.getTime() / 1_000 - Number(seconds), toleranceSeconds);
  checkSignature(`${id}.${seconds}.`, body, signatures, keys);
  return { event: parseEvent(body), id, timestamp: new Date(Number(seconds) * 1_000) };
}

/** The headers that a Sojourn server would send with this payload, to test a receiver. */
export function signWebhook({ id, timestamp = new Date(), body, secret }: WebhookToSign): SignedHeaders {
  const seconds = String(Math.floor(timestamp.getTime() / 1_000));
  if (!ID.test(id)) throw new SojournError('id must be printable ASCII without spaces and dots.');
  if (!SECONDS.test(seconds)) throw new SojournError('timestamp must be a Date from 1970 on.');
  if (!isRaw(body)) {
    throw new SojournError(
      'body must be the text or bytes to send: JSON.stringify once, sign that and send that.',
    );
  }
  const signatures = keysOf(secret).map((key) => VERSION + sign(key, `${id}.${seconds}.`, body));
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}

const sign = (key: Buffer, head: string, body: RawBody): string =>
  createHmac('sha256', key).update(head).update(body).digest('base64');

function requiredHeader(headers: WebhookHeaders, name: keyof SignedHeaders): string {
  const value = headerOf(headers, name);
  if (value) return value;
  throw new WebhookVerificationError(
    'missing_header',
    `The header ${name} is missing: this is no delivery of a webhook, or a proxy before this server drops the header. Let webhook-id, webhook-timestamp and webhook-signature through.`,
  );
}

/** A header by its name in lower case. */
export function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return Array.isArray(value) ? value.join(' ') : value;
}

function checkForm(id: string, seconds: string): void {
  if (ID.test(id) && SECONDS.test(seconds)) return;
  const wrong = ID.test(id)
    ? 'webhook-timestamp is not a number of seconds since 1970'
    : 'webhook-id is not printable ASCII without spaces and dots';
  throw new WebhookVerificationError(
    'signature_mismatch',
    `${wrong}, and no Sojourn server signs such a thing: refuse the request.`,
  );
}

/** Asked so that what is not a number is refused, not let through. */
function checkAge(ageSeconds: number, toleranceSeconds: number): void {
  if (!(toleranceSeconds >= 0))
    throw new SojournError('toleranceSeconds must be a number of seconds, 0 or more.');
  const allowed = `seconds, and ${toleranceSeconds} are allowed`;
  if (!(ageSeconds <= toleranceSeconds)) {
    throw new WebhookVerificationError(
      'stale_timestamp',
      `The delivery was signed too long ago, by ${Math.ceil(ageSeconds)} ${allowed}: an old one sent again, or the clock of this machine is fast. Compare it with a time server.`,
    );
  }
  if (!(ageSeconds >= -toleranceSeconds)) {
    throw new WebhookVerificationError(
      'future_timestamp',
      `The delivery was signed in the future, by ${Math.ceil(-ageSeconds)} ${allowed}: the clock of this machine is slow. Compare it with a time server.`,
    );
  }
}

/** Compares texts, not the bytes in them: several texts of base64 stand for the same bytes, and only one was sent. */
function checkSignature(head: string, body: RawBody, signatures: string, keys: readonly Buffer[]): void {
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith(VERSION))
    .map((signature) => Buffer.from(signature.slice(VERSION.length)));
  for (const key of keys) {
    const expected = Buffer.from(sign(key, head, body));
    if (given.some((one) => one.length === expected.length && timingSafeEqual(one, expected))) return;
  }
  throw new WebhookVerificationError(
    'signature_mismatch',
    given.length === 0
      ? 'webhook-signature holds no signature of version v1, the only one that this version of the SDK knows: refuse the request, or update the SDK.'
      : 'No signature fits: check that the secret is that of this very endpoint (after a rotation give the old and the new one), and that nothing before this line changes the body. Otherwise the request is forged.',
  );
}
