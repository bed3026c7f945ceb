import path from 'node:path';
import { root } from './root.mjs';

const DAY_MS = 86_400_000;
const dateIn = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** The whole life of two stays: one that takes place and is paid out, and one that is cancelled half-way. */
export async function tellStory(stage) {
  await openTheMarketplace(stage);
  const listings = await find(stage);
  const stay = await book(stage, listings[0], { checkIn: dateIn(20), checkOut: dateIn(24) });
  const other = await book(stage, listings[1], { checkIn: dateIn(60), checkOut: dateIn(64) });
  await takePlace(stage, stay);
  await cancel(stage, other);
  await addUp(stage, [stay, other]);
}

async function openTheMarketplace({ heading, note, sojourn, data, mustBe }) {
  heading('A marketplace opens');
  await sojourn('login', '--dev', '--profile', 'host');
  await sojourn('login', '--dev', '--as', 'guest', '--profile', 'guest');
  await sojourn('login', '--dev', '--as', 'admin', '--profile', 'admin');
  await sojourn(
    'listings',
    'import',
    path.join(root, 'examples/listings.csv'),
    '--publish',
    '--profile',
    'host',
    '--yes',
  );

  heading('The host says where the money goes');
  await sojourn('payouts', 'account', '--country', 'PT', '--profile', 'host');
  const { onboardingUrl } = await data('payouts', 'account', '--profile', 'host');
  note(
    `The host fills in the form at ${new URL(onboardingUrl).host}, which in the sandbox stands for Stripe.`,
  );
  await fetch(onboardingUrl, { method: 'POST', redirect: 'manual' });
  const account = await until(
    () => data('payouts', 'account', '--profile', 'host'),
    ({ status }) => status === 'enabled',
  );
  mustBe(account.status === 'enabled', 'the host can be paid');
}

/** Stays in Lisbon in which a cancellation some days ahead gives back half. */
async function find({ heading, sojourn, data, mustBe }) {
  heading('A guest looks for a stay in Lisbon');
  const wanted = [
    'search',
    '--place',
    'Lisbon',
    '--check-in',
    dateIn(60),
    '--check-out',
    dateIn(64),
    '--guests',
    '2',
    '--currency',
    'EUR',
    '--sort',
    'price',
    '--profile',
    'guest',
  ];
  await sojourn(...wanted, '--limit', '5');
  const { data: stays } = await data(...wanted);
  const details = await Promise.all(
    stays.map(({ id }) => data('api', 'GET', `/v1/listings/${id}`, '--profile', 'guest')),
  );
  const instant = details.filter(({ instantBook }) => instantBook);
  const firm = instant.find(({ cancellationPolicy }) =>
    ['firm', 'strict', 'limited'].includes(cancellationPolicy),
  );
  const first = instant.find(({ id }) => id !== firm?.id);
  mustBe(first && firm, `${stays.length} stays can be booked on these nights`);
  return [first, firm];
}

async function book({ heading, sojourn, data, mustBe }, listing, { checkIn, checkOut }) {
  heading(`A stay from ${checkIn} to ${checkOut}`);
  const quoted = await sojourn(
    'quote',
    listing.id,
    '--check-in',
    checkIn,
    '--check-out',
    checkOut,
    '--guests',
    '2',
    '--profile',
    'guest',
  );
  const quoteId = /qte_\w+/.exec(quoted)[0];
  const made = await sojourn('bookings', 'create', quoteId, '--profile', 'guest');
  const id = /bkg_\w+/.exec(made)[0];
  await sojourn('bookings', 'pay', id, '--method', 'pm_card_visa', '--profile', 'guest');
  const booking = await data('bookings', 'get', id, '--profile', 'guest');
  mustBe(booking.status === 'confirmed', 'the stay is confirmed');
  mustBe(booking.payment.captured.amount === booking.total.amount, 'the guest paid exactly what was quoted');
  return booking;
}

async function takePlace({ heading, sojourn, data, mustBe }, booking) {
  heading('Time moves to the check-in');
  await sojourn('admin', 'clock', 'to', booking.checkInAt, '--profile', 'admin');
  await sojourn('bookings', 'check-in', booking.id, '--profile', 'host');

  heading('A day later the host is paid');
  await sojourn('admin', 'clock', 'advance', '25h', '--profile', 'admin');
  const paid = await until(
    () => data('payouts', 'list', '--profile', 'host'),
    ({ data: payouts }) =>
      payouts.some(({ bookingId, status }) => bookingId === booking.id && status === 'paid'),
  );
  await sojourn('payouts', 'list', '--profile', 'host');
  const payout = paid.data.find(({ bookingId }) => bookingId === booking.id);
  mustBe(payout?.status === 'paid', 'the host has the money, 24 hours after the check-in');
  return payout;
}

async function cancel({ heading, sojourn, data, mustBe }, booking) {
  heading('Ten days before the other stay, the guest cancels it');
  const tenDaysBefore = new Date(Date.parse(booking.checkInAt) - 10 * DAY_MS).toISOString();
  await sojourn('admin', 'clock', 'to', tenDaysBefore, '--profile', 'admin');
  await sojourn('bookings', 'cancellation-preview', booking.id, '--profile', 'guest');
  const preview = await data('bookings', 'cancellation-preview', booking.id, '--profile', 'guest');
  await sojourn('bookings', 'cancel', booking.id, '--yes', '--profile', 'guest');
  const payment = await until(
    () => data('bookings', 'payment', booking.id, '--profile', 'guest'),
    ({ refunds }) => refunds.length > 0 && refunds.every(({ status }) => status === 'succeeded'),
  );
  await sojourn('bookings', 'payment', booking.id, '--profile', 'guest');
  const partial = preview.refund.amount > 0 && preview.refund.amount < booking.total.amount;
  mustBe(partial, 'a part comes back, as the policy says');
  mustBe(
    payment.refunded.amount === preview.refund.amount,
    'the guest got back exactly what was shown before cancelling',
  );
}

async function addUp({ heading, sojourn, data, mustBe }, bookings) {
  heading('The books');
  await sojourn('bookings', 'payment', bookings.at(-1).id, '--profile', 'host');
  const explained = await Promise.all(bookings.map((booking) => isExplained(data, booking)));
  mustBe(
    explained.every(Boolean),
    'of every stay, what was paid is the host’s, the marketplace’s, the tax office’s or given back',
  );
  await sojourn('payouts', 'balance', '--profile', 'host');
  await sojourn('payouts', 'statement', '--profile', 'host');
  const range = ['--from', dateIn(-1), '--to', dateIn(120)];
  await sojourn('admin', 'maintenance', 'reconcile', ...range, '--profile', 'admin');
  const run = await data('admin', 'maintenance', 'reconcile', ...range, '--profile', 'admin');
  mustBe(run.result.checked > 0, 'every movement of money was compared with Stripe’s');
  mustBe(run.result.differences.length === 0, 'the ledger and Stripe agree to the cent');
  heading('All of it was true.');
}

/** Whether the shares of a stay account for every cent that was paid for it. */
async function isExplained(data, { id }) {
  const { captured, shares } = await data('bookings', 'payment', id, '--profile', 'host');
  const { host, platform, taxes, refunds } = shares;
  return host.amount + platform.amount + taxes.amount + refunds.amount === captured.amount;
}

/** Asks again until it is so, for some seconds: what follows from a command is done a moment after it. */
async function until(ask, isSo) {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (isSo(answer) || tries >= 20) return answer;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
