import type { Actor } from '../platform/actor.ts';

/** Events of everybody are for the marketplace's own staff, by credentials that may do all. */
export const mayHearEverything = (actor: Actor): boolean =>
  actor.role === 'admin' && actor.scopes.has('admin');
