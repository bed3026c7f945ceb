import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { calendarChanged } from '../events.ts';
import { hullOf } from '../model/nights.ts';
import { sameSeasons, seasonCurrencyErrors } from '../model/seasons.ts';
import { raiseVersions } from '../repository/calendars.ts';
import { readSeasons, replaceSeasons as replace } from '../repository/seasons.ts';
import { type Season, type SeasonsView, seasonsOf, toSeasonsView } from '../schema/seasons.ts';
import { lockOwnCalendar, type Target } from './reach-calendar.ts';

/** Gives a listing these seasons and no others. */
export function replaceSeasons(ctx: Context, target: Target, sent: readonly Season[]): Promise<SeasonsView> {
  return transaction(ctx, async (tx) => {
    const { listing, version } = await lockOwnCalendar(ctx, tx, target);
    const errors = seasonCurrencyErrors(sent, listing.currency);
    if (errors.length > 0) throw invalidRequest({ errors });
    const before = await readSeasons(tx, listing.id);
    const seasons = seasonsOf(sent);
    if (!sameSeasons(before.seasons, seasons)) {
      await replace(tx, listing.id, seasons, ctx.clock.now());
      await raiseVersions(tx, [listing.id]);
      await emit(ctx, tx, calendarChanged, {
        subjectId: listing.id,
        audience: [listing.hostId],
        data: { ...hullOf([...before.seasons, ...seasons]), what: ['seasons'], version: version + 1 },
      });
    }
    return toSeasonsView(await readSeasons(tx, listing.id), listing.currency);
  });
}
