import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrateToLatest } from '../packages/api/src/platform/db/migrate.ts';
import { redisServer } from '../packages/api/test/programs.ts';
import { startTestRedis } from '../packages/api/test/redis.ts';
import { benchBatch } from './batch.ts';
import { benchCalendar } from './calendar.ts';
import { benchCliStart, benchImport } from './cli.ts';
import { benchEvents } from './events.ts';
import { openLab, startServer } from './lab.ts';
import { benchRead } from './read.ts';
import { benchSdk } from './sdk.ts';
import { benchSearch } from './search.ts';
import { copyListings, fillCalendars } from './search-data.ts';
import { benchSearchHttp, SPRING } from './search-http.ts';
import { benchStays } from './stays.ts';
import { benchWebhooks } from './webhooks.ts';

// Ours beside the bare thing, in one run on one machine: absolute figures move with the machine, ratios stay.
// `npm run bench` runs all; `npm run bench -- read sdk` only those.
const LISTINGS = 100_000;
const STATEMENT_SIZES = [10_000, 100_000];
const MIGRATIONS = path.join(import.meta.dirname, '../packages/api/migrations');
const chosen = process.argv.slice(2);
const wanted = (name: string) => chosen.length === 0 || chosen.includes(name);

const results: Record<string, unknown> = {};
function record(name: string, result: unknown): void {
  results[name] = result;
  process.stdout.write(`\n${name}\n`);
  console.table(result);
}

const lab = await openLab();
try {
  const databaseUrl = await lab.createDatabase('bench');
  const server = await startServer(lab.folder, databaseUrl, 4_711);
  if (wanted('batch')) record('Batch upsert (rows/s), beside COPY', await benchBatch(server, databaseUrl));
  if (wanted('import')) record('sojourn listings import', await benchImport(server, lab.folder));
  if (wanted('read') || wanted('search')) {
    const owner = new pg.Client({ connectionString: databaseUrl });
    await owner.connect();
    await copyListings(owner, 1, LISTINGS);
    await fillCalendars(owner, new Date().toISOString().slice(0, 10));
    await owner.query('vacuum analyze');
    await owner.end();
  }
  if (wanted('read')) record('Listing read, 32 connections', await benchRead(server, databaseUrl));
  if (wanted('search'))
    for (const [dates, title] of [
      ['', 'Search'],
      [SPRING, 'Search by dates'],
    ] as const)
      record(
        `${title} among ${LISTINGS} listings, 16 connections`,
        await benchSearchHttp(server, databaseUrl, dates),
      );
  if (wanted('calendar'))
    record('Two years of a calendar, 32 connections', await benchCalendar(server, databaseUrl));
  if (wanted('stays'))
    record('Quotes and holds, 16 clients', await benchStays(server, databaseUrl, lab.folder));
  if (wanted('statements')) {
    const empty = await lab.createDatabase('statements');
    await migrateToLatest(empty, MIGRATIONS);
    const { times, triggers } = await benchSearch(empty, STATEMENT_SIZES);
    record('Statements of search (ms)', times);
    record('1,000 new listings, without and with the search tables (ms)', triggers);
  }
  if (wanted('webhooks'))
    record('Webhook deliveries/s, recorded, at 19 of 20 endpoints', await benchWebhooks(server, databaseUrl));
  if (wanted('sdk')) record('A call through the SDK (µs), beside undici', await benchSdk());
  if (wanted('cli')) record('Start of the CLI, beside node -e 0', benchCliStart());
  if (wanted('memory'))
    record('The server at rest', { residentMiB: Math.round((await server.memory()) / 1_048_576) });
  await server.stop();
  if (wanted('events')) {
    record(
      'Events and jobs on PostgreSQL, beside BullMQ alone',
      await benchEvents(lab.folder, await lab.createDatabase('events')),
    );
    if (redisServer) {
      const redis = await startTestRedis();
      record(
        'Events and jobs on Redis, beside BullMQ alone',
        await benchEvents(lab.folder, await lab.createDatabase('events_redis'), redis.url),
      );
      await redis.remove();
    }
  }
} finally {
  await lab.close();
}
const folder = path.join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(
  path.join(folder, 'bench.json'),
  `${JSON.stringify({ node: process.version, cpus: cpus().length, results }, null, 2)}\n`,
);
process.stdout.write(`\nAlso in ${path.relative(process.cwd(), folder)}/bench.json\n`);
