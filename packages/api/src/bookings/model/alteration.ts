import type { Terms } from '../../pricing/model/terms.ts';
import type { Booking } from './booking.ts';
import { checkOutAtOf } from './booking.ts';

/** One that costs more is agreed first, as `awaitingPayment`, and takes effect when the difference is paid. */
export const ALTERATION_STATUSES = [
  'pending',
  'awaitingPayment',
  'accepted',
  'declined',
  'withdrawn',
  'expired',
] as const;
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
  /** The payment of the difference, where there is one. */
  paymentId: string | null;
  expiresAt: Date;
  createdAt: Date;
  answeredAt: Date | null;
}

/** Until it is answered, or paid for. */
export const OPEN: readonly AlterationStatus[] = ['pending', 'awaitingPayment'];

/** Who answers an alteration that is open, the side that asked or the other, and in which states. */
export const ANSWERS = {
  accept: { byAsker: false, from: ['pending'] },
  decline: { byAsker: false, from: OPEN },
  withdraw: { byAsker: true, from: OPEN },
} as const satisfies Record<string, { byAsker: boolean; from: readonly AlterationStatus[] }>;
export type Answer = keyof typeof ANSWERS;

const OPEN_HOURS = 48;
const HOUR_MS = 3_600_000;

/** The state that an alteration is in at an instant, whether or not somebody has written down yet that it is over. */
export const alterationStatusAt = ({ status, expiresAt }: Alteration, now: Date): AlterationStatus =>
  OPEN.includes(status) && expiresAt <= now ? 'expired' : status;

/** Until when it can be answered, and once more when it is to be paid for: two days, not beyond the beginning of a stay, nor the end of one that has begun. */
export function alterationExpiryFrom(booking: Booking, altered: Terms, now: Date): Date {
  const latest = [new Date(altered.checkInAt), checkOutAtOf(booking)].find((end) => end > now) ?? now;
  return new Date(Math.min(now.getTime() + OPEN_HOURS * HOUR_MS, latest.getTime()));
}
