import type { Booking, Sojourn } from '@sojourn/sdk';
import { addDays } from '@sojourn/shared/nights';
import type { Kitchen } from './kitchen.ts';
import { COMPLETE, type Done, type Recipe } from './recipe.ts';

interface Wishes {
  instantBook?: boolean;
  /** From today at the listing until check-in. */
  inDays?: number;
}

/** A stay of somebody else in a home of whoever runs the command. */
interface Staying {
  guest: Sojourn;
  booking: Booking;
}

const LIVE: readonly string[] = ['held', 'requested', 'confirmed', 'checkedIn'];
const GOOD_CARD = { paymentMethod: 'pm_card_visa' };
const BAD_CARD = { paymentMethod: 'pm_card_visa_chargeDeclined' };
/** The bank asks who pays, each time. */
const ASKING_CARD = { paymentMethod: 'pm_card_authenticationRequired' };
/** What is given back to it does not arrive. */
const GONE_CARD = { paymentMethod: 'pm_card_refundFail' };
/** Its owner says at once that it was not them. */
const DISPUTED_CARD = { paymentMethod: 'pm_card_createDispute' };

async function hold(kitchen: Kitchen, { instantBook = true, inDays = 30 }: Wishes = {}): Promise<Staying> {
  const { client, signal, afterwards } = kitchen;
  // Until the last minute of a day a stay can begin on it.
  const home = { ...COMPLETE, instantBook, checkInFrom: '23:59' };
  const { id: listingId } = await client.listings.create(home as never, { signal });
  // What has been booked is kept, so it cannot be deleted.
  afterwards(() => client.listings.archive(listingId));
  await client.listings.publish(listingId, { signal });
  const { client: guest } = await kitchen.stranger();
  const today = (await client.calendar.get(listingId, {}, { signal })).from;
  const checkIn = addDays(today, inDays);
  const stay = { listingId, checkIn, checkOut: addDays(checkIn, 2), guests: 1 };
  const quote = await guest.quotes.create(stay, { signal });
  const booking = await guest.bookings.create({ quoteId: quote.id }, { signal });
  afterwards(async () => {
    const { status } = await guest.bookings.get(booking.id);
    if (LIVE.includes(status)) await guest.bookings.cancel(booking.id);
  });
  return { guest, booking };
}

async function pay(kitchen: Kitchen, wishes?: Wishes, card = GOOD_CARD): Promise<Staying> {
  const { guest, booking } = await hold(kitchen, wishes);
  return { guest, booking: await guest.bookings.payment.confirm(booking.id, card) };
}

const request = (kitchen: Kitchen) => pay(kitchen, { instantBook: false });

const ofBooking = ({ booking }: Staying, did: string): Done => ({
  did: `${did} ${booking.id}`,
  subjectId: booking.id,
});

/** Payments belong to the world of who pays. */
const ofPayment = ({ booking, guest }: Staying, did: string): Done => ({
  did: `${did} ${booking.id}`,
  subjectId: booking.payment.id,
  reader: guest,
});

async function ask(kitchen: Kitchen) {
  const staying = await pay(kitchen);
  const { guest, booking } = staying;
  const alteration = await guest.bookings.alterations.create(booking.id, {
    checkOut: addDays(booking.checkOut, 1),
  });
  return { staying, alterationId: alteration.id };
}

async function agree(kitchen: Kitchen): Promise<Staying> {
  const { staying, alterationId } = await ask(kitchen);
  await kitchen.client.bookings.alterations.accept(staying.booking.id, alterationId);
  return staying;
}

export const bookings: Record<string, Recipe> = {
  'booking.held': async (kitchen) => ofBooking(await hold(kitchen), 'Held the nights of'),
  'booking.requested': async (kitchen) => ofBooking(await request(kitchen), 'Asked for'),
  'booking.confirmed': async (kitchen) => ofBooking(await pay(kitchen), 'Booked and paid'),
  async 'booking.declined'(kitchen) {
    const staying = await request(kitchen);
    await kitchen.client.bookings.decline(staying.booking.id, {});
    return ofBooking(staying, 'Declined');
  },
  async 'booking.cancelled'(kitchen) {
    const staying = await pay(kitchen);
    await staying.guest.bookings.cancel(staying.booking.id);
    return ofBooking(staying, 'Cancelled, as its guest,');
  },
  async 'booking.checkedIn'(kitchen) {
    const staying = await pay(kitchen, { inDays: 0 });
    await kitchen.client.bookings.checkIn(staying.booking.id);
    return ofBooking(staying, 'Checked in the guest of');
  },
  async 'booking.checkedOut'(kitchen) {
    const staying = await pay(kitchen, { inDays: 0 });
    await kitchen.client.bookings.checkIn(staying.booking.id);
    await kitchen.client.bookings.checkOut(staying.booking.id);
    return ofBooking(staying, 'Checked out the guest of');
  },
  'booking.settled': async (kitchen) => ofBooking(await pay(kitchen), 'Booked, paid and settled'),
  async 'booking.refunded'(kitchen) {
    const staying = await pay(kitchen);
    const { id, currency } = staying.booking;
    const refund = {
      amount: { amount: 100, currency },
      reason: 'Made by sojourn trigger',
      paidBy: 'host',
    } as const;
    await kitchen.client.bookings.refund(id, refund);
    return ofBooking(staying, 'Gave a little back of');
  },
  'booking.alterationRequested': async (kitchen) =>
    ofBooking((await ask(kitchen)).staying, 'Asked for one more night of'),
  'booking.alterationAccepted': async (kitchen) =>
    ofBooking(await agree(kitchen), 'Agreed on one more night of'),
  'booking.altered': async (kitchen) => ofBooking(await agree(kitchen), 'Added a night to'),
  async 'booking.alterationDeclined'(kitchen) {
    const { staying, alterationId } = await ask(kitchen);
    await kitchen.client.bookings.alterations.decline(staying.booking.id, alterationId);
    return ofBooking(staying, 'Declined one more night of');
  },
  async 'booking.alterationWithdrawn'(kitchen) {
    const { staying, alterationId } = await ask(kitchen);
    await staying.guest.bookings.alterations.withdraw(staying.booking.id, alterationId);
    return ofBooking(staying, 'Asked for one more night, and no more, of');
  },
};

export const payments: Record<string, Recipe> = {
  'payment.authorised': async (kitchen) => ofPayment(await request(kitchen), 'Reserved the money for'),
  'payment.captured': async (kitchen) => ofPayment(await pay(kitchen), 'Paid'),
  async 'payment.failed'(kitchen) {
    const staying = await hold(kitchen);
    const { bookings: stays } = staying.guest;
    await stays.payment.confirm(staying.booking.id, BAD_CARD).catch((error: { code?: string }) => {
      if (error.code !== 'payment_declined') throw error;
    });
    return ofPayment(staying, 'Tried to pay, with a card that is declined,');
  },
  'payment.actionRequired': async (kitchen) =>
    ofPayment(await pay(kitchen, {}, ASKING_CARD), 'Tried to pay, with a card whose bank asks who it is,'),
  async 'payment.refundFailed'(kitchen) {
    const staying = await pay(kitchen, {}, GONE_CARD);
    await staying.guest.bookings.cancel(staying.booking.id);
    return ofPayment(staying, 'Paid, and lost what was given back for,');
  },
  'payment.disputed': async (kitchen) =>
    ofPayment(await pay(kitchen, {}, DISPUTED_CARD), 'Paid, and disputed it,'),
  async 'payment.refunded'(kitchen) {
    const staying = await pay(kitchen);
    await staying.guest.bookings.cancel(staying.booking.id);
    return ofPayment(staying, 'Paid, and got the money back for,');
  },
  async 'payment.voided'(kitchen) {
    const staying = await request(kitchen);
    await kitchen.client.bookings.decline(staying.booking.id, {});
    return ofPayment(staying, 'Let go of the money for');
  },
};

const CLOCK = 'It takes time: the clock brings it about (sojourn admin clock advance 3d).';
const HOSTS_ACCOUNT = 'It takes an account of the host at Stripe: sojourn payouts account --country PT';

export const noBookings: Readonly<Record<string, string>> = {
  'booking.expired': CLOCK,
  'booking.completed': CLOCK,
  'booking.alterationExpired': CLOCK,
  'booking.paidTooLate': 'It takes somebody else who books the nights while the guest pays too late.',
  'payment.disputeClosed': 'It takes a bank that decides.',
  'payout.paid': `${HOSTS_ACCOUNT}, and a day after the check-in.`,
  'payout.failed': `${HOSTS_ACCOUNT}, one that is closed.`,
  'payout.reversed': `${HOSTS_ACCOUNT}, and a refund after the payout.`,
  'payout.reversalFailed': `${HOSTS_ACCOUNT}, and a refund after the host has spent the payout.`,
  'payoutAccount.updated': `${HOSTS_ACCOUNT}.`,
  'booking.noShow': 'It takes a check-in time that has passed.',
};
