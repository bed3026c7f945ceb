import { problem } from '../platform/problem.ts';

export const eventNotFound = problem({
  code: 'event_not_found',
  status: 404,
  title: 'There is no such event',
  help: 'The id is unknown or mistyped (event ids start with `evt_`), the event is older than 90 days, or it does not belong to your account. `GET /v1/events` lists yours.',
});
export const eventsExpired = problem({
  code: 'events_expired',
  status: 410,
  title: 'The events after this one are no longer kept',
  help: 'Events are kept for 90 days, and some of those after `after` are older: going on from there would skip them without telling. `detail` names the oldest that is kept. Leave `after` out to begin with it, and read again from `GET /v1/listings` and its like what may have been missed.',
});
export const tooManyWaiting = problem({
  code: 'too_many_waiting',
  status: 429,
  title: 'Too many requests of this account wait for events',
  help: 'An account may have 20 requests with `wait` open on a server at once. Let one reader wait and hand the events on, or ask without `wait`. Try again after `Retry-After` seconds.',
});
