import type { Money } from '@sojourn/shared/money';
import { NO_SHARES, type Shares, withRest } from '../../ledger/model/allocation.ts';
import { bpsOf, share, sum } from '../../pricing/model/rounding.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import { type Booking, isLive } from './booking.ts';

// Whose the money for a stay is. There is no rule for what the guest gets back: it is what nobody keeps.

export type Kept = Omit<Shares, 'refunds'>;
const NOTHING: Kept = { host: 0, platform: 0, taxes: 0 };

/** What of a booking says whose the money is. */
export type Divided = Pick<
  Booking,
  'status' | 'terms' | 'confirmedAt' | 'cancelledBy' | 'cancellation' | 'hostRefunded' | 'marketplaceRefunded'
>;

/** Of whose share the guest may be given back more than the rules say. */
export const REFUND_PAYERS = ['host', 'marketplace'] as const;
export interface RefundGiven {
  amount: Money;
  paidBy: (typeof REFUND_PAYERS)[number];
  reason: string;
}

/** What was paid, in minor units, and what of it left for good: given back to the guest, or taken by banks in disputes. */
export interface Gone {
  paid: number;
  refunded: number;
  lost: number;
}

/** Whether it is settled whose the money is: not while a guest may still pay, or a host answer. */
export const isDecided = ({ status, confirmedAt }: Pick<Booking, 'status' | 'confirmedAt'>): boolean =>
  confirmedAt !== null || !isLive({ status });

/**
 * Whose all that was paid is. Nothing is kept of what was not paid in full. What left beyond what the rules give back, by
 * a lost dispute, is borne by the host first, then by the marketplace, then taken off the taxes; what even that does not
 * cover is the marketplace's loss. What somebody gives back of their own will comes on top of what a bank took, whichever
 * was first.
 */
export function sharesOf(booking: Divided, { paid, refunded, lost }: Gone): Shares {
  const kept = keptOf(booking);
  if (paid < totalOf(kept)) return NO_SHARES;
  const byRules = paid - totalOf(keptByRules(booking));
  const loss = Math.max(0, refunded + lost - (paid - totalOf(kept)), Math.min(lost - byRules, totalOf(kept)));
  return withRest(paid, lessLoss(kept, loss));
}

/** What the host, the marketplace and the tax offices keep of a stay as it stands, whoever wanted it so. */
export function keptOf(booking: Divided): Kept {
  const { host, platform, taxes } = keptByRules(booking);
  const ofHost = Math.max(0, host - booking.hostRefunded);
  // The marketplace may give back more than it earned, but a guest never gets more than was paid.
  return {
    host: ofHost,
    platform: Math.max(platform - booking.marketplaceRefunded, 0 - ofHost - taxes),
    taxes,
  };
}

const totalOf = ({ host, platform, taxes }: Kept): number => host + platform + taxes;

/** Nobody keeps anything of a stay that was never confirmed, or that the marketplace gave up for want of its money. */
function keptByRules({ terms, confirmedAt, cancelledBy, cancellation }: Divided): Kept {
  if (confirmedAt === null || cancelledBy === 'marketplace') return NOTHING;
  if (cancellation === null) return divide(terms, agreedOf(terms));
  const { refund, hostKeeps, lines } = cancellation;
  const total = terms.total - refund;
  const taxLines = lines.filter(({ kind }) => kind === 'tax');
  const taxes =
    lines.length > 0
      ? sum(taxLines.map((line) => line.paid - line.refund))
      : Math.min(taxesBeside(terms), total - hostKeeps);
  return divide(terms, { total, subtotal: hostKeeps, taxes });
}

/** A part of an agreement: all of it, what of it are the host's prices, and what are taxes beside them. */
interface Part {
  total: number;
  subtotal: number;
  taxes: number;
}

const agreedOf = (terms: Terms): Part => ({
  total: terms.total,
  subtotal: terms.subtotal,
  taxes: taxesBeside(terms),
});

const taxesBeside = ({ lines }: Terms): number =>
  sum(lines.filter(({ kind }) => kind === 'tax').map(({ amount }) => amount));

/** Of the host's prices go the fee, as it was agreed, and the taxes within them; what is left of the rest is the marketplace's. */
function divide(terms: Terms, { total, subtotal, taxes }: Part): Kept {
  const included = sum(terms.includedTaxes.map(({ amount }) => amount));
  const within = terms.subtotal === 0 ? 0 : share(included, subtotal, terms.subtotal);
  const host = Math.max(0, subtotal - bpsOf(subtotal, terms.fees.hostFeeBps) - within);
  return { host, platform: total - host - taxes - within, taxes: taxes + within };
}

function lessLoss({ host, platform, taxes }: Kept, loss: number): Kept {
  const ofHost = Math.min(host, loss);
  const ofPlatform = Math.min(Math.max(0, platform), loss - ofHost);
  const ofTaxes = Math.min(taxes, loss - ofHost - ofPlatform);
  const rest = loss - ofHost - ofPlatform - ofTaxes;
  return { host: host - ofHost, platform: platform - ofPlatform - rest, taxes: taxes - ofTaxes };
}
