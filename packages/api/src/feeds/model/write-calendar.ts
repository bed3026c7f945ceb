import { ICalCalendar } from 'ical-generator';
import type { Nights } from '../../calendar/model/nights.ts';
import { publicId } from '../../platform/id.ts';

/** Nights that are taken, as another channel is told of them. */
export interface TakenRange extends Nights {
  /** Null for what is no stay: a block, another channel's calendar, nights to prepare the home. */
  bookingId: string | null;
}

/** As the library takes a date: at midnight in UTC. */
const midnight = (date: string) => new Date(`${date}T00:00:00Z`);

/**
 * The calendar for other channels: which nights are taken, and nothing of who took them. Equal nights make equal text,
 * so that the version of the nights is the version of the text: nothing in it tells when it was written.
 */
export function writeCalendar(listingId: string, ranges: readonly TakenRange[]): string {
  const calendar = new ICalCalendar({
    prodId: { company: 'Sojourn', product: 'Calendar', language: 'EN' },
    events: ranges.map(({ bookingId, from, to }) => {
      const start = midnight(from);
      return {
        // A stay keeps its name when it moves; what else is closed is named by its first night.
        id: bookingId ? publicId('bkg', bookingId) : `${listingId}-${from}`,
        stamp: start,
        start,
        end: midnight(to),
        allDay: true,
        timezone: 'UTC',
        summary: bookingId ? 'Reserved' : 'Not available',
      };
    }),
  });
  return calendar.toString();
}
