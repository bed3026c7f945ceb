/** The server asks for fewer requests. Nothing was changed. */
export class SinkBusy extends Error {
  /** From `Retry-After`; undefined when the server did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'SinkBusy';
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server does not answer, or not now. The batch may or may not have been taken: send it again under the same key. */
export class SinkUnavailable extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SinkUnavailable';
    this.retryAfterMs = retryAfterMs;
  }
}

/** The batch is larger than the server takes: send it in parts. */
export class SinkTooLarge extends Error {
  override readonly name = 'SinkTooLarge';
}

/** The server refuses the batch as a whole, and would again. */
export class SinkRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SinkRefused';
    this.code = code;
  }
}
