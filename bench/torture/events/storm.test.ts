import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../packages/api/test/database.ts';
import type {} from '../../../packages/api/test/global-setup.ts';
import { redisServer } from '../../../packages/api/test/programs.ts';
import { startTestRedis } from '../../../packages/api/test/redis.ts';
import { type Blow, storm } from './storm.ts';

// The short version; `npm run torture` has the full numbers.
const EVENTS = 1_600;
const kills = (count: number): Blow[] => Array.from({ length: count }, () => 'kill');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sojourn-storm-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function stormOn(redisUrl: string | undefined, blows: readonly Blow[]) {
  const database = await createTestDatabase();
  try {
    return await storm({
      folder,
      databaseUrl: database.url,
      ...(redisUrl ? { redisUrl } : {}),
      events: EVENTS,
      writers: 16,
      blows,
    });
  } finally {
    await database.drop();
  }
}

const WHOLE = {
  read: EVENTS,
  gaps: 0,
  handled: EVENTS,
  jobsDone: EVENTS,
  doubled: 0,
  outOfOrder: 0,
  left: 0,
};

describe('a storm of events, with workers killed in the middle', () => {
  test('on PostgreSQL alone: each effect once, in order, the sequence whole', async () => {
    expect(await stormOn(undefined, [...kills(2), 3_000, 'kill'])).toMatchObject(WHOLE);
  }, 240_000);

  test.skipIf(!redisServer)(
    'on Redis, which is emptied, killed and started again (needs redis-server)',
    async () => {
      const redis = await startTestRedis();
      try {
        const restart = async () => {
          await redis.kill();
          await redis.start();
        };
        expect(await stormOn(redis.url, ['kill', () => redis.flush(), restart, 'kill'])).toMatchObject(WHOLE);
      } finally {
        await redis.remove();
      }
    },
    240_000,
  );
});
