import { problem } from '../platform/problem.ts';

export const queueNotFound = problem({
  code: 'queue_not_found',
  status: 404,
  title: 'There is no such queue',
  help: '`GET /v1/admin/queues` and `sojourn admin queues list` show all queues by name.',
});
export const queuesUnavailable = problem({
  code: 'queues_unavailable',
  status: 503,
  title: 'The queues do not answer',
  help: 'What holds the queues (the Redis of `REDIS_URL`, else the database) does not answer. Nothing is lost: all that must be done is kept in the database and goes on when they are back. What was asked may have been done in part; ask again.',
});
