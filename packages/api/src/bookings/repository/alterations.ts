import { type Selectable, sql } from 'kysely';
import pg from 'pg';
import type { Db, Tx } from '../../platform/context.ts';
import type { Alterations } from '../../platform/db/rows.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import { type Alteration, type AlterationStatus, OPEN, type Side } from '../model/alteration.ts';
import { alterationPending } from '../problems.ts';

const alterationOf = (row: Selectable<Alterations>): Alteration => ({
  id: row.id,
  bookingId: row.booking_id,
  askedBy: row.asked_by as Side,
  status: row.status as AlterationStatus,
  checkIn: row.check_in,
  checkOut: row.check_out,
  guests: row.guests,
  pets: row.pets,
  terms: row.terms as unknown as Terms,
  priceDifference: row.price_difference,
  message: row.message,
  paymentId: row.payment_id,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  answeredAt: row.answered_at,
});

export async function insertAlteration(tx: Tx, alteration: Alteration): Promise<void> {
  await tx
    .insertInto('alterations')
    .values({
      id: alteration.id,
      booking_id: alteration.bookingId,
      asked_by: alteration.askedBy,
      status: alteration.status,
      check_in: alteration.checkIn,
      check_out: alteration.checkOut,
      guests: alteration.guests,
      pets: alteration.pets,
      terms: JSON.stringify(alteration.terms),
      total: alteration.terms.total,
      price_difference: alteration.priceDifference,
      message: alteration.message,
      expires_at: alteration.expiresAt,
      created_at: alteration.createdAt,
    })
    .execute()
    .catch(refuseSecond);
}

function refuseSecond(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.constraint === 'alterations__one_open')
    throw alterationPending({ cause: error });
  throw error;
}

export async function listAlterations(db: Db, bookingId: string): Promise<Alteration[]> {
  const rows = await db
    .selectFrom('alterations')
    .selectAll()
    .where('booking_id', '=', bookingId)
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  return rows.map(alterationOf);
}

/** The one that waits for an answer, or to be paid for. */
export async function findOpen(db: Db, bookingId: string): Promise<Alteration | undefined> {
  const row = await db
    .selectFrom('alterations')
    .selectAll()
    .where('booking_id', '=', bookingId)
    .where('status', 'in', OPEN)
    .executeTakeFirst();
  return row && alterationOf(row);
}

/** Whoever changes an alteration holds its booking. */
export async function findAlteration(db: Db, bookingId: string, id: string): Promise<Alteration | undefined> {
  const row = await db
    .selectFrom('alterations')
    .selectAll()
    .where('booking_id', '=', bookingId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && alterationOf(row);
}

/** Both sides agree, and the difference is to be paid. */
export async function awaitPayment(
  tx: Tx,
  id: string,
  { paymentId, expiresAt }: { paymentId: string; expiresAt: Date },
): Promise<Alteration> {
  const row = await tx
    .updateTable('alterations')
    .set({ status: 'awaitingPayment', payment_id: paymentId, expires_at: expiresAt })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return alterationOf(row);
}

/** Ends the open alterations of these bookings; answers those that it ended. */
export async function endOpen(
  tx: Tx,
  bookingIds: readonly string[],
  status: AlterationStatus,
  now: Date,
): Promise<Alteration[]> {
  const rows = await tx
    .updateTable('alterations')
    .set({ status, answered_at: now })
    .where('status', 'in', OPEN)
    .where('booking_id', '=', sql<string>`any(${[...bookingIds]}::uuid[])`)
    .returningAll()
    .execute();
  return rows.map(alterationOf);
}
