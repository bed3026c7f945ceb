import { blockNightsOf, lockCalendar } from '../../calendar/repository/occupied-nights.ts';
import { fillClosures } from '../../calendar/service/fill-closures.ts';
import { voidPayments } from '../../payments/service/void-payments.ts';
import { actorOf, type Context, type Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import type { FieldError } from '../../platform/problem.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { bookingCancelled, cancellationNewsOf } from '../events.ts';
import { type Booking, CONFIRMED } from '../model/booking.ts';
import { cancellationBy, type Override, refundChangesAt } from '../model/cancelling.ts';
import type { Preview, SeenBooking } from '../model/seen.ts';
import { keptOf } from '../model/shares.ts';
import { type Party, statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { updateBooking } from '../repository/bookings.ts';
import type { CancelBody } from '../schema/requests.ts';
import { act, allowed, freeNights } from './act.ts';
import { endAlterations } from './end-alterations.ts';
import { findSeen } from './see.ts';
import { settle } from './settle.ts';

/** Ends a booking before its time. Who gets what depends on who does it, and when. */
export const cancelBooking = (ctx: Context, bookingId: string, body: CancelBody): Promise<SeenBooking> =>
  act(ctx, bookingId, 'cancel', async (tx, { booking, party, to }) => {
    refuseWrongDecision(party, booking, body);
    const now = ctx.clock.now();
    const cancellation = {
      reason: body.reason,
      ...cancellationBy(party, booking, now, decisionOf(body)),
    };
    const cancelled = await updateBooking(
      tx,
      { ...booking, status: to, cancelledBy: party as Exclude<Party, 'clock'>, cancellation, endedAt: now },
      now,
    );
    await endNights(tx, booking, party, now);
    await endAlterations(ctx, tx, [cancelled], 'expired');
    if (isAllGivenBack(cancelled)) await voidPayments(ctx, tx, [cancelled.id]);
    await settle(ctx, tx, cancelled);
    await emit(ctx, tx, bookingCancelled, cancellationNewsOf(cancelled));
    return cancelled;
  });

/** What cancelling now would do. */
export async function previewCancellation(ctx: Context, bookingId: string): Promise<Preview> {
  const {
    placed: { booking },
    viewer,
  } = await findSeen(ctx, bookingId);
  const now = ctx.clock.now();
  const party = partyOf(actorOf(ctx), viewer);
  allowed('cancel', party, statusAt(booking, now));
  return {
    ...cancellationBy(party!, booking, now),
    terms: booking.terms,
    asOf: now,
    until: refundChangesAt(party!, booking, now),
  };
}

/** A host who cancels a stay that was agreed does not sell its nights again: they stay blocked. */
async function endNights(tx: Tx, booking: Booking, party: Party, now: Date): Promise<void> {
  if (party !== 'host' || !CONFIRMED.includes(booking.status)) return freeNights(tx, booking, now);
  await lockCalendar(tx, booking.listingId);
  await blockNightsOf(tx, booking.id, { note: null, now });
  await fillClosures(tx, booking.listingId, now);
}

/** What is only reserved need not be taken then. */
const isAllGivenBack = (booking: Booking): boolean =>
  Object.values(keptOf(booking)).every((share) => share === 0);

const decisionOf = ({ refund, penalty }: CancelBody): Override => ({
  refund: refund?.amount,
  penalty: penalty?.amount,
});

/** An admin gives a reason and may decide what it costs; nobody else may. */
function refuseWrongDecision(party: Party, { terms }: Booking, { reason, refund, penalty }: CancelBody) {
  const error = (pointer: string, code: string, message: string): FieldError => ({ pointer, code, message });
  const errors: FieldError[] = [];
  if (party === 'admin' && reason === null)
    errors.push(error('/reason', 'required', 'must say why: an admin gives a reason'));
  for (const [name, money] of Object.entries({ refund, penalty })) {
    if (money === undefined) continue;
    if (party !== 'admin') errors.push(error(`/${name}`, 'admin_only', 'must be left out: admins decide it'));
    else if (money.currency !== terms.currency)
      errors.push(error(`/${name}/currency`, 'wrong_currency', `must be ${terms.currency}`));
  }
  if (party === 'admin' && refund && refund.amount > terms.total)
    errors.push(error('/refund/amount', 'too_big', `must be at most ${terms.total}: what was paid`));
  const [first] = errors;
  if (first) throw invalidRequest({ detail: `${first.pointer}: ${first.message}.`, errors });
}
