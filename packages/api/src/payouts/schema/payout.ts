import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { pageOf, pageQuery } from '../../platform/http/cursor.ts';
import { publicId } from '../../platform/id.ts';
import { StayMoney } from '../../pricing/stay-schema.ts';
import { DEBT_KINDS, PAYOUT_FAILURES, PAYOUT_STATUSES } from '../model/payout.ts';
import { BLOCKS, type SeenPayout, type SeenPayoutDetails } from '../model/seen.ts';
import { BOOKING_ID, eur, HOST_ID, hostQuery, instant, moneyIn, PAYOUT_ID, WHEN } from './parts.ts';

export const PayoutParams = z.strictObject({
  payoutId: z
    .string()
    .max(100)
    .meta({ description: 'The payout.', examples: [PAYOUT_ID] }),
});
export const PayoutsQuery = z.strictObject({
  ...pageQuery,
  ...hostQuery,
  status: z.enum(PAYOUT_STATUSES).optional().meta({ description: 'Only payouts that are so.' }),
});
export type PayoutsQuery = z.output<typeof PayoutsQuery>;

const PAYOUT = {
  id: PAYOUT_ID,
  hostId: HOST_ID,
  bookingId: BOOKING_ID,
  listingTitle: 'Sunny loft',
  checkIn: '2027-05-01',
  checkOut: '2027-05-05',
  status: 'scheduled' as const,
  dueAt: '2027-05-02T14:00:00.000Z',
  amount: eur(50_440),
  deducted: eur(0),
  sent: eur(50_440),
  reversed: eur(0),
  blockedBy: null,
  failure: null,
  nextAttemptAt: '2027-05-02T14:00:00.000Z',
  transferId: null,
  paidAt: null,
  createdAt: WHEN,
  updatedAt: WHEN,
};
export const PayoutView = z
  .object({
    id: z.string(),
    hostId: z.string(),
    bookingId: z.string(),
    listingTitle: z.string(),
    checkIn: LocalDate,
    checkOut: LocalDate,
    status: z.enum(PAYOUT_STATUSES).meta({
      description:
        '`scheduled` waits for its time, `processing` is being sent, `paid` is in the account of the host at Stripe, `failed` is tried again at `nextAttemptAt`, `cancelled` is no longer owed.',
    }),
    dueAt: instant.meta({ description: 'From when it is sent.' }),
    amount: StayMoney.meta({ description: 'What the host gets of the stay with it.' }),
    deducted: StayMoney.meta({ description: 'What of it pays what the host owed.' }),
    sent: StayMoney.meta({
      description: 'What is sent, or will be as it looks now: `amount` less `deducted`.',
    }),
    reversed: StayMoney.meta({ description: 'What was taken back of it, after a refund to the guest.' }),
    blockedBy: z.enum(BLOCKS).nullable().meta({
      description:
        'What keeps it from being sent: no account that can take it (`POST /v1/payout-account`), or a dispute about the booking that is not decided.',
    }),
    failure: z.enum(PAYOUT_FAILURES).nullable().meta({
      description:
        'Why the last attempt failed: the account is closed or restricted (`POST /v1/payout-account` mends both), the marketplace has too little money at Stripe at the moment, or Stripe refused it otherwise.',
    }),
    nextAttemptAt: instant
      .nullable()
      .meta({ description: 'When it is sent; null when it was, or will not be.' }),
    transferId: z.string().nullable().meta({ description: 'The transfer at Stripe.' }),
    paidAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Payout', examples: [PAYOUT] });
export const PayoutPage = pageOf(PayoutView).meta({ id: 'PayoutPage' });

const DEDUCTION = { kind: 'penalty' as const, bookingId: BOOKING_ID, amount: eur(5_000) };
const DeductionView = z
  .object({
    kind: z.enum(DEBT_KINDS).meta({
      description: '`penalty` for cancelling a stay; `reversal` for a refund that could not be taken back.',
    }),
    bookingId: z.string().meta({ description: 'The booking for which it was owed.' }),
    amount: StayMoney,
  })
  .meta({ id: 'PayoutDeduction', examples: [DEDUCTION] });
export const PayoutDetails = PayoutView.extend({
  deductions: z.array(DeductionView).meta({ description: 'What the host owed and paid with it.' }),
}).meta({
  id: 'PayoutDetails',
  examples: [
    {
      ...PAYOUT,
      status: 'paid',
      deducted: eur(5_000),
      sent: eur(45_440),
      nextAttemptAt: null,
      transferId: 'tr_1PQc5YLkdIwHu7ixQ2jAqQ0h',
      paidAt: '2027-05-02T14:00:05.000Z',
      deductions: [DEDUCTION],
    },
  ],
});
export const ExportedPayouts = z.array(PayoutView).meta({ description: 'What you get, or got, as a host.' });

const isoOrNull = (date: Date | null) => date?.toISOString() ?? null;

export function toPayoutView({ payout, stay, blockedBy }: SeenPayout) {
  const money = moneyIn(payout.currency);
  const waits = payout.status === 'scheduled' || payout.status === 'failed';
  return {
    id: publicId('pyo', payout.id),
    hostId: publicId('usr', payout.hostId),
    bookingId: publicId('bkg', payout.bookingId),
    ...stay,
    status: payout.status,
    dueAt: payout.dueAt.toISOString(),
    amount: money(payout.amount),
    deducted: money(payout.deducted),
    sent: money(payout.amount - payout.deducted),
    reversed: money(payout.reversed),
    blockedBy,
    failure: payout.failure,
    nextAttemptAt: waits ? payout.nextAttemptAt.toISOString() : null,
    transferId: payout.stripeTransferId,
    paidAt: isoOrNull(payout.paidAt),
    createdAt: payout.createdAt.toISOString(),
    updatedAt: payout.updatedAt.toISOString(),
  };
}

export const toPayoutDetails = ({ deductions, ...seen }: SeenPayoutDetails) => ({
  ...toPayoutView(seen),
  deductions: deductions.map(({ kind, bookingId, amount }) => ({
    kind,
    bookingId: publicId('bkg', bookingId),
    amount: moneyIn(seen.payout.currency)(amount),
  })),
});
