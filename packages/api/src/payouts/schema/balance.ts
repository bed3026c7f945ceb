import { Currency } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { pageOf, pageQuery } from '../../platform/http/cursor.ts';
import { publicId } from '../../platform/id.ts';
import { SignedMoney, StayMoney } from '../../pricing/stay-schema.ts';
import type { Balance, StatementLine } from '../model/balance.ts';
import { BOOKING_ID, eur, hostQuery, instant, moneyIn, WHEN } from './parts.ts';

export const BalanceQuery = z.strictObject(hostQuery);
export const EntriesQuery = z.strictObject({
  ...pageQuery,
  ...hostQuery,
  from: LocalDate.optional().meta({
    description: 'Only what happened from the beginning of this day on, by UTC.',
    examples: ['2027-05-01'],
  }),
  to: LocalDate.optional().meta({
    description: 'Only what happened before the beginning of this day, by UTC.',
    examples: ['2027-06-01'],
  }),
  currency: Currency.optional().meta({ description: 'Only lines in this currency.' }),
});
export type EntriesQuery = z.output<typeof EntriesQuery>;

const AMOUNTS = {
  upcoming: 'Scheduled for later.',
  onHold:
    'Due, but it cannot go: no account can take it, the last attempt failed, or the booking is disputed.',
  inTransit: 'Sent off a moment ago.',
  paid: 'What you got so far, less what was taken back.',
  owed: 'What you owe, or what is being taken back: penalties, and refunds after the payout.',
} as const satisfies Record<Exclude<keyof Balance, 'currency'>, string>;
const told = (name: keyof typeof AMOUNTS) => StayMoney.meta({ description: AMOUNTS[name] });

const BalanceView = z
  .object({
    currency: Currency,
    upcoming: told('upcoming'),
    onHold: told('onHold'),
    inTransit: told('inTransit'),
    paid: told('paid'),
    owed: told('owed'),
  })
  .meta({
    id: 'Balance',
    description: '`upcoming` + `onHold` + `inTransit` − `owed` is what the ledger says is yours.',
    examples: [
      {
        currency: 'EUR',
        upcoming: eur(50_440),
        onHold: eur(0),
        inTransit: eur(0),
        paid: eur(120_000),
        owed: eur(0),
      },
    ],
  });
export const BalanceList = z
  .object({ data: z.array(BalanceView).meta({ description: 'One for each currency, by its code.' }) })
  .meta({ id: 'BalanceList' });

const LINE_KINDS = ['allocation', 'penalty', 'transfer', 'transferReversal'] as const;
const LineView = z
  .object({
    occurredAt: instant,
    kind: z.enum(LINE_KINDS).meta({
      description:
        '`allocation`: what you earn of a booking, or no longer do; `penalty`: for cancelling one; `transfer`: sent to you; `transferReversal`: taken back from what was sent.',
    }),
    bookingId: z.string().nullable(),
    listingTitle: z.string().nullable(),
    amount: SignedMoney.meta({ description: 'Below nothing when less is owed to you by it.' }),
    balance: SignedMoney.meta({ description: 'What is owed to you in this currency after it.' }),
  })
  .meta({
    id: 'BalanceEntry',
    examples: [
      {
        occurredAt: WHEN,
        kind: 'allocation',
        bookingId: BOOKING_ID,
        listingTitle: 'Sunny loft',
        amount: eur(50_440),
        balance: eur(50_440),
      },
    ],
  });
export const EntryPage = pageOf(LineView).meta({ id: 'BalanceEntryPage' });

export const toBalanceList = (balances: readonly Balance[]) => ({
  data: balances.map(({ currency, upcoming, onHold, inTransit, paid, owed }) => {
    const money = moneyIn(currency);
    return {
      currency,
      upcoming: money(upcoming),
      onHold: money(onHold),
      inTransit: money(inTransit),
      paid: money(paid),
      owed: money(owed),
    };
  }),
});

export function toLineView({
  occurredAt,
  kind,
  bookingId,
  listingTitle,
  currency,
  amount,
  balance,
}: StatementLine) {
  const money = moneyIn(currency);
  return {
    occurredAt: occurredAt.toISOString(),
    kind: kind as (typeof LINE_KINDS)[number],
    bookingId: bookingId && publicId('bkg', bookingId),
    listingTitle,
    amount: money(amount),
    balance: money(balance),
  };
}
