import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { Feed, FeedFailure, FeedWarning } from '../model/feed.ts';

/** A fetch that is not through after so long is given up, and may begin again. */
const CLAIM_SECONDS = 120;

/** Feeds that are to be fetched, those that wait longest first. Nobody needs those of listings that are put away. */
export async function listDueFeeds(db: Db, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select f.id from feeds f join listings l on l.id = f.listing_id join users u on u.id = l.host_id
    where not f.paused and f.next_fetch_at <= ${now} and l.status <> 'archived' and u.status = 'active'
    order by f.next_fetch_at limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** What a fetch needs to know of its feed and of the listing that it is for. */
export interface FeedToFetch {
  id: string;
  listingId: string;
  hostId: string;
  timeZone: string | null;
  sealedUrl: Buffer;
  etag: string | null;
  lastModified: string | null;
  bodyHash: Buffer | null;
  /** The date in the listing's zone on which the body was read. */
  readFor: string | null;
  emptiedAt: Date | null;
}

/** Takes a feed whose time has come, so that nobody else fetches it meanwhile; undefined when it is not due. */
export async function claimFeed(db: Db, id: string, now: Date): Promise<FeedToFetch | undefined> {
  const { rows } = await sql<FeedToFetch>`
    update feeds f set next_fetch_at = ${now}::timestamptz + make_interval(secs => ${sql.lit(CLAIM_SECONDS)})
    from listings l
    where f.id = ${id} and not f.paused and f.next_fetch_at <= ${now} and l.id = f.listing_id
    returning f.id, f.listing_id as "listingId", l.host_id as "hostId", l.time_zone as "timeZone",
      f.url_sealed as "sealedUrl", f.etag, f.last_modified as "lastModified", f.body_hash as "bodyHash",
      f.read_for as "readFor", f.emptied_at as "emptiedAt"`.execute(db);
  return rows[0];
}

/** Whether the feed still is what it was when its fetch began: not removed, not paused, not led elsewhere. */
export async function isStillWanted(tx: Tx, { id, sealedUrl }: FeedToFetch): Promise<boolean> {
  const row = await tx
    .selectFrom('feeds')
    .select('id')
    .where('id', '=', id)
    .where('url_sealed', '=', sealedUrl)
    .where('paused', '=', false)
    .executeTakeFirst();
  return row !== undefined;
}

export type FetchState = Pick<
  Feed,
  | 'id'
  | 'lastFetchedAt'
  | 'lastSucceededAt'
  | 'lastChangedAt'
  | 'lastError'
  | 'failures'
  | 'emptiedAt'
  | 'emptyAccepted'
  | 'warnings'
  | 'nextFetchAt'
>;

export async function writeFetch(tx: Tx, state: FetchState): Promise<void> {
  await tx
    .updateTable('feeds')
    .set({
      last_fetched_at: state.lastFetchedAt,
      last_succeeded_at: state.lastSucceededAt,
      last_changed_at: state.lastChangedAt,
      last_error: json(state.lastError),
      failures: state.failures,
      emptied_at: state.emptiedAt,
      empty_accepted: state.emptyAccepted,
      warnings: json(state.warnings),
      next_fetch_at: state.nextFetchAt,
    })
    .where('id', '=', state.id)
    .execute();
}

const json = (value: FeedFailure | FeedWarning[] | null) => value && JSON.stringify(value);

/** By what the same answer is known again. */
export interface Version {
  etag: string | null;
  lastModified: string | null;
  bodyHash: Buffer | null;
  readFor: string | null;
}

export async function writeVersion(tx: Tx, id: string, version: Version): Promise<void> {
  await tx
    .updateTable('feeds')
    .set({
      etag: version.etag,
      last_modified: version.lastModified,
      body_hash: version.bodyHash,
      read_for: version.readFor,
    })
    .where('id', '=', id)
    .execute();
}
