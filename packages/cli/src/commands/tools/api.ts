import { readFile } from 'node:fs/promises';
import type { CommandContext } from '../../command-context.ts';
import { CliError, EXIT, type ExitCode, usageError } from '../../exit.ts';
import { readStdin } from '../../io.ts';

interface Options {
  field?: string[];
  rawField?: string[];
  header?: string[];
  input?: string;
  paginate?: true;
  include?: true;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** One raw request. It has no retries and knows no schema: what the server says is what is printed. */
export async function run(
  ctx: CommandContext,
  [verb, path]: [method: string, path: string],
  options: Options,
): Promise<ExitCode> {
  const method = verb.toUpperCase();
  if (!METHODS.includes(method))
    throw usageError(`${verb} is not an HTTP method.`, `sojourn api GET ${path}`);
  const { url: server, apiKey } = await ctx.connection();
  const url = targetUrl(server, path);
  const fields = [...readFields(options.field, true), ...readFields(options.rawField, false)];
  const inQuery = method === 'GET' || method === 'HEAD';
  if (inQuery) for (const [name, value] of fields) url.searchParams.append(name, asText(value));
  if (options.input !== undefined && (inQuery || fields.length > 0))
    throw usageError('--input is the whole body: it goes neither with GET nor with --field.');
  const body =
    options.input === undefined
      ? inQuery || fields.length === 0
        ? undefined
        : JSON.stringify(Object.fromEntries(fields))
      : await readInput(ctx, options.input);
  const headers = new Headers({
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  });
  for (const [name, value] of readHeaders(options.header)) headers.set(name, value);
  headers.set('authorization', `Bearer ${apiKey}`);
  const request = { method, headers, ...(body !== undefined && { body }) };
  if (options.paginate) {
    if (method !== 'GET') throw usageError('--paginate follows lists: it goes with GET only.');
    return paginate(ctx, url, request, options);
  }
  const answer = await send(ctx, url, request);
  if (options.include) printHead(ctx, answer);
  await printBody(ctx, answer);
  return exitCodeOf(answer);
}

/** The path on the server in use, and nowhere else: the key must not travel, whatever the path looks like. */
function targetUrl(server: string, path: string): URL {
  const elsewhere = usageError(
    `${path} is not a path of ${server}.`,
    'A path begins with one slash, such as /v1/me',
  );
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('\\')) throw elsewhere;
  const url = new URL(server + path);
  if (url.origin !== new URL(server).origin) throw elsewhere;
  return url;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function readFields(given: readonly string[] = [], typed: boolean): [string, unknown][] {
  return given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`The field ${text} is not NAME=VALUE.`);
    const value = text.slice(at + 1);
    return [text.slice(0, at), typed ? parseValue(value) : value];
  });
}

function parseValue(text: string): unknown {
  // Ids with more digits than a double holds stay text: a number would change them in silence.
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readHeaders(given: readonly string[] = []): [string, string][] {
  return given.map((text) => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*([\x20-\x7e]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw usageError('A header is NAME:VALUE, such as -H "If-Match: \\"3\\"".');
    if (name.toLowerCase() === 'authorization')
      throw usageError(
        'The Authorization header is that of the profile in use.',
        'Use --profile, or set SOJOURN_API_KEY.',
      );
    return [name, value];
  });
}

async function readInput(ctx: CommandContext, file: string): Promise<string> {
  if (file === '-') return readStdin(ctx.io);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

async function send({ signal }: CommandContext, url: URL, request: RequestInit): Promise<Response> {
  try {
    // A redirect is shown, not followed: it could lead the key to another server.
    return await fetch(url, { ...request, signal, redirect: 'manual' });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { cause } = error as { cause?: { message?: string; code?: string } };
    throw new CliError(
      `Cannot reach ${url.origin}: ${cause?.message || cause?.code || (error as Error).message}`,
      {
        cause: error,
        next: ['Is the server running, and is the URL right? `sojourn profiles` shows it.'],
      },
    );
  }
}

function printHead({ io }: CommandContext, { status, statusText, headers }: Response) {
  io.print(
    [
      `HTTP ${status} ${statusText}`.trim(),
      ...[...headers].map(([name, value]) => `${name}: ${value}`),
      '',
    ].join('\n'),
  );
}

/** As it came, for a program; pretty and harmless, for a terminal. */
async function printBody({ io }: CommandContext, answer: Response) {
  if (!io.stdoutIsTerminal) {
    for await (const chunk of answer.body ?? []) await io.write(Buffer.from(chunk));
    return;
  }
  const text = await answer.text();
  if (text === '') return;
  if (/[/+]json\b/.test(answer.headers.get('content-type') ?? '')) {
    try {
      return await io.json(JSON.parse(text));
    } catch {
      // Called JSON and is none: shown as it is.
    }
  }
  io.print(text);
}

async function paginate(
  ctx: CommandContext,
  start: URL,
  request: RequestInit,
  { include }: Options,
): Promise<ExitCode> {
  const url = new URL(start);
  for (;;) {
    const answer = await send(ctx, url, request);
    if (include) printHead(ctx, answer);
    if (!answer.ok) {
      await printBody(ctx, answer);
      return exitCodeOf(answer);
    }
    const page = (await answer.json().catch(() => undefined)) as
      | { data?: unknown; nextCursor?: unknown }
      | undefined;
    if (!Array.isArray(page?.data))
      throw new CliError(`${start.pathname} is not a list: its answer has no data.`, {
        next: ['Leave --paginate out.'],
      });
    for (const item of page.data) await ctx.io.jsonLine(item);
    if (typeof page.nextCursor !== 'string' || page.nextCursor === url.searchParams.get('cursor'))
      return EXIT.ok;
    url.searchParams.set('cursor', page.nextCursor);
  }
}

const exitCodeOf = ({ ok, status }: Response): ExitCode =>
  ok || (status >= 300 && status < 400) ? EXIT.ok : status === 401 ? EXIT.loginNeeded : EXIT.failed;
