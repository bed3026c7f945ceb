import type { KnownListing, NightWish } from './model.ts';

/** The nights of one listing that were read and not sent yet. */
export interface Gathered {
  listing: KnownListing;
  /** By days since 1970-01-01. The last row about a night counts. */
  nights: Map<number, NightWish>;
}

export interface Gatherer {
  add(listing: KnownListing, day: number, wish: NightWish): void;
  /** Once more nights are held than allowed: those of the listing that was not met for the longest time. */
  takeSurplus(): Gathered | undefined;
  /** How many nights are held now. */
  held(): number;
  /** All that is left. */
  takeRest(): Generator<Gathered>;
}

/**
 * Holds nights until it is likely that a listing has no more of them: rows mostly come listing by listing. Where they do
 * not, a listing is sent in several pieces, and no more than `most` nights are ever held.
 */
export function createGatherer(most: number): Gatherer {
  // In the order in which the listings were last met.
  const held = new Map<string, Gathered>();
  let last: Gathered | undefined;
  let nights = 0;

  const take = (gathered: Gathered) => {
    held.delete(gathered.listing.id);
    nights -= gathered.nights.size;
    if (last === gathered) last = undefined;
    return gathered;
  };

  return {
    add(listing, day, wish) {
      if (last?.listing !== listing) {
        last = held.get(listing.id) ?? { listing, nights: new Map() };
        held.delete(listing.id);
        held.set(listing.id, last);
      }
      const before = last.nights.size;
      last.nights.set(day, wish);
      nights += last.nights.size - before;
    },
    takeSurplus() {
      const oldest = nights > most ? held.values().next().value : undefined;
      return oldest && take(oldest);
    },
    held: () => nights,
    *takeRest() {
      for (const gathered of [...held.values()]) yield take(gathered);
    },
  };
}
