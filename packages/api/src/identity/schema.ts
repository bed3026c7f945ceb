import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { SCOPES } from '../platform/actor.ts';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import type { Account, ApiKey, Session } from './model.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './password-rules.ts';

// More UTF-16 units than the longest password can have, so that the rules count and this only bounds.
const PASSWORD_UNITS_MAX = 1_024;

const EMAIL = 'ada@example.com';
const PASSWORD = 'harbour-lantern-42';
const WHEN = '2026-11-23T09:30:00.000Z';
const USER_ID = 'usr_01j9z6t8v2e4m8q0r5s7x3y1ka';
const SESSION_ID = 'ses_01j9z6t8v2e4m8q0r5s7x3y1kb';
const KEY_ID = 'key_01j9z6t8v2e4m8q0r5s7x3y1kc';
const ADDRESS = '203.0.113.7';
const ACCESS_TOKEN = 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ1c3JfMDFqOSJ9.c2lnbmF0dXJl';
const REFRESH_TOKEN = 'rt_6v0k3d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3j6k8m2n4p7q9r';
const EMAIL_TOKEN = 'em_Yk3v0d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3';
const KEY = 'sjn_test_4w8z1y6k3d9m2n7q5r0s8t2v6x4c1b9h0aZk3Q';
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64)';

const instant = z.iso.datetime();
const email = z
  .email('must be an email address')
  .max(254)
  .meta({ description: 'Letters of either case are the same.', examples: [EMAIL] });
const displayName = line(100).meta({ description: 'What other people see.', examples: ['Ada'] });
const newPassword = z
  .string()
  .max(PASSWORD_UNITS_MAX)
  .meta({
    description: `${PASSWORD_MIN} to ${PASSWORD_MAX} characters of any kind. Refused when it is known from breaches, or is close to the address, the name or "sojourn".`,
    minLength: PASSWORD_MIN,
    maxLength: PASSWORD_MAX,
    examples: [PASSWORD],
  });
const givenPassword = z
  .string()
  .min(1)
  .max(PASSWORD_UNITS_MAX)
  .meta({ examples: [PASSWORD] });
const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);
const refreshToken = z
  .string()
  .max(200)
  .meta({ description: 'Works once: each use answers with the next one.', examples: [REFRESH_TOKEN] });

const idParam = (description: string, example: string) =>
  z
    .string()
    .max(100)
    .meta({ description, examples: [example] });
export const SessionParams = z.strictObject({ sessionId: idParam('The session.', SESSION_ID) });
export const ApiKeyParams = z.strictObject({
  keyId: idParam('The API key, by `id`; never the key itself.', KEY_ID),
});
export const UserParams = z.strictObject({ userId: idParam('The user.', USER_ID) });
export const PageQuery = z.strictObject(pageQuery);

export const RegisterBody = z
  .strictObject({ email, password: newPassword, displayName })
  .meta({ id: 'Registration', examples: [{ email: EMAIL, password: PASSWORD, displayName: 'Ada' }] });
export const LoginBody = z
  .strictObject({ email, password: givenPassword })
  .meta({ id: 'Login', examples: [{ email: EMAIL, password: PASSWORD }] });
export const RefreshBody = z
  .strictObject({ refreshToken })
  .meta({ id: 'Refresh', examples: [{ refreshToken: REFRESH_TOKEN }] });
const emailToken = z
  .string()
  .max(200)
  .meta({
    description: 'The `token` behind the `#` of the link in the mail.',
    examples: [EMAIL_TOKEN],
  });
export const VerifyEmailBody = z
  .strictObject({ token: emailToken })
  .meta({ id: 'EmailVerification', examples: [{ token: EMAIL_TOKEN }] });
export const ForgotPasswordBody = z
  .strictObject({ email })
  .meta({ id: 'ForgottenPassword', examples: [{ email: EMAIL }] });
export const ResetPasswordBody = z
  .strictObject({ token: emailToken, password: newPassword })
  .meta({ id: 'PasswordReset', examples: [{ token: EMAIL_TOKEN, password: PASSWORD }] });
export const UpdateMeBody = z
  .strictObject({
    displayName: displayName.optional(),
    password: newPassword.optional(),
    currentPassword: givenPassword.optional().meta({ description: 'Needed to change the password.' }),
  })
  .refine((body) => body.password === undefined || body.currentPassword !== undefined, {
    path: ['currentPassword'],
    message: 'is needed to change the password',
  })
  .meta({ id: 'AccountChanges', examples: [{ displayName: 'Ada L.' }] });
export const DeleteMeBody = z
  .strictObject({ password: givenPassword.meta({ description: 'Your current password.' }) })
  .meta({ id: 'AccountClosing', examples: [{ password: PASSWORD }] });
export const ApiKeyBody = z
  .strictObject({
    name: line(100).meta({ description: 'By which you tell your keys apart.', examples: ['nightly import'] }),
    scopes: scopes.meta({ description: 'What the key may do: some of what you may do yourself.' }),
    expiresAt: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({ description: 'When it stops working; never, unless told.', examples: [WHEN] }),
  })
  .meta({
    id: 'NewApiKey',
    examples: [{ name: 'nightly import', scopes: ['listings:read', 'listings:write'] }],
  });

export const Me = z
  .object({
    id: z.string(),
    email: z.string(),
    emailVerified: z.boolean().meta({ description: 'Whether you have proved that the address is yours.' }),
    displayName: z.string(),
    role: z.enum(['user', 'support', 'admin']),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({
    id: 'Me',
    description: 'Your own account.',
    examples: [
      {
        id: USER_ID,
        email: EMAIL,
        emailVerified: false,
        displayName: 'Ada',
        role: 'user',
        createdAt: WHEN,
        updatedAt: WHEN,
      },
    ],
  });
export const PublicUser = z.object({ id: z.string(), displayName: z.string(), createdAt: instant }).meta({
  id: 'User',
  description: 'What everybody may know of a person.',
  examples: [{ id: USER_ID, displayName: 'Ada', createdAt: WHEN }],
});
export const SignedIn = z
  .object({
    user: Me,
    accessToken: z.string().meta({ description: 'For `Authorization: Bearer`.' }),
    refreshToken,
    expiresIn: z.int().min(1).max(86_400).meta({ description: 'Seconds until the access token expires.' }),
  })
  .meta({
    id: 'SignedIn',
    examples: [
      {
        user: {
          id: USER_ID,
          email: EMAIL,
          emailVerified: false,
          displayName: 'Ada',
          role: 'user',
          createdAt: WHEN,
          updatedAt: WHEN,
        },
        accessToken: ACCESS_TOKEN,
        refreshToken: REFRESH_TOKEN,
        expiresIn: 900,
      },
    ],
  });
export const SessionView = z
  .object({
    id: z.string(),
    current: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
    userAgent: z.string().nullable().meta({ description: 'What signed in, as it named itself.' }),
    address: z.string().nullable().meta({ description: 'The network address that signed in.' }),
    createdAt: instant,
    lastUsedAt: instant.meta({ description: 'When its tokens were last refreshed.' }),
    expiresAt: instant.meta({ description: 'When it ends unless it is used.' }),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        id: SESSION_ID,
        current: true,
        userAgent: USER_AGENT,
        address: ADDRESS,
        createdAt: WHEN,
        lastUsedAt: WHEN,
        expiresAt: WHEN,
      },
    ],
  });
export const SessionPage = pageOf(SessionView).meta({ id: 'SessionPage' });
const API_KEY = {
  id: KEY_ID,
  name: 'nightly import',
  prefix: KEY.slice(0, 12),
  scopes: ['listings:write' as const],
  createdAt: WHEN,
  lastUsedAt: null,
  expiresAt: null,
};
export const ApiKeyView = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'The first characters of the key.' }),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: instant,
    lastUsedAt: instant.nullable().meta({ description: 'To the minute.' }),
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey', examples: [API_KEY] });
export const ApiKeyPage = pageOf(ApiKeyView).meta({ id: 'ApiKeyPage' });
export const CreatedApiKey = ApiKeyView.extend({
  key: z.string().meta({ description: 'The key itself. It is shown this once; keep it.' }),
}).meta({ id: 'CreatedApiKey', examples: [{ ...API_KEY, key: KEY }] });
export const SigningKeys = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
        kid: z.string(),
        x: z.string(),
      }),
    ),
  })
  .meta({
    id: 'SigningKeys',
    description: 'A JSON Web Key Set (RFC 7517).',
    examples: [
      {
        keys: [
          {
            kty: 'OKP',
            crv: 'Ed25519',
            alg: 'EdDSA',
            use: 'sig',
            kid: 'kq3Z0w6mJ2tXv1aB',
            x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          },
        ],
      },
    ],
  });

/** What an export says of each session that is kept, ended ones as well. */
export const ExportedSessions = z.array(
  SessionView.omit({ current: true }).extend({
    endedAt: instant.nullable(),
    endedReason: z.string().nullable(),
  }),
);
export const ExportedApiKeys = z.array(ApiKeyView.extend({ revokedAt: instant.nullable() }));

const iso = (date: Date) => date.toISOString();
const isoOrNull = (date: Date | null) => date && iso(date);

export const toMe = ({
  id,
  email: address,
  emailVerifiedAt,
  displayName: name,
  role,
  createdAt,
  updatedAt,
}: Account) => ({
  id: publicId('usr', id),
  email: address,
  emailVerified: emailVerifiedAt !== null,
  displayName: name,
  role,
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
});

export const toPublicUser = ({ id, displayName: name, createdAt }: Account) => ({
  id: publicId('usr', id),
  displayName: name,
  createdAt: iso(createdAt),
});

export const toSessionView = (
  { id, userAgent, address, createdAt, lastUsedAt, expiresAt }: Session,
  currentId: string | null,
) => ({
  id: publicId('ses', id),
  current: id === currentId,
  userAgent,
  address,
  createdAt: iso(createdAt),
  lastUsedAt: iso(lastUsedAt),
  expiresAt: iso(expiresAt),
});

export const toApiKeyView = ({
  id,
  createdAt,
  lastUsedAt,
  expiresAt,
  name,
  prefix,
  scopes: held,
}: ApiKey) => ({
  id: publicId('key', id),
  name,
  prefix,
  scopes: held,
  createdAt: iso(createdAt),
  lastUsedAt: isoOrNull(lastUsedAt),
  expiresAt: isoOrNull(expiresAt),
});

export const toExportedSession = (session: Session) => ({
  ...toSessionView(session, null),
  endedAt: isoOrNull(session.endedAt),
  endedReason: session.endedReason,
});

export const toExportedApiKey = (key: ApiKey & { revokedAt: Date | null }) => ({
  ...toApiKeyView(key),
  revokedAt: isoOrNull(key.revokedAt),
});
