import { Money } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { paragraph } from '@sojourn/shared/text';
import { z } from 'zod';
import { pageQuery } from '../../platform/http/cursor.ts';
import { REFUND_PAYERS } from '../model/shares.ts';
import { BookingStatus } from './booking.ts';
import { animals, EXAMPLE_IDS, id, MESSAGE_CHARACTERS, people, reason } from './parts.ts';

export const BookingParams = z.strictObject({ bookingId: id('The booking.', EXAMPLE_IDS.booking) });
export const AlterationParams = BookingParams.extend({
  alterationId: id('The alteration.', EXAMPLE_IDS.alteration),
});

export const BookingBody = z
  .strictObject({
    quoteId: id('A quote that you were made. The booking costs exactly what it says.', EXAMPLE_IDS.quote),
    message: paragraph(MESSAGE_CHARACTERS)
      .min(1)
      .nullable()
      .default(null)
      .meta({ description: 'For the host.', examples: ['We arrive late, around ten.'] }),
  })
  .meta({ id: 'NewBooking', examples: [{ quoteId: EXAMPLE_IDS.quote }] });

export const BookingsQuery = z.strictObject({
  role: z
    .enum(['guest', 'host'])
    .default('guest')
    .meta({ description: 'Your stays in the homes of others, or those of others in yours.' }),
  status: BookingStatus.optional(),
  listingId: id('Only of this listing.', EXAMPLE_IDS.listing).optional(),
  ...pageQuery,
});
export type BookingsQuery = z.output<typeof BookingsQuery>;

export const PaymentConfirmation = z
  .strictObject({
    paymentMethod: z
      .string()
      .max(255)
      .regex(/^\w+$/, 'must be the id of a payment method of Stripe, such as "pm_card_visa"')
      .meta({
        description:
          'A payment method of Stripe. In the sandbox `pm_card_visa`, or another name of a test card such as `pm_card_visa_chargeDeclined`.',
        examples: ['pm_card_visa'],
      }),
  })
  .meta({ id: 'PaymentConfirmation', examples: [{ paymentMethod: 'pm_card_visa' }] });

const returnUrl = (told: string, example: string) =>
  z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .meta({ description: told, examples: [example] });
export const CheckoutBody = z
  .strictObject({
    successUrl: returnUrl('Where the guest goes after paying.', 'https://app.example.com/paid'),
    cancelUrl: returnUrl('Where the guest goes who does not pay.', 'https://app.example.com/booking'),
  })
  .meta({
    id: 'NewCheckout',
    examples: [{ successUrl: 'https://app.example.com/paid', cancelUrl: 'https://app.example.com/booking' }],
  });

export const RefundBody = z
  .strictObject({
    amount: Money.refine(({ amount }) => amount > 0, {
      path: ['amount'],
      message: 'must be more than 0',
    }).meta({ description: 'In the currency of the booking.' }),
    reason: reason.meta({ description: 'The guest reads it.' }),
    paidBy: z
      .enum(REFUND_PAYERS)
      .meta({ description: 'Of whose share it is. A host gives of the own one; an admin decides.' }),
  })
  .meta({
    id: 'NewRefund',
    examples: [
      { amount: { amount: 5_000, currency: 'EUR' }, reason: 'The heating was broken.', paidBy: 'host' },
    ],
  });
export type RefundBody = z.output<typeof RefundBody>;

export const DeclineBody = z
  .strictObject({
    reason: reason.nullable().default(null).meta({ description: 'The guest reads it.' }),
  })
  .meta({ id: 'BookingDecline', examples: [{ reason: 'The heating is broken.' }] });
export const CancelBody = z
  .strictObject({
    reason: reason
      .nullable()
      .default(null)
      .meta({ description: 'The other side reads it. An admin must give one.' }),
    refund: Money.optional().meta({
      description: 'For admins: what the guest gets back, instead of everything.',
    }),
    penalty: Money.optional().meta({
      description: 'For admins: what the host owes, instead of nothing.',
    }),
  })
  .meta({ id: 'BookingCancel', examples: [{ reason: 'Our flight was cancelled.' }] });
export type CancelBody = z.output<typeof CancelBody>;

export const AlterationBody = z
  .strictObject({
    checkIn: LocalDate.optional(),
    checkOut: LocalDate.optional(),
    guests: people.optional(),
    pets: animals.optional(),
    message: paragraph(MESSAGE_CHARACTERS).min(1).nullable().default(null),
  })
  .meta({
    id: 'NewAlteration',
    description: 'What is left out stays as it is.',
    examples: [{ checkOut: '2027-05-07' }],
  });
export type AlterationBody = z.output<typeof AlterationBody>;
