import type { EventType } from '../platform/events/event.ts';
import { EventView, toEventView } from '../platform/events/view.ts';
import { open, type Route, route, scope } from '../platform/http/route.ts';
import { eventNotFound, eventsExpired, tooManyWaiting } from './problems.ts';
import { EventPage, EventParams, EventTypeList, eventQuery, toEventTypeList } from './schema.ts';
import { getEvent } from './service/get-event.ts';
import { listEvents } from './service/list-events.ts';

/** Reading the log of events. The catalogue of their types comes from those who know all features. */
export function eventRoutes(known: readonly EventType[]): Route[] {
  const types = toEventTypeList(known);
  return [
    route(
      {
        operationId: 'listEvents',
        method: 'get',
        path: '/v1/events',
        tag: 'Events',
        summary: 'List what happened',
        description: `What happened in your own world, in the one order of all events, kept for 90 days.

To follow it, send \`lastSequence\` of each answer as \`after\` of the next request, with \`wait=30\`: the answer comes as soon as something happened. So no event is missed or read twice, however long the reader was away. \`after=latest\` begins at the end. When events above \`after\` are no longer kept, the answer is 410 \`events_expired\`.`,
        access: scope('events:read'),
        waits: true,
        request: { query: eventQuery(known) },
        status: 200,
        response: EventPage,
        problems: [eventsExpired, tooManyWaiting],
      },
      async (ctx, { query, pause }) => {
        const { events, ...rest } = await listEvents(ctx, query, pause);
        return { data: events.map(toEventView), ...rest };
      },
    ),
    route(
      {
        operationId: 'getEvent',
        method: 'get',
        path: '/v1/events/{eventId}',
        tag: 'Events',
        summary: 'Get an event',
        access: scope('events:read'),
        request: { params: EventParams },
        status: 200,
        response: EventView,
        problems: [eventNotFound],
      },
      async (ctx, { params }) => toEventView(await getEvent(ctx, params.eventId)),
    ),
    route(
      {
        operationId: 'listEventTypes',
        method: 'get',
        path: '/v1/event-types',
        tag: 'Events',
        summary: 'List the types of events',
        description:
          'Every type of event that this server tells of, with the JSON Schema of its `data` and `previous`.',
        access: open,
        request: {},
        status: 200,
        response: EventTypeList,
        cacheControl: 'public, max-age=300',
      },
      async () => types,
    ),
  ];
}
