import type { WantedPayment } from '../../payments/model/payment.ts';
import type { Booking } from './booking.ts';

/** What the guest pays for a booking: at once, or, where the host answers first, when the host has accepted. */
export const paymentFor = ({ id, guestId, terms }: Booking): WantedPayment => ({
  reference: id,
  payerId: guestId,
  amount: { amount: terms.total, currency: terms.currency },
  capture: terms.instantBook ? 'automatic' : 'manual',
});
