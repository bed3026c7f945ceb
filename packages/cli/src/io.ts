import { once } from 'node:events';
import { isatty, type ReadStream, type WriteStream } from 'node:tty';
import { createColors } from 'picocolors';
import { forTerminal, safeJson } from './controls.ts';
import type { Environment } from './environment.ts';

export type Colours = Omit<ReturnType<typeof createColors>, 'isColorSupported'>;

/** The three standard streams. Data goes to stdout, talk to stderr; nothing else in the CLI writes to either. */
export interface Io {
  readonly stdin: ReadStream;
  /** Where questions are asked: on stderr, so that they never end up in a pipe. */
  readonly questions: { readonly input: ReadStream; readonly output: WriteStream };
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width to draw for: that of the terminal, or 80 when there is none. */
  readonly columns: number;
  /** Colours for what goes to stdout (`paint.out.red(…)`) and to stderr: plain text when colour is unwanted. */
  readonly paint: { readonly out: Colours; readonly err: Colours };

  /** A piece of text for people on stdout: a table, a card. A line feed is added. */
  print(text: string): void;
  /** Data for programs on stdout, exactly as given (unless stdout is a terminal). Resolves when the reader keeps up. */
  write(chunk: string | Buffer): Promise<void>;
  /** One value on stdout as indented JSON. */
  json(value: unknown): Promise<void>;
  /** One value on stdout as one line of JSON: an item of a stream. */
  jsonLine(value: unknown): Promise<void>;

  /** A note on stderr; silent with `--quiet`. */
  say(text: string): void;
  /** A note that something was done; silent with `--quiet`. */
  success(text: string): void;
  /** Commands to try next; silent with `--quiet`. */
  hint(...commands: string[]): void;
  warn(text: string): void;
  /** The one line of a failure, and under it what to do next. */
  fail(text: string, next?: readonly string[]): void;
  /** A line that stays at the bottom of the terminal until it is replaced or removed (no argument). Nothing without a terminal. */
  status(text?: string): void;
}

/** `process`, which opens each stream when it is first asked for: a command that reads nothing never opens stdin. */
export interface Streams {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}

export interface IoWishes {
  colour: Environment['colour'];
  quiet: boolean;
}

export function openIo(streams: Streams, { colour, quiet }: IoWishes): Io {
  const stdoutIsTerminal = isatty(1);
  const stderrIsTerminal = isatty(2);
  const coloured = (terminal: boolean) => (colour === 'auto' ? terminal : colour === 'always');
  const outColoured = coloured(stdoutIsTerminal);
  const errColoured = coloured(stderrIsTerminal);
  const paint = { out: createColors(outColoured), err: createColors(errColoured) };
  let status = '';

  const drawStatus = (text: string) => {
    if (stderrIsTerminal && (status || text)) streams.stderr.write(`\r\u001b[K${text}`);
  };
  const talk = (text: string) => {
    drawStatus('');
    streams.stderr.write(`${forTerminal(text, errColoured)}\n`);
    if (status) streams.stderr.write(status);
  };
  const arrow = (text: string) => `  ${paint.err.dim('→')} ${text}`;
  const write = async (chunk: string | Buffer) => {
    const data = stdoutIsTerminal ? forTerminal(chunk.toString(), false) : chunk;
    if (!streams.stdout.write(data)) await once(streams.stdout, 'drain');
  };

  return {
    get stdin() {
      return streams.stdin;
    },
    get questions() {
      return { input: streams.stdin, output: streams.stderr };
    },
    stdinIsTerminal: isatty(0),
    stdoutIsTerminal,
    stderrIsTerminal,
    get columns() {
      return streams.stdout.columns || (stderrIsTerminal && streams.stderr.columns) || 80;
    },
    paint,
    print(text) {
      drawStatus('');
      streams.stdout.write(`${forTerminal(text, outColoured)}\n`);
      if (status) streams.stderr.write(status);
    },
    write,
    json: (value) => write(`${safeJson(value, 2)}\n`),
    jsonLine: (value) => write(`${safeJson(value)}\n`),
    say(text) {
      if (!quiet) talk(text);
    },
    success(text) {
      if (!quiet) talk(`${paint.err.green('✓')} ${text}`);
    },
    warn(text) {
      talk(`${paint.err.yellow('!')} ${text}`);
    },
    hint(...commands) {
      if (!quiet) for (const command of commands) talk(arrow(paint.err.cyan(command)));
    },
    fail(text, next = []) {
      talk(`${paint.err.red('✗')} ${text}`);
      for (const line of next) talk(arrow(line));
    },
    status(text = '') {
      if (quiet || !stderrIsTerminal) return;
      const line = forTerminal(text, errColoured).replaceAll('\n', ' ');
      drawStatus(line);
      status = line;
    },
  };
}

/** All of stdin as text. For small things only: a key, a listing. */
export async function readStdin({ stdin }: Io): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
