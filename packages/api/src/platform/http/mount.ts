import { randomUUID } from 'node:crypto';
import { once as onceEvent } from 'node:events';
import type { Express, Request, Response } from 'express';
import type { Actor } from '../actor.ts';
import type { Context, Resources } from '../context.ts';
import type { Log } from '../log.ts';
import { ProblemError } from '../problem.ts';
import {
  authenticationRequired,
  insufficientScope,
  internalError,
  invalidCredentials,
  overloaded,
  rateLimited,
} from '../problems.ts';
import { type Answer, isHeld, problemAnswer, send } from './answer.ts';
import { DEFAULT_BODY_LIMIT, parseJson, readBody } from './body.ts';
import { keyedRequest, once, storeRefusal } from './idempotency.ts';
import { allowedProblems, hasBody } from './openapi.ts';
import { type Pause, pause } from './pause.ts';
import type { Bucket } from './rate-limit.ts';
import type { Contract, LateText, Route } from './route.ts';
import { serialiserOf } from './serialise.ts';
import { parseRequest } from './validate.ts';

/** Whose credentials these are; undefined when they are nobody's. Identity knows how; platform only asks. */
export type Authenticate = (resources: Resources, credential: string) => Promise<Actor | undefined>;

export interface Surroundings {
  resources: Resources;
  /** Takes one line a request. */
  accessLog: Log;
  authenticate: Authenticate;
  /** Where the page of a problem code is: `type` of a problem is this and the code. */
  problemsUrl: string;
  /** Told when a route answers with a problem that its contract does not list: a test fails on it, production logs it. */
  onBreach: (operationId: string, code: string) => void;
}

export function mount(app: Express, routes: readonly Route[], surroundings: Surroundings): void {
  for (const route of routes) {
    const path = route.contract.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app[route.contract.method](path, handlerOf(route, surroundings));
  }
}

/** Id and logger of a request, one log line and one measurement when it ends. */
export function begin(
  req: Request,
  res: Response,
  operationId: string,
  { resources, accessLog }: Surroundings,
): Context {
  const started = performance.now();
  const requestId = randomUUID();
  res.setHeader('Request-Id', requestId);
  const ctx: Context = {
    ...resources,
    requestId,
    actor: null,
    address: req.ip ?? '',
    userAgent: req.headers['user-agent'],
  };
  res.on('close', () => {
    const milliseconds = performance.now() - started;
    resources.metrics.observe(operationId, req.method, res.statusCode, milliseconds / 1_000);
    accessLog.info({
      requestId,
      operationId,
      method: req.method,
      path: req.path,
      status: res.writableFinished ? res.statusCode : 499,
      milliseconds: Math.round(milliseconds * 100) / 100,
      userId: ctx.actor?.userId,
    });
  });
  return ctx;
}

function handlerOf({ contract, handle }: Route, surroundings: Surroundings) {
  const serialise = serialiserFor(contract);
  const listed = new Set(allowedProblems(contract).map(({ code }) => code));
  const run = handle as (ctx: Context, input: unknown) => Promise<unknown>;
  const afterwards = contract.afterwards as ((ctx: Context, input: unknown) => Promise<void>) | undefined;

  return async (req: Request, res: Response): Promise<void> => {
    const ctx = begin(req, res, contract.operationId, surroundings);
    try {
      ctx.actor = await actorOfRequest(req, res, ctx, surroundings);
      await limit(ctx, res, contract);
      allow(ctx.actor, contract);
      const input = await readInput(req, res, contract);
      if (contract.stream) {
        await sendStream(req, res, contract.stream, (await run(ctx, input.value)) as AsyncIterable<string>);
        return;
      }
      const answer = async (context: Context) => {
        const value = await run(context, input.value);
        return contract.lateBody
          ? lateAnswerOf(contract, context, req, value as LateText)
          : answerOf(contract, context, value, serialise);
      };
      const answered = await perform(req, ctx, contract, input.bytes, answer, surroundings);
      // A refusal of before, which a repeat gets again, has no effect that anything could follow.
      if (afterwards && answered.status < 400) await afterwards(ctx, input.value);
      send(req, res, answered);
    } catch (error) {
      send(req, res, failed(error, req, ctx, contract.operationId, listed, surroundings));
    }
  };
}

async function actorOfRequest(
  req: Request,
  res: Response,
  ctx: Context,
  { authenticate }: Surroundings,
): Promise<Actor | null> {
  const header = req.headers.authorization;
  if (header === undefined) return null;
  const credential = /^Bearer +([^\s]+)$/i.exec(header)?.[1];
  const actor = credential && (await authenticate(ctx, credential));
  if (actor) return actor;
  // Guesses count against the address: they have no credential of their own that could run out.
  await take(ctx, res, 'perAddress', ctx.address);
  throw invalidCredentials({ headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } });
}

async function limit(ctx: Context, res: Response, contract: Contract): Promise<void> {
  const [bucket, key]: [Bucket, string] =
    contract.limit === 'signIn'
      ? ['signIn', ctx.address]
      : ctx.actor
        ? ['perCredential', ctx.actor.apiKeyId ?? ctx.actor.sessionId ?? ctx.actor.userId]
        : ['perAddress', ctx.address];
  await take(ctx, res, bucket, key);
}

async function take(ctx: Context, res: Response, bucket: Bucket, key: string): Promise<void> {
  const state = await ctx.rateLimits.take(bucket, key);
  res.setHeader('RateLimit-Policy', `"${bucket}";q=${state.limit};w=60`);
  res.setHeader('RateLimit', `"${bucket}";r=${state.remaining};t=${state.resetSeconds}`);
  if (!state.allowed) throw rateLimited({ headers: { 'Retry-After': String(state.resetSeconds) } });
}

function allow(actor: Actor | null, { access }: Contract): void {
  if (access.kind === 'open') return;
  if (!actor) throw authenticationRequired({ headers: { 'WWW-Authenticate': 'Bearer' } });
  if (access.kind === 'signedIn') return;
  if (!actor.scopes.has(access.scope))
    throw insufficientScope({ detail: `This operation needs the scope "${access.scope}".` });
  if (access.roles && !access.roles.includes(actor.role))
    throw insufficientScope({ detail: 'This operation is for staff only.' });
}

async function readInput(req: Request, res: Response, contract: Contract) {
  const bytes = hasBody(contract)
    ? await readBody(req, res, contract.bodyLimit ?? DEFAULT_BODY_LIMIT)
    : undefined;
  const values = parseRequest([
    { name: 'params', schema: contract.request.params, value: req.params },
    { name: 'query', schema: contract.request.query, value: req.query },
    { name: 'body', schema: contract.request.body, value: contract.request.body && parseJson(bytes!) },
  ]);
  const waiting: Pause = (wait) => pause(res, wait);
  return {
    bytes,
    value: {
      ...values,
      signed: contract.signedBy && {
        bytes,
        signature: req.headers[contract.signedBy.toLowerCase()],
      },
      ifMatch: contract.conditional ? entityTag(req.headers['if-match']) : undefined,
      pause: contract.waits ? waiting : undefined,
    },
  };
}

const entityTag = (header: string | undefined) =>
  header === undefined || header.trim() === '*' ? undefined : header.trim().replace(/^"|"$/g, '');

/** The verb, once for its idempotency key when the contract honours one and the request carries one. */
async function perform(
  req: Request,
  ctx: Context,
  contract: Contract,
  bytes: Buffer | undefined,
  answer: (ctx: Context) => Promise<Answer>,
  { problemsUrl }: Surroundings,
): Promise<Answer> {
  const key = req.headers['idempotency-key'];
  if (!contract.idempotent || key === undefined) return answer(ctx);
  const owner = ctx.actor?.userId ?? 'anonymous';
  const keyed = keyedRequest(String(key), owner, [req.method, req.originalUrl, bytes ?? '']);
  try {
    return await once(ctx, keyed, answer);
  } catch (error) {
    if (error instanceof ProblemError)
      await storeRefusal(ctx, keyed, error, problemAnswer(error, req, ctx.requestId, problemsUrl));
    throw error;
  }
}

type Serialise = (value: unknown) => string | Buffer;

function serialiserFor({ response, media, stream, cacheControl }: Contract): Serialise | undefined {
  if (!response || stream) return undefined;
  if (media) return (value) => value as string;
  return cacheControl === undefined ? serialiserOf(response) : writtenOnce(serialiserOf(response));
}

/** What is answered again as the very same object, such as a view that is kept for a second, is written once. */
function writtenOnce(serialise: (value: unknown) => string): Serialise {
  const written = new WeakMap<object, Buffer>();
  return (value) => {
    let bytes = written.get(value as object);
    if (!bytes) {
      bytes = Buffer.from(serialise(value));
      written.set(value as object, bytes);
    }
    return bytes;
  };
}

function answerOf(
  contract: Contract,
  ctx: Context,
  value: unknown,
  serialise: Serialise | undefined,
): Answer {
  if (!serialise) return { status: contract.status, headers: { 'Cache-Control': 'no-store' }, body: null };
  const shared = contract.cacheControl !== undefined && ctx.actor === null;
  const headers: Record<string, string> = {
    'Content-Type': contract.media ?? 'application/json; charset=utf-8',
    'Cache-Control': shared ? contract.cacheControl! : 'no-store',
  };
  if (contract.cacheControl !== undefined) headers.Vary = 'Authorization';
  if (contract.etag) headers.ETag = `"${(contract.etag as (value: unknown) => string)(value)}"`;
  return { status: contract.status, headers, body: serialise(value) };
}

/** To a caller who has this version nothing is written: `send` makes a 304 of it. */
async function lateAnswerOf(contract: Contract, ctx: Context, req: Request, late: LateText): Promise<Answer> {
  const isKnown = isHeld(req, `"${late.etag}"`);
  const { etag, text } = isKnown ? { etag: late.etag, text: '' } : await late.write();
  const answer = answerOf(contract, ctx, text, String);
  answer.headers.ETag = `"${etag}"`;
  return answer;
}

async function sendStream(
  req: Request,
  res: Response,
  contentType: string,
  chunks: AsyncIterable<string>,
): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  // The first chunk comes before the head, so that what fails at once is still a proper problem.
  let next = await iterator.next();
  res.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' });
  try {
    while (!next.done && req.method !== 'HEAD') {
      if (!res.write(next.value)) await drained(res);
      if (res.destroyed) break;
      next = await iterator.next();
    }
    res.end();
  } catch (error) {
    // The status is sent; cutting the connection is the only way left to say that this is not the whole of it.
    res.destroy();
    throw error;
  } finally {
    await iterator.return?.();
  }
}

/** Until the caller has taken what was written, or is gone. */
async function drained(res: Response): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([onceEvent(res, 'drain', { signal }), onceEvent(res, 'close', { signal })]).finally(() =>
    over.abort(),
  );
}

/** What a caller is told of a failure, and what the log keeps of it. */
export function failed(
  error: unknown,
  req: Request,
  ctx: Context,
  operationId: string,
  listed: ReadonlySet<string>,
  { problemsUrl, onBreach }: Surroundings,
): Answer {
  const told = error instanceof ProblemError ? error : unexpected(error);
  // What was thrown as a problem is an answer; anything else is a fault that somebody must look at.
  if (told !== error) ctx.log.error({ requestId: ctx.requestId, operationId, err: error });
  if (!listed.has(told.definition.code)) onBreach(operationId, told.definition.code);
  return problemAnswer(told, req, ctx.requestId, problemsUrl);
}

/** SQLSTATE classes and codes that mean "not now": no connection, shutting down, out of resources, timed out. */
const BUSY = /^(08|53|57P|57014|55P03|40001|40P01|25P0[34])/;

function unexpected(error: unknown): ProblemError {
  const code = String((error as { code?: unknown }).code ?? '');
  const message = error instanceof Error ? error.message : '';
  const unreachable =
    /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE)$/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/i.test(
      message,
    );
  if (BUSY.test(code) || unreachable) return overloaded({ headers: { 'Retry-After': '1' }, cause: error });
  return internalError({ cause: error });
}
