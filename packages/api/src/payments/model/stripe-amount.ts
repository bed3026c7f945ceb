import { type Currency, exponentOf } from '@sojourn/shared/money';

// https://docs.stripe.com/currencies: Stripe counts in minor units as we do, with two exceptions.

/** Currencies without decimals that Stripe counts in hundredths all the same, always with 00. */
const COUNTED_IN_HUNDREDTHS: readonly Currency[] = ['ISK', 'UGX'];
/** Of currencies with three decimals Stripe takes no last digit but 0. */
const LAST_DIGIT = 10;

const isCountedInHundredths = (currency: Currency) => COUNTED_IN_HUNDREDTHS.includes(currency);

/** The step in which sums of a currency can be moved at Stripe, in minor units. */
export const stepOf = (currency: Currency): number => (exponentOf(currency) === 3 ? LAST_DIGIT : 1);

/** As much of a sum as can be moved, in minor units. */
export const movable = (amount: number, currency: Currency): number => amount - (amount % stepOf(currency));

/** Minor units as Stripe counts them; undefined when Stripe cannot move this very sum. */
export function toStripeAmount(amount: number, currency: Currency): number | undefined {
  if (amount !== movable(amount, currency)) return undefined;
  return isCountedInHundredths(currency) ? amount * 100 : amount;
}

/** What Stripe counted, in minor units; what it has of a smaller part than ours, such as in a fee, is rounded. */
export const fromStripeAmount = (amount: number, currency: Currency): number =>
  isCountedInHundredths(currency) ? Math.round(amount / 100) : amount;
