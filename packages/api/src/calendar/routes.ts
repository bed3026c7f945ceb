import { listingNotFound, notYourListing } from '../listings/problems.ts';
import { open, type Route, route, scope } from '../platform/http/route.ts';
import { calendarSelectionTooLarge } from './problems.ts';
import { BlockPage, BlocksQuery, toBlockView } from './schema/blocks.ts';
import { CalendarParams } from './schema/common.ts';
import { Calendar, CalendarQuery, calendarTag } from './schema/days.ts';
import { Seasons, SeasonsBody, seasonsTag } from './schema/seasons.ts';
import { CalendarBody, CalendarsBody, CalendarsWritten, CalendarWritten } from './schema/writes.ts';
import { getCalendar } from './service/get-calendar.ts';
import { getSeasons } from './service/get-seasons.ts';
import { listBlocks } from './service/list-blocks.ts';
import { replaceSeasons } from './service/replace-seasons.ts';
import { writeCalendar } from './service/write-calendar.ts';
import { writeCalendars } from './service/write-calendars.ts';

const tag = 'Calendar';
const reading = scope('calendar:read');
const writing = scope('calendar:write');
const calendarPath = '/v1/listings/{listingId}/calendar';
const seasonsPath = '/v1/listings/{listingId}/seasons';

export const calendarRoutes: Route[] = [
  route(
    {
      operationId: 'getCalendar',
      method: 'get',
      path: calendarPath,
      tag,
      summary: 'Read the calendar of a listing',
      description:
        'Every date with its price, its rules and whether its night can be booked: up to two years in one answer. Whoever may see the listing may read it; its host, and staff, are also told what takes a night.',
      access: open,
      request: { params: CalendarParams, query: CalendarQuery },
      status: 200,
      response: Calendar,
      etag: calendarTag,
      problems: [listingNotFound],
    },
    (ctx, { params, query }) => getCalendar(ctx, params.listingId, query),
  ),
  route(
    {
      operationId: 'updateCalendar',
      method: 'put',
      path: calendarPath,
      tag,
      summary: 'Change the calendar of a listing',
      description:
        'Sets prices, rules, blocks and notes of ranges of dates; all other dates stay as they are. `If-Match` takes the `ETag` of the calendar: what the host changed meanwhile makes it stale, a booking does not.',
      access: writing,
      conditional: true,
      request: { params: CalendarParams, body: CalendarBody },
      status: 200,
      response: CalendarWritten,
      problems: [listingNotFound, notYourListing],
    },
    (ctx, { params, body, ifMatch }) => writeCalendar(ctx, { ...params, ifMatch }, body),
  ),
  route(
    {
      operationId: 'updateCalendars',
      method: 'put',
      path: '/v1/calendar',
      tag,
      summary: 'Change the calendars of many listings',
      description:
        'The same ranges for all listings of yours that are selected. A listing to which they cannot be applied, such as one with another currency, is left as it is and says why; the others go on.',
      access: writing,
      request: { body: CalendarsBody },
      status: 200,
      response: CalendarsWritten,
      problems: [calendarSelectionTooLarge],
    },
    (ctx, { body }) => writeCalendars(ctx, body),
  ),
  route(
    {
      operationId: 'getSeasons',
      method: 'get',
      path: seasonsPath,
      tag,
      summary: 'Read the seasons of a listing',
      description: 'In the order of their dates.',
      access: reading,
      request: { params: CalendarParams },
      status: 200,
      response: Seasons,
      etag: seasonsTag,
      problems: [listingNotFound, notYourListing],
    },
    (ctx, { params }) => getSeasons(ctx, params.listingId),
  ),
  route(
    {
      operationId: 'replaceSeasons',
      method: 'put',
      path: seasonsPath,
      tag,
      summary: 'Set the seasons of a listing',
      description: 'All of them at once. What the calendar says of a date itself goes before its season.',
      access: writing,
      conditional: true,
      request: { params: CalendarParams, body: SeasonsBody },
      status: 200,
      response: Seasons,
      etag: seasonsTag,
      problems: [listingNotFound, notYourListing],
    },
    (ctx, { params, body, ifMatch }) => replaceSeasons(ctx, { ...params, ifMatch }, body.seasons),
  ),
  route(
    {
      operationId: 'listBlocks',
      method: 'get',
      path: '/v1/listings/{listingId}/blocks',
      tag,
      summary: 'List the blocks of a listing',
      description: 'The nights that its host does not sell, in their order.',
      access: reading,
      request: { params: CalendarParams, query: BlocksQuery },
      status: 200,
      response: BlockPage,
      problems: [listingNotFound, notYourListing],
    },
    async (ctx, { params, query }) => {
      const { data, nextCursor } = await listBlocks(ctx, params.listingId, query);
      return { data: data.map(toBlockView), nextCursor };
    },
  ),
];
