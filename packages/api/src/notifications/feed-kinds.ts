import { feedConflict, feedFailed, feedSuspicious } from '../feeds/events.ts';
import { notificationKind } from './model.ts';

// What hosts are told of the calendars of other channels: only what may cost them a night sold twice.

const BOTH = { inApp: true, mail: true };
const category = 'calendar';

export const feedKinds = [
  notificationKind({
    kind: 'calendarConflict',
    on: feedConflict,
    category,
    summary: 'Another channel sold or closed nights on which a stay of yours is booked.',
    channels: BOTH,
    title: ({ data: { name, from, to } }) =>
      `${name} has taken nights that are booked here: ${from} to ${to}`,
    text: ({ data: { bookingId, listingId } }) =>
      `The booking ${bookingId} of the listing ${listingId} stays as it is. When both are stays of guests, one of them has no bed: see which, and talk to its guest soon.`,
  }),
  notificationKind({
    kind: 'calendarSuspicious',
    on: feedSuspicious,
    category,
    summary: 'The calendar of another channel suddenly says that nothing, or almost nothing, is taken.',
    channels: BOTH,
    title: ({ data: { name } }) => `The calendar of ${name} is suddenly empty`,
    text: ({ subject, data: { host, listingId } }) =>
      `${host} says that almost nothing of the listing ${listingId} is taken any more. Its nights stay closed; they come free when it has said so for six hours. If it is true, sync the feed ${subject.id} and accept that it is empty; if not, pause it.`,
  }),
  notificationKind({
    kind: 'calendarFailing',
    on: feedFailed,
    category,
    summary: 'The calendar of another channel cannot be fetched or read, time and again.',
    channels: BOTH,
    title: ({ data: { name } }) => `The calendar of ${name} cannot be read`,
    text: ({ data: { host, listingId, detail } }) =>
      `${detail} What ${host} sells of the listing ${listingId} is not known here until that is mended, and might be sold twice. Its nights stay as they were.`,
  }),
];
