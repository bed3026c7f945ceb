import { listingNotFound, notYourListing } from '../listings/problems.ts';
import { open, type Route, route, scope } from '../platform/http/route.ts';
import { calendarNotFound, feedLimitReached, feedNotFound, feedPaused } from './problems.ts';
import {
  CalendarText,
  ConflictList,
  ExportQuery,
  ExportView,
  FeedBody,
  FeedList,
  FeedParams,
  FeedPatch,
  FeedView,
  ListingParams,
  RemovalQuery,
  SyncBody,
  toConflictView,
  toExportView,
  toFeedView,
} from './schema.ts';
import { createFeed } from './service/create-feed.ts';
import { deleteFeed } from './service/delete-feed.ts';
import { exportCalendar } from './service/export-calendar.ts';
import { listConflicts, listFeeds } from './service/list-feeds.ts';
import { getFeed } from './service/own-feed.ts';
import { revokeExport, rotateExport, shareExport } from './service/share-export.ts';
import { syncFeed } from './service/sync-feed.ts';
import { updateFeed } from './service/update-feed.ts';

const tag = 'Feeds';
const reading = scope('calendar:read');
const writing = scope('calendar:write');
const feedsPath = '/v1/listings/{listingId}/calendar-feeds';
const feedPath = `${feedsPath}/{feedId}` as const;
const exportPath = '/v1/listings/{listingId}/calendar-export';
const ofListing = [listingNotFound, notYourListing];
const ofFeed = [...ofListing, feedNotFound];

const importRoutes: Route[] = [
  route(
    {
      operationId: 'createCalendarFeed',
      method: 'post',
      path: feedsPath,
      tag,
      summary: 'Take in the calendar of another channel',
      description:
        'It is fetched at once, and then every half hour. What is taken there is not sold here; a stay that is booked here is never overwritten, see `conflicts`.',
      access: writing,
      idempotent: true,
      request: { params: ListingParams, body: FeedBody },
      status: 201,
      response: FeedView,
      problems: [...ofListing, feedLimitReached],
    },
    async (ctx, { params, body }) => toFeedView(await createFeed(ctx, params.listingId, body)),
  ),
  route(
    {
      operationId: 'listCalendarFeeds',
      method: 'get',
      path: feedsPath,
      tag,
      summary: 'List the feeds of a listing',
      description: 'All of them, oldest first, with how old what they say is and whether they work.',
      access: reading,
      request: { params: ListingParams },
      status: 200,
      response: FeedList,
      problems: ofListing,
    },
    async (ctx, { params }) => ({ data: (await listFeeds(ctx, params.listingId)).map(toFeedView) }),
  ),
  route(
    {
      operationId: 'getCalendarFeed',
      method: 'get',
      path: feedPath,
      tag,
      summary: 'Read a feed',
      access: reading,
      request: { params: FeedParams },
      status: 200,
      response: FeedView,
      problems: ofFeed,
    },
    async (ctx, { params }) => toFeedView(await getFeed(ctx, params)),
  ),
  route(
    {
      operationId: 'updateCalendarFeed',
      method: 'patch',
      path: feedPath,
      tag,
      summary: 'Change a feed',
      description: 'What is left out stays. A new URL, or going on after a pause, fetches it at once.',
      access: writing,
      request: { params: FeedParams, body: FeedPatch },
      status: 200,
      response: FeedView,
      problems: ofFeed,
    },
    async (ctx, { params, body }) => toFeedView(await updateFeed(ctx, params, body)),
  ),
  route(
    {
      operationId: 'deleteCalendarFeed',
      method: 'delete',
      path: feedPath,
      tag,
      summary: 'Remove a feed',
      description: '`nights` says what becomes of the nights that it takes.',
      access: writing,
      request: { params: FeedParams, query: RemovalQuery },
      status: 204,
      problems: ofFeed,
    },
    (ctx, { params, query }) => deleteFeed(ctx, params, query.nights),
  ),
  route(
    {
      operationId: 'syncCalendarFeed',
      method: 'post',
      path: `${feedPath}/sync`,
      tag,
      summary: 'Fetch a feed now',
      description: 'In a moment: `lastFetchedAt` tells when it was. The answer is the feed before that.',
      access: writing,
      idempotent: true,
      request: { params: FeedParams, body: SyncBody },
      status: 202,
      response: FeedView,
      problems: [...ofFeed, feedPaused],
    },
    async (ctx, { params, body }) => toFeedView(await syncFeed(ctx, params, body)),
  ),
  route(
    {
      operationId: 'listCalendarConflicts',
      method: 'get',
      path: `${feedPath}/conflicts`,
      tag,
      summary: 'List the conflicts of a feed',
      description: 'Events of the other channel on nights where one of your stays is, nearest first.',
      access: reading,
      request: { params: FeedParams },
      status: 200,
      response: ConflictList,
      problems: ofFeed,
    },
    async (ctx, { params }) => ({ data: (await listConflicts(ctx, params)).map(toConflictView) }),
  ),
];

const exportRoutes: Route[] = [
  route(
    {
      operationId: 'shareCalendar',
      method: 'post',
      path: exportPath,
      tag,
      summary: 'Get the secret URL of the exported calendar',
      description: 'It is made when there is none yet, and stays the same until it is replaced or revoked.',
      access: writing,
      idempotent: true,
      request: { params: ListingParams },
      status: 200,
      response: ExportView,
      problems: ofListing,
    },
    async (ctx, { params }) => toExportView(await shareExport(ctx, params.listingId)),
  ),
  route(
    {
      operationId: 'rotateCalendarShare',
      method: 'post',
      path: `${exportPath}/rotate`,
      tag,
      summary: 'Replace the secret URL of the exported calendar',
      description: 'The one before it is no longer valid.',
      access: writing,
      idempotent: true,
      request: { params: ListingParams },
      status: 200,
      response: ExportView,
      problems: ofListing,
    },
    async (ctx, { params }) => toExportView(await rotateExport(ctx, params.listingId)),
  ),
  route(
    {
      operationId: 'unshareCalendar',
      method: 'delete',
      path: exportPath,
      tag,
      summary: 'Revoke the secret URL of the exported calendar',
      description: 'Nobody can read the calendar by it any more.',
      access: writing,
      request: { params: ListingParams },
      status: 204,
      problems: ofListing,
    },
    (ctx, { params }) => revokeExport(ctx, params.listingId),
  ),
  route(
    {
      operationId: 'exportCalendar',
      method: 'get',
      path: '/v1/listings/{listingId}/calendar.ics',
      tag,
      summary: 'Read the exported calendar of a listing',
      description:
        'For other channels, by its secret URL: which nights are taken from 30 days ago on, and nothing of who took them. Send `If-None-Match` to be answered 304 while it is the same.',
      access: open,
      request: { params: ListingParams, query: ExportQuery },
      status: 200,
      response: CalendarText,
      media: 'text/calendar; charset=utf-8',
      lateBody: true,
      cacheControl: 'private, max-age=60',
      problems: [calendarNotFound],
    },
    (ctx, { params, query }) => exportCalendar(ctx, params.listingId, query.token),
  ),
];

export const feedRoutes: Route[] = [...importRoutes, ...exportRoutes];
