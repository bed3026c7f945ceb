import { actorOf, type Context } from '../../platform/context.ts';
import { forgetCredentials } from '../authenticate.ts';
import { endSession } from '../repository/sessions.ts';

/** Ends the session of the access token that asks. An API key has none: then there is nothing to end. */
export async function logout(ctx: Context): Promise<void> {
  const { userId, sessionId } = actorOf(ctx);
  if (sessionId === null) return;
  await endSession(ctx.db, userId, sessionId, { reason: 'logout', now: ctx.clock.now() });
  forgetCredentials(ctx, { sessionIds: [sessionId] });
}
