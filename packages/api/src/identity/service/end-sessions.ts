import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { aboutThingOf, ownedBy, sessionEnded } from '../events.ts';
import type { EndReason } from '../model.ts';
import * as sessions from '../repository/sessions.ts';

/** Ends the living sessions of a user but for one, and tells of it; answers their ids, to be forgotten after the commit. */
export async function endSessions(
  ctx: Context,
  tx: Tx,
  userId: string,
  reason: EndReason,
  except: string | null = null,
): Promise<string[]> {
  const ids = await sessions.endSessions(tx, userId, { reason, now: ctx.clock.now() }, except);
  await tellEnded(ctx, tx, userId, reason, ids);
  return ids;
}

/** Ends one session of a user, and tells of it; false when there is none that lives. */
export async function endSession(
  ctx: Context,
  tx: Tx,
  userId: string,
  id: string,
  reason: EndReason,
): Promise<boolean> {
  const ended = await sessions.endSession(tx, userId, id, { reason, now: ctx.clock.now() });
  if (ended) await tellEnded(ctx, tx, userId, reason, [id]);
  return ended;
}

const tellEnded = (ctx: Context, tx: Tx, userId: string, reason: EndReason, ids: readonly string[]) =>
  emitAll(
    ctx,
    tx,
    sessionEnded,
    ids.map((id) => ({ ...aboutThingOf(userId, id), data: { ...ownedBy(userId), reason } })),
  );
