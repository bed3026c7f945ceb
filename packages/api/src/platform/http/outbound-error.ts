/** Why a call to a user's URL brought no answer. */
export type OutboundFailure =
  | 'invalid_request'
  | 'blocked_address'
  | 'dns_failure'
  | 'connection_refused'
  | 'unreachable'
  | 'connection_closed'
  | 'tls_failure'
  | 'timeout'
  | 'invalid_answer'
  | 'aborted';

/** No answer, with a sentence for the user's own eyes: it tells of the host that they gave, never of where it led. */
export class OutboundError extends Error {
  readonly reason: OutboundFailure;

  constructor(reason: OutboundFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundError';
    this.reason = reason;
  }
}

type Told = [reason: OutboundFailure, message: (host: string) => string];

const REFUSED: Told = [
  'connection_refused',
  (host) => `${host} refused the connection: nothing listens there.`,
];
const UNREACHABLE: Told = ['unreachable', (host) => `There is no way from here to ${host}.`];
const CLOSED: Told = [
  'connection_closed',
  (host) => `${host} closed the connection before its answer was complete.`,
];
const CONNECT_TIMEOUT: Told = ['timeout', (host) => `${host} took too long to accept the connection.`];
const CLOSING: Told = ['aborted', () => 'The server stopped before the call was sent.'];
const NOT_HTTP: Told = ['invalid_answer', (host) => `${host} answered something that is not valid HTTP/1.1.`];

const BY_CODE: Record<string, Told> = {
  ECONNREFUSED: REFUSED,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  EACCES: UNREACHABLE,
  EPERM: UNREACHABLE,
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: CLOSED,
  ETIMEDOUT: CONNECT_TIMEOUT,
  UND_ERR_CONNECT_TIMEOUT: CONNECT_TIMEOUT,
  UND_ERR_HEADERS_TIMEOUT: [
    'timeout',
    (host) => `${host} took the request and did not begin to answer in time.`,
  ],
  UND_ERR_BODY_TIMEOUT: ['timeout', (host) => `${host} fell silent in the middle of its answer.`],
  UND_ERR_HEADERS_OVERFLOW: ['invalid_answer', (host) => `${host} answered with headers that are too large.`],
  UND_ERR_CLOSED: CLOSING,
  UND_ERR_DESTROYED: CLOSING,
  UND_ERR_INVALID_ARG: [
    'invalid_request',
    () => 'The request cannot be sent: a header or its method is invalid.',
  ],
};

const codeOf = (error: unknown) => String((error as { code?: unknown })?.code ?? 'unknown');

/** A failure of sockets, TLS or undici in our words. */
export function outboundErrorOf(error: unknown, host: string): OutboundError {
  if (error instanceof OutboundError) return error;
  // undici's parser has codes that it does not set.
  const told = error instanceof Error && error.name === 'HTTPParserError' ? NOT_HTTP : BY_CODE[codeOf(error)];
  const [reason, message] = told ?? CLOSED;
  return new OutboundError(reason, message(host), error);
}

/** The same for a connection that was to be encrypted and is not open yet: what is left is the handshake's fault. */
export function handshakeErrorOf(error: unknown, host: string): OutboundError {
  const code = codeOf(error);
  if (error instanceof OutboundError || BY_CODE[code]) return outboundErrorOf(error, host);
  return new OutboundError(
    'tls_failure',
    `The TLS handshake with ${host} failed (${code}): check its certificate, the chain with it, and the host's name in it.`,
    error,
  );
}

export const blockedAddress = (host: string): OutboundError =>
  new OutboundError(
    'blocked_address',
    `${host} does not lead to an address on the public internet, so nothing was sent.`,
  );
