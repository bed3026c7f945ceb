import { rawBodyOf, type WebhookRequest } from './body.ts';
import { WebhookVerificationError, type WebhookVerificationErrorCode } from './error.ts';
import type { WebhookEvent } from './event.ts';
import { keysOf } from './secret.ts';
import { headerOf, type VerifyWebhookOptions, verify } from './signature.ts';

export type { WebhookRequest };

/** What the handler needs of a response: that of Express, Connect and `node:http` have it. */
export interface WebhookResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(text?: string): unknown;
}

/** What came around an event. */
export interface WebhookDelivery {
  /** The header `webhook-id`: stays the same when the delivery is tried again, so that it can be recognised. */
  id: string;
  /** When this attempt was signed. */
  timestamp: Date;
  /** 1 for the first, by the header `webhook-attempt`, which is not signed; undefined without it. */
  attempt: number | undefined;
}

export interface WebhookHandlerOptions {
  /** How far the time of signing may be from now, before or after. Default 300. */
  toleranceSeconds?: number | undefined;
  /** Asked for each delivery. Default: the clock of this machine. */
  now?: (() => Date) | undefined;
  /** The longest body that is read. Default 1,048,576. */
  maxBytes?: number | undefined;
  /** How long a body may take to arrive. Default 10. */
  bodyTimeoutSeconds?: number | undefined;
}

export type WebhookMiddleware = (
  request: WebhookRequest,
  response: WebhookResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

const DEFAULT_MAX_BYTES = 1_048_576;
const DEFAULT_BODY_TIMEOUT_SECONDS = 10;
const ATTEMPT = /^[1-9]\d{0,3}$/;

/** Failures that are not the sender's bad request. `body_not_raw` is the receiver's own mistake. */
const STATUS_BY_CODE: Partial<Record<WebhookVerificationErrorCode, number>> = {
  body_incomplete: 408,
  body_too_large: 413,
  body_not_raw: 500,
};

/**
 * A handler for Express, Connect or `node:http`: reads and verifies a delivery, and gives its event to `handler`.
 * Answers 204 when that resolves, 500 when it throws, so that the server tries again, and 400 to what is not signed right.
 *
 * Mount it before any `express.json()`: the signature covers the bytes of the body.
 *
 * @throws WebhookVerificationError at once when the secret cannot be used, so that the program notices at its start
 */
export function webhookHandler(
  secret: string | readonly string[],
  handler: (event: WebhookEvent, delivery: WebhookDelivery) => unknown,
  options: WebhookHandlerOptions = {},
): WebhookMiddleware {
  const keys = keysOf(secret);
  return async (request, response, next) => {
    const received = await receive(request, keys, options).catch((error: unknown) => {
      if (error instanceof WebhookVerificationError) refuse(error, response, next);
      else fail(error, response, next);
    });
    if (!received) return;
    try {
      await handler(received.event, received.delivery);
    } catch (error) {
      fail(error, response, next);
      return;
    }
    if (response.headersSent) return;
    response.statusCode = 204;
    response.end();
  };
}

async function receive(
  request: WebhookRequest,
  keys: readonly Buffer[],
  { toleranceSeconds, now, maxBytes, bodyTimeoutSeconds }: WebhookHandlerOptions,
): Promise<{ event: WebhookEvent; delivery: WebhookDelivery }> {
  const body = await rawBodyOf(request, {
    maxBytes: maxBytes ?? DEFAULT_MAX_BYTES,
    timeoutSeconds: bodyTimeoutSeconds ?? DEFAULT_BODY_TIMEOUT_SECONDS,
  });
  const verifyOptions: VerifyWebhookOptions = { toleranceSeconds, now: now?.() };
  const { event, id, timestamp } = verify(body, request.headers, keys, verifyOptions);
  const attempt = headerOf(request.headers, 'webhook-attempt') ?? '';
  return { event, delivery: { id, timestamp, attempt: ATTEMPT.test(attempt) ? Number(attempt) : undefined } };
}

type Next = ((error?: unknown) => void) | undefined;

function refuse(error: WebhookVerificationError, response: WebhookResponse, next: Next): void {
  const status = STATUS_BY_CODE[error.code] ?? 400;
  if (status === 500) fail(error, response, next);
  else
    answer(response, { title: 'The webhook was refused', status, code: error.code, detail: error.message });
}

function fail(error: unknown, response: WebhookResponse, next: Next): void {
  if (next) next(withoutStatus(error));
  else answer(response, { title: 'The webhook could not be handled', status: 500, code: 'handler_failed' });
}

/** Express answers with the status that an error carries, as those of the SDK do. A 410 would tell the sender to stop for good. */
function withoutStatus(error: unknown): unknown {
  const carriesStatus = error instanceof Error && ('status' in error || 'statusCode' in error);
  return carriesStatus ? new Error(`The webhook handler failed: ${error.message}`, { cause: error }) : error;
}

function answer(response: WebhookResponse, problem: { status: number } & Record<string, unknown>): void {
  if (response.headersSent) return;
  response.statusCode = problem.status;
  response.setHeader('content-type', 'application/problem+json');
  // The rest of a body that was not read to its end must not be taken for the next request.
  if (problem.status === 408 || problem.status === 413) response.setHeader('connection', 'close');
  response.end(JSON.stringify(problem));
}
