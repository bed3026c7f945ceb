import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

// The servers that ours is measured beside: the same statement with nothing around it. Started as a process of its own,
// so that each side has a process to itself.

interface Statement {
  text: string;
  values: unknown[];
}
const { DATABASE_URL, STATEMENTS } = process.env;
const statements: Statement[] = JSON.parse(STATEMENTS ?? '[]');
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20, options: '-c role=sojourn_app' });

const kinds: Record<string, () => http.RequestListener> = {
  /** node:http and pg: the given statements in turn, sent as ours sends them. */
  'http-pg': () => async (_req, res) => {
    const answers: unknown[] = [];
    for (const { text, values } of statements) answers.push((await pool.query(text, values)).rows);
    const body = JSON.stringify(answers);
    res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    res.end(body);
  },
  /** Express and the query builder as most would write it: the row with its photos, by id. */
  'express-kysely': () => {
    const db = new Kysely<{
      listings: Record<string, unknown> & { id: string };
      listing_photos: { listing_id: string; url: string; caption: string; position: number };
    }>({ dialect: new PostgresDialect({ pool }) });
    const app = express();
    app.get('/listings/:id', async (req, res) => {
      const listing = await db
        .selectFrom('listings')
        .selectAll()
        .where('id', '=', req.params.id)
        .executeTakeFirst();
      res.json(listing ?? null);
    });
    return app;
  },
  'express-hello': () => {
    const app = express();
    app.get('/hello', (_req, res) => void res.json({ hello: 'world' }));
    return app;
  },
};

const server = http.createServer(kinds[process.argv[2] ?? '']!());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
