import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Headers } from './answer.ts';
import { AbortError, ConnectionError, TimeoutError } from './problem.ts';
import { SojournError } from './sojourn-error.ts';

/** One attempt, ready to be sent. */
export interface HttpRequest {
  origin: string;
  method: string;
  /** With query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** Hand over a successful answer as it comes instead of when it is complete. */
  stream: boolean;
}

export interface Limits {
  /** Milliseconds for head and body together; for a stream, for the head and for each silence after it. */
  timeout: number;
  /** When the whole call must be over, by `performance.now()`; Infinity for never. */
  deadlineAt: number;
  signal: AbortSignal | undefined;
  /** Which attempt this is, for the errors. */
  attempt: number;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  /** The whole body; empty when it is streamed. */
  text: string;
  stream: Readable | undefined;
}

/** A larger answer is given up before it fills memory; only streams may be longer. Bytes. */
export const MAX_ANSWER: number = 64 * 1024 * 1024;

/**
 * Sends a request once. Fails with a `ConnectionError`, a `TimeoutError`, an `AbortError` or, when it cannot be sent or
 * read at all, a plain `SojournError`.
 */
export const exchange = (dispatcher: Dispatcher, request: HttpRequest, limits: Limits): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const { origin, path, method, headers, body, stream } = request;
    // Our own timer covers an answer that is collected; undici's watches the silences of a stream, and stands still
    // while it is the reader who is slow.
    const bodyTimeout = stream ? limits.timeout : 0;
    dispatcher.dispatch(
      { origin, path, method, headers, body, headersTimeout: 0, bodyTimeout },
      new Exchange(request, limits, resolve, reject),
    );
  });

/**
 * Receives one answer. It works below undici's `request`, whose signal does not end a request that still waits for its
 * connection, and whose timeouts do not bound an answer that trickles.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #limits: Limits;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #onAbort = () =>
    this.#fail(new AbortError('The call was aborted.', { cause: this.#limits.signal?.reason }));
  readonly #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;
  #status = 0;
  #headers: Headers = {};
  #size = 0;
  #stream: Readable | undefined;

  constructor(
    request: HttpRequest,
    limits: Limits,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#startTimer(limits.timeout);
    limits.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) controller.abort(new Error('The call was over before it had a connection.'));
    else this.#controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    if (this.#request.stream && status < 300) this.#openStream(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream) {
      if (!this.#stream.push(chunk)) controller.pause();
      return;
    }
    this.#size += chunk.length;
    if (this.#size > MAX_ANSWER)
      this.#fail(new SojournError(`The answer is larger than ${MAX_ANSWER} bytes.`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    if (this.#stream) {
      this.#stream.push(null);
      return;
    }
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      text: bytes.toString(),
      stream: undefined,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(this.#translate(error));
  }

  #openStream(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.#timer);
    if (this.#limits.deadlineAt !== Number.POSITIVE_INFINITY) this.#startTimer(Number.POSITIVE_INFINITY);
    this.#stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        // A reader that stops before the end wants nothing more of this connection.
        if (this.#finish()) controller.abort(error ?? new Error('The reader stopped.'));
        done(error);
      },
    });
    // The reader meets the error when it reads on; without a listener it would be thrown at the process meanwhile.
    this.#stream.on('error', () => {});
    this.#resolve({ status: this.#status, headers: this.#headers, text: '', stream: this.#stream });
  }

  #startTimer(timeout: number): void {
    const remaining = this.#limits.deadlineAt - performance.now();
    const what = remaining < timeout ? 'before the deadline of the call' : `within ${timeout} ms`;
    this.#timer = setTimeout(
      () => this.#fail(this.#timedOut(what)),
      Math.max(0, Math.min(timeout, remaining)),
    );
  }

  #timedOut(what: string): TimeoutError {
    const { attempt } = this.#limits;
    return new TimeoutError(`${this.#what()} had no complete answer ${what} (attempt ${attempt}).`, {
      attempts: attempt,
    });
  }

  /** For messages: which request it was, without its query. */
  #what(): string {
    const { method, origin, path } = this.#request;
    return `${method} ${origin}${path.split('?', 1)[0]}`;
  }

  /** Ends the exchange; false when it had ended before. */
  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#limits.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }

  #fail(error: Error): void {
    if (!this.#finish()) return;
    if (this.#stream) this.#stream.destroy(error);
    else this.#reject(error);
    this.#controller?.abort(error);
  }

  #translate(error: Error & { code?: string }): Error {
    if (error.code === 'UND_ERR_BODY_TIMEOUT')
      return this.#timedOut(`after ${this.#limits.timeout} ms of silence`);
    if (error.code === 'UND_ERR_INVALID_ARG')
      return new SojournError(`The request cannot be sent: ${error.message}.`);
    if (error.code === 'UND_ERR_CLOSED' || error.code === 'UND_ERR_DESTROYED')
      return new SojournError('The client is closed.');
    const reason = error.message || error.code || error.name;
    const { attempt } = this.#limits;
    return new ConnectionError(`${this.#what()} failed: ${reason} (attempt ${attempt}).`, {
      attempts: attempt,
      cause: error,
    });
  }
}
