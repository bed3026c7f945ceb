import pg from 'pg';
import { publicId } from '../packages/api/src/platform/id.ts';
import { type ServerProcess, startBare } from './lab.ts';
import { inTurns } from './load.ts';

/** P3 and P4: one listing by id, with credentials. Misses read 20,000 listings in turn, hits always the same. */
export async function benchRead(server: ServerProcess, databaseUrl: string) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ id: string }>(
    "select id from listings where status = 'published' limit 20000",
  );
  await owner.end();
  const uuids = rows.map(({ id }) => id);
  const ids = uuids.map((uuid) => publicId('lst', uuid));
  // A step that visits all of them in no order that a page of the table would favour.
  const visit =
    <T>(all: readonly T[]) =>
    (request: number) =>
      all[(request * 7_919) % all.length]!;
  const express = await startBare('express-kysely', databaseUrl);
  const hello = await startBare('express-hello', databaseUrl);
  try {
    const [oursAt, expressAt] = [visit(ids), visit(uuids)];
    return await inTurns({
      'ours, miss': {
        url: server.url,
        headers: { Authorization: `Bearer ${server.credentials.host.apiKey}` },
        path: (n) => `/v1/listings/${oursAt(n)}`,
        pid: server.process.pid!,
      },
      'express + kysely': { url: express.url, path: (n) => `/listings/${expressAt(n)}`, pid: express.pid },
      'ours, hit': { url: server.url, path: `/v1/listings/${ids[0]}`, pid: server.process.pid! },
      'express hello': { url: hello.url, path: '/hello', pid: hello.pid },
    });
  } finally {
    await Promise.all([express.stop(), hello.stop()]);
  }
}
