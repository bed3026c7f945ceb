import { lockBooking } from '../../bookings/repository/bookings.ts';
import { account, move, payableTo } from '../../ledger/model/entry.ts';
import { post } from '../../ledger/service/post.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { insertDebt } from '../repository/planning.ts';

/** What a host owes for cancelling a booking, once: the next payouts pay it. */
export async function chargePenalty(ctx: Context, tx: Tx, bookingId: string): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  const penalty = booking?.cancellation?.penalty ?? 0;
  if (!booking || penalty === 0) return;
  const { id, hostId, endedAt, terms } = booking;
  const money = { amount: penalty, currency: terms.currency };
  const isNew = await insertDebt(ctx, tx, { hostId, bookingId: id, kind: 'penalty', ...money });
  if (!isNew) return;
  await post(ctx, tx, [
    {
      kind: 'penalty',
      source: `penalty:${id}`,
      reference: id,
      stripeTransaction: null,
      occurredAt: endedAt ?? ctx.clock.now(),
      postings: move(account('hostPenalties'), payableTo(hostId), money),
    },
  ]);
}
