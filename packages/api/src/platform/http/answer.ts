import type { Request, Response } from 'express';
import type { ProblemError } from '../problem.ts';

/** An answer as bytes: what is sent, and what an idempotent request stores to send again. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | null;
}

export function problemAnswer(error: ProblemError, req: Request, requestId: string, docsUrl: string): Answer {
  const { code, status, title } = error.definition;
  const body = {
    type: `${docsUrl}/${code}`,
    title,
    status,
    detail: error.message,
    instance: req.path,
    code,
    requestId,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
    ...error.members,
  };
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...error.headers },
    body: JSON.stringify(body),
  };
}

export function send(req: Request, res: Response, answer: Answer): void {
  // The caller may be gone, or a stream may have begun: then there is nobody left to tell.
  if (res.headersSent || res.destroyed) return;
  const headers = answer.headers;
  if (answer.status === 200 && headers.ETag && isHeld(req, headers.ETag)) {
    const { ETag, Vary, 'Cache-Control': cacheControl = 'no-store' } = headers;
    res.writeHead(304, { ETag, 'Cache-Control': cacheControl, ...(Vary ? { Vary } : {}) });
    res.end();
    return;
  }
  if (answer.body === null) {
    res.writeHead(answer.status, headers);
    res.end();
    return;
  }
  res.writeHead(answer.status, { ...headers, 'Content-Length': String(Buffer.byteLength(answer.body)) });
  res.end(req.method === 'HEAD' ? undefined : answer.body);
}

/** Whether the caller says that they have this version, by its tag with quotes. */
export const isHeld = (req: Request, etag: string): boolean => matches(req.headers['if-none-match'], etag);

const matches = (ifNoneMatch: string | undefined, etag: string) =>
  ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag) ??
  false;
