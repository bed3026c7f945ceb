import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../packages/api/test/caller.ts';
import { startTestServer, type TestServer } from '../packages/api/test/server.ts';
import { makeHome } from '../packages/cli/test/run.ts';
import { datesBetween } from '../packages/shared/src/nights.ts';

// A year of a real city, by the command line and through the API, with the clock at the day on which it was published.
const data = path.join(import.meta.dirname, '../../shared/data');
const ALBANY = path.join(data, 'inside-airbnb/albany-2024-11');
const withData = describe.skipIf(!existsSync(ALBANY));
const PUBLISHED = new Date('2024-11-05T12:00:00Z');

interface Day {
  date: string;
  available: boolean;
  price: { amount: number } | null;
  minNights: number;
  maxNights: number | null;
}
interface Stated {
  check_in: string;
  check_out: string;
  nights: number;
  available_all_nights: number;
  and_length_allowed_on_arrival_day: number;
  cheapest_total: string;
  median_total: string;
  dearest_total: string;
}

withData('the calendar of Albany', () => {
  const home = makeHome();
  let server: TestServer;
  let database: pg.Client;
  beforeAll(async () => {
    server = await startTestServer({}, { clock: { now: () => PUBLISHED } });
    database = new pg.Client({ connectionString: server.databaseUrl });
    await database.connect();
    home.loggedIn(server.url, { apiKey: server.credentials.host.apiKey });
    const zone = ['--time-zone', 'America/New_York', '--currency', 'USD'];
    await home.run(['listings', 'import', path.join(ALBANY, 'listings.csv.gz'), ...zone, '--publish']);
    // Some were published without a price; the prices of their nights are known all the same.
    await database.query("update listings set base_price = 10000, currency = 'USD' where base_price is null");
  }, 60_000);
  afterAll(async () => {
    await database?.end();
    await server?.stop();
    home.remove();
  });

  const importing = async () => {
    const file = path.join(ALBANY, 'calendar.csv.gz');
    const { code, stdout, stderr } = await home.run(['calendar', 'import', file, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  };

  test('imports, and changes nothing the second time', async () => {
    expect(await importing()).toMatchObject({
      status: 'finished',
      rows: 153_665,
      // Twelve listings say of every night of the file what they say anyway.
      listings: { changed: 409, unchanged: 12, failed: 0, unknown: 0 },
      nights: { blocked: 57_673, open: 95_992 },
      skipped: { past: 0 },
      rejected: 0,
    });
    const nights = async (table: string, where: string) =>
      Number(
        (await database.query(`select sum(upper(nights) - lower(nights)) from ${table} where ${where}`))
          .rows[0].sum,
      );
    expect(await nights('blocks', 'true')).toBe(57_673);
    expect(await nights('occupied_nights', "kind = 'block'")).toBe(57_673);
    expect((await importing()).listings).toMatchObject({ changed: 0, unchanged: 421 });
  });

  test('gives the stated answers about stays', async () => {
    const calendars = await readCalendars();
    const profile = JSON.parse(readFileSync(path.join(data, 'profile.json'), 'utf8'));
    const stated: Stated[] = profile['inside-airbnb/albany-2024-11/calendar.csv.gz'].stay_queries;
    expect(stated.length).toBeGreaterThan(2);
    for (const stay of stated) {
      const { check_in, check_out, nights } = stay;
      const free = calendars
        .map((days) => datesBetween(check_in, check_out).map((date) => days.get(date)!))
        .filter((days) => days.every(({ available }) => available));
      const totals = free
        .map((days) => days.reduce((sum, { price }) => sum + price!.amount, 0))
        .sort((one, other) => one - other);
      const middle = (totals[Math.floor((totals.length - 1) / 2)]! + totals[totals.length >> 1]!) / 2;
      const fits = ({ minNights, maxNights }: Day) =>
        minNights <= nights && (maxNights === null || nights <= maxNights);
      expect({
        available_all_nights: free.length,
        and_length_allowed_on_arrival_day: free.filter(([arrival]) => fits(arrival!)).length,
        cheapest_total: (totals[0]! / 100).toFixed(2),
        median_total: (middle / 100).toFixed(2),
        dearest_total: (totals.at(-1)! / 100).toFixed(2),
      }).toEqual({
        available_all_nights: stay.available_all_nights,
        and_length_allowed_on_arrival_day: stay.and_length_allowed_on_arrival_day,
        cheapest_total: stay.cheapest_total,
        median_total: stay.median_total,
        dearest_total: stay.dearest_total,
      });
    }
  });

  async function readCalendars(): Promise<Map<string, Day>[]> {
    const { rows } = await database.query('select external_id from listings');
    expect(rows).toHaveLength(421);
    const listings = (await home.run(['listings', 'list', '--all', '--json'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id as string);
    const call = callerOf(server, server.credentials.host.apiKey);
    const calendars: Map<string, Day>[] = [];
    const next = listings.values();
    const worker = async () => {
      for (const id of next) {
        const { body } = await call('GET', `/v1/listings/${id}/calendar?from=2024-11-05&to=2025-11-08`);
        calendars.push(new Map((body.days as Day[]).map((day) => [day.date, day])));
      }
    };
    await Promise.all(Array.from({ length: 4 }, worker));
    return calendars;
  }
});
