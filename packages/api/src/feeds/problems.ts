import { problem } from '../platform/problem.ts';

export const feedNotFound = problem({
  code: 'feed_not_found',
  status: 404,
  title: 'There is no such feed',
  help: 'The id is unknown or mistyped (feed ids start with `feed_`), the feed is of another listing, or it was removed. `GET /v1/listings/{listingId}/calendar-feeds` lists those of a listing.',
});
export const feedLimitReached = problem({
  code: 'feed_limit_reached',
  status: 409,
  title: 'The listing has as many feeds as it may',
  help: 'A listing takes in at most 20 calendars. Remove one that is no longer needed first.',
});
export const feedPaused = problem({
  code: 'feed_paused',
  status: 409,
  title: 'The feed is paused',
  help: 'A paused feed is not fetched; its nights stay as they are. Let it go on by `PATCH /v1/listings/{listingId}/calendar-feeds/{feedId}` with `{"paused": false}`, which fetches it at once.',
});
export const calendarNotFound = problem({
  code: 'calendar_not_found',
  status: 404,
  title: 'There is no such calendar',
  help: 'The URL of an exported calendar is secret as a whole, and this one is not valid: it was mistyped, replaced by a new one, or revoked. The host finds the URL that is valid now with `POST /v1/listings/{listingId}/calendar-export`.',
});
