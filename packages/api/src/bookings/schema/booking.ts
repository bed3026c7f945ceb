import { Address } from '@sojourn/shared/listing-parts';
import { Currency } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { BOOKING_STATUSES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { PAYMENT_STATUSES } from '../../payments/model/payment.ts';
import { pageOf } from '../../platform/http/cursor.ts';
import { StayLine, StayMoney, StayRefund, StayRefundLine } from '../../pricing/stay-schema.ts';
import { animals, CREATED, EXAMPLE_IDS, eur, id, instant, people } from './parts.ts';

export const BookingStatus = z.enum(BOOKING_STATUSES).meta({
  id: 'BookingStatus',
  description:
    '`held`: the nights are kept while the guest pays; `requested`: paid, and the host is to answer; the first four occupy the nights.',
  examples: ['confirmed'],
});

const StayAddress = z
  .object({
    ...Address.shape,
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
  })
  .meta({
    id: 'StayAddress',
    description: 'Where exactly the home is.',
    examples: [
      {
        line1: 'Rua da Rosa 12',
        neighbourhood: null,
        city: 'Lisboa',
        region: null,
        postalCode: '1200-386',
        country: 'PT',
        latitude: 38.7123,
        longitude: -9.1448,
      },
    ],
  });

const PaymentStatus = z.enum(PAYMENT_STATUSES).meta({
  id: 'PaymentStatus',
  description: '`requiresCapture`: the money is reserved until the host answers.',
  examples: ['succeeded'],
});
const PAYMENT = {
  id: EXAMPLE_IDS.payment,
  status: 'succeeded' as const,
  amount: eur(48_000),
  captured: eur(48_000),
  refunded: eur(0),
  clientSecret: null,
};
export const BookingPayment = z
  .object({
    id: z.string(),
    status: PaymentStatus,
    amount: StayMoney.meta({ description: 'What is paid in all.' }),
    captured: StayMoney.meta({ description: 'What was taken of it.' }),
    refunded: StayMoney.meta({ description: 'What was given back.' }),
    clientSecret: z
      .string()
      .nullable()
      .meta({ description: 'With which a browser pays, for the guest; null where it cannot.' }),
  })
  .meta({ id: 'BookingPayment', examples: [PAYMENT] });
const BookingCancellation = z
  .object({
    by: z.enum(['guest', 'host', 'admin']),
    reason: z.string().nullable(),
    refund: StayMoney.meta({ description: 'What the guest gets back.' }),
    hostKeeps: StayMoney.nullable().meta({ description: 'What the host still earns; null for the guest.' }),
    penalty: StayMoney.nullable().meta({
      description: 'What the host owes for cancelling; null for the guest.',
    }),
    lines: z.array(StayRefundLine),
  })
  .meta({
    id: 'BookingCancellation',
    examples: [
      {
        by: 'guest',
        reason: 'Our flight was cancelled.',
        refund: eur(48_000),
        hostKeeps: null,
        penalty: null,
        lines: [],
      },
    ],
  });

const BOOKING = {
  id: EXAMPLE_IDS.booking,
  status: 'confirmed' as const,
  version: 2,
  quoteId: EXAMPLE_IDS.quote,
  listingId: EXAMPLE_IDS.listing,
  listingTitle: 'Sunny loft near the river',
  guestId: EXAMPLE_IDS.guest,
  hostId: EXAMPLE_IDS.host,
  checkIn: '2027-05-01',
  checkOut: '2027-05-05',
  nights: 4,
  guests: 2,
  pets: 0,
  timeZone: 'Europe/Lisbon',
  instantBook: true,
  currency: 'EUR' as const,
  total: eur(48_000),
  lineItems: [
    {
      kind: 'nights' as const,
      description: '4 nights',
      quantity: 4,
      unitPrice: eur(12_000),
      amount: eur(48_000),
    },
  ],
  hostPayout: null,
  message: null,
  checkInAt: '2027-05-01T14:00:00.000Z',
  checkOutAt: '2027-05-05T10:00:00.000Z',
  holdExpiresAt: '2027-03-20T09:45:00.000Z',
  respondBy: null,
  confirmedAt: '2027-03-20T09:31:00.000Z',
  checkedInAt: null,
  checkedOutAt: null,
  endedAt: null,
  cancellationPolicy: 'moderate',
  freeCancellationUntil: '2027-04-26T14:00:00.000Z',
  refundSchedule: [{ until: '2027-04-26T14:00:00.000Z', refund: eur(48_000) }],
  declineReason: null,
  cancellation: null,
  payment: PAYMENT,
  address: null,
  createdAt: CREATED,
  updatedAt: '2027-03-20T09:31:00.000Z',
};
export const BookingView = z
  .object({
    id: id('The booking.', EXAMPLE_IDS.booking),
    status: BookingStatus,
    version: z.int().min(1).max(2_147_483_647).meta({ description: 'Goes up with every change.' }),
    quoteId: z.string(),
    listingId: z.string(),
    listingTitle: z.string(),
    guestId: z.string(),
    hostId: z.string(),
    checkIn: LocalDate,
    checkOut: LocalDate,
    nights: z.int().min(1).max(10_000),
    guests: people,
    pets: animals,
    timeZone: z.string().meta({ description: 'In which the dates are.', examples: ['Europe/Lisbon'] }),
    instantBook: z.boolean().meta({ description: 'False when the host answers before it is confirmed.' }),
    currency: Currency,
    total: StayMoney.meta({ description: 'What the guest pays.' }),
    lineItems: z.array(StayLine),
    hostPayout: StayMoney.nullable().meta({
      description: 'What the host gets for the stay; null for the guest.',
    }),
    message: z.string().nullable(),
    checkInAt: instant,
    checkOutAt: instant,
    holdExpiresAt: instant.nullable().meta({ description: 'Until when it must be paid.' }),
    respondBy: instant.nullable().meta({ description: 'Until when the host must answer a request.' }),
    confirmedAt: instant.nullable(),
    checkedInAt: instant.nullable(),
    checkedOutAt: instant.nullable(),
    endedAt: instant.nullable().meta({ description: 'When it reached its last state.' }),
    cancellationPolicy: z.string().meta({ description: 'The key of the policy.', examples: ['moderate'] }),
    freeCancellationUntil: instant
      .nullable()
      .meta({ description: 'Before this instant everything comes back; null when it no longer does.' }),
    refundSchedule: z
      .array(StayRefund)
      .meta({ description: 'What the guest gets back by cancelling; empty once it has ended.' }),
    declineReason: z.string().nullable(),
    cancellation: BookingCancellation.nullable(),
    payment: BookingPayment,
    address: StayAddress.nullable().meta({
      description: 'For the guest once the stay is confirmed, and null before.',
    }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Booking', description: 'A stay, as the one who asks may see it.', examples: [BOOKING] });
export const BookingPage = pageOf(BookingView).meta({
  id: 'BookingPage',
  examples: [{ data: [BOOKING], nextCursor: null }],
});
export const ExportedBookings = z.array(BookingView).meta({
  id: 'ExportedBookings',
  description: 'Your stays, and those in your homes.',
  examples: [[BOOKING]],
});
