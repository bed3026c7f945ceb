import { Currency, Money } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { MAX_DAYS_READ, REASONS } from '../model/days.ts';
import { from, LISTING_ID, listingId, maxNights, minNights, PRICE, to, version } from './common.ts';

const BOOKING_ID = 'bkg_01k9q2v7n8e6xrd5w3m4h1t0zb';

export const CalendarQuery = z.strictObject({
  from: LocalDate.optional().meta({ description: 'The first date; today at the listing unless given.' }),
  to: LocalDate.optional().meta({
    description: `The date after the last, at most ${MAX_DAYS_READ} after the first; a year later unless given.`,
  }),
});
export type CalendarQuery = z.infer<typeof CalendarQuery>;

const DAY = {
  date: '2027-07-01',
  available: true,
  price: PRICE,
  minNights: 4,
  maxNights: null,
  closedToArrival: false,
  closedToDeparture: false,
  reason: null,
};
const CalendarDay = z
  .object({
    date: LocalDate,
    available: z.boolean().meta({ description: 'Whether the night that begins on the date can be booked.' }),
    price: Money.nullable().meta({
      description: 'Of that night: its own, else that of the season, the weekend, the listing.',
    }),
    minNights: minNights.meta({
      description: 'The shortest stay that begins on the date.',
    }),
    maxNights: maxNights.nullable(),
    closedToArrival: z.boolean(),
    closedToDeparture: z.boolean(),
    reason: z.enum(REASONS).nullable().meta({
      description:
        'Why it is not available. `past`, `notice` (too soon), `beyondWindow` (too far ahead), `unavailable`; to the host instead of the last `hold`, `booking`, `block`, `feed`, `preparation`.',
    }),
    note: z.string().nullable().optional().meta({ description: 'Left out for guests.' }),
    bookingId: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'Whose stay it is. Left out for guests.', examples: [BOOKING_ID] }),
  })
  .meta({ id: 'CalendarDay', examples: [DAY] });
export const Calendar = z
  .object({
    listingId,
    timeZone: z
      .string()
      .nullable()
      .meta({ description: 'In which the dates are; null of an unfinished draft.' }),
    currency: Currency.nullable(),
    from,
    to,
    version,
    days: z.array(CalendarDay).max(MAX_DAYS_READ),
  })
  .meta({
    id: 'Calendar',
    examples: [
      {
        listingId: LISTING_ID,
        timeZone: 'Europe/Lisbon',
        currency: 'EUR',
        from: '2027-07-01',
        to: '2027-07-02',
        version: 7,
        days: [DAY],
      },
    ],
  });

/** The version guards changes; the mark tells apart what the clock and stays make of the same version. */
export const calendarTag = ({ version: number, mark }: { version: number; mark: string }) =>
  `${number}-${mark}`;
