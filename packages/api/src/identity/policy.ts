import type { Actor, Scope } from '../platform/actor.ts';

/** The scopes that an actor may not pass on, because they are not the actor's own. */
export const scopesBeyond = (actor: Actor, scopes: readonly Scope[]): Scope[] =>
  scopes.filter((scope) => !actor.scopes.has(scope));
