import type { ListingInput } from '@sojourn/shared/listing';
import { sql } from 'kysely';
import type { Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { newUuid } from '../../platform/id.ts';

const PHOTO_TYPES = {
  id: 'uuid',
  listing_id: 'uuid',
  position: 'integer',
  url: 'text',
  caption: 'text',
} as const;

/**
 * Makes the photos of each listing what they are here, in one statement for all of them. A photo that was there before
 * (the same URL; the first with the first when it comes several times) keeps its id, and what is the same is not written.
 */
export async function replacePhotos(
  tx: Tx,
  listings: readonly { listingId: string; photos: ListingInput['photos'] }[],
  now: Date,
): Promise<void> {
  if (listings.length === 0) return;
  const rows = listings.flatMap(({ listingId, photos }) =>
    photos.map(({ url, caption }, position) => ({
      id: newUuid(now),
      listing_id: listingId,
      position,
      url,
      caption,
    })),
  );
  await sql`
    with wanted as (
      select *, row_number() over (partition by listing_id, url order by position) as nth from ${columnwise(rows, PHOTO_TYPES)} as rows
    ), old as (
      select id, listing_id, url, row_number() over (partition by listing_id, url order by position) as nth
      from listing_photos where listing_id = any(${listings.map(({ listingId }) => listingId)}::uuid[])
    ), kept as (
      select coalesce(old.id, wanted.id) as id, listing_id, wanted.position, url, wanted.caption
      from wanted left join old using (listing_id, url, nth)
    ), removed as (
      delete from listing_photos where id in (select id from old except select id from kept)
    )
    insert into listing_photos (id, listing_id, position, url, caption)
    select id, listing_id, position, url, caption from kept
    on conflict (id) do update set position = excluded.position, caption = excluded.caption
      where (listing_photos.position, listing_photos.caption) is distinct from (excluded.position, excluded.caption)`.execute(
    tx,
  );
}

export async function removePhoto(tx: Tx, photoId: string): Promise<void> {
  await tx.deleteFrom('listing_photos').where('id', '=', photoId).execute();
}
