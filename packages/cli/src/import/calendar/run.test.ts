import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileWith, temporaryFolder } from '../../../test/read-records.ts';
import {
  type CalendarImportOptions,
  CalendarRefused,
  type CalendarSink,
  type KnownListing,
  type RangeWish,
} from './model.ts';
import { importCalendar } from './run.ts';

const known = (externalId: string, more: Partial<KnownListing> = {}): KnownListing => ({
  id: `lst_${externalId}`,
  externalId,
  basePrice: { amount: 10_000, currency: 'USD' },
  weekendPrice: null,
  minNights: 1,
  maxNights: 365,
  arrivalMinNights: null,
  timeZone: 'America/New_York',
  ...more,
});

interface Fake extends CalendarSink {
  puts: { id: string; ranges: readonly RangeWish[] }[];
}

function sinkFor(listings: KnownListing[], more: Partial<CalendarSink> = {}): Fake {
  const puts: Fake['puts'] = [];
  return {
    puts,
    async *listings() {
      yield* listings;
    },
    today: async () => '2024-11-05',
    seasons: async () => [],
    async put({ id }, ranges) {
      puts.push({ id, ranges });
      return { changed: true, taken: 0 };
    },
    ...more,
  };
}

const HEADER = 'listing_id,date,available,price,adjusted_price,minimum_nights,maximum_nights';
const csv = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;

const importing = (content: string | Buffer, sink: CalendarSink, more: Partial<CalendarImportOptions> = {}) =>
  importCalendar(
    {
      file: fileWith(content, 'calendar.csv'),
      stdin: Readable.from([]),
      currency: undefined,
      concurrency: 4,
      limit: undefined,
      stateDir: temporaryFolder(),
      signal: new AbortController().signal,
      ...more,
    },
    sink,
    () => {},
  );

describe('a calendar from a file', () => {
  it('becomes ranges of nights that are wished the same', async () => {
    const sink = sinkFor([known('1279846646046615122')]);
    const rows = [
      '1279846646046615122,2024-11-05,f,$100.00,,2,365',
      '1279846646046615122,2024-11-06,f,$100.00,,2,365',
      '1279846646046615122,2024-11-07,t,"$1,250.00",,2,365',
      '1279846646046615122,2024-11-09,t,"$1,250.00",,2,1125',
    ];
    const { report } = await importing(csv(...rows), sink);
    const price = { amount: 125_000, currency: 'USD' };
    const same = { minNights: 2, maxNights: null };
    expect(sink.puts).toEqual([
      {
        id: 'lst_1279846646046615122',
        ranges: [
          { from: '2024-11-05', to: '2024-11-07', blocked: true, price: null, ...same },
          { from: '2024-11-07', to: '2024-11-08', blocked: false, price, ...same },
          { from: '2024-11-09', to: '2024-11-10', blocked: false, price, minNights: 2, maxNights: 1125 },
        ],
      },
    ]);
    expect(report).toMatchObject({
      status: 'finished',
      rows: 4,
      listings: { changed: 1, unchanged: 0, failed: 0, unknown: 0 },
      nights: { blocked: 2, open: 2 },
      rejected: 0,
    });
  });

  it('fixes only what the listing would not say by itself', async () => {
    const weekend = { amount: 15_000, currency: 'USD' } as const;
    const rows = csv(
      '1,2024-11-07,t,$100.00,,2,365',
      '1,2024-11-08,t,$150.00,,3,365', // a Friday
      '1,2024-11-09,t,$100.00,,2,365', // a Saturday
      '1,2024-11-10,t,$100.00,,2,365',
    );
    const listing = known('1', { weekendPrice: weekend, minNights: 2, arrivalMinNights: { friday: 3 } });
    const own = sinkFor([listing]);
    await importing(rows, own);
    expect(own.puts[0]!.ranges.map(({ from, price, minNights }) => [from, price, minNights])).toEqual([
      ['2024-11-07', null, null],
      ['2024-11-08', null, null],
      ['2024-11-09', { amount: 10_000, currency: 'USD' }, null],
      ['2024-11-10', null, null],
    ]);
    // Within a season, the price of the listing is not what holds by itself.
    const seasonal = sinkFor([listing], { seasons: async () => [{ from: '2024-11-10', to: '2024-12-01' }] });
    await importing(rows, seasonal);
    expect(seasonal.puts[0]!.ranges.at(-1)).toMatchObject({
      from: '2024-11-10',
      price: { amount: 10_000, currency: 'USD' },
      minNights: 2,
      maxNights: 365,
    });
  });

  it('leaves alone what the file says nothing about, and reads columns in any order, gzip and old files', async () => {
    const sink = sinkFor([known('7')]);
    const old = 'available,price,date,listing_id\nf,,2024-11-05,7\nt,$100.50,2024-11-06,7\n';
    await importing(gzipSync(old), sink);
    expect(sink.puts[0]!.ranges).toEqual([
      { from: '2024-11-05', to: '2024-11-06', blocked: true },
      { from: '2024-11-06', to: '2024-11-07', blocked: false, price: { amount: 10_050, currency: 'USD' } },
    ]);
  });

  it('rejects single rows with the reason, and goes on', async () => {
    const sink = sinkFor([known('1'), known('2', { basePrice: null })]);
    const { report } = await importing(
      csv(
        '1,2024-11-05,f,$100.00,,2,365',
        '1,2024-11-31,f,$100.00,,2,365',
        '1,2024-11-06,maybe,$100.00,,2,365',
        '1,2024-11-07,t,a lot,,2,365',
        '1,2024-11-07,t,$0.00,,2,365',
        '1,2024-11-08,t,$100.00,,two,365',
        '1,2024-11-08,t',
        '2,2024-11-05,t,$100.00,,2,365',
        '2,2024-11-06,f,,,2,365',
        '3,2024-11-05,t,$100.00,,2,365',
        '3,2024-11-06,t,$100.00,,2,365',
        '1.2798E+18,2024-11-06,t,$100.00,,2,365',
      ),
      sink,
    );
    expect(report.rejections.map(({ line, problem }) => [line, problem.rule])).toEqual([
      [3, 'not_a_date'],
      [4, 'not_a_flag'],
      [5, 'not_an_amount'],
      [6, 'not_an_amount'],
      [7, 'not_a_whole_number'],
      [8, 'columns'],
      [11, 'unknown_listing'],
      [13, 'mangled_id'],
    ]);
    expect(report).toMatchObject({
      rows: 12,
      rejected: 9,
      pricesLeftOut: 1,
      listings: { changed: 2, unknown: 2 },
    });
    expect(report.unknownListings).toContainEqual({ externalId: '3', line: 11, rows: 2 });
    expect(sink.puts.map(({ id }) => id).sort()).toEqual(['lst_1', 'lst_2']);
  });

  it('clamps stays to what there may be', async () => {
    const sink = sinkFor([known('1')]);
    await importing(csv('1,2024-11-05,t,$100.00,,1000,99999', '1,2024-11-06,t,$100.00,,30,7'), sink);
    expect(sink.puts[0]!.ranges).toMatchObject([
      { minNights: 365, maxNights: 1125 },
      { minNights: 30, maxNights: 30 },
    ]);
  });

  it('does not take dollars for yen', async () => {
    const sink = sinkFor([known('1', { basePrice: { amount: 9_000, currency: 'JPY' } })]);
    const rows = csv('1,2024-11-05,t,"$9,500.00",,1,365');
    const { report } = await importing(rows, sink, { currency: 'USD' });
    expect(report.rejections[0]!.problem.rule).toBe('other_currency');
    await importing(rows, sink);
    expect(sink.puts[0]!.ranges[0]!.price).toEqual({ amount: 9_500, currency: 'JPY' });
  });

  it('leaves out nights that are past where the listing is', async () => {
    const zones = { tokyo: '2024-11-06', lisbon: '2024-11-05' } as const;
    const sink = sinkFor([known('1', { timeZone: 'tokyo' }), known('2', { timeZone: 'lisbon' })], {
      today: async ({ timeZone }) => zones[timeZone as keyof typeof zones],
    });
    const { report } = await importing(
      csv('1,2024-11-05,f,,,,', '1,2024-11-06,f,,,,', '2,2024-11-05,f,,,,', '2,2016-01-04,f,,,,'),
      sink,
    );
    expect(report).toMatchObject({ skipped: { past: 2 }, nights: { blocked: 2 }, rejected: 0 });
    expect(sink.puts.map(({ ranges }) => ranges[0]!.from).sort()).toEqual(['2024-11-05', '2024-11-06']);
  });

  it('takes rows in any order, in pieces that come one after the other', async () => {
    const listings = Array.from({ length: 10 }, (_, i) => known(String(i)));
    let under = 0;
    const atOnce = new Map<string, number>();
    const nights = new Map<string, number>();
    const sink = sinkFor(listings, {
      async put({ id }, ranges) {
        atOnce.set(id, (atOnce.get(id) ?? 0) + 1);
        under = Math.max(under, atOnce.get(id)!);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce.set(id, atOnce.get(id)! - 1);
        for (const { from, to } of ranges)
          nights.set(id, (nights.get(id) ?? 0) + (Date.parse(to) - Date.parse(from)) / 86_400_000);
        return { changed: nights.get(id)! % 2 === 0, taken: 1 };
      },
    });
    const rows: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      const date = new Date(Date.UTC(2024, 10, 5) + i * 86_400_000).toISOString().slice(0, 10);
      for (const { externalId } of listings) rows.push(`${externalId},${date},f,,,,`);
    }
    const { report } = await importing(csv(...rows), sink, { heldNights: 100 });
    expect([...nights.values()]).toEqual(Array(10).fill(50));
    expect(under).toBe(1);
    expect(report.listings.changed + report.listings.unchanged).toBe(10);
    expect(report.nights.blocked).toBe(50 * 10);
  });

  it('reports a calendar that the server refuses, and goes on with the others', async () => {
    const sink = sinkFor([known('1'), known('2')], {
      async put({ id }) {
        if (id === 'lst_1') throw new CalendarRefused('It is archived.');
        return { changed: false, taken: 0 };
      },
    });
    const { report } = await importing(csv('1,2024-11-05,f,,,,', '2,2024-11-05,f,,,,'), sink);
    expect(report).toMatchObject({
      status: 'finished',
      listings: { changed: 0, unchanged: 1, failed: 1 },
      failures: [{ externalId: '1', listingId: 'lst_1', message: 'It is archived.' }],
    });
  });

  it('stops early with a report of what is done when the server is gone, or on Ctrl-C', async () => {
    const rows = csv('1,2024-11-05,f,,,,', '2,2024-11-05,f,,,,');
    const gone = sinkFor([known('1'), known('2')], {
      put: async () => {
        throw new Error('nobody answers');
      },
    });
    const stopped = await importing(rows, gone);
    expect(stopped).toMatchObject({
      failure: { message: 'nobody answers' },
      report: { status: 'stopped', stopped: 'nobody answers' },
    });
    const controller = new AbortController();
    const interrupted = sinkFor([known('1'), known('2')], {
      async put() {
        controller.abort();
        return { changed: true, taken: 0 };
      },
    });
    const end = await importing(rows, interrupted, { signal: controller.signal, concurrency: 1 });
    expect(end.report).toMatchObject({ status: 'interrupted', listings: { changed: 1 } });
  });

  it('reads only so many rows, and refuses a file that is something else', async () => {
    const sink = sinkFor([known('1')]);
    const { report } = await importing(csv('1,2024-11-05,f,,,,', '1,2024-11-06,f,,,,'), sink, { limit: 1 });
    expect(report).toMatchObject({ rows: 1, nights: { blocked: 1 } });
    await expect(importing('id,name\n1,Loft\n', sink)).rejects.toThrow(
      'calendar.csv is no calendar: it has no column listing_id, date, available.',
    );
  });
});
