import type { Terms } from './terms.ts';

/** A binding price. Ids are the database's. */
export interface Quote {
  id: string;
  listingId: string;
  hostId: string;
  /** Null while whoever asked was not signed in. */
  guestId: string | null;
  checkIn: string;
  checkOut: string;
  guests: number;
  pets: number;
  terms: Terms;
  createdAt: Date;
  expiresAt: Date;
}

/** For how long a quote binds, in milliseconds. */
export const QUOTE_LIFETIME_MS = 15 * 60_000;

export const hasExpired = ({ expiresAt }: Quote, now: Date): boolean => expiresAt <= now;
