import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { REASON_CODES } from './model/bookable.ts';
import { StayMoney } from './stay-schema.ts';

/** What a refusal to quote tells beside what all problems tell. */
export const NotBookableMembers = z
  .object({
    reasons: z
      .array(z.object({ code: z.enum(REASON_CODES), detail: z.string() }))
      .meta({ description: 'All that speaks against the stay.' }),
    alternatives: z
      .array(z.object({ checkIn: LocalDate, checkOut: LocalDate, total: StayMoney }))
      .meta({ description: 'The nearest stays that can be booked, up to 60 days away.' }),
  })
  .meta({
    examples: [
      {
        reasons: [
          { code: 'nights_taken', detail: 'Not free: 2027-05-03, 2027-05-04.' },
          { code: 'min_nights', detail: 'Stays from 2027-05-02 have at least 4 nights.' },
        ],
        alternatives: [
          {
            checkIn: '2027-05-05',
            checkOut: '2027-05-09',
            total: { amount: 60_000, currency: 'EUR' },
          },
        ],
      },
    ],
  });
