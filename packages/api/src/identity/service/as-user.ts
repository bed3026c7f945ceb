import type { Context } from '../../platform/context.ts';

/** The context in which somebody acts who has no credentials yet: events tell that it was them. It allows nothing. */
export const asUser = (ctx: Context, userId: string): Context => ({
  ...ctx,
  actor: { userId, role: 'user', scopes: new Set(), sessionId: null, apiKeyId: null },
});
