import type { CalendarReport, KnownListing } from './model.ts';

const KEPT_IN_REPORT = 1_000;

export type Tally = ReturnType<typeof createTally>;

/** Counts what becomes of rows, nights and listings. */
export function createTally() {
  const report: Omit<CalendarReport, 'file' | 'status' | 'stopped' | 'startedAt' | 'finishedAt'> = {
    rows: 0,
    listings: { changed: 0, unchanged: 0, failed: 0, unknown: 0 },
    nights: { blocked: 0, open: 0 },
    skipped: { past: 0 },
    pricesLeftOut: 0,
    taken: 0,
    rejected: 0,
    rejections: [],
    unknownListings: [],
    failures: [],
  };
  const unknown = new Map<string, CalendarReport['unknownListings'][number]>();
  // A listing whose rows do not lie together is sent in several pieces, and counts once.
  const outcomes = new Map<string, 'changed' | 'unchanged' | 'failed'>();
  const RANK = { unchanged: 0, changed: 1, failed: 2 } as const;
  return {
    report,
    reject(
      line: number,
      { externalId, problem }: Pick<CalendarReport['rejections'][number], 'externalId' | 'problem'>,
    ) {
      report.rejected += 1;
      const met = unknown.get(externalId);
      if (met) met.rows += 1;
      else if (problem.column === 'listing_id') {
        const entry = { externalId, line, rows: 1 };
        unknown.set(externalId, entry);
        report.listings.unknown += 1;
        if (report.unknownListings.length < KEPT_IN_REPORT) report.unknownListings.push(entry);
      }
      if (!met && report.rejections.length < KEPT_IN_REPORT)
        report.rejections.push({ line, externalId, problem });
    },
    settle(listing: KnownListing, outcome: 'changed' | 'unchanged' | 'failed') {
      const before = outcomes.get(listing.id);
      if (before && RANK[before] >= RANK[outcome]) return;
      if (before) report.listings[before] -= 1;
      report.listings[outcome] += 1;
      outcomes.set(listing.id, outcome);
    },
  };
}
