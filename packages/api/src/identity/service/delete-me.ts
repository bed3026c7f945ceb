import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { forgetCredentials } from '../authenticate.ts';
import { anonymiseAccount } from '../repository/accounts.ts';
import { revokeApiKeys } from '../repository/api-keys.ts';
import { endSessions, removeSessionTraces } from '../repository/sessions.ts';
import { confirmPassword } from './confirm-password.ts';

/** Closes the caller's account for good: its personal data goes, its sessions and keys end, its address is free again. */
export async function deleteMe(ctx: Context, password: string): Promise<void> {
  const { userId } = actorOf(ctx);
  await confirmPassword(ctx, userId, password, '/password');
  const now = ctx.clock.now();
  const ended = await transaction(ctx, async (tx) => {
    await anonymiseAccount(tx, userId, now);
    const sessionIds = await endSessions(tx, userId, { reason: 'accountClosed', now }, null);
    await removeSessionTraces(tx, userId);
    return { sessionIds, apiKeyHashes: await revokeApiKeys(tx, userId, now) };
  });
  forgetCredentials(ctx, ended);
}
