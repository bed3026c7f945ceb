import type { RequestListener } from 'node:http';
import http from 'node:http';
import net from 'node:net';
import { closeFloor, enterFloor, openFloor } from './pause.ts';

export interface RunningServer {
  port: number;
  /** Takes requests for a moment more, lets every accepted one finish, then resolves. */
  close(): Promise<void>;
}

/** How long requests are still taken once the server was asked to stop, in milliseconds. */
const GRACE_MS = 1_000;
/** How long open requests may take after that, in milliseconds; systems kill after 10 s. */
const DRAIN_MS = 7_000;

/** For how long no request may run before connections are closed, in milliseconds. */
const QUIET_MS = 250;

export interface ServerOptions {
  host: string;
  port: number;
  maxConcurrentRequests: number;
}

/**
 * Serves until closed. Beyond `maxConcurrentRequests` at once the answer is 503 at once, so that a flood queues
 * nowhere; those that wait for news (see `pause.ts`) do not count. Slow heads are cut off after 12 s; slow bodies by
 * whoever reads them (see `body.ts`).
 */
export async function serve(
  handle: RequestListener,
  { host, port, maxConcurrentRequests }: ServerOptions,
): Promise<RunningServer> {
  const floor = openFloor();
  const server = http.createServer(
    {
      headersTimeout: 12_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16_384,
    },
    (req, res) => {
      if (floor.closing) res.setHeader('Connection', 'close');
      if (floor.running >= maxConcurrentRequests) {
        res.writeHead(503, {
          'Content-Type': 'application/problem+json',
          'Retry-After': '1',
          Connection: 'close',
        });
        res.end(BUSY_BODY);
        return;
      }
      enterFloor(floor, res);
      handle(req, res);
    },
  );
  server.maxRequestsPerSocket = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      // For a moment everything is still taken, and told to come back on another connection: a request that is on its
      // way, on a connection kept open or in the queue of new ones, must not meet a closed door.
      closeFloor(floor);
      await wait(GRACE_MS);
      // `http.Server.close` would cut idle connections in the same breath; here they go once nothing runs any more.
      const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
      const deadline = performance.now() + DRAIN_MS;
      // A busy process may not have read yet what has come: it counts as quiet only once it stayed so.
      for (let quietSince = performance.now(); performance.now() < deadline; await wait(20)) {
        if (floor.running > 0) quietSince = performance.now();
        else if (performance.now() - quietSince >= QUIET_MS) break;
      }
      server.closeIdleConnections();
      const forced = setTimeout(() => server.closeAllConnections(), 200);
      await closed;
      clearTimeout(forced);
    },
  };
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const BUSY_BODY = JSON.stringify({
  type: 'about:blank',
  title: 'The server is busy',
  status: 503,
  code: 'overloaded',
  detail: 'Too many requests run at once. Try again after Retry-After seconds.',
});
