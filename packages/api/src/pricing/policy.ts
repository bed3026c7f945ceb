import type { Actor } from '../platform/actor.ts';

interface Made {
  guestId: string | null;
  hostId: string;
}

const actsAsStaff = (actor: Actor) => actor.role !== 'user' && actor.scopes.has('admin');

/** A quote made for nobody is read by whoever has its id; one made for a guest by that guest, the host and staff. */
export const canReadQuote = (actor: Actor | null, { guestId, hostId }: Made): boolean =>
  guestId === null || (actor !== null && ([guestId, hostId].includes(actor.userId) || actsAsStaff(actor)));

/** Makes a booking of the quote. */
export const canBookQuote = (actor: Actor, { guestId }: Made): boolean =>
  guestId === null || guestId === actor.userId;
