import type { z } from 'zod';

/** One thing wrong with a request, by JSON pointer into what was sent. */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
}

export interface ProblemDefinition {
  /** snake_case, stable: clients branch on it. */
  code: string;
  status: number;
  title: string;
  /** For the code's page and `sojourn explain`: what happened and what to do next, in Markdown. */
  help: string;
  /** What such a problem tells beside the members that all have. */
  members?: z.ZodObject<z.ZodRawShape>;
}

export interface ProblemDetails {
  /** What is wrong with this very request. */
  detail?: string;
  errors?: FieldError[];
  /** Of a definition that declares some: only those that it declares are told. */
  members?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** A failure that a caller is told about (RFC 9457). Everything else that is thrown is an internal error. */
export class ProblemError extends Error {
  readonly definition: ProblemDefinition;
  readonly errors: FieldError[];
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    definition: ProblemDefinition,
    { detail, errors = [], members = {}, headers = {}, cause }: ProblemDetails = {},
  ) {
    super(detail ?? definition.title, { cause });
    this.name = 'ProblemError';
    this.definition = definition;
    this.errors = errors;
    this.members = definition.members?.parse(members) ?? {};
    this.headers = headers;
  }
}

/** A kind of failure, called to make one: `throw listingNotFound({ detail })`. */
export type Problem = Readonly<ProblemDefinition> & ((details?: ProblemDetails) => ProblemError);

export function problem(definition: ProblemDefinition): Problem {
  return Object.assign((details?: ProblemDetails) => new ProblemError(definition, details), definition);
}
