import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { SignedMoney, StayLine, StayMoney } from '../../pricing/stay-schema.ts';
import { ALTERATION_STATUSES } from '../model/alteration.ts';
import { animals, CREATED, EXAMPLE_IDS, eur, instant, people } from './parts.ts';

const ALTERATION = {
  id: EXAMPLE_IDS.alteration,
  bookingId: EXAMPLE_IDS.booking,
  askedBy: 'guest' as const,
  status: 'pending' as const,
  checkIn: '2027-05-01',
  checkOut: '2027-05-07',
  nights: 6,
  guests: 2,
  pets: 0,
  priceDifference: eur(24_000),
  newTotal: eur(72_000),
  lineItems: [],
  message: null,
  expiresAt: '2027-03-22T09:30:00.000Z',
  createdAt: CREATED,
  answeredAt: null,
};
export const AlterationView = z
  .object({
    id: z.string(),
    bookingId: z.string(),
    askedBy: z.enum(['guest', 'host']),
    status: z.enum(ALTERATION_STATUSES).meta({
      description: '`awaitingPayment`: both sides agree, and it takes effect when the difference is paid.',
      examples: ['pending'],
    }),
    checkIn: LocalDate,
    checkOut: LocalDate,
    nights: z.int().min(1).max(10_000),
    guests: people,
    pets: animals,
    priceDifference: SignedMoney.meta({
      description: 'Beside what the stay costs now: charged or given back when it is accepted.',
    }),
    newTotal: StayMoney,
    lineItems: z.array(StayLine),
    message: z.string().nullable(),
    expiresAt: instant.meta({ description: 'Until when it can be answered, or paid for.' }),
    createdAt: instant,
    answeredAt: instant.nullable(),
  })
  .meta({
    id: 'Alteration',
    description: 'Other dates or guests of a stay, asked for by one side and answered by the other.',
    examples: [ALTERATION],
  });
export const AlterationList = z
  .object({ data: z.array(AlterationView) })
  .meta({ id: 'AlterationList', description: 'Newest first.', examples: [{ data: [ALTERATION] }] });
