import type { ApiPromise } from './answer.ts';
import type { operations, paths } from './generated/openapi.ts';
import type { Method, RequestOptions } from './options.ts';

// What may be sent to an operation and what comes back, read off the generated types.

/** The name of an operation of the document. */
export type OperationId = keyof operations;

/** The query parameters of an operation. */
export type Query<Id extends OperationId> = NonNullable<
  Member<Member<operations[Id], 'parameters'>, 'query'>
>;

/** The JSON body of an operation. */
export type Body<Id extends OperationId> = BodyOf<operations[Id]>;

/** The good answer of an operation; undefined when it is empty. */
export type Answer<Id extends OperationId> = AnswerOf<operations[Id]>;

/** One item of the list that an operation answers with. */
export type Item<Id extends OperationId> = Answer<Id> extends { data: (infer T)[] } ? T : never;

type Member<T, K extends string> = K extends keyof T ? T[K] : undefined;

type BodyOf<Operation> =
  NonNullable<Member<Operation, 'requestBody'>> extends { content: { 'application/json': infer Body } }
    ? Body
    : undefined;

// Only good answers are in the generated types.
type AnswerOf<Operation> = Operation extends { responses: infer Responses }
  ? ContentOf<Responses[keyof Responses]>
  : never;
type ContentOf<Response> = Response extends { content: { 'application/json': infer Data } }
  ? Data
  : Response extends { content: Record<string, infer Data> }
    ? Data
    : undefined;

/** The paths of the document that have this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [_ in Lowercase<M>]: { responses: unknown } } ? P : never;
}[keyof paths];

type OperationAt<M extends Method, P extends keyof paths> = Member<paths[P], Lowercase<M>>;

// `{ path: … }` when there is something to give, optional when all of it is, absent when there is nothing.
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : undefined extends Value
    ? { [_ in Name]?: Value }
    : { [_ in Name]: Value };

/** Path values, query and body of an operation. */
type InputOf<Operation> = Part<'path', Member<Member<Operation, 'parameters'>, 'path'>> &
  Part<'query', Member<Member<Operation, 'parameters'>, 'query'>> &
  Part<'body', BodyOf<Operation>>;

/** The arguments after method and path: the input may be left out when nothing of it is required. */
export type ArgumentsOf<M extends Method, P extends keyof paths> =
  Record<never, never> extends InputOf<OperationAt<M, P>>
    ? [input?: InputOf<OperationAt<M, P>> & object, options?: RequestOptions]
    : [input: InputOf<OperationAt<M, P>>, options?: RequestOptions];

/** The answer to method and path. */
export type AnswerAt<M extends Method, P extends keyof paths> = AnswerOf<OperationAt<M, P>>;

/** What resources are made of: calls by method and path template, typed by the document. */
export interface Caller {
  request<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...args: ArgumentsOf<M, P>
  ): ApiPromise<AnswerAt<M, P>>;
  /** An answer that is text. */
  text<P extends PathOf<'GET'>>(path: P, ...args: ArgumentsOf<'GET', P>): ApiPromise<AnswerAt<'GET', P>>;
  /** The records of an answer of JSON lines, as they come. */
  records<P extends PathOf<'GET'>>(
    path: P,
    ...args: ArgumentsOf<'GET', P>
  ): AsyncGenerator<AnswerAt<'GET', P>, void, undefined>;
}
