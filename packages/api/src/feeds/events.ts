import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import { publicId } from '../platform/id.ts';
import type { Conflict, Feed } from './model/feed.ts';

// Of the URL only the host is told, and of what the calendar says no words: they may name guests.
const About = z.object({
  listingId: z.string(),
  name: z.string(),
  host: z.string().meta({ description: 'The host of its URL.' }),
});

const feedEvent = (verb: string, summary: string) =>
  eventType({ type: `feed.${verb}`, subject: 'feed', summary, data: About });

export const feedCreated = feedEvent('created', 'The calendar of another channel is taken in from now on.');
export const feedRemoved = eventType({
  type: 'feed.removed',
  subject: 'feed',
  summary: 'The calendar of another channel is no longer taken in.',
  data: About.extend({
    nights: z.enum(['free', 'keep']).meta({ description: 'Whether its nights came free or stay blocked.' }),
  }),
});
export const feedFailed = eventType({
  type: 'feed.failed',
  subject: 'feed',
  summary:
    'The calendar of another channel cannot be fetched or read, time and again. Its nights stay as they were.',
  data: About.extend({ reason: z.string(), detail: z.string() }),
});
export const feedRecovered = feedEvent('recovered', 'A calendar that failed before can be read again.');
export const feedSuspicious = feedEvent(
  'suspicious',
  'A calendar suddenly says that nothing, or almost nothing, is taken. Its nights stay taken until it has said so for six hours, or its host says that it is true.',
);
export const feedConflict = eventType({
  type: 'feed.conflict',
  subject: 'feed',
  summary: 'Another channel sold or closed nights on which a stay of ours is booked.',
  data: About.extend({
    bookingId: z.string(),
    from: LocalDate.meta({ description: 'The first night of the event in the calendar.' }),
    to: LocalDate.meta({ description: 'The day after its last night.' }),
  }),
});

export const feedEvents = [feedCreated, feedRemoved, feedFailed, feedRecovered, feedSuspicious, feedConflict];

/** What every event of a feed tells; it belongs to the world of the listing's host. */
export const newsOf = ({ id, listingId, name, urlHost }: Feed, hostId: string) => ({
  subjectId: id,
  audience: [hostId],
  data: { listingId: publicId('lst', listingId), name, host: urlHost },
});

export function newsOfConflict(feed: Feed, hostId: string, { bookingId, nights }: Conflict) {
  const news = newsOf(feed, hostId);
  return { ...news, data: { ...news.data, bookingId: publicId('bkg', bookingId), ...nights } };
}
