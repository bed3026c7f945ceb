import { randomBytes } from 'node:crypto';
import { WebhookVerificationError } from './error.ts';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** The bounds of Standard Webhooks. */
const [MIN_BYTES, MAX_BYTES] = [24, 64];

/** A new secret: `whsec_` and 32 random bytes in base64. */
export const generateWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The keys in secrets, at least one. No message repeats any part of a secret. */
export function keysOf(secret: string | readonly string[]): Buffer[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  if (secrets.length === 0) throw invalidSecret('no secret was given');
  return secrets.map(keyOf);
}

function keyOf(secret: unknown): Buffer {
  if (typeof secret !== 'string') {
    throw invalidSecret(
      `it is ${secret === null ? 'null' : typeof secret} (is the environment variable that holds it set?)`,
    );
  }
  if (!secret.startsWith(PREFIX)) throw invalidSecret(`it does not begin with ${PREFIX}`);
  const encoded = secret.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Node ignores what is not base64; a key that lost a part of itself would refuse every delivery without saying why.
  if (key.toString('base64') !== encoded) {
    throw invalidSecret(
      `what follows ${PREFIX} is not base64 (is a part of it, or a line break, too few or too many?)`,
    );
  }
  if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
    throw invalidSecret(`it holds ${key.length} bytes, not ${MIN_BYTES} to ${MAX_BYTES}`);
  }
  return key;
}

const invalidSecret = (why: string) =>
  new WebhookVerificationError(
    'invalid_secret',
    `The webhook secret cannot be used: ${why}. Give it as the server showed it when the endpoint was made: ${PREFIX} and base64.`,
  );
