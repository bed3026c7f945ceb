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

// What belongs to a listing, such as its calendar, has scopes of its own and else the same rules.

/** Reads all of a listing in any state: the exact location, the host's own id. */
export const canReadWhole = (actor: Actor | null, listing: Owned, scope: Scope = 'listings:read'): boolean =>
  holds(actor, scope) && (isHost(actor, listing) || actsAsStaff(actor));

/** Knows that the listing is there at all. */
export const canRead = (actor: Actor | null, listing: Owned, scope: Scope = 'listings:read'): boolean =>
  isPublic(listing.status) || canReadWhole(actor, listing, scope);

export const canChange = (actor: Actor | null, listing: Owned, scope: Scope = 'listings:write'): boolean =>
  holds(actor, scope) && (isHost(actor, listing) || (actor.role === 'admin' && actsAsStaff(actor)));
