import { listingNotFound, notYourListing } from '../../listings/problems.ts';
import type { Context, Db, Tx } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { preconditionFailed } from '../../platform/problems.ts';
import { canChangeCalendar, canReadCalendar, canReadWholeCalendar } from '../policy.ts';
import { type CalendarListing, findListing } from '../repository/calendars.ts';
import { lockCalendars } from '../repository/occupied-nights.ts';

type Policy = typeof canChangeCalendar;

/** A listing whose calendar the caller may do this with. */
async function reach(ctx: Context, db: Db, listingId: string, may: Policy): Promise<CalendarListing> {
  const id = uuidOf('lst', listingId);
  const listing = id === undefined ? undefined : await findListing(db, id);
  if (!listing || !(may(ctx.actor, listing) || canReadCalendar(ctx.actor, listing))) throw listingNotFound();
  if (!may(ctx.actor, listing)) throw notYourListing();
  return listing;
}

/** A listing of which the caller may read what only its host and staff may. */
export const reachOwnCalendar = (ctx: Context, listingId: string): Promise<CalendarListing> =>
  reach(ctx, ctx.db, listingId, canReadWholeCalendar);

/** Which calendar to change, and the entity tag that the change is based on when the caller names one. */
export interface Target {
  listingId: string;
  ifMatch: string | undefined;
}

/** A listing whose calendar the caller may change, under its lock when it is still the version that they saw. */
export async function lockOwnCalendar(
  ctx: Context,
  tx: Tx,
  { listingId, ifMatch }: Target,
): Promise<{ listing: CalendarListing; version: number }> {
  const listing = await reach(ctx, tx, listingId, canChangeCalendar);
  const version = (await lockCalendars(tx, [listing.id])).get(listing.id);
  // Removed since it was found.
  if (version === undefined) throw listingNotFound();
  // What stays and the clock make of a version does not matter to who changes it.
  if (ifMatch !== undefined && ifMatch.split('-')[0] !== String(version))
    throw preconditionFailed({ detail: `The calendar is at version ${version} by now.` });
  return { listing, version };
}
