import { Agent, type Dispatcher } from 'undici';
import { bareHostname, checkOutboundUrl } from './outbound-address.ts';
import { guardedConnector, type Lookup, nameServerLookup } from './outbound-connector.ts';
import { blockedAddress, OutboundError, outboundErrorOf } from './outbound-error.ts';

export interface OutboundOptions {
  allowLoopback: boolean;
  userAgent: string;
  /** Name, TCP and TLS together. */
  connectTimeoutMs: number;
  /** From the request sent to the end of the answer's headers. */
  headersTimeoutMs: number;
  /** The longest silence within the answer's body. */
  bodyTimeoutMs: number;
  /** From the call of `send` to the end of the answer, whatever happens between. */
  totalTimeoutMs: number;
  maxResponseBytes: number;
  /** Sockets at most to one origin; further requests wait for one, within their total time. */
  connectionsPerOrigin: number;
  /** For tests: where names lead. */
  lookup?: Lookup;
}

export interface OutboundRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** How much of the answer is read; the client's own limit unless told. */
  maxResponseBytes?: number;
  signal?: AbortSignal;
}

export interface OutboundAnswer {
  /** As it came: a redirect is an answer like any other and is not followed. */
  status: number;
  /** By name in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** Its first `maxResponseBytes`, not decompressed: no encoding is asked for. */
  body: Buffer;
  /** Whether there was more of the body than was read. */
  truncated: boolean;
  milliseconds: number;
}

export interface Outbound {
  /** Sends once and fails with an `OutboundError` when there is no answer. */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
  /** Takes nothing more, lets what runs come to its end, then closes every connection. */
  close(): Promise<void>;
}

const MAX_HEADERS_BYTES = 16_384;

/** Calls URLs that users gave, and reaches nothing but the public internet by it. One for a process. */
export function openOutbound(options: OutboundOptions): Outbound {
  const { allowLoopback, connectTimeoutMs, lookup = nameServerLookup(connectTimeoutMs) } = options;
  const agent = new Agent({
    connect: guardedConnector({ allowLoopback, connectTimeoutMs, lookup }),
    connections: options.connectionsPerOrigin,
    allowH2: false,
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    maxHeaderSize: MAX_HEADERS_BYTES,
  });
  return {
    async send(request) {
      const url = allowedUrl(request, options);
      return new Promise((resolve, reject) => {
        const { method, headers, body = null, maxResponseBytes = options.maxResponseBytes } = request;
        const limits = { ...options, maxResponseBytes };
        const exchange = new Exchange(url.host, request.signal, limits, resolve, reject);
        agent.dispatch(
          {
            origin: url.origin,
            path: url.pathname + url.search,
            method,
            headers: { 'user-agent': options.userAgent, ...headers },
            body,
          },
          exchange,
        );
      });
    },
    close: () => agent.close(),
  };
}

/** Asked again at each call: the rules may have changed since the URL was stored. */
function allowedUrl({ url, headers, signal }: OutboundRequest, { allowLoopback }: OutboundOptions): URL {
  if (signal?.aborted) throw new OutboundError('aborted', 'The call was aborted.', signal.reason);
  // Another Host would reach another site at the same address, and choose the name that TLS checks.
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'host'))
    throw new OutboundError('invalid_request', 'The Host header comes from the URL and cannot be set.');
  const wrong = checkOutboundUrl(url, { allowLoopback });
  if (!wrong) return new URL(url);
  if (wrong.code === 'url_not_public') throw blockedAddress(bareHostname(new URL(url)));
  throw new OutboundError('invalid_request', `The URL ${wrong.message}.`);
}

/**
 * Receives one answer. It works below undici's `request`, whose signal does not end a request that still waits for its
 * connection, and whose timeouts do not bound an answer that trickles.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: string;
  readonly #signal: AbortSignal | undefined;
  readonly #limits: OutboundOptions;
  readonly #resolve: (answer: OutboundAnswer) => void;
  readonly #reject: (error: OutboundError) => void;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;
  #status = 0;
  #headers: OutboundAnswer['headers'] = {};
  #bytes = 0;

  constructor(
    host: string,
    signal: AbortSignal | undefined,
    limits: OutboundOptions,
    resolve: (answer: OutboundAnswer) => void,
    reject: (error: OutboundError) => void,
  ) {
    this.#host = host;
    this.#signal = signal;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#fail(this.#tooSlow()), limits.totalTimeoutMs);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) controller.abort(new Error('The call was over before it had a connection.'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: OutboundAnswer['headers'],
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    const room = this.#limits.maxResponseBytes - this.#bytes;
    this.#bytes += Math.min(room, chunk.length);
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length <= room) return;
    this.#answer(true);
    // Ends the socket: the rest might never end.
    controller.abort(new Error('The rest of the answer is not wanted.'));
  }

  onResponseEnd(): void {
    this.#answer(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(outboundErrorOf(error, this.#host));
  }

  readonly #onAbort = () =>
    this.#fail(new OutboundError('aborted', 'The call was aborted.', this.#signal?.reason));

  #answer(truncated: boolean): void {
    if (!this.#finish()) return;
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks),
      truncated,
      milliseconds: performance.now() - this.#startedAt,
    });
  }

  #tooSlow(): OutboundError {
    const { totalTimeoutMs } = this.#limits;
    const stage = !this.#controller
      ? 'had no connection open'
      : this.#status === 0
        ? 'gave no answer'
        : `answered ${this.#status}, but did not finish its answer`;
    return new OutboundError('timeout', `${this.#host} ${stage} within ${totalTimeoutMs} ms.`);
  }

  #fail(error: OutboundError): void {
    if (!this.#finish()) return;
    this.#reject(error);
    this.#controller?.abort(error);
  }

  /** Ends the exchange; false when it had ended before. */
  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
