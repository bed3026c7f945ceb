import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { startWorker } from '../../worker.ts';
import { type Context, contextOfProcess, transaction } from '../context.ts';
import { workOf } from '../jobs/registry.ts';
import { consumer } from './consumer.ts';
import { emit } from './emit.ts';
import { eventType } from './event.ts';
import { listEvents } from './log.ts';

const noted = eventType({
  type: 'test.noted',
  subject: 'user',
  summary: 'Something was noted.',
  data: z.object({ text: z.string() }),
});

let server: TestServer;
let ctx: Context;
const closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  server = await startTestServer({ LOG_LEVEL: 'debug' });
  ctx = contextOfProcess(server.resources, null);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => server.stop());

describe('smoke', () => {
  test('events reach a consumer', async () => {
    const got: unknown[] = [];
    const worker = startWorker(
      server.resources,
      workOf(
        [],
        [],
        [
          consumer({
            name: 'test.note',
            handle: async (_ctx, events) => void got.push(...events.map(({ data }) => data.text)),
          }),
        ],
      ),
    );
    closers.push(() => worker.close());
    await wait(300);
    const subjectId = randomUUID();
    const t0 = performance.now();
    for (let i = 0; i < 5; i++)
      await transaction(ctx, (tx) =>
        emit(ctx, tx, noted, { subjectId, audience: [], data: { text: String(i) } }),
      );
    while (got.length < 5) await wait(5);
    console.log('ms', performance.now() - t0);
    expect(got).toEqual(['0', '1', '2', '3', '4']);
    expect(
      (await listEvents(ctx.db, { after: 0, limit: 10 })).map(({ sequence }) => sequence).slice(-2),
    ).toEqual([4, 5]);
  });
});
