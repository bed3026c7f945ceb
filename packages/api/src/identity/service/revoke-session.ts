import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { forgetCredentials } from '../authenticate.ts';
import { sessionNotFound } from '../problems.ts';
import { endSession } from './end-sessions.ts';

/** Ends one of the caller's sessions; its access token stops with it. */
export async function revokeSession(ctx: Context, sessionId: string): Promise<void> {
  const id = uuidOf('ses', sessionId);
  const { userId } = actorOf(ctx);
  const ended =
    id !== undefined && (await transaction(ctx, (tx) => endSession(ctx, tx, userId, id, 'revoked')));
  if (!ended) throw sessionNotFound();
  forgetCredentials(ctx, { sessionIds: [id] });
}
