import { crossFieldIssues, LISTING_LIMITS, ListingInput } from '@sojourn/shared/listing';
import { Address, Location, Photo } from '@sojourn/shared/listing-parts';
import { line } from '@sojourn/shared/text';
import { LISTING_STATUSES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import { type Listing as ListingModel, publicPoint, type RowOutcome } from './model.ts';

export const LISTINGS_PER_BATCH = 1_000;

const EXAMPLE_ID = 'lst_01k9q2v7n8e6xrd5w3m4h1t0za';
const EXAMPLE_PHOTO_ID = 'pho_01k9q2v7n9e6xrd5w3m4h1t0zb';
const exampleInput = ListingInput.parse(ListingInput.meta()?.examples?.[0]);
const exampleListing = {
  id: EXAMPLE_ID,
  status: 'published',
  version: 3,
  hostId: 'usr_01k9q2v7n8e6xrd5w3m4h1t0zc',
  ...exampleInput,
  location: { ...exampleInput.location, exact: true },
  rating: 4.85,
  reviewCount: 27,
  createdAt: '2026-11-23T09:30:00.000Z',
  updatedAt: '2026-11-24T18:05:12.345Z',
};

const listingId = z
  .string()
  .max(100)
  .meta({ description: 'The id of a listing.', examples: [EXAMPLE_ID] });
const photoId = z
  .string()
  .max(100)
  .meta({ description: 'The id of a photo.', examples: [EXAMPLE_PHOTO_ID] });
export const ListingParams = z.strictObject({ listingId });
export const PhotoParams = z.strictObject({ listingId, photoId });

const ListingStatus = z.enum(LISTING_STATUSES).meta({
  id: 'ListingStatus',
  description: 'Only published listings are found by searching; paused ones can still be read.',
  examples: ['published'],
});

const ListedLocation = z
  .object({
    latitude: Location.shape.latitude,
    longitude: Location.shape.longitude,
    exact: z
      .boolean()
      .meta({ description: 'False for guests: they see the point rounded to three decimals, about 100 m.' }),
    address: z
      .object({
        ...Address.shape,
        line1: z.string().nullable().optional(),
        postalCode: z.string().nullable().optional(),
      })
      .meta({ id: 'ListedAddress', description: '`line1` and `postalCode` are left out for guests.' }),
  })
  .meta({ id: 'ListedLocation', description: 'WGS 84 degrees.' });

export const Listing = z
  .object({
    id: listingId,
    status: ListingStatus,
    version: z
      .int()
      .min(1)
      .max(2_147_483_647)
      .meta({ description: 'Goes up with every change; `If-Match: "<version>"` guards a change.' }),
    hostId: z.string().meta({ description: 'The id of the user whose listing it is.' }),
    ...ListingInput.shape,
    externalId: z
      .string()
      .nullable()
      .optional()
      .meta({ description: "The host's own id. Left out for guests." }),
    location: ListedLocation.nullable(),
    rating: z
      .number()
      .min(1)
      .max(5)
      .nullable()
      .meta({ description: 'The mean of the ratings, 1 to 5; null while there are too few.' }),
    reviewCount: z.int().min(0).max(2_147_483_647),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'Listing',
    description: 'A listing: all of it for its host, what is public for guests.',
    examples: [exampleListing],
  });

const facts = ({ id, status, version, hostId, rating, reviewCount, createdAt, updatedAt }: ListingModel) => ({
  id: publicId('lst', id),
  status,
  version,
  hostId: publicId('usr', hostId),
  rating,
  reviewCount,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** All of it: for its host and for staff. */
export function toListing(listing: ListingModel) {
  const { location } = listing.content;
  return { ...listing.content, ...facts(listing), location: location && { ...location, exact: true } };
}

/** What everybody may see. */
export function toPublicListing(listing: ListingModel) {
  const { location } = listing.content;
  return {
    ...listing.content,
    ...facts(listing),
    externalId: undefined,
    location: location && publicLocation(location),
  };
}

export type WholeListing = ReturnType<typeof toListing>;
export type PublicListing = ReturnType<typeof toPublicListing>;

function publicLocation({ address, ...point }: NonNullable<ListingInput['location']>) {
  const { line1: _line1, postalCode: _postalCode, ...area } = address;
  return { ...publicPoint(point), exact: false, address: area };
}

/** Guests are given another text under the same URL, so it has another tag. */
export const entityTag = (view: { version: number; externalId?: string | null | undefined }) =>
  view.externalId === undefined ? `${view.version}-public` : `${view.version}`;

export const ListingsQuery = z.strictObject({
  status: ListingStatus.optional(),
  q: line(LISTING_LIMITS.titleLength)
    .optional()
    .meta({ description: 'Part of the title, in any case.', examples: ['loft'] }),
  externalId: line(LISTING_LIMITS.externalIdLength)
    .optional()
    .meta({ description: 'The listing with this id of your own.', examples: ['loft-12'] }),
  ...pageQuery,
});
export type ListingsQuery = z.infer<typeof ListingsQuery>;

export const ListingPage = pageOf(Listing).meta({
  id: 'ListingPage',
  examples: [{ data: [exampleListing], nextCursor: null }],
});

export const ExportedListing = z
  .object({ ...ListingInput.shape, id: listingId, status: ListingStatus })
  .meta({
    id: 'ExportedListing',
    description:
      'One line: a `ListingInput` as it stands, and beside it the id and the state of the listing.',
    examples: [{ ...exampleInput, id: EXAMPLE_ID, status: 'published' }],
  });

/** As lines of JSON. */
export async function* toExportLines(chunks: AsyncIterable<ListingModel[]>): AsyncGenerator<string, void> {
  for await (const chunk of chunks)
    yield chunk.map((listing) => `${JSON.stringify(toExportedListing(listing))}\n`).join('');
}

const toExportedListing = ({ id, status, content }: ListingModel) => ({
  ...content,
  id: publicId('lst', id),
  status,
});

const examplePhoto = {
  id: EXAMPLE_PHOTO_ID,
  url: 'https://images.example.com/loft.jpg',
  caption: 'Living room',
};
export const ListedPhoto = z
  .object({ id: photoId, url: Photo.shape.url, caption: z.string().nullable() })
  .meta({ id: 'ListedPhoto', examples: [examplePhoto] });
export const PhotoList = z
  .object({ data: z.array(ListedPhoto).max(LISTING_LIMITS.photos) })
  .meta({ id: 'PhotoList', description: 'All photos in their order.', examples: [{ data: [examplePhoto] }] });

/** What the photos of a listing are made of. */
export interface WithPhotos {
  content: Pick<ListingInput, 'photos'>;
  photoIds: readonly string[];
}

export const toPhotos = ({ content, photoIds }: WithPhotos) =>
  content.photos.map((photo, index) => ({ id: publicId('pho', photoIds[index]!), ...photo }));

/** A row of a batch: a listing with an `externalId`, or the line of an export, whose own members mean nothing here. */
export const BatchListing = z
  .strictObject({
    ...ListingInput.shape,
    externalId: line(LISTING_LIMITS.externalIdLength),
    id: z.string().max(100).optional(),
    status: z.string().max(100).optional(),
  })
  .superRefine((row, ctx) => {
    for (const { path, message } of crossFieldIssues(row)) ctx.addIssue({ code: 'custom', path, message });
  })
  .transform((row) => ('id' in row || 'status' in row ? withoutExportMembers(row) : row));

const withoutExportMembers = <T extends { id?: unknown; status?: unknown }>({
  id: _id,
  status: _status,
  ...listing
}: T) => listing;

/** Checked row by row, so that one that is wrong fails alone; documented as what it should be. */
const BatchRow = z.unknown().meta({
  override: {
    allOf: [
      { $ref: '#/components/schemas/ListingInput' },
      { type: 'object', required: ['externalId'], properties: { externalId: { type: 'string' } } },
    ],
  },
});

export const ListingBatch = z
  .strictObject({
    listings: z
      .array(BatchRow)
      .max(LISTINGS_PER_BATCH)
      .meta({ description: 'Each needs an `externalId`, by which it is created or updated.' }),
    publish: z.boolean().default(false).meta({
      description: 'Publish drafts that lack nothing. The others stay drafts, and `gaps` says why.',
    }),
  })
  .meta({
    id: 'ListingBatch',
    examples: [{ listings: [ListingInput.meta()?.examples?.[0]], publish: true }],
  });
export type ListingBatch = z.infer<typeof ListingBatch>;

const RowIssue = z
  .object({ pointer: z.string(), code: z.string(), message: z.string() })
  .meta({ id: 'RowIssue', description: 'One thing wrong with a row, by JSON pointer into that row.' });

const BatchResult = z
  .object({
    externalId: z.string().nullable().meta({ description: 'As it was sent; null when it was no text.' }),
    outcome: z.enum(['created', 'updated', 'unchanged', 'failed']),
    listingId: listingId
      .nullable()
      .meta({ description: 'Null when the row failed before its listing was looked up.' }),
    status: ListingStatus.nullable(),
    errors: z.array(RowIssue).meta({ description: 'Why the row failed; nothing of it was written.' }),
    gaps: z
      .array(RowIssue)
      .meta({ description: 'Why the listing is not published although `publish` was asked.' }),
  })
  .meta({ id: 'BatchResult' });

export const BatchResults = z
  .object({ results: z.array(BatchResult).meta({ description: 'In the order of the rows.' }) })
  .meta({
    id: 'BatchResults',
    examples: [
      {
        results: [
          {
            externalId: 'loft-12',
            outcome: 'created',
            listingId: EXAMPLE_ID,
            status: 'published',
            errors: [],
            gaps: [],
          },
          {
            externalId: 'loft-13',
            outcome: 'failed',
            listingId: null,
            status: null,
            errors: [
              { pointer: '/capacity', code: 'too_small', message: 'Too small: expected number to be >=1' },
            ],
            gaps: [],
          },
        ],
      },
    ],
  });

export const toBatchResults = (outcomes: readonly RowOutcome[]) => ({
  results: outcomes.map((row) => ({ ...row, listingId: row.listingId && publicId('lst', row.listingId) })),
});
