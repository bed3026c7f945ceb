import { localSpace } from '../../platform/cache/cache.ts';
import type { Context } from '../../platform/context.ts';
import type { LateText, TaggedText } from '../../platform/http/route.ts';
import { uuidOf } from '../../platform/id.ts';
import { writeCalendar } from '../model/write-calendar.ts';
import { calendarNotFound } from '../problems.ts';
import { findExportVersion, listTakenRanges } from '../repository/exports.ts';
import { hashOfToken } from './share-export.ts';

const PAST_MS = 30 * 86_400_000;

/** Several channels read the same calendar, often within a minute. By listing and version. */
const texts = localSpace<TaggedText>({
  name: 'exportedCalendars',
  ttlMs: 60_000,
  max: 100,
  keepsMissing: false,
});

/** The calendar of a listing for who knows its secret. What a wrong secret and an unknown listing are told is the same. */
export async function exportCalendar(ctx: Context, listingId: string, token: string): Promise<LateText> {
  const id = uuidOf('lst', listingId);
  const from = new Date(ctx.clock.now().getTime() - PAST_MS);
  const found = id && (await findExportVersion(ctx.db, id, hashOfToken(token), from));
  if (!found) throw calendarNotFound();
  const { version, since } = found;
  const load = async () => {
    const read = await listTakenRanges(ctx.db, id, since);
    return { etag: read.version, text: writeCalendar(listingId, read.ranges) };
  };
  return {
    etag: version,
    write: async () => (await ctx.cache.remember(texts, `${id}/${version}`, load)) ?? load(),
  };
}
