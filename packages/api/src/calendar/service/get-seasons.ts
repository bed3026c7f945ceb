import type { Context } from '../../platform/context.ts';
import { readSeasons } from '../repository/seasons.ts';
import { type SeasonsView, toSeasonsView } from '../schema/seasons.ts';
import { reachOwnCalendar } from './reach-calendar.ts';

export async function getSeasons(ctx: Context, listingId: string): Promise<SeasonsView> {
  const { id, currency } = await reachOwnCalendar(ctx, listingId);
  return toSeasonsView(await readSeasons(ctx.db, id), currency);
}
