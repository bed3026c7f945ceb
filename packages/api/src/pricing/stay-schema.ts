import { Currency } from '@sojourn/shared/money';
import { z } from 'zod';
import { LINE_KINDS } from './model/terms.ts';

// What the shapes of quotes and of bookings are made of.

const MOST = Number.MAX_SAFE_INTEGER - 1;
const eur = (amount: number) => ({ amount, currency: 'EUR' as const });

/** A difference or a discount may be below nothing. */
export const SignedMoney = z
  .object({ amount: z.int().min(-MOST).max(MOST), currency: Currency })
  .meta({ id: 'SignedMoney', description: 'An amount that may be negative.', examples: [eur(-2_500)] });
/** Of a stay: more than one price may be. */
export const StayMoney = z
  .object({ amount: z.int().min(0).max(MOST), currency: Currency })
  .meta({ id: 'StayMoney', description: 'An amount for a whole stay.', examples: [eur(48_000)] });

export const StayLine = z
  .object({
    kind: z.enum(LINE_KINDS),
    description: z.string(),
    quantity: z.int().min(0).max(1_000_000),
    unitPrice: SignedMoney.nullable().meta({
      description: 'Of one; null for a share of something, and for nights of several prices.',
    }),
    amount: SignedMoney,
  })
  .meta({
    id: 'StayLine',
    description: 'One line of what was agreed. All lines add up to the total.',
    examples: [
      { kind: 'nights', description: '4 nights', quantity: 4, unitPrice: eur(12_000), amount: eur(48_000) },
    ],
  });

export const StayRefund = z
  .object({
    until: z.iso.datetime().meta({ description: 'Cancelling before this instant gives this much back.' }),
    refund: StayMoney,
  })
  .meta({ id: 'StayRefund', examples: [{ until: '2027-04-30T13:00:00.000Z', refund: eur(48_000) }] });

export const StayRefundLine = z
  .object({
    kind: z.enum(LINE_KINDS),
    description: z.string(),
    paid: StayMoney.meta({ description: 'After discounts.' }),
    refund: StayMoney.meta({ description: 'What of it comes back.' }),
  })
  .meta({
    id: 'StayRefundLine',
    description: 'A part of the price, and what of it comes back. All lines add up to the refund.',
    examples: [{ kind: 'nights', description: '4 nights', paid: eur(48_000), refund: eur(36_000) }],
  });
