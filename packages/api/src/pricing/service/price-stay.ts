import { addDays } from '@sojourn/shared/nights';
import { isPublic } from '../../listings/model.ts';
import type { Context } from '../../platform/context.ts';
import type { ProblemError } from '../../platform/problem.ts';
import { ALTERNATIVE_DAYS, alternatives } from '../model/alternatives.ts';
import { type Reason, reasonsAgainst } from '../model/bookable.ts';
import type { DateRange, Stay, StayFacts } from '../model/facts.ts';
import { priceStay } from '../model/price.ts';
import type { Terms } from '../model/terms.ts';
import { notBookable } from '../problems.ts';
import { findStay } from '../repository/stay-facts.ts';
import { readRulebook } from './rulebook.ts';

/** A booking that is about to move: its own nights are free to it. */
export interface Moving {
  bookingId: string;
}

/** What the price of stays in a listing is made of. Undefined when guests know of no such listing. */
export async function loadFacts(
  ctx: Context,
  listingId: string,
  window: DateRange,
  moving?: Moving,
): Promise<StayFacts | undefined> {
  const rulebook = await readRulebook(ctx);
  const found = await findStay(ctx.db, ctx.pool, {
    listingId,
    window,
    exceptBookingId: moving?.bookingId ?? null,
  });
  if (!found || !(moving || isPublic(found.status))) return undefined;
  const { status: _status, ...facts } = found;
  return { ...facts, rulebook };
}

/** A stay as it would be booked now, or all that speaks against it. */
export type Offer =
  | { terms: Terms; hostId: string; reasons: [] }
  | { terms: null; hostId: string; reasons: Reason[] };

/**
 * What a stay costs and whether it can be booked. Undefined when guests know of no such listing.
 *
 * @param listingId the database's
 */
export async function offerStay(ctx: Context, listingId: string, stay: Stay): Promise<Offer | undefined> {
  const now = ctx.clock.now();
  const facts = await loadFacts(ctx, listingId, { from: stay.checkIn, to: stay.checkOut });
  if (!facts) return undefined;
  const { hostId } = facts.listing;
  const reasons = reasonsAgainst(facts, stay, now);
  if (reasons.length > 0) return { terms: null, hostId, reasons };
  return { terms: priceStay(facts, stay, now), hostId, reasons: [] };
}

/** The refusal of a stay: every reason, and the nearest stays that can be booked instead. */
export async function refusalOf(
  ctx: Context,
  listingId: string,
  stay: Stay,
  reasons: readonly Reason[],
): Promise<ProblemError> {
  const from = addDays(stay.checkIn, -ALTERNATIVE_DAYS);
  const to = addDays(stay.checkOut, ALTERNATIVE_DAYS);
  const facts = await loadFacts(ctx, listingId, { from, to });
  const found = facts ? alternatives(facts, stay, reasons, ctx.clock.now()) : [];
  return notBookable({
    detail: reasons.map(({ detail }) => detail).join(' '),
    members: {
      reasons,
      alternatives: found.map(({ total, ...dates }) => ({
        ...dates,
        total: { amount: total, currency: facts?.listing.currency },
      })),
    },
  });
}
