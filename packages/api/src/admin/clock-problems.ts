import { problem } from '../platform/problem.ts';

export const sandboxOnly = problem({
  code: 'sandbox_only',
  status: 403,
  title: 'Only a sandbox can do this',
  help: 'Time is moved in a sandbox only: real guests stay and pay in real time. Try it on a server with `SOJOURN_MODE=sandbox`, whose own `npm start` is one.',
});
export const clockNotSettled = problem({
  code: 'clock_not_settled',
  status: 503,
  title: 'The clock was moved, and what became due is not done yet',
  help: 'The move is kept. With `wait` the answer comes when everything that became due is done, within 30 seconds. Send the same request with the same `Idempotency-Key` to wait on: the clock is not moved again. `GET /v1/admin/queues` shows what is not done, and whether a worker runs at all.',
});
