import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { forgetCredentials } from '../authenticate.ts';
import { refreshVerdict, sessionExpiry } from '../model.ts';
import { accountSuspended, refreshTokenInvalid, refreshTokenReused } from '../problems.ts';
import { type RefreshToken, readRefreshToken, successorOf } from '../refresh-token-text.ts';
import { findAccount } from '../repository/accounts.ts';
import { lockSessionOfFamily, updateRefreshState } from '../repository/sessions.ts';
import { asUser } from './as-user.ts';
import { endSession } from './end-sessions.ts';
import { type SignedIn, signedIn } from './start-session.ts';

const CHALLENGE = { headers: { 'WWW-Authenticate': 'Bearer' } };

/** Trades a refresh token for the next one and a new access token. A token that was used before ends its session. */
export async function refreshSession(ctx: Context, refreshToken: string): Promise<SignedIn> {
  const token = readRefreshToken(refreshToken);
  if (!token) throw refreshTokenInvalid(CHALLENGE);
  // The end of a session must be kept, so its problem is thrown only after the commit.
  const outcome = await transaction(ctx, (tx) => turn(ctx, tx, token));
  if ('reusedIn' in outcome) {
    forgetCredentials(ctx, { sessionIds: [outcome.reusedIn] });
    throw refreshTokenReused(CHALLENGE);
  }
  return outcome;
}

async function turn(ctx: Context, tx: Tx, token: RefreshToken): Promise<SignedIn | { reusedIn: string }> {
  const now = ctx.clock.now();
  const session = await lockSessionOfFamily(tx, token.familyHash, now);
  const account = session && (await findAccount(tx, session.userId));
  if (!session || !account) throw refreshTokenInvalid(CHALLENGE);
  const verdict = refreshVerdict(session, token.tokenHash, now);
  if (verdict === 'reuse') {
    await endSession(asUser(ctx, session.userId), tx, session.userId, session.id, 'reuse');
    return { reusedIn: session.id };
  }
  if (account.status === 'suspended') throw accountSuspended();
  const successor = successorOf(token);
  await updateRefreshState(
    tx,
    { ...session, lastUsedAt: now, expiresAt: sessionExpiry(session.createdAt, now) },
    {
      refreshHash: successor.tokenHash,
      previousRefreshHash: token.tokenHash,
      rotatedAt: verdict === 'rotate' ? now : session.rotatedAt,
    },
  );
  return signedIn(ctx, account, session.id, successor.text);
}
