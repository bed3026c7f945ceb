import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type RunningServer, serve } from './server.ts';

let server: RunningServer | undefined;
afterEach(() => server?.close());

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const start = async (maxConcurrentRequests: number, answerAfterMs: number) => {
  server = await serve((_req, res) => void setTimeout(() => res.end('done'), answerAfterMs), {
    host: '127.0.0.1',
    port: 0,
    maxConcurrentRequests,
  });
  return `http://127.0.0.1:${server.port}`;
};

describe('a server', () => {
  test('that has all it can take answers the rest at once with 503 and Retry-After', async () => {
    const url = await start(10, 400);
    const started = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const answer = await fetch(url);
        await answer.text();
        return {
          status: answer.status,
          retryAfter: answer.headers.get('retry-after'),
          after: performance.now() - started,
        };
      }),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).toHaveLength(20);
    expect(new Set(refused.map(({ retryAfter }) => retryAfter))).toEqual(new Set(['1']));
    expect((await fetch(url)).status).toBe(200);
  });

  test('that is asked to stop finishes every request it accepted, then is gone', async () => {
    const url = await start(1_000, 50);
    const results: string[] = [];
    let stopping = false;
    const clients = Array.from({ length: 20 }, async () => {
      while (!stopping)
        results.push(
          await fetch(url).then(
            (answer) => answer.text(),
            (error: Error) => String((error.cause as NodeJS.ErrnoException)?.code),
          ),
        );
    });
    await wait(300);
    const closed = server!.close();
    await wait(300);
    stopping = true;
    await Promise.all(clients);
    await closed;
    server = undefined;
    expect(results.filter((result) => result === 'done').length).toBeGreaterThan(40);
    // A connection that was never accepted is refused; an accepted request is never reset.
    expect(results.filter((result) => result !== 'done' && result !== 'ECONNREFUSED')).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('cuts off a head that never ends, and meanwhile serves others', async () => {
    const url = await start(100, 1);
    const socket = net.connect(server!.port, '127.0.0.1');
    const gone = new Promise<number>((resolve) => socket.on('close', () => resolve(performance.now())));
    socket.on('error', () => {});
    const started = performance.now();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.writable && socket.write('X-Slow: 1\r\n'), 500);
    expect((await fetch(url)).status).toBe(200);
    const seconds = ((await gone) - started) / 1_000;
    clearInterval(drip);
    expect(seconds).toBeLessThan(15);
  }, 20_000);
});
