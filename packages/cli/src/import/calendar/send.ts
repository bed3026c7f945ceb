import { dayOf } from '@sojourn/shared/nights';
import { createPace } from '../pace.ts';
import type { Gathered } from './gather.ts';
import {
  type CalendarImportOptions,
  CalendarRefused,
  type CalendarSink,
  type KnownListing,
} from './model.ts';
import { rangesOf } from './ranges.ts';
import type { Tally } from './tally.ts';

/** Sends several calendars at once, and the pieces of one calendar one after the other. */
export function createSender(
  sink: CalendarSink,
  { concurrency, signal }: CalendarImportOptions,
  tally: Tally,
) {
  const pace = createPace(concurrency);
  const underWay = new Map<string, Promise<void>>();
  const todayIn = new Map<string | null, Promise<string>>();
  let failure: unknown;

  /** Asked for once for each time zone. */
  const todayAt = (listing: KnownListing) => {
    const today = todayIn.get(listing.timeZone) ?? sink.today(listing);
    todayIn.set(listing.timeZone, today);
    return today;
  };

  const deliver = async ({ listing, nights }: Gathered) => {
    if (failure !== undefined) return;
    const today = dayOf(await todayAt(listing));
    const coming = new Map([...nights].filter(([day]) => day >= today));
    const { report } = tally;
    report.skipped.past += nights.size - coming.size;
    if (coming.size === 0) return;
    try {
      const { changed, taken } = await sink.put(
        listing,
        rangesOf(listing, coming, await sink.seasons(listing)),
      );
      tally.settle(listing, changed ? 'changed' : 'unchanged');
      report.taken += taken;
      for (const { blocked } of coming.values()) report.nights[blocked ? 'blocked' : 'open'] += 1;
    } catch (error) {
      if (!(error instanceof CalendarRefused)) throw error;
      tally.settle(listing, 'failed');
      report.failures.push({
        externalId: listing.externalId,
        listingId: listing.id,
        message: error.message,
      });
    }
  };

  return {
    async send(gathered: Gathered) {
      await pace.enter(signal);
      const { id } = gathered.listing;
      const before = underWay.get(id);
      const delivery = Promise.resolve(before)
        .then(() => deliver(gathered))
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          if (underWay.get(id) === delivery) underWay.delete(id);
          pace.leave();
        });
      underWay.set(id, delivery);
    },
    /** Whatever ends the import is known at the next piece of the file. */
    check() {
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
    },
    async finish(): Promise<unknown> {
      await Promise.all(underWay.values());
      return failure;
    },
  };
}
