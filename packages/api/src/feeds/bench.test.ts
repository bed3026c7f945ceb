import http from 'node:http';
import { test } from 'vitest';
import { newListing, startFeedServer } from '../../test/feed-server.ts';
import { uuidOf } from '../platform/id.ts';
import { writeCalendar } from './model/write-calendar.ts';
import { findExportVersion, listTakenRanges } from './repository/exports.ts';
import { hashOfToken } from './service/share-export.ts';

test('bench', async () => {
  const server = await startFeedServer();
  const anna = await server.person();
  const listingId = await newListing(anna);
  await server.resources.pool.query(
    `insert into occupied_nights (id, listing_id, kind, nights) select gen_random_uuid(), $1, 'block', daterange('2027-05-01'::date + 2*i, '2027-05-02'::date + 2*i) from generate_series(0, 999) i`,
    [uuidOf('lst', listingId)],
  );
  await server.resources.pool.query('analyze occupied_nights');
  const { body } = await anna('POST', `/v1/listings/${listingId}/calendar-export`);
  const token = new URL(body.url).searchParams.get('token')!;
  const db = server.resources.db;
  const id = uuidOf('lst', listingId)!;
  const time = async (name: string, f: () => unknown, n = 1000) => {
    const ts: number[] = [];
    for (let i = 0; i < n; i++) {
      const s = performance.now();
      await f();
      if (i >= n / 4) ts.push(performance.now() - s);
    }
    ts.sort((a, b) => a - b);
    console.log(
      'T',
      name,
      'p50',
      ts[ts.length >> 1]!.toFixed(2),
      'p95',
      ts[Math.floor(ts.length * 0.95)]!.toFixed(2),
    );
  };
  const h = hashOfToken(token);
  await time('version', () => findExportVersion(db, id, h, server.clock.now()));
  await time('list', () => listTakenRanges(db, id, '2027-03-20'));
  const ranges = await listTakenRanges(db, id, '2027-03-20');
  await time('write', () => writeCalendar(listingId, ranges));
  const agent = new http.Agent({ keepAlive: true });
  const get = (headers = {}) =>
    new Promise<string>((resolve) =>
      http.get(
        `${server.url}/v1/listings/${listingId}/calendar.ics?token=${token}`,
        { agent, headers },
        (res) => {
          res.resume();
          res.on('end', () => resolve(String(res.headers.etag)));
        },
      ),
    );
  const etag = await get();
  await time('http', () => get());
  await time('http 304', () => get({ 'if-none-match': etag }));
  agent.destroy();
  await server.stop();
}, 100000);
