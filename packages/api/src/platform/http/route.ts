import type { z } from 'zod';
import type { Role, Scope } from '../actor.ts';
import type { Context } from '../context.ts';
import type { Problem } from '../problem.ts';
import type { Pause } from './pause.ts';

/** Who may call: anybody, anybody who is signed in, or whoever holds a scope (and, for staff routes, a role). */
export type Access =
  | { kind: 'open' }
  | { kind: 'signedIn' }
  | { kind: 'scope'; scope: Scope; roles?: readonly Role[] };

export const open: Access = { kind: 'open' };
export const signedIn: Access = { kind: 'signedIn' };
export const scope = (name: Scope): Access => ({ kind: 'scope', scope: name });

type ObjectSchema = z.ZodObject<z.ZodRawShape>;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface Contract {
  operationId: string;
  method: Method;
  /** OpenAPI form: `/v1/listings/{listingId}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  /** Honours `Idempotency-Key`: effect and answer are one transaction, and a repeat gets the first answer. */
  idempotent?: boolean;
  /** Attempts to sign in have a limit of their own, by address. */
  limit?: 'signIn';
  request: { params?: ObjectSchema; query?: ObjectSchema; body?: z.ZodType };
  /**
   * The header that signs the body, of a request that another program makes by itself: the handler gets both as they
   * came, and reads the body when it has verified it. Goes without a schema of the body.
   */
  signedBy?: string;
  /** Largest body in bytes; 1 MiB unless told. */
  bodyLimit?: number;
  status: number;
  /** Without one the answer is empty. */
  response?: z.ZodType;
  /** The answer is a stream of this media type, its chunks written as they come; `response` describes one line of it. */
  stream?: string;
  /** The media type of an answer that is text rather than JSON; `response` is then a string schema. */
  media?: string;
  /**
   * The handler answers the entity tag of its text at once, and the text itself when it is asked for: a caller who has
   * that very version costs no more than the tag. Goes with `media`.
   */
  lateBody?: boolean;
  /** May wait for news before it answers; never within a transaction, so not together with `idempotent`. */
  waits?: boolean;
  /** Reads `If-Match` (and lists the 412). */
  conditional?: boolean;
  /** The entity tag of an answer, without quotes: `If-None-Match` is answered 304, `If-Match` compares with it. */
  etag?: (answer: never) => string;
  /** `Cache-Control` for callers without credentials; everything else is `no-store`. */
  cacheControl?: string;
  /**
   * Done once the effect is kept, before the answer is sent, and again when a repeat gets the first answer: for what no
   * transaction may hold. Whatever it fails with, the effect stays.
   */
  afterwards?: (ctx: Context, input: never) => Promise<void>;
  /** What it fails with beyond what every route may (bad input, authentication, limits). */
  problems?: readonly Problem[];
}

/** What a handler is given: parsed, typed, nothing else of the request. */
export interface Input<C extends Contract> {
  params: Output<C['request']['params']>;
  query: Output<C['request']['query']>;
  body: Output<C['request']['body']>;
  /** The body as it came, when the contract names a header that signs it. */
  signed: C['signedBy'] extends string ? SignedBody : undefined;
  /** The entity tag that `If-Match` names, without quotes. */
  ifMatch: string | undefined;
  /** How the request waits, when its contract says that it may. */
  pause: C['waits'] extends true ? Pause : undefined;
}

export interface SignedBody {
  bytes: Buffer;
  /** Undefined when the request has none. */
  signature: string | undefined;
}

/** A text with its entity tag, without quotes. */
export interface TaggedText {
  etag: string;
  text: string;
}

/** A text that is written only for who does not have it yet. What is written then may be newer, and has its own tag. */
export interface LateText {
  etag: string;
  write(): Promise<TaggedText>;
}

type Answer<C extends Contract> = C['stream'] extends string
  ? Promise<AsyncIterable<string>>
  : C['lateBody'] extends true
    ? Promise<LateText>
    : C['response'] extends z.ZodType
      ? Promise<z.input<C['response']>>
      : Promise<void>;

export interface Route {
  contract: Contract;
  handle(ctx: Context, input: never): Promise<unknown>;
}

/** One operation: its contract, from which everything around it is derived, and the verb it calls. */
export function route<const C extends Contract>(
  contract: C,
  handle: (ctx: Context, input: Input<C>) => Answer<C>,
): Route {
  return { contract, handle };
}
