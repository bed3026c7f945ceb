import type { Actor } from '../platform/actor.ts';
import type { Booking } from './model/booking.ts';
import type { Viewer } from './model/seen.ts';
import type { Party } from './model/transitions.ts';

type Sides = Pick<Booking, 'guestId' | 'hostId'>;

/** Staff reach the bookings of others only by credentials that say so. */
const actsAsStaff = ({ role, scopes }: Actor) => role !== 'user' && scopes.has('admin');

/** As whom somebody sees a booking; undefined for whoever must not know that it is there. */
export function viewerOf(actor: Actor, { guestId, hostId }: Sides): Viewer | undefined {
  if (actor.userId === guestId) return 'guest';
  if (actor.userId === hostId) return 'host';
  return actsAsStaff(actor) ? 'staff' : undefined;
}

/** As whom somebody acts on a booking; undefined for whoever only may look. */
export function partyOf(actor: Actor, viewer: Viewer): Party | undefined {
  if (viewer !== 'staff') return viewer;
  return actor.role === 'admin' ? 'admin' : undefined;
}
