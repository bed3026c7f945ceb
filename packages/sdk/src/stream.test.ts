import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { sendProblem, startServer } from '../test/server.ts';
import { callForStream } from './call.ts';
import { parseLines } from './ndjson.ts';
import type { RequestOptions } from './options.ts';
import { ConnectionError, NotFoundError, TimeoutError } from './problem.ts';
import { resolveOptions } from './settings.ts';

// The jitter is at its luckiest: no wait but those that servers ask for.
beforeAll(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

async function* recordsOf(
  baseUrl: string,
  options: RequestOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  const settings = resolveOptions({ baseUrl });
  yield* parseLines(await callForStream(settings, { method: 'GET', path: '/export', options }));
}

const begin = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

async function readUntilFailure(
  records: AsyncIterable<unknown>,
): Promise<{ read: unknown[]; failure: unknown }> {
  const read: unknown[] = [];
  const failure = await failureOf(
    (async () => {
      for await (const record of records) read.push(record);
    })(),
  );
  return { read, failure };
}

describe('a stream of records', () => {
  test('arrives whole, cut in the middle of characters', async () => {
    const titles = Array.from({ length: 40 }, (_, n) => `Dom ${n} “Zażółć” 🏡`);
    const bytes = Buffer.from(titles.map((title) => `${JSON.stringify({ title })}\n`).join(''));
    await using server = await startServer(async (_, response) => {
      begin(response);
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        await tick();
      }
      response.end();
    });
    expect(await Array.fromAsync(recordsOf(server.url))).toEqual(titles.map((title) => ({ title })));
    expect(server.seen[0]?.headers.accept).toBe('application/x-ndjson');
  });

  test('is not held in memory: a slow reader slows the server down', async () => {
    const line = `${JSON.stringify({ text: 'x'.repeat(1_000) })}\n`;
    let sent = 0;
    await using server = await startServer((_, response) => {
      begin(response);
      const more = () => {
        while (!response.destroyed && response.write(line)) sent += 1;
      };
      response.on('drain', more);
      more();
    });
    for await (const _ of recordsOf(server.url)) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      break;
    }
    // The kernel's socket buffers hold a few megabytes; without back-pressure it would be hundreds in that time.
    expect(sent).toBeLessThan(20_000);
  });

  test('closes its connection when the reader stops', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await startServer((_, response) => {
      response.on('close', () => closed.resolve());
      begin(response).write('{"n":1}\n{"n":2}\n');
    });
    for await (const record of recordsOf(server.url)) {
      expect(record).toEqual({ n: 1 });
      break;
    }
    await closed.promise;
  });

  test('is tried again until it begins, not after', async () => {
    await using server = await startServer((_, response, turn) => {
      if (turn === 1) sendProblem(response, 503, 'overloaded', { 'retry-after': '0' });
      else if (turn === 2) response.socket!.destroy();
      else begin(response).write('{"n":1}\n', () => setTimeout(() => response.socket!.destroy(), 20));
    });
    const { read, failure } = await readUntilFailure(recordsOf(server.url));
    expect(read).toEqual([{ n: 1 }]);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(server.seen).toHaveLength(3);
  });

  test('that breaks before anybody reads it tells the reader, not the process', async () => {
    await using server = await startServer((_, response) => {
      begin(response).write('{"n":1}\n', () => setTimeout(() => response.socket!.destroy(), 20));
    });
    const stream = await callForStream(resolveOptions({ baseUrl: server.url }), {
      method: 'GET',
      path: '/export',
    });
    await new Promise((resolve) => stream.once('close', resolve));
    expect((await readUntilFailure(parseLines(stream))).failure).toBeInstanceOf(ConnectionError);
  });

  test('fails like any call when the server says no', async () => {
    await using server = await startServer((_, response) => sendProblem(response, 404, 'route_not_found'));
    expect(await failureOf(Array.fromAsync(recordsOf(server.url)))).toBeInstanceOf(NotFoundError);
  });

  test('may last longer than the timeout, but not be silent for longer', async () => {
    await using server = await startServer(async (_, response) => {
      begin(response);
      for (let n = 0; n < 6; n++) {
        response.write(`{"n":${n}}\n`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    const { read, failure } = await readUntilFailure(recordsOf(server.url, { timeout: 300 }));
    expect(read).toHaveLength(6);
    expect(failure).toBeInstanceOf(TimeoutError);
    expect((failure as Error).message).toContain('300 ms of silence');
  });

  test('ends at the deadline of the call', async () => {
    await using server = await startServer((_, response) => {
      begin(response);
      const trickle = setInterval(() => response.write('{"n":1}\n'), 20);
      response.on('close', () => clearInterval(trickle));
    });
    const { read, failure } = await readUntilFailure(recordsOf(server.url, { deadline: 300 }));
    expect(read.length).toBeGreaterThan(3);
    expect(failure).toBeInstanceOf(TimeoutError);
  });

  test('ends with the signal, also while nobody reads', async () => {
    const controller = new AbortController();
    await using server = await startServer((_, response) => void begin(response).write('{"n":1}\n'));
    const records = recordsOf(server.url, { signal: controller.signal });
    expect(await records.next()).toEqual({ done: false, value: { n: 1 } });
    controller.abort();
    await tick();
    expect(await failureOf(records.next())).toMatchObject({ name: 'AbortError' });
  });
});
