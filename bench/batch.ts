import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ListingDraft } from '@sojourn/shared/listing';
import { ROOM_TYPES } from '@sojourn/shared/vocabulary';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { Pool } from 'undici';
import type { ServerProcess } from './lab.ts';
import { randomOf } from './search-data.ts';

const ROWS = 20_000;
const BATCH = 1_000;
const CONCURRENCY = 4;

/** Listings as a host's table has them: some 800 bytes each. */
export function drafts(count: number): ListingDraft[] {
  const random = randomOf(7);
  return Array.from({ length: count }, (_, i) => ({
    externalId: `bench-${i}`,
    title: `Listing number ${i} by the park`,
    description: `Generated for a measurement. ${'Two quiet rooms under the roof. '.repeat(8)}`,
    propertyType: 'apartment',
    roomType: ROOM_TYPES[i % ROOM_TYPES.length]!,
    capacity: 1 + (i % 6),
    bedrooms: i % 4,
    beds: 1 + (i % 4),
    bathrooms: 1,
    amenities: ['wifi', 'kitchen', 'heating', 'tv'],
    location: {
      latitude: 40.7 + random() * 0.2,
      longitude: -74 + random() * 0.2,
      address: { city: 'New York', region: 'NY', country: 'US' },
    },
    timeZone: 'America/New_York',
    basePrice: { amount: 5_000 + Math.floor(random() * 30_000), currency: 'USD' },
    minNights: 1 + (i % 5),
    cancellationPolicy: 'moderate',
    photos: [{ url: `https://images.example.com/${i}.jpg` }],
  }));
}

/** P7: rows a second through the batch endpoint, beside COPY of the very rows it wrote into a table with the same indexes. */
export async function benchBatch(server: ServerProcess, databaseUrl: string) {
  const all = drafts(ROWS);
  const bodies = Array.from({ length: ROWS / BATCH }, (_, i) =>
    JSON.stringify({ listings: all.slice(i * BATCH, (i + 1) * BATCH), publish: true }),
  );
  const headers = {
    Authorization: `Bearer ${server.credentials.host.apiKey}`,
    'Content-Type': 'application/json',
  };
  const http = new Pool(server.url, { connections: CONCURRENCY });
  const post = async (): Promise<number> => {
    const left = [...bodies];
    const started = performance.now();
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        for (let body = left.pop(); body !== undefined; body = left.pop()) {
          const answer = await http.request({ method: 'POST', path: '/v1/listings/batch', headers, body });
          await answer.body.dump({ limit: 1e9 });
          if (answer.statusCode !== 200) throw new Error(`The batch was answered ${answer.statusCode}.`);
        }
      }),
    );
    return ROWS / ((performance.now() - started) / 1_000);
  };
  const created = await post();
  const unchanged = await post();
  await http.close();
  const copies = await copyRates(databaseUrl);
  return {
    rows: ROWS,
    createdRowsPerSecond: Math.round(created),
    unchangedRowsPerSecond: Math.round(unchanged),
    copyRowsPerSecond: Math.round(copies.plain),
    copyWithSearchRowsPerSecond: Math.round(copies.withSearch),
    ratioToCopy: round(created / copies.plain),
    ratioToCopyWithSearch: round(created / copies.withSearch),
  };
}

/** COPY of the rows into a table with the listings' indexes; and again with the triggers that keep the search table. */
async function copyRates(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const chunks: Buffer[] = [];
  await pipeline(
    client.query(copyTo("copy (select * from listings where external_id like 'bench-%') to stdout")),
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    }),
  );
  const copyInto = async (table: string): Promise<number> => {
    const started = performance.now();
    await pipeline(Readable.from(chunks), client.query(copyFrom(`copy ${table} from stdin`)));
    return ROWS / ((performance.now() - started) / 1_000);
  };
  await client.query('create table copy_target (like listings including all)');
  const plain = await copyInto('copy_target');
  await client.query("delete from listings where external_id like 'bench-%'");
  await client.query('vacuum listings, listing_search, listing_search_text, listing_photos');
  const withSearch = await copyInto('listings');
  await client.query("drop table copy_target; delete from listings where external_id like 'bench-%'");
  await client.end();
  return { plain, withSearch };
}

export const round = (ratio: number) => Math.round(ratio * 100) / 100;

/** The same listings as a file of JSON lines. */
export async function writeDrafts(folder: string, count: number): Promise<string> {
  const file = path.join(folder, 'bench.jsonl');
  await writeFile(
    file,
    drafts(count)
      .map((draft) => JSON.stringify(draft))
      .join('\n'),
  );
  return file;
}
