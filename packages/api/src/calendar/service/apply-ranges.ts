import type { Context, Db, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { calendarChanged } from '../events.ts';
import { applyPatches, changedDates, type Difference, difference } from '../model/patches.ts';
import {
  type BlockSettings,
  type CalendarPatches,
  type DaySettings,
  NO_BLOCK,
  NO_SETTINGS,
  type Skipped,
  skippedOf,
} from '../model/settings.ts';
import { insertBlocks, removeBlocks } from '../repository/blocks.ts';
import { type CalendarListing, raiseVersions } from '../repository/calendars.ts';
import { listTaken } from '../repository/occupied-nights.ts';
import { type CalendarRanges, listRanges, replaceSettings } from '../repository/settings.ts';
import { fillClosuresOf } from './fill-closures.ts';

/** A listing and the version of its calendar. */
export interface VersionedListing extends CalendarListing {
  version: number;
}

/** What became of one calendar. */
export interface Outcome {
  version: number;
  changedDays: number;
  skipped: Skipped[];
}

interface Change {
  listing: VersionedListing;
  settings: Difference<DaySettings>;
  blocks: Difference<BlockSettings>;
  changedDays: number;
}

/** Applies a write to calendars that are locked: however many they are, in as many statements. */
export async function applyRanges(
  ctx: Context,
  tx: Tx,
  listings: readonly VersionedListing[],
  patches: CalendarPatches,
): Promise<Outcome[]> {
  const changes = await planRanges(tx, listings, patches);
  await write(
    ctx,
    tx,
    changes.filter(({ changedDays }) => changedDays > 0),
    patches,
  );
  return outcomesOf(tx, changes, patches, 1);
}

/** What `applyRanges` would do. */
export async function previewRanges(
  db: Db,
  listings: readonly VersionedListing[],
  patches: CalendarPatches,
): Promise<Outcome[]> {
  return outcomesOf(db, await planRanges(db, listings, patches), patches, 0);
}

const idsOf = (changes: readonly Change[]) => changes.map(({ listing }) => listing.id);

const NO_RANGES: CalendarRanges = { settings: [], blocks: [] };

async function planRanges(
  db: Db,
  listings: readonly VersionedListing[],
  patches: CalendarPatches,
): Promise<Change[]> {
  const ids = listings.map(({ id }) => id);
  const present = await listRanges(db, ids, patches.hull);
  return listings.map((listing) => {
    const before = present.get(listing.id) ?? NO_RANGES;
    const settings = difference(
      before.settings,
      applyPatches(before.settings, patches.settings, NO_SETTINGS),
    );
    const blocks = difference(before.blocks, applyPatches(before.blocks, patches.blocks, NO_BLOCK));
    const changedDays = new Set([...changedDates(settings), ...changedDates(blocks)]).size;
    return { listing, settings, blocks, changedDays };
  });
}

async function write(ctx: Context, tx: Tx, changes: readonly Change[], patches: CalendarPatches) {
  if (changes.length === 0) return;
  const now = ctx.clock.now();
  const of = <R>(listing: VersionedListing, ranges: readonly R[]) =>
    ranges.map((range) => ({ ...range, listingId: listing.id }));
  await replaceSettings(
    tx,
    changes.flatMap(({ listing, settings }) => of(listing, settings.removed)),
    changes.flatMap(({ listing, settings }) => of(listing, settings.added)),
  );
  const blocked = changes.filter(({ blocks }) => blocks.removed.length + blocks.added.length > 0);
  if (blocked.length > 0) {
    await removeBlocks(
      tx,
      blocked.flatMap(({ listing, blocks }) => of(listing, blocks.removed)),
    );
    await insertBlocks(
      tx,
      blocked.flatMap(({ listing, blocks }) => of(listing, blocks.added)),
      now,
    );
    await fillClosuresOf(tx, idsOf(blocked), now);
  }
  await raiseVersions(tx, idsOf(changes));
  await emitAll(
    ctx,
    tx,
    calendarChanged,
    changes.map(({ listing }) => ({
      subjectId: listing.id,
      audience: [listing.hostId],
      data: { ...patches.hull, what: patches.what, version: listing.version + 1 },
    })),
  );
}

async function outcomesOf(
  db: Db,
  changes: readonly Change[],
  { selling, hull }: CalendarPatches,
  raisedBy: 0 | 1,
): Promise<Outcome[]> {
  const taken = selling.length > 0 ? await listTaken(db, idsOf(changes), hull) : new Map<string, never[]>();
  return changes.map(({ listing, changedDays }) => ({
    version: listing.version + (changedDays > 0 ? raisedBy : 0),
    changedDays,
    skipped: skippedOf(selling, taken.get(listing.id) ?? []),
  }));
}
