import { randomUUID } from 'node:crypto';
import type { Nights } from '../src/calendar/model/nights.ts';
import { takeNights } from '../src/calendar/repository/occupied-nights.ts';
import type { Resources } from '../src/platform/context.ts';
import { newUuid } from '../src/platform/id.ts';

export interface StayToMake extends Nights {
  /** The listing's id in the database. */
  listingId: string;
  kind?: 'hold' | 'booking';
  preparationNights?: number;
}

/** A stay without the booking that leads to it; undefined when its nights are taken. The host is their own guest. */
export function makeStay(
  { db, clock }: Pick<Resources, 'db' | 'clock'>,
  { listingId, from, to, kind = 'booking', preparationNights = 0 }: StayToMake,
): Promise<string | undefined> {
  const id = newUuid(clock.now());
  return db.transaction().execute(async (tx) => {
    const host = await tx
      .selectFrom('listings')
      .select('host_id as id')
      .where('id', '=', listingId)
      .executeTakeFirstOrThrow();
    const now = clock.now();
    await tx
      .insertInto('bookings')
      .values({
        id,
        quote_id: randomUUID(),
        listing_id: listingId,
        host_id: host.id,
        guest_id: host.id,
        status: kind === 'hold' ? 'held' : 'confirmed',
        instant: true,
        check_in: from,
        check_out: to,
        guests: 1,
        pets: 0,
        check_in_at: new Date(`${from}T15:00:00Z`),
        check_out_at: new Date(`${to}T11:00:00Z`),
        terms: {},
        currency: 'EUR',
        total: 1,
        hold_expires_at: kind === 'hold' ? now : null,
        created_at: now,
        updated_at: now,
      })
      .execute();
    const taken = await takeNights(tx, {
      id: newUuid(now),
      listingId,
      kind,
      nights: { from, to },
      preparationNights,
      bookingId: id,
    });
    if (taken) return id;
    await tx.deleteFrom('bookings').where('id', '=', id).execute();
    return undefined;
  });
}
