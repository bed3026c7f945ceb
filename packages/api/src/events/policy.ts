import type { Actor } from '../platform/actor.ts';

/** Reads what happened to everybody: admins, by credentials that say so. */
export const canReadAll = (actor: Actor): boolean => actor.role === 'admin' && actor.scopes.has('admin');

export const canRead = (actor: Actor, { audience }: { audience: readonly string[] }): boolean =>
  audience.includes(actor.userId) || canReadAll(actor);
