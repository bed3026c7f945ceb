import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type ApiRequest, answerTo, matcher, refused } from './api.ts';
import { requireKey } from './auth.ts';
import { invalid, Refusal } from './errors.ts';
import { API_VERSION, catchUp, type Emulation } from './execute.ts';
import type { Faults } from './faults.ts';
import { type Form, formOfJson, parseForm } from './form.ts';
import { newId } from './ids.ts';
import { answerPage } from './pages/answer.ts';
import type { Route } from './route.ts';
import type { Webhooks } from './webhooks.ts';

const MAX_BODY = 1_000_000;
const CONTROL = '/_emulator/';

interface Serving {
  emulation: Emulation;
  secretKey: string;
  routes: Route[];
  faults: Faults;
  webhooks: Webhooks;
}

/** Answers every request: pages for people, the API, and the control of the emulator. */
export function createHandler(
  serving: Serving,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const match = matcher(serving.routes);
  const running = new Set<string>();

  async function api(req: IncomingMessage, request: ApiRequest): Promise<Answer | 'drop'> {
    requireKey(req.headers.authorization, serving.secretKey);
    if (req.headers['stripe-account'] !== undefined) {
      throw invalid('The emulator does nothing on behalf of connected accounts (Stripe-Account).');
    }
    if (request.path === `${CONTROL}webhooks/flush`)
      return { status: 200, body: await serving.webhooks.flush() };
    const matched = match(request.method, request.path);
    if (request.path.startsWith(CONTROL)) return answerTo(serving.emulation, matched, request);
    const key = request.idempotencyKey;
    if (key !== undefined && running.has(key)) throw keyInUse(key);
    if (key !== undefined) running.add(key);
    try {
      const fault = serving.faults.of(request.path);
      if (fault.delayMs > 0) await sleep(fault.delayMs);
      if (fault.fail)
        throw new Refusal(500, { type: 'api_error', message: 'The emulator was told to fail.' });
      const answer = answerTo(serving.emulation, matched, request);
      return fault.drop ? 'drop' : answer;
    } finally {
      if (key !== undefined) running.delete(key);
    }
  }

  return async (req, res) => {
    const id = newId('req', 14);
    try {
      const body = await bodyOf(req);
      const url = new URL(req.url ?? '/', 'http://emulator');
      catchUp(serving.emulation);
      if (url.pathname.startsWith('/pages/')) {
        answerPage(
          serving.emulation,
          url,
          req.method === 'POST' ? new URLSearchParams(body) : undefined,
          res,
        );
      } else {
        const request = requestOf(id, req, url, body);
        const answer = await api(req, request);
        if (answer === 'drop') res.destroy();
        else send(res, request, answer);
      }
    } catch (error) {
      if (error instanceof Refusal) send(res, { id }, refused(error));
      else
        send(res, { id }, { status: 500, body: { error: { type: 'api_error', message: messageOf(error) } } });
    } finally {
      catchUp(serving.emulation);
      serving.webhooks.wake();
    }
  };
}

/** Whoever runs an emulator is helped by knowing where it broke. */
const messageOf = (error: unknown): string =>
  `The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;

const keyInUse = (key: string): Refusal =>
  new Refusal(409, {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  });

async function bodyOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY)
      throw new Refusal(413, { type: 'invalid_request_error', message: 'The request is too large.' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function requestOf(id: string, req: IncomingMessage, url: URL, body: string): ApiRequest {
  const method = req.method ?? 'GET';
  const key = req.headers['idempotency-key'];
  const parameters = method === 'POST' ? body : url.search.slice(1);
  return {
    id,
    method,
    path: url.pathname,
    form: formOf(req, parameters),
    fingerprint: `${method} ${url.pathname} ${[...new URLSearchParams(parameters)].map(String).sort().join('&')}`,
    idempotencyKey: method === 'POST' && typeof key === 'string' && key !== '' ? key : undefined,
    apiVersion: String(req.headers['stripe-version'] ?? API_VERSION),
  };
}

function formOf(req: IncomingMessage, parameters: string): Form {
  if (!req.headers['content-type']?.includes('json')) return parseForm(parameters);
  if (!req.url?.startsWith(CONTROL)) {
    throw invalid(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
    );
  }
  return formOfJson(parameters);
}

function send(
  res: ServerResponse,
  request: Pick<ApiRequest, 'id'> & Partial<ApiRequest>,
  answer: Answer,
): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(answer.status, {
    'content-type': 'application/json',
    'request-id': request.id,
    'stripe-version': request.apiVersion ?? API_VERSION,
    ...(request.idempotencyKey !== undefined && { 'idempotency-key': request.idempotencyKey }),
    ...(answer.replayed && { 'idempotent-replayed': 'true', 'original-request': request.id }),
  });
  res.end(JSON.stringify(answer.body, undefined, 2));
}
