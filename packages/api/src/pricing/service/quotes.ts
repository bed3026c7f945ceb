import { listingNotFound } from '../../listings/problems.ts';
import { actorOf, type Context, type Tx } from '../../platform/context.ts';
import { newUuid, uuidOf } from '../../platform/id.ts';
import type { Stay } from '../model/facts.ts';
import { hasExpired, QUOTE_LIFETIME_MS, type Quote } from '../model/quote.ts';
import { canBookQuote, canReadQuote } from '../policy.ts';
import { quoteExpired, quoteNotFound } from '../problems.ts';
import { findQuote, insertQuote, lockQuote } from '../repository/quotes.ts';
import { offerStay, refusalOf } from './price-stay.ts';

export interface WantedStay extends Stay {
  /** `lst_…` */
  listingId: string;
}

/** A binding price. A stay that cannot be booked is refused with every reason and the nearest that can. */
export async function createQuote(ctx: Context, { listingId, ...stay }: WantedStay): Promise<Quote> {
  const id = uuidOf('lst', listingId);
  const offer = id && (await offerStay(ctx, id, stay));
  if (!offer) throw listingNotFound();
  if (!offer.terms) throw await refusalOf(ctx, id, stay, offer.reasons);
  const now = ctx.clock.now();
  const { checkIn, checkOut, guests, pets } = stay;
  const quote: Quote = {
    id: newUuid(now),
    listingId: id,
    hostId: offer.hostId,
    guestId: ctx.actor?.userId ?? null,
    checkIn,
    checkOut,
    guests,
    pets,
    terms: offer.terms,
    createdAt: now,
    expiresAt: new Date(now.getTime() + QUOTE_LIFETIME_MS),
  };
  await insertQuote(ctx.db, ctx.pool, quote);
  return quote;
}

/** A quote, also one that has expired. */
export async function getQuote(ctx: Context, quoteId: string): Promise<Quote> {
  const id = uuidOf('qte', quoteId);
  const quote = id && (await findQuote(ctx.db, id));
  if (!quote || !canReadQuote(ctx.actor, quote)) throw quoteNotFound();
  return quote;
}

/**
 * The quote that the caller makes a booking of, kept from others until the transaction ends.
 *
 * @param quoteId `qte_…`
 */
export async function getQuoteToBook(ctx: Context, tx: Tx, quoteId: string): Promise<Quote> {
  const actor = actorOf(ctx);
  const id = uuidOf('qte', quoteId);
  const quote = id && (await lockQuote(tx, id));
  if (!quote || !canBookQuote(actor, quote)) throw quoteNotFound();
  if (hasExpired(quote, ctx.clock.now()))
    throw quoteExpired({ detail: `The quote was good until ${quote.expiresAt.toISOString()}.` });
  return quote;
}
