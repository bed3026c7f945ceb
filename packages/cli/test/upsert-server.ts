import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Row {
  externalId: string;
  title: string;
}

export type Trouble =
  /** Takes the rows and breaks the connection before it answers. */
  | 'loseAnswer'
  /** Breaks the connection before it looks at the request. */
  | 'drop'
  | { status: number; retryAfter?: string; code?: string };

/**
 * What the batch operation of a real server promises, kept in memory: upsert by `externalId`, one answer a row, answers
 * repeated under their idempotency key. It can be told to fail, and it outlives the client.
 */
export async function startUpsertServer() {
  const listings = new Map<string, string>();
  const answers = new Map<string, { body: string; answer: string }>();
  const troubles: Trouble[] = [];
  const seen = { batches: 0, replayed: 0, rows: 0, mostAtOnce: 0, createdTwice: 0 };
  let underWay = 0;
  let maxRows = 1_000;
  let delayMs = 0;

  const upsert = ({ listings: rows }: { listings: Row[] }) => ({
    results: rows.map((row) => {
      const before = listings.get(row.externalId);
      const now = JSON.stringify(row);
      if (row.title.includes('refuse me'))
        return {
          externalId: row.externalId,
          outcome: 'failed',
          listingId: null,
          status: null,
          errors: [{ pointer: '/title', code: 'not_allowed', message: 'must be polite' }],
          gaps: [],
        };
      listings.set(row.externalId, now);
      const outcome = before === undefined ? 'created' : before === now ? 'unchanged' : 'updated';
      const gaps = now.includes('"basePrice":null')
        ? [
            {
              pointer: '/basePrice',
              code: 'required_to_publish',
              message: 'A published listing needs a base price above zero.',
            },
          ]
        : [];
      return {
        externalId: row.externalId,
        outcome,
        listingId: `lst_${row.externalId}`,
        status: 'draft',
        errors: [],
        gaps,
      };
    }),
  });

  const problem = (
    response: ServerResponse,
    status: number,
    code: string,
    headers: Record<string, string> = {},
  ) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
      .end(JSON.stringify({ title: code, status, code, detail: `The stub says ${code}`, errors: [] }));

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const trouble = troubles.shift();
    if (trouble === 'drop') return request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (typeof trouble === 'object')
      return problem(
        response,
        trouble.status,
        trouble.code ?? 'trouble',
        trouble.retryAfter ? { 'retry-after': trouble.retryAfter } : {},
      );
    const parsed = JSON.parse(body) as { listings: Row[] };
    if (parsed.listings.length > maxRows) return problem(response, 413, 'body_too_large');
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const key = String(request.headers['idempotency-key']);
    const known = answers.get(key);
    if (known && known.body !== body) return problem(response, 422, 'idempotency_key_reused');
    seen.batches += 1;
    if (known) seen.replayed += 1;
    else seen.rows += parsed.listings.length;
    const answer = known?.answer ?? JSON.stringify(upsert(parsed));
    answers.set(key, { body, answer });
    if (trouble === 'loseAnswer') return request.socket.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  };

  const server = createServer(async (request, response) => {
    underWay += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, underWay);
    try {
      await take(request, response);
    } catch {
      // The client went away in the middle of its request.
    } finally {
      underWay -= 1;
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    listings,
    seen,
    /** What goes wrong with the next requests, in this order. */
    trouble: (...next: Trouble[]) => void troubles.push(...next),
    takeAtMost(rows: number) {
      maxRows = rows;
    },
    /** Answers so much later, so that there is time to be interrupted. */
    slowDown(ms: number) {
      delayMs = ms;
    },
    /** Gone for a while, with all that it knows. */
    stop: close,
    start: () => listen(port),
    close,
  };
}

export type UpsertServer = Awaited<ReturnType<typeof startUpsertServer>>;
