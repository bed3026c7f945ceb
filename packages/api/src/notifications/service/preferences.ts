import { actorOf, type Context } from '../../platform/context.ts';
import type { Decision } from '../model.ts';
import { unsubscribeLinkInvalid } from '../problems.ts';
import { listDecisions, upsertDecisions } from '../repository/preferences.ts';
import { readUnsubscribeToken } from '../unsubscribe-token.ts';

/** What the caller decided; everything else is as each kind has it. */
export const getPreferences = (ctx: Context): Promise<Decision[]> =>
  listDecisions(ctx.db, [actorOf(ctx).userId]);

/** Keeps what the caller decides, all of it or nothing. What is not named stays. Answers all decisions. */
export async function updatePreferences(ctx: Context, decisions: readonly Decision[]): Promise<Decision[]> {
  await upsertDecisions(ctx.db, actorOf(ctx).userId, decisions, ctx.clock.now());
  return getPreferences(ctx);
}

/** Switches the mail of one kind off for whom the link was made, whoever follows it. */
export async function unsubscribe(ctx: Context, token: string): Promise<void> {
  const read = readUnsubscribeToken(ctx.keyring, token);
  if (!read) throw unsubscribeLinkInvalid();
  const decision: Decision = { kind: read.kind, channel: 'mail', enabled: false };
  await upsertDecisions(ctx.db, read.userId, [decision], ctx.clock.now());
}
