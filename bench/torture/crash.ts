import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type ServerProcess, startServer } from '../lab.ts';
import { count } from './exhaustion.ts';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const draft = (title: string) => JSON.stringify({ title, roomType: 'privateRoom', externalId: title });

/**
 * R5 and R3: clients create listings, each with a key that they repeat until it is answered, while the server is killed
 * again and again. Every acknowledged listing is there, and none is there twice.
 */
export async function crashes(folder: string, databaseUrl: string, port: number, kills: number) {
  let server = await startServer(folder, databaseUrl, port);
  const { apiKey } = server.credentials.host;
  const acknowledged: string[] = [];
  let running = true;
  const clients = Array.from({ length: 8 }, async () => {
    while (running) {
      const title = `crash-${randomUUID()}`;
      const headers = {
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
      };
      for (;;) {
        const answer = await fetch(`${server.url}/v1/listings`, {
          method: 'POST',
          headers,
          body: draft(title),
        }).catch(() => undefined);
        const status = answer?.status;
        await answer?.text().catch(() => {});
        if (status === 201) {
          acknowledged.push(title);
          break;
        }
        if (!running) return;
        await wait(20);
      }
    }
  });
  const readyMs: number[] = [];
  for (let i = 0; i < kills; i++) {
    await wait(200 + Math.random() * 400);
    await server.stop('SIGKILL');
    const started = performance.now();
    server = await startServer(folder, databaseUrl, port);
    readyMs.push(Math.round(performance.now() - started));
  }
  running = false;
  await Promise.all(clients);
  await server.stop();
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ title: string; copies: number }>(
    "select title, count(*)::int as copies from listings where title like 'crash-%' group by title",
  );
  await owner.end();
  const stored = new Map(rows.map(({ title, copies }) => [title, copies]));
  const lost = acknowledged.filter((title) => !stored.has(title)).length;
  const doubled = rows.filter(({ copies }) => copies > 1).length;
  return {
    kills,
    acknowledged: acknowledged.length,
    stored: stored.size,
    lost,
    doubled,
    slowestReadyMs: Math.max(...readyMs),
    holds: lost === 0 && doubled === 0 && Math.max(...readyMs) <= 5_000,
  };
}

/** R13: the server is asked to stop under load. No accepted request is reset, and it is gone within ten seconds. */
export async function cleanStop(server: ServerProcess) {
  const results: string[] = [];
  let stopping = false;
  const clients = Array.from({ length: 32 }, async () => {
    while (!stopping)
      results.push(
        await fetch(`${server.url}/v1/search?limit=5`).then(
          (answer) => answer.text().then(() => String(answer.status)),
          (error: Error) => String((error.cause as NodeJS.ErrnoException)?.code ?? error),
        ),
      );
  });
  await wait(1_000);
  const started = performance.now();
  const stopped = server.stop('SIGTERM').then(() => performance.now() - started);
  await wait(500);
  stopping = true;
  await Promise.all(clients);
  const seconds = Math.round((await stopped) / 100) / 10;
  const broken = results.filter((result) => !['200', 'ECONNREFUSED'].includes(result));
  return {
    answers: count(results),
    seconds,
    holds: broken.length === 0 && seconds <= 10 && server.process.exitCode === 0,
  };
}
