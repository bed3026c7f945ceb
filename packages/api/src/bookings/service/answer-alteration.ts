import { lockCalendar, releaseNights, takeNights } from '../../calendar/repository/occupied-nights.ts';
import { fillClosures } from '../../calendar/service/fill-closures.ts';
import { chargeAgain } from '../../payments/service/charge-again.ts';
import { refundPayment } from '../../payments/service/settle-payments.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid, uuidOf } from '../../platform/id.ts';
import { bookingAltered, newsOf, staysAs } from '../events.ts';
import { type Alteration, ANSWERS, type Answer } from '../model/alteration.ts';
import type { Booking } from '../model/booking.ts';
import { statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { alterationNotFound, alterationStateConflict, datesUnavailable, notYourPart } from '../problems.ts';
import { endPending, findAlteration, listAlterations } from '../repository/alterations.ts';
import { updateBooking } from '../repository/bookings.ts';
import { allowed } from './act.ts';
import { refuseImpossible } from './ask-alteration.ts';
import { endAlterations } from './end-alterations.ts';
import { findSeen, lockSeen } from './see.ts';

interface Target {
  bookingId: string;
  alterationId: string;
}

/** The side that was asked agrees: the stay is another from now on, and the difference is settled. */
export const acceptAlteration = (ctx: Context, target: Target): Promise<Alteration> =>
  answer(ctx, target, 'accept', async (tx, booking, alteration) => {
    refuseImpossible(booking, alteration, ctx.clock.now());
    await moveNights(ctx, tx, booking, alteration);
    await settle(ctx, tx, booking, alteration);
    const { checkIn, checkOut, guests, pets, terms } = alteration;
    const now = ctx.clock.now();
    const altered = await updateBooking(tx, { ...booking, checkIn, checkOut, guests, pets, terms }, now);
    await emit(ctx, tx, bookingAltered, { ...newsOf(altered), previous: staysAs(booking) });
    return endPending(tx, [booking.id], 'accepted', now);
  });

/** The side that was asked does not agree: the stay remains as it is. */
export const declineAlteration = (ctx: Context, target: Target): Promise<Alteration> =>
  answer(ctx, target, 'decline', (tx, booking) => endAlterations(ctx, tx, [booking], 'declined'));

/** The side that asked no longer does. */
export const withdrawAlteration = (ctx: Context, target: Target): Promise<Alteration> =>
  answer(ctx, target, 'withdraw', (tx, booking) => endAlterations(ctx, tx, [booking], 'withdrawn'));

/** The alterations that were asked for, newest first. */
export async function alterationsOf(ctx: Context, bookingId: string): Promise<Alteration[]> {
  const { placed } = await findSeen(ctx, bookingId);
  return listAlterations(ctx.db, placed.booking.id);
}

function answer(
  ctx: Context,
  { bookingId, alterationId }: Target,
  name: Answer,
  work: (tx: Tx, booking: Booking, alteration: Alteration) => Promise<Alteration[]>,
): Promise<Alteration> {
  return transaction(ctx, async (tx) => {
    const { booking, viewer } = await lockSeen(ctx, tx, bookingId);
    const party = partyOf(actorOf(ctx), viewer);
    const id = uuidOf('alt', alterationId);
    const alteration = id && (await findAlteration(tx, booking.id, id));
    if (!alteration) throw alterationNotFound();
    allowed('alter', party, statusAt(booking, ctx.clock.now()));
    refuseOtherSide(name, alteration, party === alteration.askedBy);
    refuseAnswered(alteration, ctx.clock.now());
    const [ended] = await work(tx, booking, alteration);
    return ended!;
  });
}

function refuseOtherSide(name: Answer, { askedBy }: Alteration, asked: boolean): void {
  if (ANSWERS[name].byAsker === asked) return;
  throw notYourPart({
    detail: ANSWERS[name].byAsker
      ? `Only the ${askedBy}, who asked, can withdraw it.`
      : `The ${askedBy} asked: the other side answers.`,
  });
}

function refuseAnswered({ status, expiresAt }: Alteration, now: Date): void {
  const is = status === 'pending' && expiresAt <= now ? 'expired' : status;
  if (is !== 'pending') throw alterationStateConflict({ detail: `The alteration is ${is}.` });
}

/** Gives the old nights up and takes the new ones in one step: when one of those is taken, all stays as it was. */
async function moveNights(ctx: Context, tx: Tx, booking: Booking, altered: Alteration): Promise<void> {
  const { id, listingId } = booking;
  const { checkIn, checkOut, terms } = altered;
  if (checkIn === booking.checkIn && checkOut === booking.checkOut) return;
  const now = ctx.clock.now();
  await lockCalendar(tx, listingId);
  await releaseNights(tx, id);
  const taken = await takeNights(tx, {
    id: newUuid(now),
    listingId,
    kind: 'booking',
    nights: { from: checkIn, to: checkOut },
    preparationNights: terms.preparationNights,
    bookingId: id,
  });
  if (!taken) throw datesUnavailable({ detail: 'Some of the new nights are taken. The stay is as it was.' });
  await fillClosures(tx, listingId, now);
}

async function settle(ctx: Context, tx: Tx, { id, guestId, terms }: Booking, altered: Alteration) {
  const difference = altered.terms.total - terms.total;
  if (difference > 0)
    await chargeAgain(ctx, tx, {
      reference: id,
      payerId: guestId,
      amount: { amount: difference, currency: terms.currency },
    });
  else await refundPayment(ctx, tx, { reference: id, amount: -difference });
}
