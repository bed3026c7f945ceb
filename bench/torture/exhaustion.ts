import net from 'node:net';
import pg from 'pg';
import type { ServerProcess } from '../lab.ts';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const MiB = 1024 * 1024;

/** R14: a thousand requests that the database keeps waiting; what others see meanwhile, and how the server comes back. */
export async function exhaustion(server: ServerProcess, databaseUrl: string) {
  const before = await server.memory();
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  await owner.query('begin; lock table listings in access exclusive mode');
  const slow = Array.from({ length: 1_000 }, () =>
    timed(`${server.url}/v1/listings/lst_00000000000000000000000000`),
  );
  await wait(300);
  const others = await Promise.all(
    Array.from({ length: 20 }, () => timed(`${server.url}/v1/listings/lst_00000000000000000000000000`)),
  );
  const during = await server.memory();
  const flood = await Promise.all(slow);
  await owner.query('rollback');
  await owner.end();
  const released = performance.now();
  while ((await timed(`${server.url}/v1/listings/lst_00000000000000000000000000`)).status !== 404)
    await wait(50);
  const recoveredAfterMs = Math.round(performance.now() - released);
  return {
    statuses: count(flood.map(({ status }) => status)),
    others: {
      statuses: count(others.map(({ status }) => status)),
      slowestMs: Math.max(...others.map(({ ms }) => ms)),
      retryAfter: others.every(({ retryAfter }) => retryAfter !== null),
    },
    memoryGrowthMiB: Math.round((during - before) / MiB),
    recoveredAfterMs,
    holds:
      others.every(({ status, ms, retryAfter }) => status === 503 && ms <= 2_000 && retryAfter !== null) &&
      during - before <= 200 * MiB &&
      recoveredAfterMs <= 5_000,
  };
}

/** R14: connections whose heads or bodies drip; each must be closed within 15 s, and nobody else must notice. */
export async function slowClients(server: ServerProcess) {
  const { port } = new URL(server.url);
  const authorization = `Authorization: Bearer ${server.credentials.host.apiKey}\r\n`;
  const heads = Array.from({ length: 50 }, () =>
    drip(Number(port), 'GET / HTTP/1.1\r\nHost: x\r\n', 'X-Slow: 1\r\n'),
  );
  const bodies = Array.from({ length: 50 }, () =>
    drip(
      Number(port),
      `POST /v1/listings HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
      ' ',
    ),
  );
  const others: number[] = [];
  for (let i = 0; i < 50; i++) {
    others.push((await timed(`${server.url}/healthz`)).ms);
    await wait(200);
  }
  const seconds = await Promise.all([...heads, ...bodies]);
  return {
    longestSeconds: Math.round(Math.max(...seconds) * 10) / 10,
    othersSlowestMs: Math.round(Math.max(...others)),
    holds: Math.max(...seconds) <= 15 && Math.max(...others) < 1_000,
  };
}

/** Sends a little twice a second; resolves with the seconds until the other side closes. */
function drip(port: number, head: string, more: string): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now();
    const socket = net.connect(port, '127.0.0.1', () => socket.write(head));
    const timer = setInterval(() => socket.writable && socket.write(more), 500);
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve((performance.now() - started) / 1_000);
    });
  });
}

async function timed(url: string) {
  const started = performance.now();
  const answer = await fetch(url).catch((error: Error) => error);
  if (answer instanceof Error)
    return { status: 0, ms: Math.round(performance.now() - started), retryAfter: null };
  await answer.text();
  return {
    status: answer.status,
    ms: Math.round(performance.now() - started),
    retryAfter: answer.headers.get('retry-after'),
  };
}

export const count = (values: readonly (string | number)[]) =>
  Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]));
