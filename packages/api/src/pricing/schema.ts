import { LISTING_LIMITS } from '@sojourn/shared/listing';
import { Currency } from '@sojourn/shared/money';
import { isDate, LocalDate, nightsBetween } from '@sojourn/shared/nights';
import { z } from 'zod';
import { publicId } from '../platform/id.ts';
import type { Quote } from './model/quote.ts';
import { freeCancellationUntil, refundSchedule } from './model/refund.ts';
import type { Line } from './model/terms.ts';
import { SignedMoney, StayLine, StayMoney, StayRefund } from './stay-schema.ts';

/** A longer stay no listing allows. */
const MOST_NIGHTS = LISTING_LIMITS.maxNights;
const MOST_PEOPLE = 1_000;

const QUOTE_ID = 'qte_01k9q2v7n8e6xrd5w3m4h1t0za';
const LISTING_ID = 'lst_01k9q2v7n8e6xrd5w3m4h1t0zb';
const instant = z.iso.datetime();
const people = (least: number) => z.int().min(least).max(MOST_PEOPLE);
const listingId = z
  .string()
  .max(100)
  .meta({ description: 'The listing.', examples: [LISTING_ID] });

export const QuoteParams = z.strictObject({
  quoteId: z
    .string()
    .max(100)
    .meta({ description: 'The quote.', examples: [QUOTE_ID] }),
});

export const QuoteBody = z
  .strictObject({
    listingId,
    checkIn: LocalDate,
    checkOut: LocalDate.meta({ description: 'The day of departure; its night is not part of the stay.' }),
    guests: people(1),
    pets: people(0).default(0),
    nonRefundable: z.boolean().default(false).meta({
      description: 'The lower price without any refund, where the host offers one.',
    }),
  })
  .superRefine(({ checkIn, checkOut }, ctx) => {
    if (!isDate(checkIn) || !isDate(checkOut)) return;
    const issue = (message: string) => ctx.addIssue({ code: 'custom', path: ['checkOut'], message });
    const nights = nightsBetween(checkIn, checkOut);
    if (nights < 1) issue('must be after checkIn');
    if (nights > MOST_NIGHTS) issue(`must be at most ${MOST_NIGHTS} nights after checkIn`);
  })
  .meta({
    id: 'QuoteRequest',
    examples: [{ listingId: LISTING_ID, checkIn: '2027-05-01', checkOut: '2027-05-05', guests: 2 }],
  });

const AppliedFeeSchedule = z
  .object({
    id: z.string(),
    name: z.string(),
    mode: z.enum(['split', 'hostOnly']),
    hostFeeBps: z.int().min(0).max(10_000),
    guestFeeBps: z.int().min(0).max(10_000),
  })
  .meta({
    id: 'AppliedFeeSchedule',
    description: 'What the marketplace takes: hundredths of a percent of the subtotal.',
    examples: [
      {
        id: 'fee_01k9q2v7n8e6xrd5w3m4h1t0zc',
        name: 'Standard',
        mode: 'split',
        hostFeeBps: 300,
        guestFeeBps: 1_420,
      },
    ],
  });
const AppliedPolicy = z.object({ id: z.string(), key: z.string(), name: z.string() }).meta({
  id: 'AppliedPolicy',
  description: 'What a guest who cancels gets back, in the version that holds for this stay.',
  examples: [{ id: 'pol_01k9q2v7n8e6xrd5w3m4h1t0zd', key: 'moderate', name: 'Moderate' }],
});

const eur = (amount: number) => ({ amount, currency: 'EUR' as const });
const QUOTE = {
  id: QUOTE_ID,
  listingId: LISTING_ID,
  checkIn: '2027-05-01',
  checkOut: '2027-05-05',
  guests: 2,
  pets: 0,
  nonRefundable: false,
  nights: 4,
  currency: 'EUR' as const,
  nightlyPrices: [
    { date: '2027-05-01', price: eur(12_000) },
    { date: '2027-05-02', price: eur(12_000) },
    { date: '2027-05-03', price: eur(12_000) },
    { date: '2027-05-04', price: eur(12_000) },
  ],
  lineItems: [
    {
      kind: 'nights' as const,
      description: '4 nights',
      quantity: 4,
      unitPrice: eur(12_000),
      amount: eur(48_000),
    },
    {
      kind: 'serviceFee' as const,
      description: 'Service fee',
      quantity: 1,
      unitPrice: null,
      amount: eur(6_816),
    },
  ],
  subtotal: eur(48_000),
  total: eur(54_816),
  includedTaxes: [],
  hostPayout: eur(46_560),
  feeSchedule: {
    id: 'fee_01k9q2v7n8e6xrd5w3m4h1t0zc',
    name: 'Standard',
    mode: 'split' as const,
    hostFeeBps: 300,
    guestFeeBps: 1_420,
  },
  cancellationPolicy: { id: 'pol_01k9q2v7n8e6xrd5w3m4h1t0zd', key: 'moderate', name: 'Moderate' },
  refundSchedule: [
    { until: '2027-04-26T14:00:00.000Z', refund: eur(54_816) },
    { until: '2027-05-01T23:00:00.000Z', refund: eur(18_000) },
    { until: '2027-05-02T23:00:00.000Z', refund: eur(12_000) },
    { until: '2027-05-03T23:00:00.000Z', refund: eur(6_000) },
    { until: '2027-05-05T10:00:00.000Z', refund: eur(0) },
  ],
  freeCancellationUntil: '2027-04-26T14:00:00.000Z',
  instantBook: true,
  timeZone: 'Europe/Lisbon',
  checkInAt: '2027-05-01T14:00:00.000Z',
  checkOutAt: '2027-05-05T10:00:00.000Z',
  createdAt: '2027-03-20T09:30:00.000Z',
  expiresAt: '2027-03-20T09:45:00.000Z',
};

export const QuoteView = z
  .object({
    id: z.string(),
    listingId: z.string(),
    checkIn: LocalDate,
    checkOut: LocalDate,
    guests: people(1),
    pets: people(0),
    nonRefundable: z.boolean(),
    nights: z.int().min(1).max(MOST_NIGHTS),
    currency: Currency,
    nightlyPrices: z
      .array(z.object({ date: LocalDate, price: StayMoney }))
      .meta({ description: 'Every night of the stay, before discounts.' }),
    lineItems: z.array(StayLine).meta({ description: 'They add up to `total` exactly.' }),
    subtotal: StayMoney.meta({
      description: "Nights after discounts and the host's own fees, before service fee and taxes.",
    }),
    total: StayMoney.meta({ description: 'What a booking made from this quote costs.' }),
    includedTaxes: z
      .array(z.object({ description: z.string(), amount: StayMoney }))
      .meta({ description: 'Taxes within the prices: no lines, and nothing beside the total.' }),
    hostPayout: SignedMoney.meta({
      description: 'What the host gets: the subtotal without the host fee and included taxes.',
    }),
    feeSchedule: AppliedFeeSchedule,
    cancellationPolicy: AppliedPolicy,
    refundSchedule: z.array(StayRefund).meta({
      description:
        'What comes back to a guest who cancels, for a booking that is confirmed as the quote is made. Before each `until` it is `refund`; after the last one nothing.',
    }),
    freeCancellationUntil: instant
      .nullable()
      .meta({ description: 'Until when everything comes back; null when that is never so.' }),
    instantBook: z.boolean().meta({ description: 'False when the host has to accept the booking.' }),
    timeZone: z.string(),
    checkInAt: instant,
    checkOutAt: instant,
    createdAt: instant,
    expiresAt: instant.meta({ description: 'Until when a booking can be made from it.' }),
  })
  .meta({
    id: 'Quote',
    description: 'The binding price of a stay, with all that it is made of.',
    examples: [QUOTE],
  });

export function toQuoteView(quote: Quote) {
  const { terms, createdAt, expiresAt } = quote;
  const money = (amount: number) => ({ amount, currency: terms.currency });
  const schedule = refundSchedule(terms, createdAt);
  const { id, name, mode, hostFeeBps, guestFeeBps } = terms.fees;
  return {
    id: publicId('qte', quote.id),
    listingId: publicId('lst', quote.listingId),
    checkIn: quote.checkIn,
    checkOut: quote.checkOut,
    guests: quote.guests,
    pets: quote.pets,
    nonRefundable: terms.policy.key === 'nonRefundable',
    nights: terms.nights.length,
    currency: terms.currency,
    nightlyPrices: terms.nights.map(({ date, price }) => ({ date, price: money(price) })),
    lineItems: terms.lines.map(toStayLine(money)),
    subtotal: money(terms.subtotal),
    total: money(terms.total),
    includedTaxes: terms.includedTaxes.map(({ description, amount }) => ({
      description,
      amount: money(amount),
    })),
    hostPayout: money(terms.hostPayout),
    feeSchedule: { id, name, mode, hostFeeBps, guestFeeBps },
    cancellationPolicy: { id: terms.policy.id, key: terms.policy.key, name: terms.policy.name },
    refundSchedule: schedule.map(({ until, refund }) => ({
      until: until.toISOString(),
      refund: money(refund),
    })),
    freeCancellationUntil: freeCancellationUntil(terms, schedule)?.toISOString() ?? null,
    instantBook: terms.instantBook,
    timeZone: terms.timeZone,
    checkInAt: terms.checkInAt,
    checkOutAt: terms.checkOutAt,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

const toStayLine =
  (money: (amount: number) => z.input<typeof SignedMoney>) =>
  ({ kind, description, quantity, unitPrice, amount }: Line) => ({
    kind,
    description,
    quantity,
    unitPrice: unitPrice === null ? null : money(unitPrice),
    amount: money(amount),
  });
