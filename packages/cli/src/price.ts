import { exponentOf, isCurrency } from '@sojourn/shared/money';

/** A price for people: `$120`, `€119.50`, `¥12,000`. Digits after the point only where there are minor units. */
export function price(money: { amount: number; currency: string } | null | undefined): string {
  if (!money) return '';
  const { amount, currency } = money;
  // A newer server may know more currencies; how many digits theirs have is not for us to guess.
  if (!isCurrency(currency)) return `${amount} ${currency} (minor units)`;
  // Intl goes by how people write an amount, and drops the minor unit of HUF and IDR: we charge in it.
  const digits = exponentOf(currency);
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    trailingZeroDisplay: 'stripIfInteger',
  }).format(amount / 10 ** digits);
}
