import { problem } from '../platform/problem.ts';

export const invalidLogin = problem({
  code: 'invalid_login',
  status: 401,
  title: 'The email address or the password is wrong',
  help: 'No account has this address and this password together. Whether the address has an account at all is not told. After ten wrong passwords in a row, further attempts for the address are answered `rate_limited` for a while.',
});
export const accountSuspended = problem({
  code: 'account_suspended',
  status: 403,
  title: 'The account is suspended',
  help: 'The password is right, but the marketplace has suspended this account. Ask its staff.',
});
export const wrongPassword = problem({
  code: 'wrong_password',
  status: 422,
  title: 'The current password is wrong',
  help: 'Changing the password and closing the account need the current password, even from a signed-in session. Nothing was changed. After ten wrong ones in a row, further attempts are answered `rate_limited` for a while.',
});
export const emailTokenInvalid = problem({
  code: 'email_token_invalid',
  status: 422,
  title: 'The link is not valid any more',
  help: 'The token of a mail works once and for a limited time: three days to verify an address, one hour to reset a password. A newer mail, or using another one, may have ended it too. Ask for another mail: `POST /v1/auth/send-verification` or `POST /v1/auth/forgot-password`.',
});
export const emailVerifiedElsewhere = problem({
  code: 'email_verified_elsewhere',
  status: 409,
  title: 'Another account has proved this address',
  help: 'An address belongs to one account, the first that verifies it. Sign in to that one; `POST /v1/auth/forgot-password` helps when its password is lost.',
});
export const emailAlreadyVerified = problem({
  code: 'email_already_verified',
  status: 409,
  title: 'The address is verified already',
  help: 'There is nothing left to do: `GET /v1/me` tells `emailVerified: true`.',
});
export const refreshTokenInvalid = problem({
  code: 'refresh_token_invalid',
  status: 401,
  title: 'The refresh token is not valid',
  help: 'The token is mistyped, or its session ended: by signing out, by a changed password, after 30 days without use, or 180 days after signing in. Sign in again.',
});
export const refreshTokenReused = problem({
  code: 'refresh_token_reused',
  status: 401,
  title: 'The refresh token was used before',
  help: 'Each refresh token works once; its answer holds the next one. This one was used before, so somebody else may have a copy: its session has been ended. Sign in again. (A repeat within ten seconds, after a lost answer, is allowed.)',
});
export const sessionNotFound = problem({
  code: 'session_not_found',
  status: 404,
  title: 'There is no such session',
  help: 'The session is unknown, belongs to somebody else, or has ended. `GET /v1/sessions` lists yours.',
});
export const apiKeyNotFound = problem({
  code: 'api_key_not_found',
  status: 404,
  title: 'There is no such API key',
  help: 'The key is unknown, belongs to somebody else, or is revoked already. `GET /v1/api-keys` lists yours by `id`.',
});
export const apiKeyLimitReached = problem({
  code: 'api_key_limit_reached',
  status: 409,
  title: 'There are too many API keys',
  help: 'An account holds at most 100 keys. Revoke those that are no longer used.',
});
export const userNotFound = problem({
  code: 'user_not_found',
  status: 404,
  title: 'There is no such user',
  help: 'The id is unknown, or the account was closed.',
});
export const accountInUse = problem({
  code: 'account_in_use',
  status: 409,
  title: 'The account has bookings that are not over',
  help: 'Somebody counts on a stay of yours, or on one in your home. Cancel those bookings, or wait until they are over, and close the account then: `GET /v1/bookings` and `GET /v1/bookings?role=host` list them.',
});
export const accountHasPayouts = problem({
  code: 'account_has_payouts',
  status: 409,
  title: 'The account has money on its way',
  help: 'A payout to you is not sent yet, or you owe something that is taken from the next one. Close the account when both are over: `GET /v1/payouts` and `GET /v1/balance` tell.',
});
