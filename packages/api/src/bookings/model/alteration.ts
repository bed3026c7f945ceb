import type { Terms } from '../../pricing/model/terms.ts';
import type { Booking } from './booking.ts';
import { checkOutAtOf } from './booking.ts';

export const ALTERATION_STATUSES = ['pending', 'accepted', 'declined', 'withdrawn', 'expired'] as const;
export type AlterationStatus = (typeof ALTERATION_STATUSES)[number];
export type Side = 'guest' | 'host';

/** Other dates or guests of a stay, asked for by one side and answered by the other. */
export interface Alteration {
  id: string;
  bookingId: string;
  askedBy: Side;
  status: AlterationStatus;
  checkIn: string;
  checkOut: string;
  guests: number;
  pets: number;
  /** What is agreed if it is accepted. */
  terms: Terms;
  /** Beside the price that it was asked on, in minor units: what is charged on top, or given back. */
  priceDifference: number;
  message: string | null;
  expiresAt: Date;
  createdAt: Date;
  answeredAt: Date | null;
}

/** What ends an alteration that waits, and whose it is to do: the side that asked, or the other. */
export const ANSWERS = {
  accept: { to: 'accepted', byAsker: false },
  decline: { to: 'declined', byAsker: false },
  withdraw: { to: 'withdrawn', byAsker: true },
} as const satisfies Record<string, { to: AlterationStatus; byAsker: boolean }>;
export type Answer = keyof typeof ANSWERS;

const OPEN_HOURS = 48;
const HOUR_MS = 3_600_000;

/** Until when it can be answered: two days, not beyond the beginning of a stay, nor the end of one that has begun. */
export function alterationExpiryFrom(booking: Booking, altered: Terms, now: Date): Date {
  const latest = [new Date(altered.checkInAt), checkOutAtOf(booking)].find((end) => end > now) ?? now;
  return new Date(Math.min(now.getTime() + OPEN_HOURS * HOUR_MS, latest.getTime()));
}
