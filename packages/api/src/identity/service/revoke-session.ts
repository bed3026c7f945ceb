import { actorOf, type Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { forgetCredentials } from '../authenticate.ts';
import { sessionNotFound } from '../problems.ts';
import { endSession } from '../repository/sessions.ts';

/** Ends one of the caller's sessions; its access token stops with it. */
export async function revokeSession(ctx: Context, sessionId: string): Promise<void> {
  const id = uuidOf('ses', sessionId);
  const ended =
    id !== undefined &&
    (await endSession(ctx.db, actorOf(ctx).userId, id, { reason: 'revoked', now: ctx.clock.now() }));
  if (!ended) throw sessionNotFound();
  forgetCredentials(ctx, { sessionIds: [id] });
}
