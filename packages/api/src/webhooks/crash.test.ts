import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answers } from '../../test/receiver.ts';
import {
  createEndpoint,
  deliveriesOf,
  makeMuchNews,
  startWebhookServer,
  until,
  type WebhookServer,
} from '../../test/webhook-server.ts';

const SECRET = 'one secret for the server and for its workers';

let server: WebhookServer;
const children: ChildProcess[] = [];
beforeEach(async () => {
  server = await startWebhookServer({ SOJOURN_SECRET: SECRET });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await server.stop();
});

/** A worker as a process of its own. */
function startWorkerProcess(): ChildProcess {
  const child = fork(path.join(import.meta.dirname, '../bin/worker.ts'), {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: server.databaseUrl,
      SOJOURN_DATA_DIR: server.resources.config.dataDir,
      SOJOURN_SECRET: SECRET,
      LOG_LEVEL: 'silent',
    },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

test('a worker killed between sending and recording: all is sent again, by the same ids, and nothing else', async () => {
  const { call: anna, userId } = await server.person();
  const worker = startWorkerProcess();
  // Some are answered, and then the worker is gone before it can write that down.
  const receiver = await server.receiver((response) => {
    answers(204)(response, receiver.received.at(-1)!);
    if (receiver.received.length === 20) worker.kill('SIGKILL');
  });
  const endpoint = await createEndpoint(anna, { url: receiver.url });
  await makeMuchNews(server, userId, 40);
  await once(worker, 'exit');
  const before = new Set(receiver.received.map(({ id }) => id));
  const unrecorded = (await deliveriesOf(anna, endpoint, '?limit=100')).filter(
    ({ event, state }) => state === 'pending' && before.has(event.id),
  );
  expect(unrecorded.length).toBeGreaterThan(0);

  startWorkerProcess();
  // What the dead worker held is free after 30 s; here the time is made to pass.
  await server.resources.pool.query(
    "update webhook_endpoints set claimed_until = now() - interval '1 second'",
  );
  const done = await until(
    () => deliveriesOf(anna, endpoint, '?limit=100'),
    (all) => all.length === 40 && all.every(({ state }) => state === 'delivered'),
    60_000,
  );
  expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set(done.map(({ event }) => event.id)));
  const times = Map.groupBy(receiver.received, ({ id }) => id);
  for (const { event } of unrecorded) expect(times.get(event.id)).toHaveLength(2);
  const repeated = [...times.values()].filter(({ length }) => length > 1);
  expect(repeated.length).toBe(unrecorded.length);
}, 120_000);
