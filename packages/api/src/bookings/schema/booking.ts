import { Address } from '@sojourn/shared/listing-parts';
import { Currency } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { BOOKING_STATUSES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { PAYMENT_STATUSES } from '../../payments/model/payment.ts';
import { REFUND_STATUSES } from '../../payments/model/refund.ts';
import { pageOf } from '../../platform/http/cursor.ts';
import { SignedMoney, StayLine, StayMoney, StayRefund, StayRefundLine } from '../../pricing/stay-schema.ts';
import { CANCELLERS } from '../model/booking.ts';
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
  description:
    '`requiresAction`: the guest proves to the bank who they are; `processing`: it is not known yet what came of it; `requiresCapture`: the money is reserved until the host answers.',
  examples: ['succeeded'],
});
const PAYMENT = {
  id: EXAMPLE_IDS.payment,
  status: 'succeeded' as const,
  amount: eur(48_000),
  captured: eur(48_000),
  refunded: eur(0),
  failure: null,
  nextActionUrl: null,
  clientSecret: null,
};
export const BookingPayment = z
  .object({
    id: z.string(),
    status: PaymentStatus,
    amount: StayMoney.meta({ description: 'What is paid in all.' }),
    captured: StayMoney.meta({ description: 'What was taken of it.' }),
    refunded: StayMoney.meta({ description: 'What was given back, or is on its way.' }),
    failure: z
      .string()
      .nullable()
      .meta({
        description: 'Why the last attempt to pay came to nothing, for programs; null for the host.',
        examples: ['insufficient_funds'],
      }),
    nextActionUrl: z.string().nullable().meta({
      description:
        'Where the guest proves to the bank who they are: only in the answer to an attempt to pay.',
    }),
    clientSecret: z.string().nullable().meta({
      description:
        'With which a browser pays, for the guest: only `GET …/payment` tells it, and null where there is nothing to pay.',
    }),
  })
  .meta({ id: 'BookingPayment', examples: [PAYMENT] });
const Refund = z
  .object({
    id: z.string(),
    amount: StayMoney,
    status: z.enum(REFUND_STATUSES).meta({
      description:
        '`blocked`: it waits until a bank has decided a dispute; `failed`: it did not reach the guest; `cancelled`: the bank gave the money back.',
    }),
    failure: z.string().nullable().meta({ description: 'Why it did not arrive, for programs.' }),
    createdAt: instant,
  })
  .meta({
    id: 'BookingRefund',
    description: 'Money that the guest gets back.',
    examples: [
      { id: EXAMPLE_IDS.refund, amount: eur(24_000), status: 'succeeded', failure: null, createdAt: CREATED },
    ],
  });
const BookingShares = z
  .object({
    host: SignedMoney.meta({ description: 'What the host gets, or got.' }),
    platform: SignedMoney.meta({
      description: 'What the marketplace keeps; below nothing when it pays on top.',
    }),
    taxes: SignedMoney.meta({ description: 'What goes to tax offices.' }),
    refunds: SignedMoney.meta({ description: 'What the guest gets back, or got.' }),
  })
  .meta({
    id: 'BookingShares',
    description: 'Whose the money for a stay is: together, all that was ever paid for it.',
    examples: [{ host: eur(46_560), platform: eur(8_256), taxes: eur(0), refunds: eur(0) }],
  });
export const BookingPaymentDetails = BookingPayment.extend({
  refunds: z.array(Refund).meta({ description: 'Oldest first.' }),
  shares: z
    .union([BookingShares, z.null()])
    .meta({ description: 'For the host and staff; null for the guest, and while nothing was paid.' }),
}).meta({
  id: 'BookingPaymentDetails',
  description: 'All that is paid for a booking, and all that is given back.',
  examples: [{ ...PAYMENT, refunds: [], shares: null }],
});
export const BookingCheckout = z
  .object({
    url: z.string().meta({ description: 'Where the guest pays.' }),
    expiresAt: instant.meta({ description: 'Until when. The hold of the nights may end before.' }),
  })
  .meta({
    id: 'BookingCheckout',
    description: 'A page of Stripe on which the guest pays.',
    examples: [
      { url: 'https://checkout.stripe.com/c/pay/cs_test_a1', expiresAt: '2027-03-20T10:01:00.000Z' },
    ],
  });
const BookingCancellation = z
  .object({
    by: z.enum(CANCELLERS).meta({ description: '`marketplace`: the money could not be taken.' }),
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
