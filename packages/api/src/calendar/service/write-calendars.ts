import { actorOf, type Context, type Db, type Tx, transaction } from '../../platform/context.ts';
import { publicId, uuidOf } from '../../platform/id.ts';
import type { FieldError } from '../../platform/problem.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { todayAt } from '../model/days.ts';
import { currencyErrors, patchesOf, windowErrors } from '../model/settings.ts';
import { calendarSelectionTooLarge } from '../problems.ts';
import { type CalendarListing, findSelected, listVersions } from '../repository/calendars.ts';
import { lockCalendars } from '../repository/occupied-nights.ts';
import { type CalendarsBody, LISTINGS_PER_WRITE, type Selection } from '../schema/writes.ts';
import { applyRanges, type Outcome, previewRanges, type VersionedListing } from './apply-ranges.ts';

/** What one transaction writes well within its time. */
const RANGES_PER_REQUEST = 20_000;

/** What became of each listing of a write for many. */
interface ListingOutcome extends Pick<Outcome, 'changedDays' | 'skipped'> {
  listingId: string;
  title: string;
  changed: boolean;
  errors: FieldError[];
}

interface Written {
  dryRun: boolean;
  matched: number;
  changed: number;
  listings: ListingOutcome[];
}

/** Changes the same ranges of dates in the calendars of many of the caller's listings, or tells what that would do. */
export async function writeCalendars(
  ctx: Context,
  { select, ranges, dryRun }: CalendarsBody,
): Promise<Written> {
  const errors = windowErrors(ranges, todayAt(null, ctx.clock.now()));
  if (errors.length > 0) throw invalidRequest({ errors });
  const patches = patchesOf(ranges);
  return transaction(ctx, async (tx) => {
    const selected = await selectListings(ctx, tx, select);
    if (selected.length * ranges.length > RANGES_PER_REQUEST) throw calendarSelectionTooLarge();
    const judged = selected.map((listing) => ({ listing, errors: currencyErrors(ranges, listing.currency) }));
    const fit = judged.filter((one) => one.errors.length === 0).map(({ listing }) => listing);
    const calendars = dryRun ? await withVersions(tx, fit) : await locked(tx, fit);
    const outcomes = dryRun
      ? await previewRanges(tx, calendars, patches)
      : await applyRanges(ctx, tx, calendars, patches);
    const outcomeOf = new Map(calendars.map(({ id }, index) => [id, outcomes[index]!]));
    const listings = judged.map(({ listing, errors: wrong }) =>
      toListingOutcome(listing, wrong, outcomeOf.get(listing.id)),
    );
    return {
      dryRun,
      matched: listings.length,
      changed: listings.filter(({ changed }) => changed).length,
      listings,
    };
  });
}

async function selectListings(ctx: Context, db: Db, { all: _all, listingIds, ...selection }: Selection) {
  const ids = listingIds?.flatMap((id) => uuidOf('lst', id) ?? []);
  const { userId } = actorOf(ctx);
  const found = await findSelected(db, userId, { ...selection, listingIds: ids }, LISTINGS_PER_WRITE + 1);
  if (found.length > LISTINGS_PER_WRITE) throw calendarSelectionTooLarge();
  return found;
}

async function withVersions(db: Db, listings: readonly CalendarListing[]): Promise<VersionedListing[]> {
  const versions = await listVersions(
    db,
    listings.map(({ id }) => id),
  );
  return listings.map((listing) => ({ ...listing, version: versions.get(listing.id) ?? 0 }));
}

/** Without those that were removed since they were found. */
async function locked(tx: Tx, listings: readonly CalendarListing[]): Promise<VersionedListing[]> {
  const versions = await lockCalendars(
    tx,
    listings.map(({ id }) => id),
  );
  return listings.flatMap((listing) => {
    const version = versions.get(listing.id);
    return version === undefined ? [] : { ...listing, version };
  });
}

const toListingOutcome = (
  { id, title }: CalendarListing,
  errors: FieldError[],
  outcome: Outcome | undefined,
): ListingOutcome => ({
  listingId: publicId('lst', id),
  title,
  changed: (outcome?.changedDays ?? 0) > 0,
  changedDays: outcome?.changedDays ?? 0,
  skipped: outcome?.skipped ?? [],
  errors,
});
