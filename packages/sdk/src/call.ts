import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse } from './answer.ts';
import type { CallInput, Method, RequestOptions } from './options.ts';
import { expandPath, queryString } from './path.ts';
import { AbortError, ApiError, apiError, ConnectionError, parseProblem, retryAfterOf } from './problem.ts';
import { isRetryableAnswer, mayRepeat, retryDelay } from './retry.ts';
import { checkCredential, checkLimits, lowerCased, type Settings } from './settings.ts';
import { exchange, type HttpAnswer, type HttpRequest, type Limits } from './transport.ts';

/** A call of one operation, as it leaves a resource. */
export interface Call {
  method: Method;
  /** Path with `{names}`. */
  path: string;
  input?: CallInput | undefined;
  options?: RequestOptions | undefined;
  /** An answer that is not JSON is its text; without this it is a failure. */
  text?: boolean;
}

/** Calls an operation and reads its JSON answer; an empty answer is `undefined`. */
export async function callForData<T>(settings: Settings, call: Call): Promise<ApiResponse<T>> {
  const { answer, attempts } = await send(settings, call, false);
  const { status, headers } = answer;
  const data = parseData(answer, attempts, call.text === true) as T;
  return { data, status, headers, etag: one(headers.etag), requestId: one(headers['request-id']), attempts };
}

/** Calls an operation and hands over its answer as it comes. Tried again only until the answer begins. */
export async function callForStream(settings: Settings, call: Call): Promise<Readable> {
  const { answer } = await send(settings, call, true);
  return answer.stream!;
}

/** Tries until there is a good answer, or no further attempt is allowed or would help. */
async function send(
  settings: Settings,
  call: Call,
  stream: boolean,
): Promise<{ answer: HttpAnswer; attempts: number }> {
  const {
    signal,
    timeout = settings.timeout,
    deadline = settings.deadline,
    maxRetries = settings.maxRetries,
  } = call.options ?? {};
  checkLimits({ timeout, deadline, maxRetries });
  const deadlineAt = deadline === undefined ? Number.POSITIVE_INFINITY : performance.now() + deadline;
  const request = buildRequest(settings, call, stream);
  const repeatable = mayRepeat(call.method, request.headers['idempotency-key'] !== undefined);
  const attempts = 1 + (repeatable ? maxRetries : 0);
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw aborted(signal);
    await authorize(settings, request);
    const startedAt = performance.now();
    const { answer, failure } = await attemptOnce(settings, request, {
      timeout,
      deadlineAt,
      signal,
      attempt,
    });
    const retryIn = failure && attempt < attempts ? waitAfter(failure, attempt, deadlineAt) : undefined;
    settings.onAttempt?.({
      method: call.method,
      path: request.path.split('?', 1)[0]!,
      attempt,
      status: answer?.status,
      requestId: one(answer?.headers['request-id']),
      duration: performance.now() - startedAt,
      retryIn,
    });
    if (!failure) return { answer, attempts: attempt };
    if (retryIn === undefined) throw failure;
    await pause(retryIn, signal);
  }
}

type Outcome =
  | { answer: HttpAnswer; failure: undefined }
  | { answer: HttpAnswer | undefined; failure: Error };

async function attemptOnce(settings: Settings, request: HttpRequest, limits: Limits): Promise<Outcome> {
  let answer: HttpAnswer;
  try {
    answer = await exchange(settings.dispatcher, request, limits);
  } catch (error) {
    return { answer: undefined, failure: error as Error };
  }
  const { status, headers } = answer;
  if (status < 300) return { answer, failure: undefined };
  // A server or proxy that repeats our headers must not put the secret into messages and logs.
  const secret = request.headers.authorization?.replace(/^Bearer /, '');
  const text = secret ? answer.text.replaceAll(secret, '[redacted]') : answer.text;
  return {
    answer,
    failure: apiError({ status, headers, problem: parseProblem(status, text), attempts: limits.attempt }),
  };
}

function buildRequest(
  { origin, prefix, headers: always }: Settings,
  call: Call,
  stream: boolean,
): HttpRequest {
  const { method, input = {}, options = {} } = call;
  const path = expandPath(call.path, input.path);
  const query = queryString(input.query);
  const joint = query === '' ? '' : path.includes('?') ? '&' : '?';
  const headers: Record<string, string> = { ...always, ...lowerCased(options.headers) };
  let body: string | null = null;
  if (input.body !== undefined) {
    body = JSON.stringify(input.body);
    headers['content-type'] = 'application/json';
  }
  if (stream) headers.accept = 'application/x-ndjson';
  if (method !== 'GET' && options.idempotencyKey !== null) {
    headers['idempotency-key'] ??= options.idempotencyKey ?? randomUUID();
  }
  return { origin, method, path: `${prefix}${path}${joint}${query}`, headers, body, stream };
}

/** Puts the credential into the headers, afresh for each attempt when it is a function. */
async function authorize({ credential }: Settings, { headers }: HttpRequest): Promise<void> {
  if (typeof credential === 'function') {
    const token = await credential();
    checkCredential(token);
    headers.authorization = `Bearer ${token}`;
  } else if (credential !== undefined) {
    headers.authorization = `Bearer ${credential}`;
  }
}

/** Milliseconds until the next attempt, or undefined when there should be none. */
function waitAfter(failure: Error, attempt: number, deadlineAt: number): number | undefined {
  const isAnswer = failure instanceof ApiError;
  if (!isAnswer && !(failure instanceof ConnectionError)) return undefined;
  if (isAnswer && !isRetryableAnswer(failure.status, failure.code)) return undefined;
  const wait = retryDelay(attempt, isAnswer ? retryAfterOf(failure.headers) : undefined, Math.random());
  // An attempt that could only start after the deadline is not worth the wait: the failure at hand says more.
  return wait === undefined || performance.now() + wait >= deadlineAt ? undefined : wait;
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal ? { signal } : {});
  } catch {
    throw aborted(signal!);
  }
}

const aborted = (signal: AbortSignal) => new AbortError('The call was aborted.', { cause: signal.reason });

function parseData({ status, headers, text }: HttpAnswer, attempts: number, mayBeText: boolean): unknown {
  if (text === '') return undefined;
  if (mayBeText && !/\bjson\b/.test(one(headers['content-type']) ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw apiError({ status, headers, problem: parseProblem(status, text), attempts });
  }
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
