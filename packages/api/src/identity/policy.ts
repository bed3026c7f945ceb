import type { Actor, Scope } from '../platform/actor.ts';

/** A key may always end itself: whoever holds it could only lose by it. */
export const mayRevokeKey = (actor: Actor, keyId: string): boolean =>
  actor.apiKeyId === keyId || actor.scopes.has('keys:write');

/** The scopes that an actor may not pass on, because they are not the actor's own. */
export const scopesBeyond = (actor: Actor, scopes: readonly Scope[]): Scope[] =>
  scopes.filter((scope) => !actor.scopes.has(scope));
