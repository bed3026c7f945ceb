import type { ListingStatus } from '@sojourn/shared/vocabulary';
import type { Actor, Scope } from '../platform/actor.ts';
import { isPublic } from './model.ts';

interface Owned {
  hostId: string;
  status: ListingStatus;
}

const isHost = (actor: Actor, listing: Owned) => actor.userId === listing.hostId;
/** Staff reach what belongs to others only by credentials that say so: an admin's key for imports is no master key. */
const actsAsStaff = (actor: Actor) => actor.role !== 'user' && actor.scopes.has('admin');
const holds = (actor: Actor | null, scope: Scope): actor is Actor => actor?.scopes.has(scope) ?? false;

/** Reads all of a listing in any state: the exact location, the host's own id. */
export const canReadWhole = (actor: Actor | null, listing: Owned): boolean =>
  holds(actor, 'listings:read') && (isHost(actor, listing) || actsAsStaff(actor));

/** Knows that the listing is there at all. */
export const canRead = (actor: Actor | null, listing: Owned): boolean =>
  isPublic(listing.status) || canReadWhole(actor, listing);

export const canChange = (actor: Actor | null, listing: Owned): boolean =>
  holds(actor, 'listings:write') &&
  (isHost(actor, listing) || (actor.role === 'admin' && actsAsStaff(actor)));
