import { paragraph } from '@sojourn/shared/text';
import { z } from 'zod';

// What the shapes of bookings and of alterations are made of.

export const MESSAGE_CHARACTERS = 4_000;
export const REASON_CHARACTERS = 1_000;
export const MAX_PEOPLE = 100;

export const EXAMPLE_IDS = {
  booking: 'bkg_01k9q2v7n8e6xrd5w3m4h1t0za',
  quote: 'qte_01k9q2v7n8e6xrd5w3m4h1t0zb',
  listing: 'lst_01k9q2v7n8e6xrd5w3m4h1t0zc',
  guest: 'usr_01k9q2v7n8e6xrd5w3m4h1t0zd',
  host: 'usr_01k9q2v7n8e6xrd5w3m4h1t0ze',
  alteration: 'alt_01k9q2v7n8e6xrd5w3m4h1t0zf',
  payment: 'pay_01k9q2v7n8e6xrd5w3m4h1t0zg',
  refund: 'rfd_01k9q2v7n8e6xrd5w3m4h1t0zh',
} as const;
export const CREATED = '2027-03-20T09:30:00.000Z';
export const eur = (amount: number) => ({ amount, currency: 'EUR' as const });

export const id = (told: string, example: string) =>
  z
    .string()
    .max(100)
    .meta({ description: told, examples: [example] });
export const instant = z.iso.datetime();
export const people = z.int().min(1).max(MAX_PEOPLE);
export const animals = z.int().min(0).max(MAX_PEOPLE);
export const reason = paragraph(REASON_CHARACTERS).min(1);
