import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Caller, callerOf } from '../../test/caller.ts';
import { redisServer } from '../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../test/redis.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { contextOfProcess, transaction } from '../platform/context.ts';
import { emit } from '../platform/events/emit.ts';
import { sequenceOutbox } from '../platform/events/sequence.ts';
import { uuidOf } from '../platform/id.ts';
import { listingUpdated } from './events.ts';

const complete = {
  title: 'Before',
  description: 'Two quiet rooms.',
  roomType: 'entirePlace',
  capacity: 4,
  location: { latitude: 40.758, longitude: -73.9855 },
  timeZone: 'America/New_York',
  basePrice: { amount: 12_000, currency: 'USD' },
  cancellationPolicy: 'moderate',
};

const backends = [
  { name: 'by each process', shared: false, missing: false },
  { name: 'by Redis (needs redis-server)', shared: true, missing: !redisServer },
];

for (const { name, shared, missing } of backends)
  describe.skipIf(missing)(`remembered ${name}`, () => {
    let redis: TestRedis | undefined;
    let server: TestServer;
    let host: Caller;
    let guest: Caller;
    let reads = 0;
    let listingId: string;
    beforeAll(async () => {
      redis = shared ? await startTestRedis() : undefined;
      server = await startTestServer(redis && { REDIS_URL: redis.url });
      host = callerOf(server, server.credentials.host.apiKey);
      guest = callerOf(server);
      const { pool } = server.resources;
      const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
      pool.query = ((...args: unknown[]) => {
        if ((args[0] as { name?: string }).name === 'listing_by_id') reads += 1;
        return query(...args);
      }) as typeof pool.query;
    });
    afterAll(async () => {
      await server?.stop();
      await redis?.remove();
    });
    beforeEach(async () => {
      const { body } = await host('POST', '/v1/listings', { body: complete });
      listingId = body.id;
      await host('POST', `/v1/listings/${listingId}/publish`);
      reads = 0;
    });

    const titleFor = async (call: Caller) => (await call('GET', `/v1/listings/${listingId}`)).body.title;
    /** As another process would. */
    const changeElsewhere = () =>
      server.resources.pool.query(
        `update listings set title = 'After', version = version + 1 where id = $1`,
        [uuidOf('lst', listingId)],
      );

    describe('a listing that was just read', () => {
      test('is not asked for again by guests, however many come at once', async () => {
        await Promise.all(Array.from({ length: 30 }, () => titleFor(guest)));
        await titleFor(guest);
        expect(reads).toBe(1);
      });

      test('is shown for a second at most after another process changed it', async () => {
        expect(await titleFor(guest)).toBe('Before');
        await changeElsewhere();
        const changed = performance.now();
        while ((await titleFor(guest)) === 'Before') expect(performance.now() - changed).toBeLessThan(1_050);
      });

      test('is shown as it is now as soon as the event of a change is heard', async () => {
        expect(await titleFor(guest)).toBe('Before');
        await changeElsewhere();
        const ctx = contextOfProcess(server.resources, null);
        await transaction(ctx, (tx) =>
          emit(ctx, tx, listingUpdated, {
            subjectId: uuidOf('lst', listingId)!,
            audience: [],
            data: { externalId: '', title: 'After', status: 'published', version: 3, changed: {} },
          }),
        );
        await sequenceOutbox(ctx.db, 1_000);
        await vi.waitFor(async () => expect(await titleFor(guest)).toBe('After'), {
          timeout: 500,
          interval: 20,
        });
      });

      test('is always shown to its host as it is now', async () => {
        expect(await titleFor(guest)).toBe('Before');
        await changeElsewhere();
        expect(await titleFor(host)).toBe('After');
      });

      test.each([
        [
          'a change',
          () => host('PATCH', `/v1/listings/${listingId}`, { body: { title: 'After' } }),
          200,
          'After',
        ],
        [
          'a batch',
          () =>
            host('POST', '/v1/listings/batch', {
              body: { listings: [{ ...complete, title: 'After', externalId: listingId }] },
            }),
          200,
          'After',
        ],
        ['archiving', () => host('POST', `/v1/listings/${listingId}/archive`), 404, undefined],
      ])('%s by this process is shown at once', async (what, change, status, title) => {
        if (what === 'a batch')
          await host('PATCH', `/v1/listings/${listingId}`, { body: { externalId: listingId } });
        expect(await titleFor(guest)).toBe('Before');
        await change();
        const { status: answered, body } = await guest('GET', `/v1/listings/${listingId}`);
        expect([answered, body.title === 'There is no such listing' ? undefined : body.title]).toEqual([
          status,
          title,
        ]);
      });

      test('is not remembered when it is not there, nor when reading it failed', async () => {
        const nobodys = '/v1/listings/lst_00000000000000000000000000';
        await guest('GET', nobodys);
        await guest('GET', nobodys);
        expect(reads).toBe(2);
        const { pool } = server.resources;
        const { query } = pool;
        pool.query = (() =>
          Promise.reject(
            Object.assign(new Error('gone'), { code: '57P01' }),
          )) as unknown as typeof pool.query;
        expect((await guest('GET', `/v1/listings/${listingId}`)).status).toBe(503);
        pool.query = query;
        expect(await titleFor(guest)).toBe('Before');
      });
    });
  });
