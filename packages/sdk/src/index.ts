export type { ApiPromise, ApiResponse } from './answer.ts';
export { Sojourn } from './client.ts';
export type { components, operations, ProblemCode, paths } from './generated/openapi.ts';
export type {
  Alteration,
  Balance,
  BalanceEntry,
  Booking,
  CalendarChanges,
  CalendarDay,
  CalendarFeed,
  Listing,
  ListingBatch,
  ListingInput,
  ListingPatch,
  MaintenanceRun,
  Notification,
  NotificationPreference,
  PaymentDetails,
  Payout,
  PayoutAccount,
  PayoutDetails,
  PublicUser,
  Quote,
  SearchQuery,
  SearchResult,
  Season,
  SignedIn,
  SojournEvent,
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
  NotBookableError,
  NotFoundError,
  PermissionError,
  PreconditionFailedError,
  type Problem,
  RateLimitError,
  ServerError,
  type StayAlternative,
  type StayReason,
  TimeoutError,
  ValidationError,
} from './problem.ts';
export type { EditOptions } from './resources/edit.ts';
export type { EventPage, TailOptions } from './resources/events.ts';
export { SojournError } from './sojourn-error.ts';
