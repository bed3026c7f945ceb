import { LocalDate } from '@sojourn/shared/nights';
import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { publicId } from '../platform/id.ts';
import { type Conflict, type CountedFeed, FEED_STATUSES, statusOf } from './model/feed.ts';

export const MAX_FEEDS = 20;
export const MAX_CONFLICTS = 200;

const LISTING_ID = 'lst_01j9z6t8v2e4m8q0r5s7x3y1k9';
const FEED_ID = 'feed_01j9z6t8v2e4m8q0r5s7x3y1kd';
const BOOKING_ID = 'bkg_01j9z6t8v2e4m8q0r5s7x3y1ke';
const WHEN = '2026-11-28T09:30:00.000Z';
const URL_EXAMPLE = 'https://www.airbnb.com/calendar/ical/12345.ics?s=0123456789abcdef';

const instant = z.iso.datetime();
const count = z.int().min(0).max(1_000_000);
const idParam = (description: string, example: string) =>
  z
    .string()
    .max(100)
    .meta({ description, examples: [example] });

export const ListingParams = z.strictObject({ listingId: idParam('The listing.', LISTING_ID) });
export const FeedParams = ListingParams.extend({ feedId: idParam('The feed.', FEED_ID) });

const name = line(100).meta({
  description: 'By which you tell your feeds apart, such as the name of the channel.',
  examples: ['Airbnb'],
});
const url = z
  .string()
  .max(2_048)
  .meta({
    description:
      'Where the other channel exports its calendar in iCalendar format: public and `https`. The sandbox also takes this machine itself. It is kept secret and not shown again.',
    examples: [URL_EXAMPLE],
  });

export const FeedBody = z
  .strictObject({ name, url })
  .meta({ id: 'NewCalendarFeed', examples: [{ name: 'Airbnb', url: URL_EXAMPLE }] });
export const FeedPatch = z
  .strictObject({
    name: name.optional(),
    url: url.optional(),
    paused: z
      .boolean()
      .optional()
      .meta({ description: 'A paused feed is not fetched; its nights stay as they are.' }),
  })
  .meta({ id: 'CalendarFeedChanges', examples: [{ paused: true }] });
export const SyncBody = z
  .strictObject({
    acceptEmpty: z.boolean().default(false).meta({
      description: 'Says that a calendar which is suddenly empty is true, and frees its nights.',
    }),
  })
  .meta({ id: 'CalendarFeedSync', examples: [{ acceptEmpty: false }] });
export const RemovalQuery = z.strictObject({
  nights: z.enum(['free', 'keep']).meta({
    description: 'What becomes of its nights: `free` sells them again, `keep` makes them blocks of yours.',
  }),
});

const WarningView = z.object({
  code: z
    .string()
    .meta({ description: 'Such as `reversed_dates`, `unknown_time_zone` or `too_many_repeats`.' }),
  detail: z.string(),
  uid: z.string().nullable().meta({ description: 'The event, as the calendar names it.' }),
});

const FEED = {
  id: FEED_ID,
  name: 'Airbnb',
  host: 'www.airbnb.com',
  status: 'active' as const,
  lastFetchedAt: WHEN,
  lastSucceededAt: WHEN,
  lastChangedAt: WHEN,
  lastError: null,
  suspiciousSince: null,
  nextFetchAt: '2026-11-28T10:01:12.000Z',
  events: 21,
  nights: 305,
  conflicts: 0,
  warnings: [],
  createdAt: WHEN,
};
export const FeedView = z
  .object({
    id: z.string(),
    name: z.string(),
    host: z.string().meta({ description: 'The host of its URL; the rest of it is not shown.' }),
    status: z.enum(FEED_STATUSES).meta({
      description:
        '`failing`: it cannot be fetched or read, see `lastError`; `suspicious`: it suddenly says that (almost) nothing is taken, which is not believed at once.',
    }),
    lastFetchedAt: instant.nullable(),
    lastSucceededAt: instant
      .nullable()
      .meta({ description: 'As of when its nights are known: how old they are.' }),
    lastChangedAt: instant.nullable().meta({ description: 'When what it says last changed.' }),
    lastError: z.object({ code: z.string(), detail: z.string() }).nullable().meta({
      description:
        'Why the last fetch failed, such as `http_error`, `timeout`, `blocked_address`, `too_large`, `not_a_calendar` or `broken_calendar`; null when it did not.',
    }),
    suspiciousSince: instant
      .nullable()
      .meta({ description: 'Six hours later it is believed, when it still says the same.' }),
    nextFetchAt: instant.nullable().meta({ description: 'Null while it is paused.' }),
    events: count.meta({ description: 'How many events it has from today on.' }),
    nights: count.meta({ description: 'How many nights from today on they take.' }),
    conflicts: count.meta({ description: 'Events on nights where one of your stays is.' }),
    warnings: z.array(WarningView).meta({ description: 'What it says and could not be taken as it stands.' }),
    createdAt: instant,
  })
  .meta({ id: 'CalendarFeed', examples: [FEED] });
export const FeedList = z
  .object({ data: z.array(FeedView).max(MAX_FEEDS) })
  .meta({ id: 'CalendarFeedList', examples: [{ data: [FEED] }] });

const CONFLICT = {
  bookingId: BOOKING_ID,
  checkIn: '2027-05-03',
  checkOut: '2027-05-07',
  from: '2027-05-01',
  to: '2027-05-08',
  summary: 'Reserved',
  foundAt: WHEN,
};
const ConflictView = z
  .object({
    bookingId: z.string().meta({ description: 'Our stay. It stays as it is.' }),
    checkIn: LocalDate,
    checkOut: LocalDate,
    from: LocalDate.meta({ description: 'The first night of the event in the other calendar.' }),
    to: LocalDate.meta({ description: 'The day after its last night.' }),
    summary: z.string().nullable().meta({ description: 'What the other calendar says of it.' }),
    foundAt: instant,
  })
  .meta({ id: 'CalendarConflict', examples: [CONFLICT] });
export const ConflictList = z
  .object({ data: z.array(ConflictView).max(MAX_CONFLICTS) })
  .meta({ id: 'CalendarConflictList', examples: [{ data: [CONFLICT] }] });

export const ExportQuery = z.strictObject({
  token: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'The secret part of the URL.', examples: ['4t8v2e4m8q0r5s7x3y1kd6j9z6t8v2e4'] }),
});
export const ExportView = z
  .object({
    url: z.string().meta({
      description: 'Give it to other channels and to nobody else: whoever knows it can read the calendar.',
    }),
    createdAt: instant,
  })
  .meta({
    id: 'CalendarExport',
    examples: [
      {
        url: `https://stays.example.com/v1/listings/${LISTING_ID}/calendar.ics?token=4t8v2e4m8q0r5s7x3y1kd6j9z6t8v2e4`,
        createdAt: WHEN,
      },
    ],
  });
export const CalendarText = z.string().meta({
  description: 'An iCalendar (RFC 5545): one all-day event for each range of nights that are taken.',
  examples: [
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Sojourn//Calendar//EN',
      'BEGIN:VEVENT',
      `UID:${BOOKING_ID}`,
      'SEQUENCE:0',
      'DTSTAMP:20270503T000000Z',
      'DTSTART;VALUE=DATE:20270503',
      'DTEND;VALUE=DATE:20270507',
      'SUMMARY:Reserved',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n'),
  ],
});

const iso = (date: Date) => date.toISOString();
const isoOrNull = (date: Date | null) => date && iso(date);

export const toFeedView = (feed: CountedFeed) => ({
  id: publicId('feed', feed.id),
  name: feed.name,
  host: feed.urlHost,
  status: statusOf(feed),
  lastFetchedAt: isoOrNull(feed.lastFetchedAt),
  lastSucceededAt: isoOrNull(feed.lastSucceededAt),
  lastChangedAt: isoOrNull(feed.lastChangedAt),
  lastError: feed.lastError,
  suspiciousSince: isoOrNull(feed.emptiedAt),
  nextFetchAt: feed.paused ? null : iso(feed.nextFetchAt),
  events: feed.events,
  nights: feed.nights,
  conflicts: feed.conflicts,
  warnings: feed.warnings,
  createdAt: iso(feed.createdAt),
});

export const toConflictView = ({ bookingId, stay, nights, summary, foundAt }: Conflict) => ({
  bookingId: publicId('bkg', bookingId),
  checkIn: stay.from,
  checkOut: stay.to,
  ...nights,
  summary,
  foundAt: iso(foundAt),
});

export const toExportView = ({ url, createdAt }: { url: string; createdAt: Date }) => ({
  url,
  createdAt: iso(createdAt),
});
