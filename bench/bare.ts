import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { selectListings } from '../packages/api/src/listings/repository/row.ts';
import type { DB as Database } from '../packages/api/src/platform/db/rows.ts';

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
  /** Express and the query builder: the statement that ours sends, built for each request as most would write it. */
  'express-kysely': () => {
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const app = express();
    app.get('/listings/:id', async (req, res) => {
      const listing = await selectListings(db).where('id', '=', req.params.id).executeTakeFirst();
      res.json(listing ?? null);
    });
    return app;
  },
  /** Receives webhooks: answers a POST with 204, and a GET with what came since the last one. */
  receiver: () => {
    let delays: number[] = [];
    return async (req, res) => {
      if (req.method === 'GET') {
        delays.sort((a, b) => a - b);
        const at = (share: number) => Math.round(delays[Math.floor(delays.length * share)] ?? 0);
        res.end(JSON.stringify({ count: delays.length, p50Ms: at(0.5), p99Ms: at(0.99) }));
        delays = [];
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      delays.push(Date.now() - Date.parse(JSON.parse(Buffer.concat(chunks).toString()).occurredAt));
      res.writeHead(204).end();
    };
  },
  /** Takes requests and never answers. */
  silence: () => () => {},
  'express-hello': () => {
    const app = express();
    app.get('/hello', (_req, res) => void res.json({ hello: 'world' }));
    return app;
  },
};

const server = http.createServer(kinds[process.argv[2] ?? '']!());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
