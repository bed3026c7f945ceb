import type { Address } from '@sojourn/shared/listing-parts';
import type { BookingStatus } from '@sojourn/shared/vocabulary';
import type { z } from 'zod';
import type { Shares } from '../../ledger/model/allocation.ts';
import type { PaymentSummary } from '../../payments/model/payment.ts';
import type { PaymentRefund } from '../../payments/model/refund.ts';
import type { RefundLine, RefundStep } from '../../pricing/model/refund.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import type { Booking } from './booking.ts';

/** As whom somebody sees a booking. */
export type Viewer = 'guest' | 'host' | 'staff';

/** Where exactly a home is. */
export type StayAddress = z.output<typeof Address> & { latitude: number; longitude: number };

/** What a booking tells of its listing, as that is now. */
export interface StayPlace {
  title: string;
  /** Null while the listing has none. */
  address: StayAddress | null;
}

/** A booking with all that one of those who may see it is shown. */
export interface SeenBooking {
  booking: Booking;
  viewer: Viewer;
  listingTitle: string;
  /** Null for whoever may not know it. */
  address: StayAddress | null;
  payment: PaymentSummary;
  /** Where the guest proves to the bank who they are, after an attempt to pay that asks for it. */
  nextActionUrl: string | null;
  refundSteps: readonly RefundStep[];
}

/** How a booking is paid, as one of those who may see it is shown. */
export interface PaidBooking {
  seen: SeenBooking;
  /** Oldest first. */
  refunds: readonly PaymentRefund[];
  /** Null for the guest, and while nothing was paid. */
  shares: Shares | null;
}

/** What cancelling at an instant would do. Amounts are minor units of the terms' currency. */
export interface Preview {
  refund: number;
  hostKeeps: number;
  penalty: number;
  lines: RefundLine[];
  terms: Terms;
  asOf: Date;
  /** When the refund changes next. */
  until: Date | null;
}

const KNOWN_TO_GUEST: readonly BookingStatus[] = ['confirmed', 'checkedIn', 'completed'];

/** Guests are told where exactly the home is when their stay is confirmed, and no more when it does not take place. */
export const knowsAddress = (viewer: Viewer, { status }: Booking): boolean =>
  viewer !== 'guest' || KNOWN_TO_GUEST.includes(status);

/** Since when the refunds of a booking are counted: what is not confirmed yet is taken as confirmed when it was made. */
export const countsFrom = ({ confirmedAt, createdAt }: Booking): Date => confirmedAt ?? createdAt;
