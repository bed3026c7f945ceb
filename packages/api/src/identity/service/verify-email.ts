import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { hashOfEmailToken } from '../email-token.ts';
import { aboutUser, userEmailVerified } from '../events.ts';
import { emailTokenInvalid } from '../problems.ts';
import { markEmailVerified } from '../repository/accounts.ts';
import { claimEmailToken, endEmailTokens } from '../repository/email-tokens.ts';
import { asUser } from './as-user.ts';

/** Binds an address to the account that the token was sent for. */
export async function verifyEmail(ctx: Context, token: string): Promise<void> {
  const hash = hashOfEmailToken(token);
  if (!hash) throw emailTokenInvalid();
  const now = ctx.clock.now();
  await transaction(ctx, async (tx) => {
    const userId = await claimEmailToken(tx, hash, 'verifyEmail', now);
    if (userId === undefined) throw emailTokenInvalid();
    const isNew = await markEmailVerified(tx, userId, now);
    await endEmailTokens(tx, userId, now, { purpose: 'verifyEmail' });
    if (isNew) await emit(asUser(ctx, userId), tx, userEmailVerified, { ...aboutUser(userId), data: {} });
  });
}
