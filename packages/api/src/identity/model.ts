import { timingSafeEqual } from 'node:crypto';
import { type Role, SCOPES, type Scope } from '../platform/actor.ts';

/** A person. Several accounts may carry one address; at most one of them has proved that it is theirs. */
export interface Account {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  displayName: string;
  role: Role;
  status: 'active' | 'suspended' | 'deleted';
  createdAt: Date;
  updatedAt: Date;
}

/** What is left of the name of a closed account. */
export const CLOSED_NAME = 'Closed account';

/** What a link in a mail is for. */
export type EmailPurpose = 'verifyEmail' | 'resetPassword';

const HOUR_MS = 3_600_000;

/** How long links work, and how many mails of a kind an address gets within an hour, whoever asks for them. */
export const EMAIL_LINKS: Readonly<Record<EmailPurpose, { lifetimeMs: number; mailsAnHour: number }>> = {
  verifyEmail: { lifetimeMs: 72 * HOUR_MS, mailsAnHour: 5 },
  resetPassword: { lifetimeMs: HOUR_MS, mailsAnHour: 3 },
};

/** So many links of a kind work at once; a newer one ends the oldest. A mail that is sent again has another link. */
export const LIVING_LINKS = 10;

/** Mails within this time count towards the limit, in milliseconds. */
export const MAIL_WINDOW_MS = HOUR_MS;

export type EndReason = 'logout' | 'revoked' | 'reuse' | 'passwordChanged' | 'accountClosed';

/** One sign-in, for as long as its refresh token is renewed. */
export interface Session {
  id: string;
  userId: string;
  userAgent: string | null;
  address: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
  endedReason: EndReason | null;
}

export interface ApiKey {
  id: string;
  name: string;
  /** The first characters of the secret, by which people tell their keys apart. */
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}

const STAFF: ReadonlySet<Role> = new Set(['support', 'admin']);
const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);
const SCOPES_OF_USERS: ReadonlySet<Scope> = new Set(SCOPES.filter((scope) => scope !== 'admin'));

/** Everything that a role may do: what an access token carries, and the most that an API key can. */
export const scopesOf = (role: Role): ReadonlySet<Scope> => (STAFF.has(role) ? ALL_SCOPES : SCOPES_OF_USERS);

export const ACCESS_TOKEN_SECONDS = 15 * 60;

const DAY_MS = 86_400_000;
const IDLE_DAYS = 30;
const ABSOLUTE_DAYS = 180;

/** A session ends 30 days after its last use, and 180 days after it began however often it is used. */
export const sessionExpiry = (createdAt: Date, lastUsedAt: Date) =>
  new Date(Math.min(lastUsedAt.getTime() + IDLE_DAYS * DAY_MS, createdAt.getTime() + ABSOLUTE_DAYS * DAY_MS));

/** What a session knows of its refresh tokens: hashes of the current secret and of the one before. */
export interface RefreshState {
  refreshHash: Buffer;
  previousRefreshHash: Buffer | null;
  rotatedAt: Date;
}

const RETRY_GRACE_MS = 10_000;

/**
 * What to do with a secret that is shown to a living session (OAuth 2.0 Security BCP, RFC 9700 §4.14.2).
 * - `rotate`: it is the current one.
 * - `replaceSuccessor`: it is the one before, and its successor has not been used (using it would have moved both on).
 *   Within ten seconds that is a client whose answer was lost, so it gets another successor instead.
 * - `reuse`: anything else was current once: two parties hold tokens of this family, and one of them is a thief.
 */
export function refreshVerdict(
  state: RefreshState,
  shown: Buffer,
  now: Date,
): 'rotate' | 'replaceSuccessor' | 'reuse' {
  if (timingSafeEqual(shown, state.refreshHash)) return 'rotate';
  const isPrevious = state.previousRefreshHash !== null && timingSafeEqual(shown, state.previousRefreshHash);
  const isRetry = now.getTime() - state.rotatedAt.getTime() <= RETRY_GRACE_MS;
  return isPrevious && isRetry ? 'replaceSuccessor' : 'reuse';
}

const FREE_FAILURES = 10;
const FIRST_REFUSAL_SECONDS = 30;
const LONGEST_REFUSAL_SECONDS = 15 * 60;

/**
 * Seconds for which further tries are refused after so many wrong passwords in a row: nothing below ten, then half a
 * minute, doubling up to a quarter of an hour (NIST SP 800-63B §3.2.2 asks for a limit; a longer one would let anybody
 * lock anybody out).
 */
export function refusalSeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_REFUSAL_SECONDS, FIRST_REFUSAL_SECONDS * 2 ** (failures - FREE_FAILURES));
}
