import { LISTING_LIMITS } from '@sojourn/shared/listing';
import { MAX_AMOUNT, Money } from '@sojourn/shared/money';
import { isDate, LocalDate, nightsBetween } from '@sojourn/shared/nights';
import { z } from 'zod';

const MAX_RANGE_NIGHTS = 1_100;
const MAX_VERSION = 2_147_483_647;

export const LISTING_ID = 'lst_01k9q2v7n8e6xrd5w3m4h1t0za';
export const PRICE = { amount: 14_000, currency: 'EUR' };

export const listingId = z
  .string()
  .max(100)
  .meta({ description: 'The id of a listing.', examples: [LISTING_ID] });
export const CalendarParams = z.strictObject({ listingId });

export const version = z
  .int()
  .min(0)
  .max(MAX_VERSION)
  .meta({ description: 'Goes up with every change that its host makes; `If-Match` guards a change by it.' });
export const from = LocalDate.meta({ description: 'The first date.' });
export const to = LocalDate.meta({ description: 'The date after the last.' });
export const minNights = z.int().min(1).max(LISTING_LIMITS.minNights);
export const maxNights = z.int().min(1).max(LISTING_LIMITS.maxNights);
/** Nothing is given away by a slip of the finger. */
export const Price = Money.extend({ amount: z.int().min(1).max(MAX_AMOUNT) }).meta({
  id: 'NightlyPrice',
  description: 'More than nothing, in minor units of the currency of the listing.',
  examples: [PRICE],
});

interface Checked {
  from: string;
  to: string;
  minNights?: number | null | undefined;
  maxNights?: number | null | undefined;
}
export function checkRange({ from, to, minNights, maxNights }: Checked, ctx: z.RefinementCtx): void {
  // A date that is none was told of already.
  if (!isDate(from) || !isDate(to)) return;
  const nights = nightsBetween(from, to);
  const issue = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
  if (nights <= 0) issue('to', 'must be after from');
  if (nights > MAX_RANGE_NIGHTS) issue('to', `must be at most ${MAX_RANGE_NIGHTS} dates after from`);
  if (minNights && maxNights && minNights > maxNights) issue('maxNights', 'must not be less than minNights');
}
