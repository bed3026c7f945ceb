import { WebhookVerificationError } from './error.ts';

export type RawBody = string | NodeJS.ArrayBufferView;

/** Not by `instanceof`: the bytes of a test runner may be of another realm. */
export const isRaw = (body: unknown): body is RawBody => typeof body === 'string' || ArrayBuffer.isView(body);

/** The classic trap: a parser for JSON that runs before. */
export function bodyNotRaw(body: unknown): WebhookVerificationError {
  const what =
    body === undefined || body === null ? 'There is no body left to read' : 'The body was already parsed';
  return new WebhookVerificationError(
    'body_not_raw',
    `${what}, but the signature covers its bytes exactly as they came, and JSON written anew differs from them. In Express, put express.raw({ type: 'application/json' }) on this route, before any express.json(); elsewhere give the text or bytes of the request.`,
  );
}

/** What the handler needs of a request: that of Express, Connect and `node:http` have it. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What a body parser left. */
  readonly body?: unknown;
  /** Whether somebody began to read the stream. */
  readonly readableDidRead: boolean;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

interface Limits {
  maxBytes: number;
  timeoutSeconds: number;
}

/**
 * The body as a parser left it, or read from the stream when nobody did. That it is raw, verifying finds out.
 * Some parsers leave an empty object where they read nothing, so the stream is asked, not the object.
 */
export async function rawBodyOf(request: WebhookRequest, limits: Limits): Promise<unknown> {
  return request.readableDidRead || isRaw(request.body) ? request.body : read(request, limits);
}

/** After a refusal the rest still flows, into nothing, until the answer closes the connection. */
function read(request: WebhookRequest, { maxBytes, timeoutSeconds }: Limits): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const incomplete = (why: string) =>
    reject(new WebhookVerificationError('body_incomplete', `${why}: send the delivery again.`));
  const timer = setTimeout(
    () => incomplete(`The body did not arrive within ${timeoutSeconds} seconds`),
    timeoutSeconds * 1_000,
  );
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else reject(tooLarge(maxBytes));
  });
  request.on('end', () => resolve(Buffer.concat(chunks)));
  request.on('error', () => incomplete('The connection broke before the body was complete'));
  return promise.finally(() => clearTimeout(timer));
}

const tooLarge = (maxBytes: number) =>
  new WebhookVerificationError(
    'body_too_large',
    `The body is longer than the ${maxBytes} bytes that are read: no event is, so check who sends this; if it is your server, raise maxBytes.`,
  );
