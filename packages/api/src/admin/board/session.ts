import type { Request } from 'express';
import { ACCESS_TOKEN_SECONDS } from '../../identity/model.ts';
import type { Config } from '../../platform/config.ts';

// A browser has no bearer token to send: the board, and nothing else, takes one from a cookie.
const NAME = 'sojourn_board';

export function tokenOf(req: Request): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === NAME)?.[1];
}

/** As short as the token lives. Scripts cannot read it, and no other site can have it sent. */
export const sessionCookie = (token: string, path: string, isSecure: boolean): string =>
  cookie(token, path, isSecure, ACCESS_TOKEN_SECONDS);

export const endedCookie = (path: string, isSecure: boolean): string => cookie('', path, isSecure, 0);

const cookie = (value: string, path: string, isSecure: boolean, seconds: number) =>
  `${NAME}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

export const isSecure = (req: Request, { publicUrl }: Config): boolean =>
  req.secure || publicUrl?.startsWith('https:') === true;

/**
 * Whether a page of this very server sent the request. Browsers say so by `Sec-Fetch-Site`, or, over plain HTTP, by
 * `Origin`; one that says nothing is refused.
 */
export function isSameOrigin(req: Request, { publicUrl }: Config): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = req.headers;
  if (origin === undefined || host === undefined) return false;
  return [`${req.protocol}://${host}`, publicUrl && new URL(publicUrl).origin].includes(origin);
}
