import { LISTING_LIMITS } from '@sojourn/shared/listing';
import { line, paragraph } from '@sojourn/shared/text';
import { ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { PATCHABLE } from '../model/settings.ts';
import {
  checkRange,
  from,
  LISTING_ID,
  listingId,
  maxNights,
  minNights,
  PRICE,
  Price,
  to,
  version,
} from './common.ts';

const RANGES_PER_WRITE = 1_000;
export const LISTINGS_PER_WRITE = 500;

const RANGE = { from: '2027-07-01', to: '2027-08-16', price: PRICE, minNights: 4 };
const BLOCK_RANGE = { from: '2027-09-01', to: '2027-09-08', blocked: true, note: 'New bathroom' };
const CalendarRange = z
  .strictObject({
    from,
    to,
    price: Price.nullable().optional(),
    minNights: minNights.nullable().optional().meta({ description: 'For stays that begin on the dates.' }),
    maxNights: maxNights.nullable().optional(),
    closedToArrival: z.boolean().nullable().optional(),
    closedToDeparture: z.boolean().nullable().optional(),
    blocked: z.boolean().optional().meta({
      description:
        'True takes the nights off sale, false offers them again. A stay or the calendar of another channel that is there stays.',
    }),
    note: paragraph(500).min(1).nullable().optional().meta({
      description: 'Seen by the host only; of the block when `blocked` is true, else of the dates.',
    }),
  })
  .superRefine((range, ctx) => {
    checkRange(range, ctx);
    if (PATCHABLE.every((member) => range[member] === undefined))
      ctx.addIssue({
        code: 'custom',
        path: [],
        message: `must name at least one of ${PATCHABLE.join(', ')}`,
      });
  })
  .meta({
    id: 'CalendarRange',
    description:
      'What is to hold for the dates `[from, to)`. A member that is left out stays as it is; null means that the season, or else the listing, says.',
    examples: [RANGE],
  });

const ranges = z.array(CalendarRange).min(1).max(RANGES_PER_WRITE).meta({
  description: 'In their order: where two overlap, the later holds. From a year ago to three years ahead.',
});
const dryRun = z
  .boolean()
  .default(false)
  .meta({ description: 'Answers what would change, and changes nothing.' });

export const CalendarBody = z
  .strictObject({ ranges, dryRun })
  .meta({ id: 'CalendarChanges', examples: [{ ranges: [RANGE, BLOCK_RANGE] }] });
export type CalendarBody = z.infer<typeof CalendarBody>;

const text = line(200);
const Selection = z
  .strictObject({
    all: z.literal(true).optional().meta({ description: 'All of your listings.' }),
    listingIds: z
      .array(listingId)
      .min(1)
      .max(LISTINGS_PER_WRITE)
      .optional()
      .meta({ description: 'Ids that are not of listings of yours select nothing.' }),
    tags: z
      .array(line(LISTING_LIMITS.tagLength))
      .min(1)
      .max(LISTING_LIMITS.tags)
      .optional()
      .meta({ description: 'Listings that have any of these tags.' }),
    place: z
      .strictObject({ city: text.optional(), region: text.optional(), country: text.optional() })
      .refine((place) => Object.values(place).some((name) => name !== undefined), 'must name a place')
      .optional()
      .meta({ description: 'As in the address of the listing, in upper or lower case.' }),
    roomType: z.enum(ROOM_TYPES).optional(),
  })
  .refine(
    (select) => Object.values(select).some((selector) => selector !== undefined),
    'must name at least one of all, listingIds, tags, place, roomType',
  )
  .meta({
    id: 'ListingSelection',
    description: `Listings of yours that fit all that is named, but for archived ones; at most ${LISTINGS_PER_WRITE}.`,
    examples: [{ tags: ['beach'] }],
  });
export type Selection = z.infer<typeof Selection>;

export const CalendarsBody = z.strictObject({ select: Selection, ranges, dryRun }).meta({
  id: 'CalendarsChanges',
  examples: [{ select: { tags: ['beach'] }, ranges: [RANGE], dryRun: true }],
});
export type CalendarsBody = z.infer<typeof CalendarsBody>;

const SKIPPED = { from: '2027-09-03', to: '2027-09-05', reason: 'booking' };
const skipped = z
  .array(
    z
      .object({ from, to, reason: z.enum(['booking', 'hold', 'feed']) })
      .meta({ id: 'SkippedNights', examples: [SKIPPED] }),
  )
  .meta({
    description:
      'Nights of ranges with `blocked` that a stay or another channel takes: they stay taken. The wish holds as soon as they come free.',
  });
const changedDays = z
  .int()
  .min(0)
  .max(10_000)
  .meta({ description: 'Of how many dates something else is said than before.' });
export const CalendarWritten = z.object({ dryRun: z.boolean(), version, changedDays, skipped }).meta({
  id: 'CalendarWritten',
  examples: [{ dryRun: false, version: 7, changedDays: 53, skipped: [SKIPPED] }],
});

const issue = z.object({ pointer: z.string(), code: z.string(), message: z.string() });
const listings = z.int().min(0).max(LISTINGS_PER_WRITE);
const CalendarOutcome = z
  .object({
    listingId,
    title: z.string(),
    changed: z.boolean(),
    changedDays,
    skipped,
    errors: z
      .array(issue)
      .meta({ description: 'Why nothing of this listing was changed; empty when it could be.' }),
  })
  .meta({ id: 'CalendarOutcome' });
export const CalendarsWritten = z
  .object({
    dryRun: z.boolean(),
    matched: listings.meta({ description: 'How many listings were selected.' }),
    changed: listings.meta({ description: 'How many of their calendars differ from before.' }),
    listings: z.array(CalendarOutcome),
  })
  .meta({
    id: 'CalendarsWritten',
    examples: [
      {
        dryRun: true,
        matched: 1,
        changed: 1,
        listings: [
          { listingId: LISTING_ID, title: 'Loft', changed: true, changedDays: 46, skipped: [], errors: [] },
        ],
      },
    ],
  });
