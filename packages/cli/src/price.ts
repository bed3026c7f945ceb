import { exponentOf, isCurrency } from '@sojourn/shared/money';

type Amount = { amount: number; currency: string };

/** A price for people: `$120`, `€119.50`, `¥12,000`. Digits after the point only where there are minor units. */
export const price = (money: Amount | null | undefined): string =>
  money ? written(money, 'stripIfInteger') : '';

/** The same with all digits of its currency, so that the amounts of a bill stand one under the other: `$120.00`. */
export const fullPrice = (money: Amount): string => written(money, 'auto');

function written({ amount, currency }: Amount, trailingZeroDisplay: 'auto' | 'stripIfInteger'): string {
  // A newer server may know more currencies; how many digits theirs have is not for us to guess.
  if (!isCurrency(currency)) return `${amount} ${currency} (minor units)`;
  // Intl goes by how people write an amount, and drops the minor unit of HUF and IDR: we charge in it.
  const digits = exponentOf(currency);
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    trailingZeroDisplay,
  }).format(amount / 10 ** digits);
}
