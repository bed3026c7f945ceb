import type { Actor } from '../platform/actor.ts';
import type { Payout } from './model/payout.ts';

/** Staff look into the money of others only by credentials that say so. */
const readsAsStaff = ({ role, scopes }: Actor) => role !== 'user' && scopes.has('admin');

/** Whether somebody may look into the money of a host. */
export const canReadMoneyOf = (actor: Actor, hostId: string): boolean =>
  actor.userId === hostId || readsAsStaff(actor);

export const canRead = (actor: Actor, { hostId }: Pick<Payout, 'hostId'>): boolean =>
  canReadMoneyOf(actor, hostId);
