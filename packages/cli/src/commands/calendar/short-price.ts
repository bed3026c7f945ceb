import { exponentOf, isCurrency } from '@sojourn/shared/money';

/** An amount in four columns at most, without its currency: `120`, `45.5`, `1.4k`, `120k`, `1.2m`. Rounded where it must be. */
export function shortPrice(money: { amount: number; currency: string } | null | undefined): string {
  if (!money) return '';
  const { amount, currency } = money;
  if (!isCurrency(currency)) return '?';
  return short(amount / 10 ** exponentOf(currency));
}

const UNITS = ['', 'k', 'm', 'b'] as const;

function short(value: number): string {
  let scaled = value;
  for (const unit of UNITS) {
    const text = digits(scaled, 4 - unit.length);
    // What rounds up to four figures before its unit belongs to the next one.
    if (unit === 'b' || Number(text) < 1_000) return `${text}${unit}`;
    scaled /= 1_000;
  }
  return '';
}

/** As many digits after the point as there is room for, and no noughts at the end. */
function digits(value: number, room: number): string {
  const whole = Math.trunc(value).toString().length;
  const fraction = Math.max(0, room - whole - 1);
  return String(Number(value.toFixed(Math.min(fraction, 2))));
}
