import type { BookingStatus } from '@sojourn/shared/vocabulary';
import type { RefundLine } from '../../pricing/model/refund.ts';
import type { Terms } from '../../pricing/model/terms.ts';

/** The states in which a booking occupies its nights. A stay that the clock completes keeps them; the others have none. */
export const LIVE: readonly BookingStatus[] = ['held', 'requested', 'confirmed', 'checkedIn'];
/** The states of a stay that will take place, or does. */
export const CONFIRMED: readonly BookingStatus[] = ['confirmed', 'checkedIn'];

export const isLive = ({ status }: { status: BookingStatus }): boolean => LIVE.includes(status);

/** Who ended a booking before its time; the marketplace itself does when the money cannot be had any more. */
export const CANCELLERS = ['guest', 'host', 'admin', 'marketplace'] as const;
export type Canceller = (typeof CANCELLERS)[number];

/** What came of a cancellation, in minor units of the booking's currency. */
export interface Cancellation {
  reason: string | null;
  /** What the guest gets back of what was paid. */
  refund: number;
  /** What the host earns although the stay does not take place, or not all of it. */
  hostKeeps: number;
  /** What the host owes for it. */
  penalty: number;
  /** What comes back of each line. */
  lines: RefundLine[];
}

export interface Booking {
  id: string;
  quoteId: string;
  listingId: string;
  hostId: string;
  guestId: string;
  status: BookingStatus;
  version: number;
  checkIn: string;
  checkOut: string;
  guests: number;
  pets: number;
  terms: Terms;
  message: string | null;
  holdExpiresAt: Date | null;
  respondBy: Date | null;
  confirmedAt: Date | null;
  checkedInAt: Date | null;
  checkedOutAt: Date | null;
  endedAt: Date | null;
  declineReason: string | null;
  cancelledBy: Canceller | null;
  cancellation: Cancellation | null;
  /** What was given back beyond what the rules say, in minor units: of the host's share, and of the marketplace's. */
  hostRefunded: number;
  marketplaceRefunded: number;
  createdAt: Date;
  updatedAt: Date;
}

export const checkInAtOf = ({ terms }: Pick<Booking, 'terms'>): Date => new Date(terms.checkInAt);
export const checkOutAtOf = ({ terms }: Pick<Booking, 'terms'>): Date => new Date(terms.checkOutAt);
