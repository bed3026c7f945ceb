import { createHmac, randomBytes } from 'node:crypto';

// Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, timestamp and body.
const PREFIX = 'whsec_';
const KEY_BYTES = 32;

export const newKey = (): Buffer => randomBytes(KEY_BYTES);

/** A key as its owner is shown it, and as libraries take it. */
export const secretText = (key: Buffer): string => PREFIX + key.toString('base64');

export interface Signable {
  /** What the receiver may tell repeats by; has no dot. */
  id: string;
  signedAt: Date;
  body: string;
}

/** The headers that prove a body to whoever holds one of the keys. */
export function signatureHeaders({ id, signedAt, body }: Signable, keys: readonly Buffer[]) {
  const seconds = String(Math.floor(signedAt.getTime() / 1_000));
  const sign = (key: Buffer) => createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': keys.map((key) => `v1,${sign(key)}`).join(' '),
  };
}
