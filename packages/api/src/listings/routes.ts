import { ListingInput, ListingPatch } from '@sojourn/shared/listing';
import { Photo } from '@sojourn/shared/listing-parts';
import { open, type Route, route, scope } from '../platform/http/route.ts';
import {
  externalIdTaken,
  listingNotFound,
  listingNotPublishable,
  listingStateConflict,
  notYourListing,
  photoLimitReached,
  photoNotFound,
} from './problems.ts';
import {
  BatchResults,
  ExportedListing,
  entityTag,
  ListedPhoto,
  Listing,
  ListingBatch,
  ListingPage,
  ListingParams,
  ListingsQuery,
  PhotoList,
  PhotoParams,
  toBatchResults,
  toExportLines,
  toListing,
  toPhotos,
} from './schema.ts';
import { addPhoto } from './service/add-photo.ts';
import { createListing } from './service/create-listing.ts';
import { deleteListing } from './service/delete-listing.ts';
import { exportListings } from './service/export-listings.ts';
import { getListing } from './service/get-listing.ts';
import { listListings } from './service/list-listings.ts';
import { listPhotos } from './service/list-photos.ts';
import { archiveListing, pauseListing, publishListing } from './service/move-listing.ts';
import { removePhoto } from './service/remove-photo.ts';
import { updateListing } from './service/update-listing.ts';
import { upsertListings } from './service/upsert-listings.ts';

const tag = 'Listings';
const read = scope('listings:read');
const write = scope('listings:write');

const hostRoutes: Route[] = [
  route(
    {
      operationId: 'createListing',
      method: 'post',
      path: '/v1/listings',
      tag,
      summary: 'Create a listing',
      description:
        'A new draft of yours. Whoever has a listing is a host; nothing else is needed to become one.',
      access: write,
      idempotent: true,
      request: { body: ListingInput },
      status: 201,
      response: Listing,
      etag: entityTag,
      problems: [externalIdTaken],
    },
    async (ctx, { body }) => toListing(await createListing(ctx, body)),
  ),
  route(
    {
      operationId: 'listListings',
      method: 'get',
      path: '/v1/listings',
      tag,
      summary: 'List your listings',
      description: 'Newest first, in any state.',
      access: read,
      request: { query: ListingsQuery },
      status: 200,
      response: ListingPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listListings(ctx, query);
      return { data: data.map(toListing), nextCursor };
    },
  ),
  // Before the routes with an id in their path: Express takes the first that matches.
  route(
    {
      operationId: 'exportListings',
      method: 'get',
      path: '/v1/listings/export',
      tag,
      summary: 'Export your listings',
      description:
        'All of them, in any state, oldest first, one JSON object a line (NDJSON). Each line is a `ListingInput` with `id` and `status` beside it, so that sending the lines back in a batch changes nothing. Each listing is whole; what changes meanwhile may be in the export or not. A connection that is cut before its end means that the export is not complete.',
      access: read,
      request: {},
      status: 200,
      stream: 'application/x-ndjson',
      response: ExportedListing,
    },
    async (ctx) => toExportLines(exportListings(ctx)),
  ),
  route(
    {
      operationId: 'upsertListings',
      method: 'post',
      path: '/v1/listings/batch',
      tag,
      summary: 'Create or update many listings',
      description: `Up to 1,000 listings by their \`externalId\`: new ones are created as drafts, those that differ are updated, and those that do not differ are not touched. Each row is checked and answered by itself: a row that is wrong fails alone.

A listing keeps its state: what is paused, archived or suspended is updated and stays so. With \`publish\`, drafts that lack nothing are published. A row that would take from a published listing what it must have fails, and nothing of it is written. Photos are replaced as a whole.

The \`id\` and \`status\` that the lines of an export have are let through and mean nothing here.`,
      access: write,
      idempotent: true,
      request: { body: ListingBatch },
      bodyLimit: 16 * 1024 * 1024,
      status: 200,
      response: BatchResults,
    },
    async (ctx, { body }) => toBatchResults(await upsertListings(ctx, body)),
  ),
];

const listingPath = '/v1/listings/{listingId}';
const changes = { tag, access: write, conditional: true } as const;

const singleRoutes: Route[] = [
  route(
    {
      operationId: 'getListing',
      method: 'get',
      path: listingPath,
      tag,
      summary: 'Get a listing',
      description:
        'Its host and staff see all of it, in any state. Everybody else sees published and paused listings, without `externalId`, with the point rounded to about 100 m and the address without street and postal code.',
      access: open,
      request: { params: ListingParams },
      status: 200,
      response: Listing,
      etag: entityTag,
      cacheControl: 'public, max-age=0, must-revalidate',
      problems: [listingNotFound],
    },
    (ctx, { params }) => getListing(ctx, params.listingId),
  ),
  route(
    {
      ...changes,
      operationId: 'updateListing',
      method: 'patch',
      path: listingPath,
      summary: 'Change a listing',
      description:
        'Changes the fields that are sent and leaves the others. An object or a list is replaced as a whole: send all of `location`, `houseRules` or `photos`. A published listing must keep what it needs to be published.',
      request: { params: ListingParams, body: ListingPatch },
      status: 200,
      response: Listing,
      etag: entityTag,
      problems: [listingNotFound, notYourListing, externalIdTaken],
    },
    async (ctx, { params, body, ifMatch }) =>
      toListing(await updateListing(ctx, { ...params, ifMatch }, body)),
  ),
  route(
    {
      ...changes,
      operationId: 'deleteListing',
      method: 'delete',
      path: listingPath,
      summary: 'Delete a listing',
      description: 'For good, with its photos. Only drafts and archived listings can be deleted.',
      request: { params: ListingParams },
      status: 204,
      problems: [listingNotFound, notYourListing, listingStateConflict],
    },
    (ctx, { params, ifMatch }) => deleteListing(ctx, { ...params, ifMatch }),
  ),
];

const moves = {
  ...changes,
  method: 'post',
  idempotent: true,
  request: { params: ListingParams },
  status: 200,
  response: Listing,
  etag: entityTag,
} as const;

const stateRoutes: Route[] = [
  route(
    {
      ...moves,
      operationId: 'publishListing',
      path: `${listingPath}/publish`,
      summary: 'Publish a listing',
      description:
        'A draft or a paused listing is found by guests from now on. It needs a description, a location, a time zone, a capacity, a base price and a cancellation policy, and, where the marketplace asks for them, photos: `errors` names all that is missing.',
      problems: [listingNotFound, notYourListing, listingStateConflict, listingNotPublishable],
    },
    async (ctx, { params, ifMatch }) => toListing(await publishListing(ctx, { ...params, ifMatch })),
  ),
  route(
    {
      ...moves,
      operationId: 'pauseListing',
      path: `${listingPath}/pause`,
      summary: 'Pause a listing',
      description: 'A published listing is no longer found by searching. Links to it go on working.',
      problems: [listingNotFound, notYourListing, listingStateConflict],
    },
    async (ctx, { params, ifMatch }) => toListing(await pauseListing(ctx, { ...params, ifMatch })),
  ),
  route(
    {
      ...moves,
      operationId: 'archiveListing',
      path: `${listingPath}/archive`,
      summary: 'Archive a listing',
      description: 'From any state, for good: guests no longer see it, and it cannot be published again.',
      problems: [listingNotFound, notYourListing, listingStateConflict],
    },
    async (ctx, { params, ifMatch }) => toListing(await archiveListing(ctx, { ...params, ifMatch })),
  ),
];

const photosPath = `${listingPath}/photos` as const;

const photoRoutes: Route[] = [
  route(
    {
      operationId: 'listPhotos',
      method: 'get',
      path: photosPath,
      tag,
      summary: 'List the photos of a listing',
      description: 'All of them in their order, for whoever may see the listing.',
      access: open,
      request: { params: ListingParams },
      status: 200,
      response: PhotoList,
      problems: [listingNotFound],
    },
    async (ctx, { params }) => ({ data: toPhotos(await listPhotos(ctx, params.listingId)) }),
  ),
  route(
    {
      ...changes,
      operationId: 'addPhoto',
      method: 'post',
      path: photosPath,
      summary: 'Add a photo to a listing',
      description:
        'After the others. To order them anew, send all `photos` to `PATCH /v1/listings/{listingId}`: those that stay keep their ids.',
      idempotent: true,
      request: { params: ListingParams, body: Photo },
      status: 201,
      response: ListedPhoto,
      problems: [listingNotFound, notYourListing, photoLimitReached],
    },
    async (ctx, { params, body, ifMatch }) =>
      toPhotos(await addPhoto(ctx, { ...params, ifMatch }, body)).at(-1)!,
  ),
  route(
    {
      ...changes,
      operationId: 'removePhoto',
      method: 'delete',
      path: `${photosPath}/{photoId}`,
      summary: 'Remove a photo from a listing',
      request: { params: PhotoParams },
      status: 204,
      problems: [listingNotFound, notYourListing, photoNotFound, listingNotPublishable],
    },
    (ctx, { params: { listingId, photoId }, ifMatch }) => removePhoto(ctx, { listingId, ifMatch }, photoId),
  ),
];

export const listingRoutes: Route[] = [...hostRoutes, ...singleRoutes, ...stateRoutes, ...photoRoutes];
