import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { LoginBody } from '../../identity/schema.ts';
import { login } from '../../identity/service/login.ts';
import { logout } from '../../identity/service/logout.ts';
import type { Actor } from '../../platform/actor.ts';
import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { send } from '../../platform/http/answer.ts';
import { begin, failed, type Surroundings } from '../../platform/http/mount.ts';
import type { Bucket } from '../../platform/http/rate-limit.ts';
import { QUEUE_NAMES } from '../../platform/jobs/queue-names.ts';
import { ProblemError } from '../../platform/problem.ts';
import {
  authenticationRequired,
  crossSiteRequest,
  internalError,
  overloaded,
  rateLimited,
  routeNotFound,
} from '../../platform/problems.ts';
import { queueOperated } from '../events.ts';
import { queuesUnavailable } from '../problems.ts';
import { queuesAnswer } from '../service/queues-answer.ts';
import { openBullBoard } from './bull-board.ts';
import { PAGE_POLICY, signInPage, signOutPage } from './page.ts';
import { endedCookie, isSameOrigin, isSecure, sessionCookie, tokenOf } from './session.ts';

const BASE_PATH = '/admin/queues';
/** The cookie is for everything under it. */
const COOKIE_PATH = '/admin';
const OPERATION = 'queueBoard';

/** The page sets styles by itself, and has a `<base>`; it reaches nothing but this server. */
const BOARD_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const LISTED = new Set(
  [
    authenticationRequired,
    crossSiteRequest,
    internalError,
    overloaded,
    queuesUnavailable,
    rateLimited,
    routeNotFound,
  ].map(({ code }) => code),
);

type Board = { ctx: Context; req: Request; res: Response; surroundings: Surroundings };

/** The board of the queues for people, behind a session of an admin. */
export function mountBoard(app: Express, surroundings: Surroundings): void {
  let opened: Promise<RequestHandler> | undefined;
  const open = () => {
    opened ??= openBullBoard(surroundings.resources, BASE_PATH);
    return opened;
  };
  app.use(BASE_PATH, express.urlencoded({ extended: false, limit: '8kb' }), async (req, res) => {
    const ctx = begin(req, res, OPERATION, surroundings);
    const fail = (error: unknown) => send(req, res, failed(error, req, ctx, OPERATION, LISTED, surroundings));
    try {
      await answer({ ctx, req, res, surroundings }, async () => {
        const show = await open();
        show(req, res, (error?: unknown) => fail(error ?? routeNotFound()));
      });
    } catch (error) {
      fail(error);
    }
  });
}

async function answer(board: Board, showBoard: () => Promise<void>): Promise<void> {
  const { ctx, req, res } = board;
  res.set({
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  const changes = !['GET', 'HEAD'].includes(req.method);
  if (changes && !isSameOrigin(req, ctx.config)) throw crossSiteRequest();
  if (req.path === '/sign-in' && changes) return signIn(board);
  ctx.actor = await adminOf(board, tokenOf(req));
  await limit(ctx, ctx.actor ? 'perCredential' : 'perAddress');
  if (!ctx.actor) return askToSignIn(board);
  if (req.path === '/sign-out') return changes ? signOut(board) : sendPage(res, 200, signOutPage(BASE_PATH));
  const isData = req.path.startsWith('/api/');
  if (isData) await queuesAnswer(() => ctx.queues.of('default').isPaused());
  if (changes) await record(ctx, req);
  if (!isPage(req)) return showBoard();
  res.set('Content-Security-Policy', BOARD_POLICY);
  await showBoard();
}

const isPage = ({ method, path }: Request) => method === 'GET' && !/^\/(api|static)\//.test(path);

/** The admin whose session this is. An API key opens no board: it belongs to a program. */
async function adminOf({ ctx, surroundings }: Board, token: string | undefined): Promise<Actor | null> {
  const actor = token && (await surroundings.authenticate(ctx, token));
  return actor && actor.sessionId !== null && actor.role === 'admin' ? actor : null;
}

function askToSignIn({ req, res }: Board): void {
  if (!isPage(req)) throw authenticationRequired();
  sendPage(res, 401, signInPage(BASE_PATH));
}

function sendPage(res: Response, status: number, html: string): void {
  res.status(status).set('Content-Security-Policy', PAGE_POLICY).type('html').send(html);
}

async function limit(ctx: Context, bucket: Bucket): Promise<void> {
  const state = await ctx.rateLimits.take(bucket, ctx.actor?.sessionId ?? ctx.address);
  if (!state.allowed) throw rateLimited({ headers: { 'Retry-After': String(state.resetSeconds) } });
}

/** Signs in as everybody does, with the same limits; what fails is told on the page. */
async function signIn(board: Board): Promise<void> {
  const { ctx, req, res } = board;
  try {
    await limit(ctx, 'signIn');
    const given = LoginBody.safeParse(req.body);
    if (!given.success)
      return sendPage(res, 400, signInPage(BASE_PATH, 'Type an email address and a password.'));
    const { accessToken } = await login(ctx, given.data);
    if (!(await adminOf(board, accessToken))) return await turnAway(board, accessToken);
    res.set('Set-Cookie', sessionCookie(accessToken, COOKIE_PATH, isSecure(req, ctx.config)));
    res.redirect(303, BASE_PATH);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const retryAfter = error.headers['Retry-After'];
    if (retryAfter) res.set('Retry-After', retryAfter);
    sendPage(res, error.definition.status, signInPage(BASE_PATH, `${error.message}.`.replace(/\.\.$/, '.')));
  }
}

/** The session of somebody who is no admin ends as soon as that is known. */
async function turnAway({ ctx, res, surroundings }: Board, accessToken: string): Promise<void> {
  const actor = await surroundings.authenticate(ctx, accessToken);
  if (actor) await logout({ ...ctx, actor });
  sendPage(res, 403, signInPage(BASE_PATH, 'This page is for admins only.'));
}

async function signOut({ ctx, req, res }: Board): Promise<void> {
  await logout(ctx);
  res.set('Set-Cookie', endedCookie(COOKIE_PATH, isSecure(req, ctx.config)));
  res.redirect(303, BASE_PATH);
}

/** Puts a change into the audit log before it is made: one that cannot be recorded is not made. */
async function record(ctx: Context, { method, path }: Request): Promise<void> {
  const named = /^\/api\/queues\/([^/]+)\//.exec(path)?.[1];
  await transaction(ctx, (tx) =>
    emit(ctx, tx, queueOperated, {
      subjectId: ctx.actor!.userId,
      audience: [],
      data: {
        queue: QUEUE_NAMES.find((name) => name === named) ?? null,
        action: `${method} ${path.slice(0, 300)}`,
      },
    }),
  );
}
