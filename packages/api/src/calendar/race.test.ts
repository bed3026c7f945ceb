import { addDays } from '@sojourn/shared/nights';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callerOf } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { makeStay } from '../../test/stays.ts';
import { uuidOf } from '../platform/id.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const WRITERS = 20;
const ROUNDS = 8;

/** Reproducible: the same numbers in every run. */
function numbersFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test('hosts who block and guests who book at once never wait for each other in a circle, and never overlap', async () => {
  const host = callerOf(server, server.credentials.host.apiKey);
  const { body: listing } = await host('POST', '/v1/listings', {
    body: { title: 'Loft', roomType: 'entirePlace' },
  });
  const listingId = uuidOf('lst', listing.id)!;
  const first = addDays(new Date().toISOString().slice(0, 10), 30);
  const stays: { from: string; to: string }[] = [];

  const write = async (writer: number) => {
    const number = numbersFrom(writer + 1);
    for (let round = 0; round < ROUNDS; round++) {
      const from = addDays(first, number(50));
      const nights = { from, to: addDays(from, 1 + number(5)) };
      if (writer % 2 === 0) {
        const ranges = [
          { ...nights, blocked: number(3) > 0 },
          { from: addDays(nights.from, 10), to: addDays(nights.to, 12), blocked: number(3) > 0 },
        ];
        const { status, text } = await host('PUT', `/v1/listings/${listing.id}/calendar`, {
          body: { ranges },
        });
        expect(status, text).toBe(200);
      } else if (await makeStay(server.resources, { listingId, ...nights, preparationNights: number(2) })) {
        stays.push(nights);
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));

  const { rows } = await server.resources.pool.query<{ stays: number; wished: string; closed: string }>(
    `select (select count(*)::int from occupied_nights where listing_id = $1 and kind = 'booking') as stays,
      (select (coalesce(range_agg(nights), '{}')
        - (select coalesce(range_agg(nights), '{}') from occupied_nights where listing_id = $1 and kind = 'booking'))::text
        from blocks where listing_id = $1) as wished,
      (select coalesce(range_agg(nights), '{}')::text
        from occupied_nights where listing_id = $1 and kind = 'block') as closed`,
    [listingId],
  );
  expect(rows[0]!.stays).toBe(stays.length);
  expect(stays.length).toBeGreaterThan(3);
  expect(rows[0]!.closed).toBe(rows[0]!.wished);
});
