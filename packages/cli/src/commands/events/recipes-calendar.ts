import { addDays } from '@sojourn/shared/nights';
import type { Kitchen } from './kitchen.ts';
import { COMPLETE, type Recipe } from './recipe.ts';

async function home({ client, signal, afterwards }: Kitchen): Promise<string> {
  const { id } = await client.listings.create(COMPLETE as never, { signal });
  afterwards(() => client.listings.delete(id));
  return id;
}

async function feed(kitchen: Kitchen) {
  const { client, signal } = kitchen;
  const listingId = await home(kitchen);
  const channel = { name: 'Made by sojourn trigger', url: 'https://example.com/calendar.ics' };
  const { id } = await client.calendarFeeds.create(listingId, channel, { signal });
  return { listingId, id };
}

export const calendars: Record<string, Recipe> = {
  async 'calendar.changed'(kitchen) {
    const id = await home(kitchen);
    const { calendar } = kitchen.client;
    const { from } = await calendar.get(id);
    await calendar.put(id, { ranges: [{ from, to: addDays(from, 2), blocked: true }] });
    return { did: `Blocked two nights of ${id}`, subjectId: id };
  },
  async 'feed.created'(kitchen) {
    const { id } = await feed(kitchen);
    return { did: `Added the calendar feed ${id}`, subjectId: id };
  },
  async 'feed.removed'(kitchen) {
    const { listingId, id } = await feed(kitchen);
    await kitchen.client.calendarFeeds.remove(listingId, id, { nights: 'free' });
    return { did: `Added and removed the calendar feed ${id}`, subjectId: id };
  },
};

const CHANNEL = 'It takes a calendar elsewhere that does so.';

export const noCalendars: Readonly<Record<string, string>> = {
  'feed.conflict': CHANNEL,
  'feed.failed': CHANNEL,
  'feed.recovered': CHANNEL,
  'feed.suspicious': CHANNEL,
};
