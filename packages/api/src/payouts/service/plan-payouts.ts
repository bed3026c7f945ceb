import type { Booking } from '../../bookings/model/booking.ts';
import { lockBooking } from '../../bookings/repository/bookings.ts';
import { standingOf } from '../../ledger/service/allocate.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { reverse } from '../jobs.ts';
import type { Payout } from '../model/payout.ts';
import { planOf } from '../model/plan.ts';
import { replan } from '../model/replan.ts';
import { reversalsFrom } from '../model/reversing.ts';
import { lockPayoutsOf } from '../repository/payouts.ts';
import {
  cancelPayouts,
  changePayouts,
  insertDebt,
  insertPayouts,
  insertReversals,
  readHostHistory,
  readTakenBack,
  type TakenBack,
} from '../repository/planning.ts';

const DAY_MS = 86_400_000;

/**
 * Looks at what a host gets of a booking and at what was sent already, and plans what follows: the payouts that wait add
 * up to what is still to come, and what was sent too much is taken back, or owed where it cannot be. Doing so again
 * changes nothing.
 */
export async function planPayouts(ctx: Context, tx: Tx, bookingId: string): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  if (!booking) return;
  const payouts = await lockPayoutsOf(tx, bookingId);
  const { shares } = await standingOf(tx, bookingId);
  if (payouts.length === 0 && shares.host === 0) return;
  const takenBack = await readTakenBack(tx, bookingId);
  const settled = settledOf(payouts, takenBack);
  await planWhatIsToCome(ctx, tx, booking, payouts, { entitlement: shares.host, settled });
  if (settled > shares.host) await takeBack(ctx, tx, booking, payouts, takenBack, settled - shares.host);
}

const sum = (amounts: Iterable<number>) => [...amounts].reduce((total, amount) => total + amount, 0);

/** What was sent, or is being sent, less all that was taken back of it or is owed instead. */
function settledOf(payouts: readonly Payout[], { reversing, owed }: TakenBack): number {
  const sent = payouts.filter(({ status }) => status === 'processing' || status === 'paid');
  return sum(sent.map(({ amount, reversed }) => amount - reversed)) - sum(reversing.values()) - owed;
}

async function planWhatIsToCome(
  ctx: Context,
  tx: Tx,
  booking: Booking,
  payouts: readonly Payout[],
  money: { entitlement: number; settled: number },
): Promise<void> {
  const now = ctx.clock.now();
  const waiting = payouts.filter(({ status }) => status === 'scheduled' || status === 'failed');
  const planned = planOf({
    ...money,
    terms: booking.terms,
    firstPayoutHoldUntil: await firstPayoutHoldUntil(ctx, tx, booking.hostId),
  });
  const { changed, added, cancelled } = replan(waiting, planned);
  const owner = { hostId: booking.hostId, bookingId: booking.id, currency: booking.terms.currency };
  await changePayouts(tx, changed, now);
  await cancelPayouts(tx, cancelled, now);
  await insertPayouts(
    ctx,
    tx,
    added.map((instalment) => ({ ...owner, ...instalment })),
  );
}

/** Until when a new host's first payout is held back; null when there was one. */
async function firstPayoutHoldUntil({ config }: Context, tx: Tx, hostId: string): Promise<Date | null> {
  const { createdAt, paidBefore } = await readHostHistory(tx, hostId);
  return paidBefore ? null : new Date(createdAt.getTime() + config.firstPayoutHoldDays * DAY_MS);
}

/** While something is on its way nobody knows yet whether it arrives: what is too much is taken back after that. */
async function takeBack(
  ctx: Context,
  tx: Tx,
  { id, hostId, terms: { currency } }: Booking,
  payouts: readonly Payout[],
  { reversing }: TakenBack,
  tooMuch: number,
): Promise<void> {
  if (payouts.some(({ status }) => status === 'processing')) return;
  const paid = payouts
    .filter(({ status }) => status === 'paid')
    .map((payout) => ({ ...payout, reversing: reversing.get(payout.id) ?? 0 }));
  const { reversals, owed } = reversalsFrom(paid, tooMuch);
  const ordered = await insertReversals(ctx, tx, reversals);
  await enqueueAll(
    ctx,
    tx,
    reverse,
    ordered.map((reversalId) => ({ payload: { reversalId }, key: reversalId })),
  );
  if (owed > 0)
    await insertDebt(ctx, tx, { hostId, bookingId: id, currency, kind: 'reversal', amount: owed });
}
