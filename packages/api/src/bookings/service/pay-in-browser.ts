import type { Shares } from '../../ledger/model/allocation.ts';
import { standingOf } from '../../ledger/service/allocate.ts';
import { OPEN } from '../../payments/model/payment.ts';
import { paymentNotOpen } from '../../payments/problems.ts';
import { type Checkout, clientSecretOf, openCheckout } from '../../payments/service/pay-in-browser.ts';
import { listPaymentRefunds } from '../../payments/service/read-payments.ts';
import { actorOf, type Context } from '../../platform/context.ts';
import type { Booking } from '../model/booking.ts';
import type { PaidBooking, SeenBooking } from '../model/seen.ts';
import { statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { notYourPart } from '../problems.ts';
import { findOpen } from '../repository/alterations.ts';
import { getBooking } from './get-booking.ts';

/** How a booking is paid, what was given back and whose the money is; and for the guest, with what a browser pays. */
export async function getPayment(ctx: Context, bookingId: string): Promise<PaidBooking> {
  const seen = await getBooking(ctx, bookingId);
  const { booking, viewer, payment } = seen;
  const refunds = await listPaymentRefunds(ctx.db, booking.id);
  if (viewer !== 'guest') return { seen, refunds, shares: await sharesNow(ctx, booking) };
  if (!(await isPayable(ctx, seen))) return { seen, refunds, shares: null };
  const clientSecret = await clientSecretOf(ctx, booking.id);
  return { seen: { ...seen, payment: { ...payment, clientSecret } }, refunds, shares: null };
}

/** As the ledger has it. */
async function sharesNow({ db }: Context, { id }: Booking): Promise<Shares | null> {
  const { paid, shares } = await standingOf(db, id);
  return paid === 0 ? null : shares;
}

/** A page of Stripe's on which the guest pays. */
export async function openPaymentPage(
  ctx: Context,
  bookingId: string,
  { successUrl, cancelUrl }: { successUrl: string; cancelUrl: string },
): Promise<Checkout> {
  const seen = await getBooking(ctx, bookingId);
  const { booking, viewer, listingTitle } = seen;
  if (partyOf(actorOf(ctx), viewer) !== 'guest') throw notYourPart({ detail: 'Only the guest pays.' });
  if (!(await isPayable(ctx, seen))) throw paymentNotOpen();
  return openCheckout(ctx, {
    reference: booking.id,
    title: titleOf(booking, listingTitle),
    successUrl,
    cancelUrl,
  });
}

const titleOf = ({ checkIn, checkOut }: Booking, title: string) => `${title}, ${checkIn} to ${checkOut}`;

/** Whether the guest can pay now: for nights that are held, or for an alteration that both sides agreed on. */
async function isPayable(ctx: Context, { booking, payment }: SeenBooking): Promise<boolean> {
  if (!OPEN.includes(payment.status)) return false;
  if (statusAt(booking, ctx.clock.now()) === 'held') return true;
  return (await findOpen(ctx.db, booking.id))?.status === 'awaitingPayment';
}
