import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { type Nights, type OccupiedKind, rangeOf, type Taken } from '../model/nights.ts';
import { insertBlocks } from './blocks.ts';

// The only writer of `occupied_nights`. Whoever takes the nights of one new stay writes a single row and needs no lock:
// when two want the same nights, the exclusion constraint lets one of them win. Whatever writes more than that comes
// after `lockCalendar`, so that two such writers can never wait for each other.

/** The calendar's version. Until the transaction ends nobody else alters this calendar's wishes or its stays. */
export async function lockCalendar(tx: Tx, listingId: string): Promise<number> {
  const versions = await lockCalendars(tx, [listingId]);
  const version = versions.get(listingId);
  if (version === undefined)
    throw new Error(`there is no listing ${listingId} whose calendar could be locked`);
  return version;
}

/**
 * The same for many listings, always in the order of their ids. The listing is held before its calendar: whoever removes
 * a listing takes them in this order too.
 */
export async function lockCalendars(tx: Tx, listingIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; version: number }>`
    insert into calendars as calendar (listing_id, version)
    select id, 0 from (select id from listings where id = any(${listingIds}::uuid[]) order by id for key share) as held
    on conflict (listing_id) do update set version = calendar.version
    returning listing_id as id, version`.execute(tx);
  return new Map(rows.map(({ id, version }) => [id, version]));
}

export interface NightsToTake {
  id: string;
  listingId: string;
  kind: 'hold' | 'booking';
  nights: Nights;
  preparationNights: number;
  bookingId: string;
}

/** Takes the nights of a stay; false when any of them is taken, or is needed to prepare the home before or after it. */
export async function takeNights(tx: Tx, stay: NightsToTake): Promise<boolean> {
  const taken = await tx
    .insertInto('occupied_nights')
    .values({
      id: stay.id,
      listing_id: stay.listingId,
      kind: stay.kind,
      nights: rangeOf(stay.nights),
      preparation_nights: stay.preparationNights,
      booking_id: stay.bookingId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return taken.numInsertedOrUpdatedRows === 1n;
}

/** The hold of a booking becomes a booking. */
export async function confirmNights(tx: Tx, bookingId: string): Promise<void> {
  await tx
    .updateTable('occupied_nights')
    .set({ kind: 'booking' })
    .where('booking_id', '=', bookingId)
    .execute();
}

/** Frees the nights of a stay. What else wishes them closed takes effect by `fillClosures` only. */
export const releaseNights = (tx: Tx, bookingId: string): Promise<void> => releaseNightsOf(tx, [bookingId]);

/** The same for many stays at once. */
export async function releaseNightsOf(tx: Tx, bookingIds: readonly string[]): Promise<void> {
  await sql`delete from occupied_nights where booking_id = any(${bookingIds}::uuid[])`.execute(tx);
}

/**
 * Turns the nights of a stay into a host's block: those of them that no block of the host's covers yet. It takes effect
 * by `fillClosures`.
 */
export async function blockNightsOf(
  tx: Tx,
  bookingId: string,
  { note, now }: { note: string | null; now: Date },
): Promise<void> {
  const { rows } = await sql<Nights & { listingId: string }>`
    with released as (
      delete from occupied_nights where booking_id = ${bookingId} returning listing_id, nights
    )
    select released.listing_id as "listingId", lower(piece) as "from", upper(piece) as "to"
    from released, unnest(datemultirange(released.nights) - coalesce((
      select range_agg(block.nights) from blocks block
      where block.listing_id = released.listing_id and block.nights && released.nights), '{}')) as piece`.execute(
    tx,
  );
  await insertBlocks(
    tx,
    rows.map((piece) => ({ ...piece, note })),
    now,
  );
}

/** What takes nights within a range of dates, in the order of the nights, by listing. */
export async function listTaken(
  db: Db,
  listingIds: readonly string[],
  { from, to }: Nights,
): Promise<Map<string, Taken[]>> {
  const { rows } = await sql<Taken & { listingId: string }>`
    select listing_id as "listingId", kind, lower(nights) as "from", upper(nights) as "to"
    from occupied_nights
    where listing_id = any(${listingIds}::uuid[]) and nights && daterange(${from}, ${to})
    order by lower(nights)`.execute(db);
  return Map.groupBy(rows, ({ listingId }) => listingId);
}

export interface Closure extends Nights {
  listingId: string;
  kind: OccupiedKind;
}

export interface ClosureChanges {
  /** Rows of `occupied_nights` that no wish stands behind any more. */
  removed: string[];
  /** Wishes that nothing stands against and that have no row yet. */
  added: Closure[];
}

/** How the rows of blocks and feeds differ from what they should be: the wishes without the nights of stays. */
export async function diffClosures(tx: Tx, listingIds: readonly string[]): Promise<ClosureChanges> {
  const { rows } = await sql<{ removed: string | null } & Closure>`
    with listing as (select unnest(${listingIds}::uuid[]) as id),
    wish as (
      select listing.id,
        coalesce((select range_agg(nights) from blocks where listing_id = listing.id), '{}') as blocks,
        coalesce((select range_agg(event.nights) from feeds feed join feed_events event on event.feed_id = feed.id
          where feed.listing_id = listing.id), '{}') as feeds,
        coalesce((select range_agg(nights) from occupied_nights
          where listing_id = listing.id and kind in ('hold', 'booking')), '{}') as stays
      from listing
    ),
    wanted as (
      select id, 'feed' as kind, unnest(feeds - stays) as nights from wish
      union all
      select id, 'block', unnest(blocks - feeds - stays) from wish
    ),
    present as (
      select id, listing_id, kind, nights from occupied_nights
      where listing_id in (select id from listing) and kind in ('block', 'feed')
    )
    select present.id as removed, wanted.id as "listingId", wanted.kind,
      lower(wanted.nights) as "from", upper(wanted.nights) as "to"
    from wanted full join present
      on present.listing_id = wanted.id and present.kind = wanted.kind and present.nights = wanted.nights
    where wanted.id is null or present.id is null`.execute(tx);
  return {
    removed: rows.flatMap(({ removed }) => removed ?? []),
    added: rows.filter(({ removed }) => removed === null),
  };
}

const CLOSURE_TYPES = { id: 'uuid', listing_id: 'uuid', kind: 'text', nights: 'daterange' } as const;

/** Writes what `diffClosures` found. False when a stay took some of the nights meanwhile. */
export async function applyClosureChanges(
  tx: Tx,
  { removed, added }: ClosureChanges,
  newId: () => string,
): Promise<boolean> {
  if (removed.length > 0)
    await sql`delete from occupied_nights where id = any(${removed}::uuid[])`.execute(tx);
  if (added.length === 0) return true;
  const rows = added.map((closure) => ({
    id: newId(),
    listing_id: closure.listingId,
    kind: closure.kind,
    nights: rangeOf(closure),
  }));
  const written = await sql`
    insert into occupied_nights (id, listing_id, kind, nights)
    select id, listing_id, kind, nights from ${columnwise(rows, CLOSURE_TYPES)} as rows order by listing_id, nights
    on conflict do nothing`.execute(tx);
  return written.numAffectedRows === BigInt(added.length);
}
