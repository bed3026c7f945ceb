import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ListingInput } from '@sojourn/shared/listing';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { importOptions } from '../../test/import-options.ts';
import { fileWith } from '../../test/read-records.ts';
import { hasSharedData, sharedData } from '../../test/shared-data.ts';
import { COLUMN_NAMES, rowOf } from './formats/columns.ts';
import type { ImportOptions, ImportSink } from './model.ts';
import { runImport } from './run.ts';

const NYC = 'inside-airbnb/nyc-2019-summary/AB_NYC_2019.csv.gz';
const ALBANY = 'inside-airbnb/albany-2024-11/listings.csv.gz';
const SEATTLE = 'inside-airbnb/seattle-2016-01/listings.csv.gz';

async function importAll(file: string, more: Partial<ImportOptions> = {}) {
  const listings = new Map<string, ListingInput>();
  const sink: ImportSink = {
    async upsert(rows) {
      return rows.map(({ draft }) => {
        const listing = ListingInput.parse(draft);
        listings.set(listing.externalId!, listing);
        return {
          externalId: listing.externalId,
          outcome: 'created',
          listingId: 'lst_x',
          status: 'draft',
          errors: [],
          gaps: [],
        };
      });
    },
  };
  const options = importOptions(file, { currency: 'USD', batchSize: 1_000, ...more });
  const { report } = await runImport(options, sink, () => {});
  const warnings = Object.fromEntries(report.warnings.map(({ kind, count }) => [kind, count]));
  return { report, listings, warnings };
}

const originals = (file: string): Record<string, string>[] =>
  parse(gunzipSync(readFileSync(file)), { columns: true });

describe.runIf(hasSharedData)('published files', { timeout: 120_000 }, () => {
  it('New York 2019: every row, and what is odd about it', async () => {
    const { report, listings, warnings } = await importAll(sharedData(NYC), { timeZone: 'America/New_York' });
    expect(report).toMatchObject({
      format: 'inside-airbnb',
      rows: 48_895,
      totals: { created: 48_895, rejected: 0, failed: 0 },
    });
    expect(warnings).toEqual({
      no_cancellation_column: 0,
      no_capacity_column: 0,
      no_description_column: 0,
      title_missing: 16,
      minNights_clamped: 14,
      no_price: 11,
    });
    expect(listings.size).toBe(48_895);
    for (const row of originals(sharedData(NYC))) {
      const listing = listings.get(row.id!)!;
      expect(listing.basePrice?.amount ?? 0).toBe(Number(row.price) * 100);
      expect(listing.location).toMatchObject({
        latitude: Number(row.latitude),
        longitude: Number(row.longitude),
      });
      expect(listing.minNights).toBe(Math.min(Number(row.minimum_nights), 365));
    }
  });

  it('Albany 2024: ids beyond 2^53 to the digit, prices, bathrooms, amenities', async () => {
    const { report, listings, warnings } = await importAll(sharedData(ALBANY));
    expect(report).toMatchObject({ rows: 421, totals: { created: 421 } });
    expect(warnings).toEqual({
      no_price: 37,
      tag_shortened: 13,
      property_type_other: 2,
      no_cancellation_column: 0,
      ignored_columns: 0,
    });
    const rows = originals(sharedData(ALBANY));
    expect([...listings.keys()].sort()).toEqual(rows.map(({ id }) => id!).sort());
    expect(rows.filter(({ id }) => BigInt(id!) > 2n ** 53n)).toHaveLength(279);
    for (const row of rows) {
      const listing = listings.get(row.id!)!;
      const price = row.price === '' ? null : Math.round(Number(row.price!.replace(/[$,]/g, '')) * 100);
      expect(listing.basePrice?.amount ?? null).toBe(price);
      if (row.bathrooms !== '') expect(listing.bathrooms).toBe(Number(row.bathrooms));
      expect(listing.timeZone).toBe('America/New_York');
      expect(listing.amenities.length + listing.tags.length).toBeGreaterThan(0);
      expect(listing.location!.address.neighbourhood).not.toContain('highlights');
      expect(listing.description).not.toMatch(/<br|\r/);
    }
  });

  it('Seattle 2016: the old columns', async () => {
    const { report, listings, warnings } = await importAll(sharedData(SEATTLE));
    expect(report).toMatchObject({ rows: 3_818, totals: { created: 3_818 } });
    expect(warnings).toEqual({
      includedGuests_clamped: 15,
      maxNights_clamped: 2,
      minNights_clamped: 1,
      ignored_columns: 0,
    });
    expect(new Set([...listings.values()].map(({ location }) => location!.address.region))).toEqual(
      new Set(['WA']),
    );
    expect(new Set([...listings.values()].map(({ cancellationPolicy }) => cancellationPolicy))).toEqual(
      new Set(['strict', 'moderate', 'flexible']),
    );
  });

  it('nothing about hosts is read', async () => {
    for (const file of [NYC, ALBANY, SEATTLE]) {
      const marked = originals(sharedData(file))
        .slice(0, 500)
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, cell]) => [
              column,
              column.startsWith('host_') ? 'marked' : cell,
            ]),
          ),
        );
      const { listings } = await importAll(fileWith(stringify(marked, { header: true })));
      expect(listings.size).toBe(marked.length);
      expect(JSON.stringify([...listings.values()])).not.toContain('"marked');
    }
  });

  it('an export of them imports as what they were', async () => {
    for (const file of [ALBANY, SEATTLE]) {
      const { listings } = await importAll(sharedData(file));
      const csv = stringify([[...COLUMN_NAMES], ...[...listings.values()].map(rowOf)]);
      const again = await importAll(fileWith(gzipSync(csv), 'export.csv.gz'), { currency: undefined });
      expect(again.report).toMatchObject({
        format: 'sojourn',
        totals: { created: listings.size, rejected: 0 },
        warnings: [],
      });
      expect(again.listings).toEqual(listings);
    }
  });

  it('naughty strings go through every text field and come back', async () => {
    const strings = (
      JSON.parse(readFileSync(sharedData('json/naughty-strings/blns.json'), 'utf8')) as string[]
    ).filter(Boolean);
    const rows = strings.map((text, i) => ({ id: `n-${i}`, text }));
    const asTitles = stringify([
      ['externalId', 'title', 'roomType', 'description', 'tags', 'city'],
      ...rows.map(({ id, text }) => [id, text, 'entirePlace', text, text, '']),
    ]);
    const { report, listings } = await importAll(fileWith(asTitles));
    expect(report.rows).toBe(strings.length);
    // What is refused holds control characters or is too long for one of the fields; nothing else is.
    const refused = new Set(report.rejections.map(({ externalId }) => externalId));
    for (const { id, text } of rows) {
      const acceptable =
        !/\p{Cc}/u.test(text.trim()) && text.trim() !== '' && Array.from(text.trim()).length <= 200;
      const tag = text.split('|').every((part) => Array.from(part.trim()).length <= 80);
      expect([text, refused.has(id)]).toEqual([text, !(acceptable && tag)]);
      if (!refused.has(id)) expect(listings.get(id)!.title).toBe(text.trim());
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
    expect(JSON.stringify(report.rejections)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);

    const airbnb = stringify([
      [
        'id',
        'name',
        'latitude',
        'longitude',
        'room_type',
        'price',
        'minimum_nights',
        'description',
        'amenities',
        'property_type',
      ],
      ...rows.map(({ id, text }) => [id, text, '40', '-73', 'Private room', '90', '1', text, text, text]),
    ]);
    expect((await importAll(fileWith(airbnb))).report.totals).toMatchObject({
      created: strings.length,
      rejected: 0,
    });
  });
});
