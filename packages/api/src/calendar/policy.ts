import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { canChange, canRead, canReadWhole } from '../listings/policy.ts';
import type { Actor } from '../platform/actor.ts';

interface Owned {
  hostId: string;
  status: ListingStatus;
}

/** Reads what takes a night, the notes, the blocks and the seasons. */
export const canReadWholeCalendar = (actor: Actor | null, listing: Owned): boolean =>
  canReadWhole(actor, listing, 'calendar:read');

/** Knows that there is a calendar: whoever may see the listing. */
export const canReadCalendar = (actor: Actor | null, listing: Owned): boolean =>
  canRead(actor, listing) || canReadWholeCalendar(actor, listing);

export const canChangeCalendar = (actor: Actor | null, listing: Owned): boolean =>
  canChange(actor, listing, 'calendar:write');
