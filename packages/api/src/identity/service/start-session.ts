import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { signAccessToken } from '../access-token.ts';
import { aboutThingOf, ownedBy, sessionStarted } from '../events.ts';
import { ACCESS_TOKEN_SECONDS, type Account, sessionExpiry } from '../model.ts';
import { newRefreshToken } from '../refresh-token-text.ts';
import { insertSession } from '../repository/sessions.ts';
import { asUser } from './as-user.ts';

/** An account with the tokens of one of its sessions. */
export interface SignedIn {
  account: Account;
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
}

const USER_AGENT_MAX = 300;

/** Begins a session for somebody who has just shown who they are. */
export async function startSession(ctx: Context, tx: Tx, account: Account): Promise<SignedIn> {
  const now = ctx.clock.now();
  const session = {
    id: newUuid(now),
    userId: account.id,
    userAgent: ctx.userAgent?.slice(0, USER_AGENT_MAX) || null,
    address: ctx.address || null,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: sessionExpiry(now, now),
    endedAt: null,
    endedReason: null,
  };
  const refreshToken = newRefreshToken();
  await insertSession(tx, session, refreshToken);
  await emit(asUser(ctx, account.id), tx, sessionStarted, {
    ...aboutThingOf(account.id, session.id),
    data: ownedBy(account.id),
  });
  return signedIn(ctx, account, session.id, refreshToken.text);
}

/** The answer that hands out a refresh token, with a new access token beside it. */
export async function signedIn(
  ctx: Context,
  account: Account,
  sessionId: string,
  refreshToken: string,
): Promise<SignedIn> {
  const accessToken = await signAccessToken(ctx, { userId: account.id, sessionId });
  return { account, accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS };
}
