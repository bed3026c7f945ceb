import { timingSafeEqual } from 'node:crypto';
import { Refusal } from './errors.ts';

const SHOWN_END = 4;

/** The key is taken as a bearer token, or as the name of HTTP's basic authentication. */
export function requireKey(authorization: string | undefined, secretKey: string): void {
  const key = keyOf(authorization);
  if (key === undefined) {
    throw unauthorised(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (/^[sr]k_live_/.test(key)) {
    throw unauthorised(
      'A live key was sent to the emulator of Stripe, which moves no real money. Take it out of this configuration.',
    );
  }
  if (!isSame(key, secretKey)) throw unauthorised(`Invalid API Key provided: ${masked(key)}`);
}

function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (!value) return undefined;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] || undefined;
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const masked = (key: string): string => `${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-SHOWN_END)}`;

const unauthorised = (message: string): Refusal =>
  new Refusal(401, { type: 'invalid_request_error', message });
