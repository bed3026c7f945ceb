import type { BookingStatus } from '@sojourn/shared/vocabulary';
import { lockCalendar, releaseNights } from '../../calendar/repository/occupied-nights.ts';
import { fillClosures } from '../../calendar/service/fill-closures.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import type { Booking } from '../model/booking.ts';
import type { SeenBooking } from '../model/seen.ts';
import {
  type Act,
  after,
  mayDo,
  type Party,
  statesFor,
  statusAt,
  TRANSITIONS,
} from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { bookingStateConflict, notYourPart } from '../problems.ts';
import { lockSeen, seeAgain } from './see.ts';

/** A booking that an act can be done on, what it becomes by it, and who does it. */
export interface Acting {
  booking: Booking;
  party: Party;
  to: BookingStatus;
}

/**
 * Does something to a booking: refuses whoever has no part in it, then who may not do it, then the state that does not
 * allow it. The state is the one that the clock has made of it, whether or not that is written down yet.
 */
export function act(
  ctx: Context,
  bookingId: string,
  name: Act,
  work: (tx: Tx, acting: Acting) => Promise<Booking>,
): Promise<SeenBooking> {
  return transaction(ctx, async (tx) => {
    const { booking, viewer } = await lockSeen(ctx, tx, bookingId);
    const party = partyOf(actorOf(ctx), viewer);
    const to = allowed(name, party, statusAt(booking, ctx.clock.now()));
    return seeAgain(ctx, tx, await work(tx, { booking, party: party!, to }));
  });
}

/** @throws whatever stands against it */
export function allowed(name: Act, party: Party | undefined, status: BookingStatus): BookingStatus {
  if (!party || !mayDo(party, name))
    throw notYourPart({ detail: `Only the ${partiesOf(name)} can do this.` });
  const to = after(name, status);
  if (to === undefined) throw conflict(name, status);
  return to;
}

export const conflict = (name: Act, status: BookingStatus) =>
  bookingStateConflict({
    detail: `The booking is ${status}. This can be done while it is ${statesFor(name).join(' or ')}.`,
  });

const partiesOf = (name: Act) => TRANSITIONS[name].by.join(' or the ');

/** Frees the nights of a booking that has ended, for whatever else wishes them closed first. */
export async function freeNights(tx: Tx, { id, listingId }: Booking, now: Date): Promise<void> {
  await lockCalendar(tx, listingId);
  await releaseNights(tx, id);
  await fillClosures(tx, listingId, now);
}
