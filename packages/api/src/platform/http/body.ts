import type { Request, Response } from 'express';
import express from 'express';
import { ProblemError } from '../problem.ts';
import { bodyTooLarge, malformedRequest, requestTooSlow, unsupportedMediaType } from '../problems.ts';

export const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** After this long a body must have come at `MIN_BYTES_PER_SECOND`: a slow uplink may finish, a trickle may not. */
const PATIENCE_MS = 12_000;
const MIN_BYTES_PER_SECOND = 4_096;

const readerOf = (limit: number) => express.raw({ type: () => true, limit, inflate: true });

const EMPTY = Buffer.alloc(0);

/** The body's bytes, decompressed, no more than `limit` of them. */
export async function readBody(req: Request, res: Response, limit: number): Promise<Buffer> {
  if (req.headers['content-length'] === '0' || !hasBody(req)) return EMPTY;
  if (!isJson(req.headers['content-type']))
    throw unsupportedMediaType({ detail: 'The body must be application/json.' });
  const watch = watchSpeed(req);
  try {
    await new Promise<void>((resolve, reject) => {
      watch.onTooSlow = () => reject(requestTooSlow({ headers: { Connection: 'close' } }));
      readerOf(limit)(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw error instanceof ProblemError ? error : readingProblem(error, limit);
  } finally {
    watch.stop();
  }
  return Buffer.isBuffer(req.body) ? req.body : EMPTY;
}

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || req.headers['content-length'] !== undefined;

function isJson(contentType: string | undefined): boolean {
  if (!contentType) return false;
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  return (
    (type === 'application/json' || type.endsWith('+json')) &&
    (charset === undefined || charset === 'utf-8' || charset === 'utf8')
  );
}

function watchSpeed({ socket }: Request) {
  const started = performance.now();
  const bytesBefore = socket.bytesRead;
  const watch = { onTooSlow: () => {}, stop: () => clearInterval(timer) };
  const timer = setInterval(() => {
    const milliseconds = performance.now() - started;
    const bytesPerSecond = ((socket.bytesRead - bytesBefore) / milliseconds) * 1_000;
    if (milliseconds >= PATIENCE_MS && bytesPerSecond < MIN_BYTES_PER_SECOND) watch.onTooSlow();
  }, 1_000);
  timer.unref();
  return watch;
}

function readingProblem(error: unknown, limit: number) {
  const type = (error as { type?: string }).type;
  if (type === 'entity.too.large')
    return bodyTooLarge({
      detail: `This operation takes at most ${limit} bytes.`,
      headers: { Connection: 'close' },
    });
  if (type === 'encoding.unsupported')
    return unsupportedMediaType({ detail: 'The Content-Encoding is not supported.' });
  return malformedRequest({ detail: 'The body ended early or could not be decompressed.', cause: error });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON value of a body; undefined when there is none. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw malformedRequest({ detail: 'The body is not valid UTF-8.' });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformedRequest({ detail: `The body is not valid JSON: ${positionIn(text, error)}.` });
  }
}

/** Where parsing stopped, without repeating what was sent. */
function positionIn(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined) return 'it ends too early';
  const before = text.slice(0, Number(position)).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
