import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningWorker, startWorker } from '../packages/api/src/worker.ts';
import { callerOf } from '../packages/api/test/caller.ts';
import { startTestServer, type TestServer } from '../packages/api/test/server.ts';
import { RECIPES } from '../packages/cli/src/commands/events/recipes.ts';
import { makeHome } from '../packages/cli/test/run.ts';
import { verifyWebhook } from '../packages/sdk/src/webhooks/signature.ts';

// What an integrator does on a laptop: makes events happen, and has them sent to a program of his own.
const home = makeHome();
let server: TestServer;
let worker: RunningWorker;
beforeAll(async () => {
  // Many recipes open accounts.
  server = await startTestServer({ RATE_LIMIT_SIGN_IN_PER_MINUTE: '6000000' });
  worker = startWorker(server.resources);
  home.loggedIn(server.url, { apiKey: server.credentials.host.apiKey });
});
afterAll(async () => {
  await worker?.close();
  await server?.stop();
  home.remove();
});

const call = (path: string) =>
  callerOf(server, server.credentials.host.apiKey)('GET', path).then(({ body }) => body);

describe('sojourn trigger', () => {
  test.concurrent.each(Object.keys(RECIPES))('makes %s happen', async (type) => {
    const { code, stdout, stderr } = await home.run(['trigger', type, '--json']);
    expect([code, stderr], stderr).toEqual([0, expect.stringMatching(/^✓ .*\.\n/)]);
    expect(stderr).not.toContain('stays');
    expect(JSON.parse(stdout)).toMatchObject({ type, sequence: expect.any(Number) });
  });

  test('leaves nothing behind', async () => {
    // What was booked is kept for the sake of its booking, and no guest finds it.
    const { data: kept } = await call('/v1/listings?limit=100');
    expect(new Set(kept.map(({ status }: { status: string }) => status))).toEqual(new Set(['archived']));
    const { data: stays } = await call('/v1/bookings?role=host&limit=100');
    expect(new Set(stays.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['cancelled', 'declined', 'completed']),
    );
    expect((await call('/v1/webhook-endpoints')).data).toEqual([]);
    const { data: keys } = await call('/v1/api-keys');
    expect(keys.filter(({ name }: { name: string }) => name === 'sojourn trigger')).toEqual([]);
    expect((await call('/v1/me')).displayName).toBe('Test host');
    expect(server.breaches).toEqual([]);
  });
});

test('sojourn listen hands over what happens, signed, until Ctrl-C', async () => {
  const received: { body: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://localhost:${(receiver.address() as AddressInfo).port}/hooks`;
  const { code, stderr } = await home.run(['listen', '--forward-to', url, '--types', 'listing.*'], {
    whileRunning(child) {
      child.stderr!.once('data', async () => {
        await home.run(['trigger', 'listing.published']);
        while (received.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
        child.kill('SIGINT');
      });
    },
  });
  receiver.close();
  expect(code).toBe(130);
  const secret = /whsec_\S+/.exec(stderr)![0];
  const events = received.map(({ body, headers }) => verifyWebhook(body, headers, secret));
  expect(events.map(({ type }) => type)).toEqual([
    'listing.created',
    'listing.published',
    'listing.archived',
    'listing.deleted',
  ]);
  const sequences = events.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
});
