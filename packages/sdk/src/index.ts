export type { ApiPromise, ApiResponse } from './answer.ts';
export { Sojourn } from './client.ts';
export type { components, operations, ProblemCode, paths } from './generated/openapi.ts';
export type {
  Listing,
  ListingBatch,
  ListingInput,
  ListingPatch,
  PublicUser,
  SearchQuery,
  SearchResult,
  SignedIn,
  UpsertResult,
  User,
} from './names.ts';
export type {
  Attempt,
  CallInput,
  ClientOptions,
  Method,
  RequestOptions,
  UndiciDispatcher,
} from './options.ts';
export { List, type Page } from './paginate.ts';
export {
  AbortError,
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  type FieldError,
  NotFoundError,
  PermissionError,
  PreconditionFailedError,
  type Problem,
  RateLimitError,
  ServerError,
  SojournError,
  TimeoutError,
  ValidationError,
} from './problem.ts';
export type { EditOptions } from './resources/edit.ts';
