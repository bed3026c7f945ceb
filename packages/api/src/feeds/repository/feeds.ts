import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { CountedFeed, Feed, FeedFailure, FeedWarning } from '../model/feed.ts';

const COLUMNS = [
  'id',
  'listing_id as listingId',
  'name',
  'url_host as urlHost',
  'paused',
  'last_fetched_at as lastFetchedAt',
  'last_succeeded_at as lastSucceededAt',
  'last_changed_at as lastChangedAt',
  'last_error as lastError',
  'failures',
  'emptied_at as emptiedAt',
  'empty_accepted as emptyAccepted',
  'warnings',
  'next_fetch_at as nextFetchAt',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;

type FeedRow = Omit<Feed, 'lastError' | 'warnings'> & { lastError: unknown; warnings: unknown };

const toFeed = <Row extends FeedRow>(row: Row) => ({
  ...row,
  lastError: row.lastError as FeedFailure | null,
  warnings: row.warnings as FeedWarning[],
});

/** Feeds of a listing, oldest first, with what is in them from a day on. */
export async function listFeeds(
  db: Db,
  listingId: string,
  { today, feedId }: { today: string; feedId?: string },
): Promise<CountedFeed[]> {
  let query = db
    .selectFrom('feeds')
    .select(COLUMNS)
    .select([
      sql<number>`(select count(*)::integer from feed_events e
        where e.feed_id = feeds.id and upper(e.nights) > ${today}::date)`.as('events'),
      sql<number>`coalesce((select sum(upper(nights) - lower(nights))::integer from unnest((
          select range_agg(e.nights * daterange(${today}::date, null)) from feed_events e where e.feed_id = feeds.id
        )) as nights), 0)`.as('nights'),
      sql<number>`(select count(*)::integer from ${liveConflicts(today)} where c.feed_id = feeds.id)`.as(
        'conflicts',
      ),
    ])
    .where('listing_id', '=', listingId)
    .orderBy('id');
  if (feedId !== undefined) query = query.where('id', '=', feedId);
  return (await query.execute()).map(toFeed);
}

/** Conflicts that were told and still are: the stay may have been cancelled or moved since. */
export const liveConflicts = (today: string) => sql`feed_conflicts c
  join feed_events e on e.feed_id = c.feed_id and e.key = c.key
  join occupied_nights n on n.booking_id = c.booking_id and n.kind = 'booking'
    and upper(n.nights * e.nights) > ${today}::date`;

export async function countFeeds(db: Db, listingId: string): Promise<number> {
  const { count } = await db
    .selectFrom('feeds')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('listing_id', '=', listingId)
    .executeTakeFirstOrThrow();
  return count;
}

export async function insertFeed(db: Db, feed: Feed, sealedUrl: Buffer): Promise<void> {
  await db
    .insertInto('feeds')
    .values({
      id: feed.id,
      listing_id: feed.listingId,
      name: feed.name,
      url_sealed: sealedUrl,
      url_host: feed.urlHost,
      next_fetch_at: feed.nextFetchAt,
      created_at: feed.createdAt,
      updated_at: feed.updatedAt,
    })
    .execute();
}

/** A feed of a listing, which nobody else changes until the transaction ends. */
export async function lockFeed(tx: Tx, listingId: string, id: string): Promise<Feed | undefined> {
  const row = await tx
    .selectFrom('feeds')
    .select(COLUMNS)
    .where('listing_id', '=', listingId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toFeed(row);
}

/** Writes what the host may change; a new URL makes what was fetched from the old one be forgotten. */
export async function updateFeed(
  db: Db,
  feed: Pick<Feed, 'id' | 'name' | 'paused' | 'urlHost' | 'nextFetchAt' | 'updatedAt' | 'emptyAccepted'>,
  sealedUrl?: Buffer,
): Promise<void> {
  await db
    .updateTable('feeds')
    .set({
      name: feed.name,
      paused: feed.paused,
      url_host: feed.urlHost,
      next_fetch_at: feed.nextFetchAt,
      updated_at: feed.updatedAt,
      empty_accepted: feed.emptyAccepted,
      ...(sealedUrl ? { url_sealed: sealedUrl, etag: null, last_modified: null, body_hash: null } : {}),
    })
    .where('id', '=', feed.id)
    .execute();
}

export async function removeFeed(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('feeds').where('id', '=', id).execute();
}
