import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { forgetCredentials } from '../authenticate.ts';
import { aboutUser, userClosed } from '../events.ts';
import { CLOSED_NAME } from '../model.ts';
import { anonymiseAccount } from '../repository/accounts.ts';
import { endEmailTokens } from '../repository/email-tokens.ts';
import { renameInPastEvents } from '../repository/past-events.ts';
import { removeSessionTraces } from '../repository/sessions.ts';
import { confirmPassword } from './confirm-password.ts';
import { endSessions } from './end-sessions.ts';
import { revokeKeys } from './revoke-keys.ts';

/** Closes the caller's account for good: its personal data goes, its sessions and keys end, its address is free again. */
export async function deleteMe(ctx: Context, password: string): Promise<void> {
  const { userId } = actorOf(ctx);
  await confirmPassword(ctx, userId, password, '/password');
  const now = ctx.clock.now();
  const ended = await transaction(ctx, async (tx) => {
    await anonymiseAccount(tx, userId, now);
    await renameInPastEvents(tx, userId, CLOSED_NAME);
    await endEmailTokens(tx, userId, now);
    const sessionIds = await endSessions(ctx, tx, userId, 'accountClosed');
    await removeSessionTraces(tx, userId);
    const apiKeyHashes = await revokeKeys(ctx, tx, userId);
    await emit(ctx, tx, userClosed, { ...aboutUser(userId), data: {} });
    return { sessionIds, apiKeyHashes };
  });
  forgetCredentials(ctx, ended);
}
