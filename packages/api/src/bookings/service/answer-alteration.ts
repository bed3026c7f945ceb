import { chargeAgain } from '../../payments/service/charge-again.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { uuidOf } from '../../platform/id.ts';
import { alterationAccepted, alterationNewsOf } from '../events.ts';
import {
  type Alteration,
  ANSWERS,
  type Answer,
  alterationExpiryFrom,
  alterationStatusAt,
} from '../model/alteration.ts';
import type { Booking } from '../model/booking.ts';
import { statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { alterationNotFound, alterationStateConflict, datesUnavailable, notYourPart } from '../problems.ts';
import { awaitPayment, findAlteration, listAlterations } from '../repository/alterations.ts';
import { allowed } from './act.ts';
import { applyAlteration } from './apply-alteration.ts';
import { refuseImpossible } from './ask-alteration.ts';
import { endAlterations } from './end-alterations.ts';
import { follow } from './follow.ts';
import { couldMove } from './move-nights.ts';
import { findSeen, lockSeen } from './see.ts';
import { settle } from './settle.ts';

interface Target {
  bookingId: string;
  alterationId: string;
}

/**
 * The side that was asked agrees. The stay is another from now on, and what it costs less is given back; where it costs
 * more, that is charged first.
 */
export const acceptAlteration = (ctx: Context, target: Target): Promise<Alteration> =>
  answer(ctx, target, 'accept', async (tx, booking, alteration) => {
    refuseImpossible(booking, alteration, ctx.clock.now());
    if (alteration.terms.total > booking.terms.total) return charge(ctx, tx, booking, alteration);
    const altered = await applyAlteration(ctx, tx, booking, alteration);
    if (!altered) throw nightsTaken();
    await settle(ctx, tx, altered.booking);
    return altered.alteration;
  });

/** The side that was asked does not agree, or no longer: the stay remains as it is. */
export const declineAlteration = (ctx: Context, target: Target): Promise<Alteration> =>
  answer(ctx, target, 'decline', (tx, booking) => end(ctx, tx, booking, 'declined'));

/** The side that asked no longer does. */
export const withdrawAlteration = (ctx: Context, target: Target): Promise<Alteration> =>
  answer(ctx, target, 'withdraw', (tx, booking) => end(ctx, tx, booking, 'withdrawn'));

/** The alterations that were asked for, newest first. */
export async function alterationsOf(ctx: Context, bookingId: string): Promise<Alteration[]> {
  const { placed } = await findSeen(ctx, bookingId);
  return listAlterations(ctx.db, placed.booking.id);
}

function answer(
  ctx: Context,
  { bookingId, alterationId }: Target,
  name: Answer,
  work: (tx: Tx, booking: Booking, alteration: Alteration) => Promise<Alteration>,
): Promise<Alteration> {
  return transaction(ctx, async (tx) => {
    const { booking: before, viewer } = await lockSeen(ctx, tx, bookingId);
    const party = partyOf(actorOf(ctx), viewer);
    const id = uuidOf('alt', alterationId);
    // What was paid for a moment ago is answered no more.
    const booking = await follow(ctx, tx, before);
    const alteration = id && (await findAlteration(tx, booking.id, id));
    if (!alteration) throw alterationNotFound();
    allowed('alter', party, statusAt(booking, ctx.clock.now()));
    refuseOtherSide(name, alteration, party === alteration.askedBy);
    refuseAnswered(name, alteration, ctx.clock.now());
    return work(tx, booking, alteration);
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

function refuseAnswered(name: Answer, alteration: Alteration, now: Date): void {
  const is = alterationStatusAt(alteration, now);
  const { from }: { from: readonly Alteration['status'][] } = ANSWERS[name];
  if (!from.includes(is)) throw alterationStateConflict({ detail: `The alteration is ${is}.` });
}

/** Nobody pays for nights that are taken; they are looked at once more when it is paid. */
async function charge(ctx: Context, tx: Tx, booking: Booking, alteration: Alteration): Promise<Alteration> {
  if (!(await couldMove(ctx, tx, booking, alteration))) throw nightsTaken();
  const { terms, id: reference, guestId: payerId } = booking;
  const amount = { amount: alteration.terms.total - terms.total, currency: terms.currency };
  const paymentId = await chargeAgain(ctx, tx, { reference, payerId, amount });
  const expiresAt = alterationExpiryFrom(booking, alteration.terms, ctx.clock.now());
  const agreed = await awaitPayment(tx, alteration.id, { paymentId, expiresAt });
  await emit(ctx, tx, alterationAccepted, alterationNewsOf(booking, agreed));
  return agreed;
}

const nightsTaken = () =>
  datesUnavailable({ detail: 'Some of the new nights are taken. The stay is as it was.' });

async function end(
  ctx: Context,
  tx: Tx,
  booking: Booking,
  to: 'declined' | 'withdrawn',
): Promise<Alteration> {
  const [ended] = await endAlterations(ctx, tx, [booking], to);
  return ended!;
}
