import type { ListingFacts, TaxRule } from './facts.ts';
import { bpsOf, share } from './rounding.ts';
import type { IncludedTax, Line } from './terms.ts';

/** What a stay is taxed on. */
export interface Taxed {
  subtotal: number;
  nights: number;
  guests: number;
}

/** The rules that hold for stays in a listing at an instant, the oldest first. */
export const taxRulesFor = (rules: readonly TaxRule[], listing: ListingFacts, now: Date): TaxRule[] =>
  rules.filter(
    (rule) =>
      rule.effectiveFrom <= now &&
      (rule.effectiveUntil === null || now < rule.effectiveUntil) &&
      sameName(rule.country, listing.country) &&
      (rule.region === null || sameName(rule.region, listing.region)) &&
      (rule.city === null || sameName(rule.city, listing.city)) &&
      (rule.kind === 'percent' || rule.currency === listing.currency),
  );

const sameName = (a: string, b: string | null) => b !== null && a.toLowerCase() === b.toLowerCase();

/** Taxes beside the prices, a line each; those of nothing are left out. */
export const taxLines = (rules: readonly TaxRule[], taxed: Taxed): Line[] =>
  rules
    .filter((rule) => !rule.inclusive && applies(rule, taxed))
    .map((rule) => taxLine(rule, taxed))
    .filter(({ amount }) => amount > 0);

/** Taxes within the prices: how much of the subtotal each is. */
export const taxesIncluded = (rules: readonly TaxRule[], taxed: Taxed): IncludedTax[] =>
  rules
    .filter((rule) => rule.inclusive && applies(rule, taxed))
    .map(({ name, bps }) => ({
      description: name,
      amount: share(taxed.subtotal, bps ?? 0, 10_000 + (bps ?? 0)),
    }));

const applies = ({ maxNights }: TaxRule, { nights }: Taxed) => maxNights === null || nights <= maxNights;

function taxLine({ name, kind, bps, amount }: TaxRule, { subtotal, nights, guests }: Taxed): Line {
  const line = { kind: 'tax', description: name } as const;
  if (kind === 'percent') return { ...line, quantity: 1, unitPrice: null, amount: bpsOf(subtotal, bps ?? 0) };
  const unitPrice = amount ?? 0;
  const quantity = kind === 'perNight' ? nights : nights * guests;
  return { ...line, quantity, unitPrice, amount: unitPrice * quantity };
}
