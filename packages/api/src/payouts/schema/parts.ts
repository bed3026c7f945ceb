import type { Currency } from '@sojourn/shared/money';
import { z } from 'zod';

// What the shapes of payouts, accounts and balances are made of.

export const PAYOUT_ID = 'pyo_01k9q2v7n8e6xrd5w3m4h1t0za';
export const HOST_ID = 'usr_01k9q2v7n8e6xrd5w3m4h1t0ze';
export const BOOKING_ID = 'bkg_01k9q2v7n8e6xrd5w3m4h1t0za';
export const WHEN = '2027-03-20T09:30:00.000Z';
export const eur = (amount: number) => ({ amount, currency: 'EUR' as const });

export const moneyIn = (currency: Currency) => (amount: number) => ({ amount, currency });
export const instant = z.iso.datetime();

export const hostQuery = {
  hostId: z
    .string()
    .max(100)
    .optional()
    .meta({
      description: 'Whose; your own when left out. That of others is for staff.',
      examples: [HOST_ID],
    }),
};
