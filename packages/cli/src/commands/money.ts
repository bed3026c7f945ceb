import { type Currency, fromDecimal, isCurrency, type Money } from '@sojourn/shared/money';
import { usageError } from '../exit.ts';

/** A currency as typed after `--currency`, in capitals or not. */
export function toCurrency(code: string): Currency {
  const currency = code.toUpperCase();
  if (isCurrency(currency)) return currency;
  throw usageError(
    `${code} is not a currency that Sojourn knows.`,
    '--currency takes an ISO 4217 code such as USD, EUR or JPY.',
  );
}

/** A decimal amount as typed after a flag, in minor units. Nothing is rounded: more digits than the currency has are an error. */
export function toMoney(text: string, flag: string, currency: Currency): Money {
  const amount = fromDecimal(text, currency);
  if (amount !== undefined) return { amount, currency };
  throw usageError(
    `${flag} ${text} is not an amount in ${currency}.`,
    `Write it in whole units, such as ${flag} 120 or ${flag} 119.50 (JPY has no decimals).`,
  );
}
