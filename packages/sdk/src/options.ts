/** What an attempt looked like, for logs and metrics. */
export interface Attempt {
  method: string;
  /** Path without query. */
  path: string;
  /** 1 for the first. */
  attempt: number;
  /** HTTP status; undefined when no answer came. */
  status: number | undefined;
  requestId: string | undefined;
  /** From sending until the answer was read, in milliseconds. */
  duration: number;
  /** Milliseconds until the next attempt; undefined when this was the last. */
  retryIn: number | undefined;
}

/** An undici `Dispatcher`, such as `Agent`, `ProxyAgent` or `MockAgent`. Named by its shape, so that no undici types are needed. */
export interface UndiciDispatcher {
  dispatch(options: never, handler: never): boolean;
}

/** Settings of a client. `apiKey` and `accessToken` exclude each other; without either, only open operations work. */
export interface ClientOptions {
  /** Where the server is: `https://stays.example.com`, or with a path prefix `https://example.com/stays`. */
  baseUrl: string;
  /** An API key (`sjn_live_…` or `sjn_test_…`). */
  apiKey?: string | undefined;
  /** An access token, or a function that gives a current one; it is called before each attempt and may be asynchronous. */
  accessToken?: string | (() => string | Promise<string>) | undefined;
  /** For one attempt, answer body included, in milliseconds; for a stream the longest silence. Default 30,000. */
  timeout?: number | undefined;
  /** For a whole call, retries and waits included, in milliseconds. Default: none. */
  deadline?: number | undefined;
  /** Further attempts after the first. Default 2. */
  maxRetries?: number | undefined;
  /** Sent with each request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Carries the requests instead of the client's own connection pool; it is yours to close. */
  dispatcher?: UndiciDispatcher | undefined;
  /** Called after each attempt. What it throws is not caught. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** Settings of one call. They go before the client's. */
export interface RequestOptions {
  /** Ends the call with an `AbortError`, waits between attempts included. */
  signal?: AbortSignal | undefined;
  /** For one attempt, answer body included, in milliseconds; for a stream the longest silence. */
  timeout?: number | undefined;
  /** For the whole call, retries and waits included, in milliseconds. */
  deadline?: number | undefined;
  /** Further attempts after the first. */
  maxRetries?: number | undefined;
  /** Under which the server does a write once. Made up for each call unless given; null sends none, and then POST and PATCH are never repeated. */
  idempotencyKey?: string | null | undefined;
  /** Sent besides the client's. */
  headers?: Readonly<Record<string, string>> | undefined;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A value that fits into a path or a query. */
export type Scalar = string | number | boolean;
export type QueryValue = Scalar | readonly Scalar[] | null | undefined;

/** What a call sends: values for the `{names}` of its path, the query and the JSON body. */
export interface CallInput {
  path?: Readonly<Record<string, Scalar>> | undefined;
  query?: Readonly<Record<string, QueryValue>> | undefined;
  body?: unknown;
}
