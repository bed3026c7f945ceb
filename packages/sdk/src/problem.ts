import type { Headers } from './answer.ts';
import type { ProblemCode } from './generated/openapi.ts';
import { parseRetryAfter } from './retry.ts';
import { SojournError } from './sojourn-error.ts';

/** One thing wrong with a request: where (a JSON pointer into what was sent), what kind, and in words. */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
}

/** A failure as the server tells it (RFC 9457). Servers may add members. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  instance?: string;
  code?: string;
  requestId?: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

/** The server could not be reached, or the connection broke before the answer was complete. `cause` has the reason. */
export class ConnectionError extends SojournError {
  static {
    ConnectionError.prototype.name = 'ConnectionError';
  }

  /** How many times the request was tried. */
  readonly attempts: number;

  constructor(message: string, { attempts, cause }: { attempts: number; cause?: unknown }) {
    super(message, { cause });
    this.attempts = attempts;
  }
}

/** No complete answer within `timeout` or `deadline`. Whether the request took effect is unknown. */
export class TimeoutError extends ConnectionError {
  static {
    TimeoutError.prototype.name = 'TimeoutError';
  }
}

/** The caller's `signal` ended the call. `cause` is the signal's reason. Whether the request took effect is unknown. */
export class AbortError extends SojournError {
  static {
    AbortError.prototype.name = 'AbortError';
  }
}

export interface ApiErrorDetails {
  status: number;
  headers: Headers;
  problem: Problem;
  attempts: number;
}

/** The server answered, and the answer is a failure. Branch on `code`: it is stable, the texts are not. */
export class ApiError extends SojournError {
  static {
    ApiError.prototype.name = 'ApiError';
  }

  /** What went wrong, in `snake_case`. `unexpected_response` when the answer is none of a Sojourn server. */
  readonly code: ProblemCode | (string & {});
  /** HTTP status. */
  readonly status: number;
  /** What is wrong with this very request, in words. */
  readonly detail: string | undefined;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** All that is wrong with the values sent; empty when the failure is of another kind. */
  readonly errors: readonly FieldError[];
  /** How many times the request was tried. */
  readonly attempts: number;
  readonly headers: Headers;
  /** The whole problem document, with members that this version does not know. */
  readonly problem: Problem;

  constructor({ status, headers, problem, attempts }: ApiErrorDetails) {
    super(messageOf(status, problem));
    this.code = textOr(problem.code, 'unexpected_response');
    this.status = status;
    this.detail = textOr(problem.detail, undefined);
    this.requestId = textOr(problem.requestId, undefined) ?? textOr(headers['request-id'], undefined);
    this.errors = fieldErrors(problem);
    this.attempts = attempts;
    this.headers = headers;
    this.problem = problem;
  }
}

/** 401: no credentials, or credentials that are unknown, expired or revoked. */
export class AuthenticationError extends ApiError {
  static {
    AuthenticationError.prototype.name = 'AuthenticationError';
  }
}

/** 403: the credentials are good, but do not allow this. */
export class PermissionError extends ApiError {
  static {
    PermissionError.prototype.name = 'PermissionError';
  }
}

/** 404 or 410: there is no such thing, or none that these credentials may see. */
export class NotFoundError extends ApiError {
  static {
    NotFoundError.prototype.name = 'NotFoundError';
  }
}

/** 409: the present state of the thing does not allow this. */
export class ConflictError extends ApiError {
  static {
    ConflictError.prototype.name = 'ConflictError';
  }
}

/** 412: `ifMatch` names a version that is no longer current. Read again, then repeat the change. */
export class PreconditionFailedError extends ApiError {
  static {
    PreconditionFailedError.prototype.name = 'PreconditionFailedError';
  }
}

/** 400, 413, 415 or 422: the request is wrong as it stands. `errors` lists every value to mend. */
export class ValidationError extends ApiError {
  static {
    ValidationError.prototype.name = 'ValidationError';
  }
}

/** Why a stay cannot be booked. */
export interface StayReason {
  /** Stable, in `snake_case`; a newer server may have further ones. */
  code: string;
  detail: string;
}

/** A stay that can be booked instead, and what it costs. */
export interface StayAlternative {
  checkIn: string;
  checkOut: string;
  total: { amount: number; currency: string };
}

/** 422 `not_bookable`: the stay cannot be booked as it was asked for. */
export class NotBookableError extends ValidationError {
  static {
    NotBookableError.prototype.name = 'NotBookableError';
  }

  /** All that speaks against the stay. */
  readonly reasons: readonly StayReason[];
  /** The nearest stays that can be booked, nearest first; empty when other dates do not help. */
  readonly alternatives: readonly StayAlternative[];

  constructor(details: ApiErrorDetails) {
    super(details);
    const { reasons, alternatives } = details.problem;
    this.reasons = recordsOf<StayReason>(reasons);
    this.alternatives = recordsOf<StayAlternative>(alternatives);
  }
}

/** 429: too many requests. */
export class RateLimitError extends ApiError {
  static {
    RateLimitError.prototype.name = 'RateLimitError';
  }

  /** Seconds that the server asks to wait; undefined when it did not say. */
  readonly retryAfter: number | undefined;

  constructor(details: ApiErrorDetails) {
    super(details);
    const milliseconds = retryAfterOf(details.headers);
    this.retryAfter = milliseconds === undefined ? undefined : milliseconds / 1_000;
  }
}

/** 5xx: a fault of the server or of something before it. */
export class ServerError extends ApiError {
  static {
    ServerError.prototype.name = 'ServerError';
  }
}

const CLASS_BY_STATUS: Readonly<Record<number, new (details: ApiErrorDetails) => ApiError>> = {
  400: ValidationError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  410: NotFoundError,
  412: PreconditionFailedError,
  413: ValidationError,
  415: ValidationError,
  422: ValidationError,
  429: RateLimitError,
};

/** What is told with more than its code and words. */
const CLASS_BY_CODE: ReadonlyMap<unknown, new (details: ApiErrorDetails) => ApiError> = new Map([
  ['not_bookable', NotBookableError],
]);

/** The error class that fits the code or else the status, filled from the answer. */
export function apiError(details: ApiErrorDetails): ApiError {
  const Class =
    CLASS_BY_CODE.get(details.problem.code) ??
    CLASS_BY_STATUS[details.status] ??
    (details.status >= 500 ? ServerError : ApiError);
  return new Class(details);
}

/** Milliseconds that an answer asks to wait before the next attempt. */
export const retryAfterOf = (headers: Headers): number | undefined =>
  parseRetryAfter(textOr(headers['retry-after'], undefined), textOr(headers.date, undefined), Date.now());

/** The body of a failure as a problem. What is no problem document (a proxy's page) becomes one that says so. */
export function parseProblem(status: number, text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value) && typeof value.code === 'string') return value;
  } catch {
    // Not JSON: described below like any other answer that is not ours.
  }
  const what = [301, 302, 303, 307, 308].includes(status)
    ? 'is a redirect, which is not followed'
    : 'is none of a Sojourn server';
  return {
    title: `The answer ${what}: check baseUrl, and any proxy before the server`,
    status,
    code: 'unexpected_response',
  };
}

const SHOWN_ERRORS = 3;

function messageOf(status: number, problem: Problem): string {
  const code = textOr(problem.code, 'unexpected_response');
  const [title, detail] = [textOr(problem.title, undefined), textOr(problem.detail, undefined)];
  const errors = fieldErrors(problem);
  // With errors to list, the detail would only repeat the first of them.
  const says = (errors.length > 0 ? (title ?? detail) : (detail ?? title)) ?? 'The request failed';
  const shown = errors.slice(0, SHOWN_ERRORS).map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
  if (errors.length > SHOWN_ERRORS) shown.push(`and ${errors.length - SHOWN_ERRORS} more`);
  const requestId = textOr(problem.requestId, undefined);
  const request = requestId === undefined ? '' : `, request ${requestId}`;
  return `${[says.replace(/\.$/, ''), ...shown].join('; ')} (${status} ${code}${request})`;
}

const fieldErrors = (problem: Problem): FieldError[] => recordsOf<FieldError>(problem.errors);

const recordsOf = <T extends object>(value: unknown): T[] =>
  Array.isArray(value) ? value.filter((item): item is T => isRecord(item)) : [];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;
