import { ApiError, type Sojourn } from '@sojourn/sdk';
import { nightsBetween } from '@sojourn/shared/nights';
import { CalendarRefused, type CalendarSink, type PutOutcome } from '../../import/calendar/model.ts';

/** As many ranges as one request may have. */
const RANGES_PER_WRITE = 1_000;
/** A busy server is asked again and again; the import is under way for minutes anyway. */
const MAX_RETRIES = 8;
/** Not about this very listing: who we are, what we may do, or when to come back. */
const NOT_ITS_OWN = [401, 403, 408, 429];

/** Reads listings and writes calendars through the SDK. In a dry run the server only tells what would change. */
export function openCalendarSink(client: Sojourn, signal: AbortSignal, dryRun: boolean): CalendarSink {
  const options = { signal, maxRetries: MAX_RETRIES };
  return {
    async *listings() {
      for await (const listing of client.listings.export({ signal }))
        if (listing.externalId !== null) yield { ...listing, externalId: listing.externalId };
    },
    today: async ({ id }) => (await client.calendar.get(id, {}, options)).from,
    seasons: async ({ id }) => (await client.seasons.get(id, options)).seasons,
    async put({ id }, ranges) {
      const outcome: PutOutcome = { changed: false, taken: 0 };
      try {
        for (let i = 0; i < ranges.length; i += RANGES_PER_WRITE) {
          const part = ranges.slice(i, i + RANGES_PER_WRITE);
          const { changedDays, skipped } = await client.calendar.put(
            id,
            { ranges: part as never, dryRun },
            options,
          );
          outcome.changed ||= changedDays > 0;
          for (const { from, to } of skipped) outcome.taken += nightsBetween(from, to);
        }
      } catch (error) {
        if (error instanceof ApiError && error.status < 500 && !NOT_ITS_OWN.includes(error.status))
          throw new CalendarRefused(reasonOf(error), { cause: error });
        throw error;
      }
      return outcome;
    },
  };
}

const reasonOf = ({ errors, detail, message }: ApiError): string =>
  errors.length > 0
    ? errors.map(({ pointer, message: why }) => `${pointer} ${why}`).join('; ')
    : (detail ?? message);
