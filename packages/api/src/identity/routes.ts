import { z } from 'zod';
import { open, type Route, route, scope, signedIn } from '../platform/http/route.ts';
import { insufficientScope } from '../platform/problems.ts';
import {
  accountHasPayouts,
  accountInUse,
  accountSuspended,
  apiKeyLimitReached,
  apiKeyNotFound,
  emailAlreadyVerified,
  emailTokenInvalid,
  emailVerifiedElsewhere,
  invalidLogin,
  refreshTokenInvalid,
  refreshTokenReused,
  sessionNotFound,
  userNotFound,
  wrongPassword,
} from './problems.ts';
import {
  ApiKeyBody,
  ApiKeyPage,
  ApiKeyParams,
  CreatedApiKey,
  DeleteMeBody,
  ForgotPasswordBody,
  LoginBody,
  Me,
  PageQuery,
  PublicUser,
  RefreshBody,
  RegisterBody,
  ResetPasswordBody,
  SessionPage,
  SessionParams,
  SignedIn,
  SigningKeys,
  toApiKeyView,
  toMe,
  toPublicUser,
  toSessionView,
  UpdateMeBody,
  UserParams,
  VerifyEmailBody,
} from './schema.ts';
import { createApiKey } from './service/create-api-key.ts';
import { deleteMe } from './service/delete-me.ts';
import { type ExportSection, exportMe } from './service/export-me.ts';
import { forgotPassword } from './service/forgot-password.ts';
import { getMe } from './service/get-me.ts';
import { getSigningKeys } from './service/get-signing-keys.ts';
import { getUser } from './service/get-user.ts';
import { listApiKeys } from './service/list-api-keys.ts';
import { listSessions } from './service/list-sessions.ts';
import { login } from './service/login.ts';
import { logout } from './service/logout.ts';
import { refreshSession } from './service/refresh-session.ts';
import { register } from './service/register.ts';
import { requestVerification } from './service/request-verification.ts';
import { resetPassword } from './service/reset-password.ts';
import { revokeApiKey } from './service/revoke-api-key.ts';
import { revokeSession } from './service/revoke-session.ts';
import type { SignedIn as Tokens } from './service/start-session.ts';
import { updateMe } from './service/update-me.ts';
import { verifyEmail } from './service/verify-email.ts';

const toSignedIn = ({ account, ...tokens }: Tokens) => ({ user: toMe(account), ...tokens });

const authRoutes: Route[] = [
  route(
    {
      operationId: 'register',
      method: 'post',
      path: '/v1/auth/register',
      tag: 'Auth',
      summary: 'Open an account',
      description:
        'Opens an account and signs in. The answer is the same whether or not the address has an account already: an address belongs to an account only once it is verified.',
      access: open,
      idempotent: true,
      limit: 'signIn',
      request: { body: RegisterBody },
      status: 201,
      response: SignedIn,
    },
    async (ctx, { body }) => toSignedIn(await register(ctx, body)),
  ),
  route(
    {
      operationId: 'login',
      method: 'post',
      path: '/v1/auth/login',
      tag: 'Auth',
      summary: 'Sign in',
      description:
        'Answers with an access token for 15 minutes and a refresh token for 30 days. After ten wrong passwords in a row for an address, further attempts are refused for a time that grows up to 15 minutes.',
      access: open,
      limit: 'signIn',
      request: { body: LoginBody },
      status: 200,
      response: SignedIn,
      problems: [invalidLogin, accountSuspended],
    },
    async (ctx, { body }) => toSignedIn(await login(ctx, body)),
  ),
  route(
    {
      operationId: 'refreshSession',
      method: 'post',
      path: '/v1/auth/refresh',
      tag: 'Auth',
      summary: 'Renew the tokens',
      description:
        'Each refresh token works once and is answered with the next. Showing one again ends its session, but for a repeat within ten seconds (a lost answer) while the next has not been used.',
      access: open,
      request: { body: RefreshBody },
      status: 200,
      response: SignedIn,
      problems: [refreshTokenInvalid, refreshTokenReused, accountSuspended],
    },
    async (ctx, { body }) => toSignedIn(await refreshSession(ctx, body.refreshToken)),
  ),
  route(
    {
      operationId: 'logout',
      method: 'post',
      path: '/v1/auth/logout',
      tag: 'Auth',
      summary: 'Sign out',
      description: 'Ends the session of the access token that asks. With an API key it does nothing.',
      access: signedIn,
      request: {},
      status: 204,
    },
    (ctx) => logout(ctx),
  ),
  route(
    {
      operationId: 'verifyEmail',
      method: 'post',
      path: '/v1/auth/verify-email',
      tag: 'Auth',
      summary: 'Verify an email address',
      description:
        'With the token of the mail that registering sends. It works once, for three days. An address belongs to the first account that verifies it.',
      access: open,
      idempotent: true,
      limit: 'signIn',
      request: { body: VerifyEmailBody },
      status: 204,
      problems: [emailTokenInvalid, emailVerifiedElsewhere],
    },
    (ctx, { body }) => verifyEmail(ctx, body.token),
  ),
  route(
    {
      operationId: 'sendVerification',
      method: 'post',
      path: '/v1/auth/send-verification',
      tag: 'Auth',
      summary: 'Get another verification mail',
      description:
        'Sends the mail again by which you verify your address; at most five go to an address within an hour. None is sent to an address that another account has verified.',
      access: scope('profile:write'),
      idempotent: true,
      request: {},
      status: 202,
      problems: [emailAlreadyVerified],
    },
    (ctx) => requestVerification(ctx),
  ),
  route(
    {
      operationId: 'forgotPassword',
      method: 'post',
      path: '/v1/auth/forgot-password',
      tag: 'Auth',
      summary: 'Ask for a new password',
      description:
        'Mails a link to the account that has verified this address, if there is one: the answer is the same either way. At most three mails go to an address within an hour.',
      access: open,
      idempotent: true,
      limit: 'signIn',
      request: { body: ForgotPasswordBody },
      status: 202,
    },
    (ctx, { body }) => forgotPassword(ctx, body.email),
  ),
  route(
    {
      operationId: 'resetPassword',
      method: 'post',
      path: '/v1/auth/reset-password',
      tag: 'Auth',
      summary: 'Choose a new password',
      description:
        'With the token of the mail, which works once, for an hour. Ends all sessions of the account; API keys stay. A password that is refused as too weak does not use the token up.',
      access: open,
      idempotent: true,
      limit: 'signIn',
      request: { body: ResetPasswordBody },
      status: 204,
      problems: [emailTokenInvalid, emailVerifiedElsewhere],
    },
    (ctx, { body }) => resetPassword(ctx, body),
  ),
  route(
    {
      operationId: 'listSessions',
      method: 'get',
      path: '/v1/sessions',
      tag: 'Auth',
      summary: 'List your sessions',
      description: 'Where you are signed in, newest first.',
      access: scope('profile:read'),
      request: { query: PageQuery },
      status: 200,
      response: SessionPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listSessions(ctx, query);
      return {
        data: data.map((session) => toSessionView(session, ctx.actor?.sessionId ?? null)),
        nextCursor,
      };
    },
  ),
  route(
    {
      operationId: 'revokeSession',
      method: 'delete',
      path: '/v1/sessions/{sessionId}',
      tag: 'Auth',
      summary: 'End a session',
      description: 'Its tokens stop working within a second.',
      access: scope('profile:write'),
      request: { params: SessionParams },
      status: 204,
      problems: [sessionNotFound],
    },
    (ctx, { params }) => revokeSession(ctx, params.sessionId),
  ),
  route(
    {
      operationId: 'listApiKeys',
      method: 'get',
      path: '/v1/api-keys',
      tag: 'Auth',
      summary: 'List your API keys',
      description: 'Those that were not revoked, newest first. The keys themselves are never shown again.',
      access: scope('keys:write'),
      request: { query: PageQuery },
      status: 200,
      response: ApiKeyPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listApiKeys(ctx, query);
      return { data: data.map(toApiKeyView), nextCursor };
    },
  ),
  route(
    {
      operationId: 'createApiKey',
      method: 'post',
      path: '/v1/api-keys',
      tag: 'Auth',
      summary: 'Create an API key',
      description:
        'The key acts for you, within its scopes, until it expires or is revoked. `key` is shown this once.',
      access: scope('keys:write'),
      idempotent: true,
      request: { body: ApiKeyBody },
      status: 201,
      response: CreatedApiKey,
      problems: [apiKeyLimitReached],
    },
    async (ctx, { body }) => {
      const { apiKey, key } = await createApiKey(ctx, {
        ...body,
        expiresAt: body.expiresAt ? new Date(body.expiresAt) : null,
      });
      return { ...toApiKeyView(apiKey), key };
    },
  ),
  route(
    {
      operationId: 'revokeApiKey',
      method: 'delete',
      path: '/v1/api-keys/{keyId}',
      tag: 'Auth',
      summary: 'Revoke an API key',
      description:
        'It stops working within a second, for good. A key may always revoke itself; any other needs the scope `keys:write`.',
      access: signedIn,
      request: { params: ApiKeyParams },
      status: 204,
      problems: [apiKeyNotFound, insufficientScope],
    },
    (ctx, { params }) => revokeApiKey(ctx, params.keyId),
  ),
];

const userRoutes: Route[] = [
  route(
    {
      operationId: 'getMe',
      method: 'get',
      path: '/v1/me',
      tag: 'Users',
      summary: 'Read your account',
      access: scope('profile:read'),
      request: {},
      status: 200,
      response: Me,
    },
    async (ctx) => toMe(await getMe(ctx)),
  ),
  route(
    {
      operationId: 'updateMe',
      method: 'patch',
      path: '/v1/me',
      tag: 'Users',
      summary: 'Change your account',
      description:
        'What is left out stays. A new password needs the current one, and ends all your other sessions; API keys stay.',
      access: scope('profile:write'),
      request: { body: UpdateMeBody },
      status: 200,
      response: Me,
      problems: [wrongPassword],
    },
    async (ctx, { body }) => toMe(await updateMe(ctx, body)),
  ),
  route(
    {
      operationId: 'deleteMe',
      method: 'delete',
      path: '/v1/me',
      tag: 'Users',
      summary: 'Close your account',
      description:
        'For good: your personal data is removed, sessions and API keys end, and the address may be used again. Bookings must be over or cancelled first.',
      access: scope('profile:write'),
      request: { body: DeleteMeBody },
      status: 204,
      problems: [wrongPassword, accountInUse, accountHasPayouts],
    },
    (ctx, { body }) => deleteMe(ctx, body.password),
  ),
  route(
    {
      operationId: 'getUser',
      method: 'get',
      path: '/v1/users/{userId}',
      tag: 'Users',
      summary: 'Read a public profile',
      access: open,
      request: { params: UserParams },
      status: 200,
      response: PublicUser,
      problems: [userNotFound],
    },
    async (ctx, { params }) => toPublicUser(await getUser(ctx, params.userId)),
  ),
  route(
    {
      operationId: 'getSigningKeys',
      method: 'get',
      path: '/.well-known/jwks.json',
      tag: 'Auth',
      summary: 'Read the signing keys',
      description: 'The public keys that verify access tokens.',
      access: open,
      request: {},
      status: 200,
      response: SigningKeys,
      cacheControl: 'public, max-age=300',
    },
    async (ctx) => ({
      keys: (await getSigningKeys(ctx)).map((key) => ({
        kty: 'OKP' as const,
        crv: 'Ed25519' as const,
        alg: 'EdDSA' as const,
        use: 'sig' as const,
        ...key,
      })),
    }),
  ),
];

/** The export with these sections: the features above add theirs where all routes come together. */
export const exportRoute = (sections: readonly ExportSection[]): Route =>
  route(
    {
      operationId: 'exportMe',
      method: 'get',
      path: '/v1/me/export',
      tag: 'Users',
      summary: 'Export your data',
      description: 'Everything that is held about you, in one document.',
      access: scope('profile:read'),
      request: {},
      status: 200,
      response: z
        .object({
          exportedAt: z.iso.datetime(),
          ...Object.fromEntries(sections.map(({ name, schema }) => [name, schema])),
        })
        .meta({
          id: 'PersonalData',
          description: 'What is held about you, one member for each part of the marketplace.',
        }),
    },
    (ctx) => exportMe(ctx, sections) as Promise<{ exportedAt: string }>,
  );

export const identityRoutes: Route[] = [...authRoutes, ...userRoutes];
