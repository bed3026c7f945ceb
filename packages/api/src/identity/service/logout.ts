import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { forgetCredentials } from '../authenticate.ts';
import { endSession } from './end-sessions.ts';

/** Ends the session of the access token that asks. An API key has none: then there is nothing to end. */
export async function logout(ctx: Context): Promise<void> {
  const { userId, sessionId } = actorOf(ctx);
  if (sessionId === null) return;
  await transaction(ctx, (tx) => endSession(ctx, tx, userId, sessionId, 'logout'));
  forgetCredentials(ctx, { sessionIds: [sessionId] });
}
