import type { SojournEvent } from '../names.ts';
import type { RawBody } from './body.ts';
import { WebhookVerificationError } from './error.ts';

/** Something that happened, as the server tells it: `type` says what, and with it what `data` holds. */
export type WebhookEvent = SojournEvent;

/** The event in a body whose signature is right. */
export function parseEvent(body: RawBody): WebhookEvent {
  const value = parseJson(body);
  if (isEvent(value)) return value;
  throw new WebhookVerificationError(
    'invalid_body',
    'The signature is right, but the body is no event with an id and a type: check that this secret is that of a Sojourn webhook endpoint, not of another sender.',
  );
}

function parseJson(body: RawBody): unknown {
  try {
    return JSON.parse(
      typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body),
    );
  } catch (cause) {
    throw new WebhookVerificationError(
      'invalid_body',
      'The signature is right, but the body is not JSON in UTF-8: check what signs with this secret.',
      { cause },
    );
  }
}

const isEvent = (value: unknown): value is WebhookEvent =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'type' in value &&
  typeof value.type === 'string';
