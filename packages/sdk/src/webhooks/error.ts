import { SojournError } from '../sojourn-error.ts';

/** `body_too_large` and `body_incomplete` come from `webhookHandler` alone, which reads the body itself. */
export type WebhookVerificationErrorCode =
  | 'missing_header'
  | 'invalid_secret'
  | 'stale_timestamp'
  | 'future_timestamp'
  | 'signature_mismatch'
  | 'body_not_raw'
  | 'body_too_large'
  | 'body_incomplete'
  | 'invalid_body';

/** A delivery that is not to be trusted, or that could not be checked. Branch on `code`: it is stable, the texts are not. */
export class WebhookVerificationError extends SojournError {
  static {
    WebhookVerificationError.prototype.name = 'WebhookVerificationError';
  }

  readonly code: WebhookVerificationErrorCode;

  constructor(code: WebhookVerificationErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}
