import { problem } from './problem.ts';

// The failures that any route may answer with, whatever its feature.

export const invalidRequest = problem({
  code: 'invalid_request',
  status: 422,
  title: 'The request has invalid values',
  help: 'Each entry of `errors` names one value by JSON pointer and says what is wrong with it. All problems of the request are listed at once. Mend them and send the request again; nothing was changed.',
});
export const malformedRequest = problem({
  code: 'malformed_request',
  status: 400,
  title: 'The request cannot be read',
  help: 'The body is not valid JSON in UTF-8, or is missing. `detail` says where reading stopped. Nothing was changed.',
});
export const invalidCursor = problem({
  code: 'invalid_cursor',
  status: 400,
  title: 'The cursor is not valid here',
  help: 'A cursor continues the very list it came from: the same operation, filters and sorting. Take `nextCursor` as it stands, or leave `cursor` out to start from the beginning.',
});
export const invalidIdempotencyKey = problem({
  code: 'invalid_idempotency_key',
  status: 400,
  title: 'The Idempotency-Key is not valid',
  help: 'An idempotency key has 1 to 255 printable ASCII characters. A new UUID for each operation is a good choice.',
});
export const authenticationRequired = problem({
  code: 'authentication_required',
  status: 401,
  title: 'Authentication is required',
  help: 'Send `Authorization: Bearer <access token or API key>`. Get a token from `POST /v1/auth/login`, or a key from `POST /v1/api-keys`.',
});
export const invalidCredentials = problem({
  code: 'invalid_credentials',
  status: 401,
  title: 'The credentials are not valid',
  help: 'The access token or API key is unknown, expired, revoked or mistyped. Access tokens live 15 minutes: refresh them with `POST /v1/auth/refresh`. Check that an API key was copied whole.',
});
export const insufficientScope = problem({
  code: 'insufficient_scope',
  status: 403,
  title: 'The credentials do not allow this',
  help: 'The API key lacks the scope that this operation needs (`detail` names it), or the operation is for staff only. Create a key with that scope.',
});
export const routeNotFound = problem({
  code: 'route_not_found',
  status: 404,
  title: 'There is nothing at this path',
  help: 'The path is not one of this API. Compare it with `/openapi.json` or `/docs`.',
});
export const methodNotAllowed = problem({
  code: 'method_not_allowed',
  status: 405,
  title: 'The method is not allowed here',
  help: 'The path exists, the method does not. The `Allow` header lists those that do.',
});
export const preconditionFailed = problem({
  code: 'precondition_failed',
  status: 412,
  title: 'It was changed by somebody else',
  help: '`If-Match` names a version that is no longer current. Read it again, apply your change to what it is now, and send it with the new `ETag`.',
});
export const bodyTooLarge = problem({
  code: 'body_too_large',
  status: 413,
  title: 'The body is too large',
  help: 'The body is larger than this operation takes (`detail` says how much). Split it into several requests.',
});
export const crossSiteRequest = problem({
  code: 'cross_site_request',
  status: 403,
  title: 'The request came from another site',
  help: 'A page with a session of its own takes changes from itself only: the browser must say by `Sec-Fetch-Site` or `Origin` that the request came from this very server. Programs use the API with an API key instead.',
});
export const unsupportedMediaType = problem({
  code: 'unsupported_media_type',
  status: 415,
  title: 'The content type is not supported',
  help: 'Send `Content-Type: application/json`, and no `Content-Encoding` or one of gzip, deflate and br.',
});
export const idempotencyKeyReused = problem({
  code: 'idempotency_key_reused',
  status: 422,
  title: 'The Idempotency-Key was used for another request',
  help: 'This key came before with another method, path or body. Use a new key for a new operation; send exactly the same request to get the first answer again.',
});
export const idempotencyInProgress = problem({
  code: 'idempotency_in_progress',
  status: 409,
  title: 'A request with this Idempotency-Key is still running',
  help: 'Wait a moment (see `Retry-After`) and send the same request again: it will get the answer of the first.',
});
export const rateLimited = problem({
  code: 'rate_limited',
  status: 429,
  title: 'Too many requests',
  help: 'Wait as many seconds as `Retry-After` says. The `RateLimit` header tells how many requests are left. The SDK and CLI wait by themselves.',
});
export const requestTooSlow = problem({
  code: 'request_too_slow',
  status: 408,
  title: 'The request came too slowly',
  help: 'The body did not arrive in time. Check the connection, or send less at once.',
});
export const internalError = problem({
  code: 'internal_error',
  status: 500,
  title: 'Something went wrong on our side',
  help: 'This is a fault of the server, not of the request. Try again later; when it stays, report the `requestId`.',
});
export const overloaded = problem({
  code: 'overloaded',
  status: 503,
  title: 'The server is busy',
  help: 'More requests are running than the server can take, or its database does not answer. Try again after `Retry-After` seconds. Nothing was changed.',
});
