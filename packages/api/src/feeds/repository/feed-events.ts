import { sql } from 'kysely';
import { type Nights, rangeOf } from '../../calendar/model/nights.ts';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import type { Conflict, FeedEvent } from '../model/feed.ts';
import { liveConflicts } from './feeds.ts';

type EventRow = Nights & { key: string; summary: string | null };

export async function listFeedEvents(db: Db, feedId: string): Promise<FeedEvent[]> {
  const { rows } = await sql<EventRow>`
    select key, lower(nights) as "from", upper(nights) as "to", summary from feed_events
    where feed_id = ${feedId} order by lower(nights), key`.execute(db);
  return rows.map(({ key, from, to, summary }) => ({ key, nights: { from, to }, summary }));
}

const EVENT_TYPES = { key: 'text', nights: 'daterange', summary: 'text' } as const;

/** Writes events of a feed that are new or other than before, and removes those that it no longer has. */
export async function writeFeedEvents(
  tx: Tx,
  feedId: string,
  { written, removed }: { written: readonly FeedEvent[]; removed: readonly string[] },
): Promise<void> {
  if (removed.length > 0)
    await sql`delete from feed_events where feed_id = ${feedId} and key = any(${removed}::text[])`.execute(
      tx,
    );
  if (written.length === 0) return;
  const rows = written.map(({ key, nights, summary }) => ({ key, nights: rangeOf(nights), summary }));
  await sql`insert into feed_events (feed_id, key, nights, summary)
    select ${feedId}::uuid, key, nights, summary from ${columnwise(rows, EVENT_TYPES)} as rows
    on conflict (feed_id, key) do update set nights = excluded.nights, summary = excluded.summary`.execute(
    tx,
  );
}

type ConflictRow = EventRow & { bookingId: string; checkIn: string; checkOut: string; foundAt: Date };

const toConflict = ({ bookingId, checkIn, checkOut, from, to, summary, foundAt }: ConflictRow): Conflict => ({
  bookingId,
  stay: { from: checkIn, to: checkOut },
  nights: { from, to },
  summary,
  foundAt,
});

/** Conflicts of a feed on nights from today on, nearest first. */
export async function listConflicts(
  db: Db,
  feedId: string,
  { today, limit }: { today: string; limit: number },
): Promise<Conflict[]> {
  const { rows } = await sql<ConflictRow>`
    select c.booking_id as "bookingId", lower(n.nights) as "checkIn", upper(n.nights) as "checkOut",
      lower(e.nights) as "from", upper(e.nights) as "to", e.summary, c.found_at as "foundAt"
    from ${liveConflicts(today)} where c.feed_id = ${feedId}
    order by lower(n.nights), c.key limit ${limit}`.execute(db);
  return rows.map(toConflict);
}

/** Looks for stays on nights of the feed; answers those that were not there before, and forgets those that are gone. */
export async function findNewConflicts(
  tx: Tx,
  { feedId, listingId }: { feedId: string; listingId: string },
  { today, now }: { today: string; now: Date },
): Promise<Conflict[]> {
  await sql`delete from feed_conflicts told where told.feed_id = ${feedId} and not exists (
    select from ${liveConflicts(today)} where c.feed_id = told.feed_id and c.key = told.key and c.booking_id = told.booking_id
  )`.execute(tx);
  const { rows } = await sql<ConflictRow>`
    with found as (
      insert into feed_conflicts (feed_id, key, booking_id, found_at)
      select e.feed_id, e.key, n.booking_id, ${now}::timestamptz
      from feed_events e join occupied_nights n on n.listing_id = ${listingId} and n.kind = 'booking'
        and n.nights && e.nights and upper(n.nights * e.nights) > ${today}::date
      where e.feed_id = ${feedId}
      on conflict do nothing
      returning key, booking_id, found_at
    )
    select found.booking_id as "bookingId", lower(n.nights) as "checkIn", upper(n.nights) as "checkOut",
      lower(e.nights) as "from", upper(e.nights) as "to", e.summary, found.found_at as "foundAt"
    from found join feed_events e on e.feed_id = ${feedId} and e.key = found.key
      join occupied_nights n on n.booking_id = found.booking_id
    order by lower(n.nights), found.key`.execute(tx);
  return rows.map(toConflict);
}

/**
 * The nights of a feed from today on that no block of the host's covers yet, as ranges: what is to be blocked when the
 * feed goes and its nights shall stay closed.
 */
export async function listUnblockedNights(tx: Tx, feedId: string, today: string): Promise<Nights[]> {
  const { rows } = await sql<Nights>`
    select lower(piece) as "from", upper(piece) as "to"
    from feeds f, unnest(coalesce((
        select range_agg(e.nights * daterange(${today}::date, null)) from feed_events e where e.feed_id = f.id), '{}')
      - coalesce((select range_agg(b.nights) from blocks b where b.listing_id = f.listing_id), '{}')) as piece
    where f.id = ${feedId}`.execute(tx);
  return rows;
}
