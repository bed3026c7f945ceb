import { toEventView } from '../platform/events/view.ts';
import { type Access, type Route, route } from '../platform/http/route.ts';
import { queueNotFound, queuesUnavailable } from './problems.ts';
import {
  AuditPage,
  AuditQuery,
  QueueAct,
  QueueDetails,
  QueueList,
  QueueParams,
  QueueQuery,
  ReasonBody,
  toQueueDetails,
  toQueueList,
} from './schema.ts';
import { drainQueue, pauseQueue, resumeQueue, retryQueue } from './service/act-on-queue.ts';
import { getQueue } from './service/get-queue.ts';
import { listAuditLog } from './service/list-audit-log.ts';
import { listQueues } from './service/list-queues.ts';

const admins: Access = { kind: 'scope', scope: 'admin', roles: ['admin'] };

const reading: Route[] = [
  route(
    {
      operationId: 'listQueues',
      method: 'get',
      path: '/v1/admin/queues',
      tag: 'Admin',
      summary: 'See how the background work goes',
      description:
        'Every queue with what waits, works and failed in it, and how far events have come. Payloads, dead jobs and what is wrong with them: `GET /v1/admin/queues/{queue}`.',
      access: admins,
      request: {},
      status: 200,
      response: QueueList,
      problems: [queuesUnavailable],
    },
    async (ctx) => toQueueList(await listQueues(ctx), ctx.clock.now()),
  ),
  route(
    {
      operationId: 'getQueue',
      method: 'get',
      path: '/v1/admin/queues/{queue}',
      tag: 'Admin',
      summary: 'Look into a queue',
      description: 'Its jobs by state, dead ones first, each with its payload and its last error.',
      access: admins,
      request: { params: QueueParams, query: QueueQuery },
      status: 200,
      response: QueueDetails,
      problems: [queueNotFound, queuesUnavailable],
    },
    async (ctx, { params, query }) => toQueueDetails(await getQueue(ctx, params.queue, query)),
  ),
  route(
    {
      operationId: 'listAuditLog',
      method: 'get',
      path: '/v1/admin/audit-log',
      tag: 'Admin',
      summary: 'See who did what',
      description:
        'Everything that somebody brought about, newest first. What the marketplace does by itself is in `GET /v1/events`.',
      access: admins,
      request: { query: AuditQuery },
      status: 200,
      response: AuditPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listAuditLog(ctx, query);
      return { data: data.map(toEventView), nextCursor };
    },
  ),
];

// Doing one of these twice does what doing it once does, and an idempotent request would hold a transaction while the
// queues are asked.
const act = {
  method: 'post',
  tag: 'Admin',
  access: admins,
  request: { params: QueueParams, body: ReasonBody },
  status: 200,
  response: QueueAct,
  problems: [queueNotFound, queuesUnavailable],
} as const;

const acting: Route[] = [
  route(
    {
      ...act,
      operationId: 'retryQueue',
      path: '/v1/admin/queues/{queue}/retry',
      summary: 'Retry dead jobs',
      description:
        'Lets up to 5,000 dead jobs be tried again from their first attempt, the longest dead first; of the queue `events`, all events that were set aside. `count` says how many.',
    },
    (ctx, { params, body }) => retryQueue(ctx, params.queue, body.reason),
  ),
  route(
    {
      ...act,
      operationId: 'pauseQueue',
      path: '/v1/admin/queues/{queue}/pause',
      summary: 'Stop the work at a queue',
      description: 'In all processes. Jobs at work end; what comes meanwhile waits, and nothing is lost.',
    },
    (ctx, { params, body }) => pauseQueue(ctx, params.queue, body.reason),
  ),
  route(
    {
      ...act,
      operationId: 'resumeQueue',
      path: '/v1/admin/queues/{queue}/resume',
      summary: 'Let the work at a queue go on',
      description: 'Does nothing when it is not paused.',
    },
    (ctx, { params, body }) => resumeQueue(ctx, params.queue, body.reason),
  ),
  route(
    {
      ...act,
      operationId: 'drainQueue',
      path: '/v1/admin/queues/{queue}/drain',
      summary: 'Remove what waits in a queue',
      description:
        'For good: jobs that wait for their turn, for their next attempt or for their time are never done. Jobs at work, dead jobs and schedules stay. Of the queue `events` only wakings are removed: no event is ever lost.',
    },
    (ctx, { params, body }) => drainQueue(ctx, params.queue, body.reason),
  ),
];

export const adminRoutes: Route[] = [...reading, ...acting];
