/**
 * `amount · numerator / denominator`, half-even to a whole minor unit. All are whole numbers and none is negative.
 * Exact for whatever amounts: nothing passes through a fraction of a double.
 */
export function share(amount: number, numerator: number | bigint, denominator: number | bigint): number {
  const product = BigInt(amount) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const whole = product / divisor;
  const twice = (product % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && whole % 2n === 1n);
  return Number(up ? whole + 1n : whole);
}

export const percentOf = (amount: number, percent: number): number => share(amount, percent, 100);

/** Of hundredths of a percent. */
export const bpsOf = (amount: number, bps: number): number => share(amount, bps, 10_000);

export const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);

/**
 * Whole amounts in proportion to the weights that add up to `total` exactly: each is rounded down, and what is left goes
 * to those that lost most, the earlier first. No part is larger than its weight while the total is not larger than all
 * weights together.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const all = sum(weights);
  if (all === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(weight) * BigInt(total));
  const parts = exact.map((part) => Number(part / BigInt(all)));
  const lost = exact.map((part, index) => ({ index, rest: part % BigInt(all) }));
  lost.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of lost.slice(0, total - sum(parts))) parts[index]! += 1;
  return parts;
}
