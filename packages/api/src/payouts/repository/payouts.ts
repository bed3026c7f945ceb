import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { Payouts } from '../../platform/db/rows.ts';
import type { Payout, PayoutStatus } from '../model/payout.ts';
import { blockOf, type SeenDeduction, type SeenPayout } from '../model/seen.ts';
import { payoutOf } from './row.ts';

interface SeenRow extends Selectable<Payouts> {
  listingTitle: string;
  checkIn: string;
  checkOut: string;
  accountEnabled: boolean;
  disputed: boolean;
}

const seenOf = (row: SeenRow): SeenPayout => ({
  payout: payoutOf(row),
  stay: { listingTitle: row.listingTitle, checkIn: row.checkIn, checkOut: row.checkOut },
  blockedBy: blockOf({ status: row.status as PayoutStatus }, row),
});

const selectSeen = (db: Db) =>
  db
    .selectFrom('payouts')
    .innerJoin('bookings', 'bookings.id', 'payouts.booking_id')
    .innerJoin('listings', 'listings.id', 'bookings.listing_id')
    .selectAll('payouts')
    .select([
      'listings.title as listingTitle',
      'bookings.check_in as checkIn',
      'bookings.check_out as checkOut',
      sql<boolean>`exists (select from payout_accounts a
        where a.host_id = payouts.host_id and a.status = 'enabled')`.as('accountEnabled'),
      sql<boolean>`exists (select from disputes d
        where d.reference = payouts.booking_id and d.status = 'open')`.as('disputed'),
    ]);

export async function findSeenPayout(db: Db, id: string): Promise<SeenPayout | undefined> {
  const row = await selectSeen(db).where('payouts.id', '=', id).executeTakeFirst();
  return row && seenOf(row);
}

/** Newest first, one more than `limit` when there are more. */
export async function listPayouts(
  db: Db,
  { hostId, status }: { hostId: string; status?: PayoutStatus | undefined },
  { before, limit }: { before: string | undefined; limit: number },
): Promise<SeenPayout[]> {
  let query = selectSeen(db).where('payouts.host_id', '=', hostId);
  if (status !== undefined) query = query.where('payouts.status', '=', status);
  if (before !== undefined) query = query.where('payouts.id', '<', before);
  const rows = await query
    .orderBy('payouts.id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(seenOf);
}

/** All of a host, oldest first. */
export async function listPayoutsOf(db: Db, hostId: string): Promise<SeenPayout[]> {
  const rows = await selectSeen(db).where('payouts.host_id', '=', hostId).orderBy('payouts.id').execute();
  return rows.map(seenOf);
}

export async function listDeductions(db: Db, payoutId: string): Promise<SeenDeduction[]> {
  const rows = await db
    .selectFrom('payout_deductions')
    .innerJoin('host_debts', 'host_debts.id', 'payout_deductions.debt_id')
    .select(['host_debts.kind', 'host_debts.booking_id', 'payout_deductions.amount'])
    .where('payout_deductions.payout_id', '=', payoutId)
    .orderBy('host_debts.id')
    .execute();
  return rows.map(({ kind, booking_id, amount }) => ({
    kind: kind as SeenDeduction['kind'],
    bookingId: booking_id,
    amount,
  }));
}

export async function findPayout(db: Db, id: string): Promise<Payout | undefined> {
  const row = await db.selectFrom('payouts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && payoutOf(row);
}

/** Keeps everybody else from changing a payout until the transaction ends. */
export async function lockPayout(tx: Tx, id: string): Promise<Payout | undefined> {
  const row = await tx
    .selectFrom('payouts')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && payoutOf(row);
}

/** All of a booking that were not given up, by when they are due; kept from others until the transaction ends. */
export async function lockPayoutsOf(tx: Tx, bookingId: string): Promise<Payout[]> {
  const rows = await tx
    .selectFrom('payouts')
    .selectAll()
    .where('booking_id', '=', bookingId)
    .where('status', '<>', 'cancelled')
    .orderBy('due_at')
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(payoutOf);
}
