import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid, publicId } from '../../platform/id.ts';
import type { FieldError } from '../../platform/problem.ts';
import { reasonsAgainst } from '../../pricing/model/bookable.ts';
import type { StayFacts } from '../../pricing/model/facts.ts';
import { loadFacts } from '../../pricing/service/price-stay.ts';
import { alterationNewsOf, alterationRequested } from '../events.ts';
import { type Alteration, alterationExpiryFrom, type Side } from '../model/alteration.ts';
import { alteredTerms, impossibleBy, type Wanted } from '../model/altering.ts';
import type { Booking } from '../model/booking.ts';
import { statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { alterationNotPossible, alterationPending, datesUnavailable } from '../problems.ts';
import { findOpen, insertAlteration } from '../repository/alterations.ts';
import type { AlterationBody } from '../schema/requests.ts';
import { allowed } from './act.ts';
import { endAlterations } from './end-alterations.ts';
import { lockSeen } from './see.ts';

/** Asks the other side for other dates or guests, at a price that is told at once. */
export function askAlteration(ctx: Context, bookingId: string, body: AlterationBody): Promise<Alteration> {
  return transaction(ctx, async (tx) => {
    const now = ctx.clock.now();
    const { booking, viewer } = await lockSeen(ctx, tx, bookingId);
    const party = partyOf(actorOf(ctx), viewer);
    const status = statusAt(booking, now);
    allowed('alter', party, status);
    await refuseSecond(ctx, tx, booking);
    const { message, ...changes } = body;
    const wanted = wantedOf(booking, changes);
    refuseImpossible(booking, wanted, now);
    const facts = await factsOf(ctx, tx, booking, wanted);
    refuseByHome(facts, booking, wanted, now);
    const terms = alteredTerms(facts, booking, wanted, now);
    const alteration: Alteration = {
      id: newUuid(now),
      bookingId: booking.id,
      askedBy: party as Side,
      status: 'pending',
      ...wanted,
      terms,
      priceDifference: terms.total - booking.terms.total,
      message,
      paymentId: null,
      expiresAt: alterationExpiryFrom(booking, terms, now),
      createdAt: now,
      answeredAt: null,
    };
    await insertAlteration(tx, alteration);
    await emit(ctx, tx, alterationRequested, alterationNewsOf(booking, alteration));
    return alteration;
  });
}

/** One at a time; one whose time is over is out of the way. */
async function refuseSecond(ctx: Context, tx: Tx, booking: Booking): Promise<void> {
  const open = await findOpen(tx, booking.id);
  if (!open) return;
  if (open.expiresAt > ctx.clock.now())
    throw alterationPending({ detail: `The alteration ${publicId('alt', open.id)} is ${open.status}.` });
  await endAlterations(ctx, tx, [booking], 'expired');
}

const wantedOf = (booking: Booking, changes: Omit<AlterationBody, 'message'>): Wanted => ({
  checkIn: changes.checkIn ?? booking.checkIn,
  checkOut: changes.checkOut ?? booking.checkOut,
  guests: changes.guests ?? booking.guests,
  pets: changes.pets ?? booking.pets,
});

const refusal = (errors: FieldError[]) => {
  const [first] = errors;
  return first && alterationNotPossible({ detail: `${first.pointer}: ${first.message}.`, errors });
};

/** @throws when no home could take the guest like this */
export function refuseImpossible(booking: Booking, wanted: Wanted, now: Date): void {
  const refused = refusal(impossibleBy(booking, wanted, now));
  if (refused) throw refused;
}

async function factsOf(ctx: Context, tx: Tx, booking: Booking, wanted: Wanted): Promise<StayFacts> {
  const window = { from: wanted.checkIn, to: wanted.checkOut };
  const facts = await loadFacts({ ...ctx, db: tx }, booking.listingId, window, { bookingId: booking.id });
  if (!facts) throw new Error(`The listing of the booking ${booking.id} is gone.`);
  return facts;
}

/** The rules of the host about when stays begin and how long they are do not count: one of the two who agree is the host. */
function refuseByHome(facts: StayFacts, booking: Booking, wanted: Wanted, now: Date): void {
  const reasons = reasonsAgainst(facts, { ...wanted, nonRefundable: false }, now);
  const detailOf = (code: string) => reasons.find((reason) => reason.code === code)?.detail;
  const taken = detailOf('nights_taken') ?? detailOf('preparation');
  if (taken) throw datesUnavailable({ detail: taken });
  const errors: FieldError[] = [];
  const guests = detailOf('too_many_guests');
  const pets = detailOf('pets_not_allowed');
  if (guests) errors.push({ pointer: '/guests', code: 'too_many_guests', message: guests });
  if (pets) errors.push({ pointer: '/pets', code: 'pets_not_allowed', message: pets });
  if (facts.listing.currency !== booking.terms.currency)
    errors.push({
      pointer: '',
      code: 'other_currency',
      message: `cannot be priced: the stay was agreed in ${booking.terms.currency}`,
    });
  const refused = refusal(errors);
  if (refused) throw refused;
}
