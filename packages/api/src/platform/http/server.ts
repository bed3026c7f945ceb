import type { RequestListener } from 'node:http';
import http from 'node:http';
import net from 'node:net';

export interface RunningServer {
  port: number;
  /** Refuses new connections, lets every accepted request finish, then resolves. */
  close(): Promise<void>;
}

/** How long answers may take once the server was asked to stop, in milliseconds; systems kill after 10 s. */
const DRAIN_MS = 8_000;
/** An idle connection may carry a request that is already on its way: it is kept this long after the stop was asked. */
const IDLE_GRACE_MS = 1_000;

export interface ServerOptions {
  host: string;
  port: number;
  maxConcurrentRequests: number;
}

/**
 * Serves until closed. Beyond `maxConcurrentRequests` at once the answer is 503 at once, so that a flood queues
 * nowhere. Slow heads are cut off after 12 s; slow bodies by whoever reads them (see `body.ts`).
 */
export async function serve(
  handle: RequestListener,
  { host, port, maxConcurrentRequests }: ServerOptions,
): Promise<RunningServer> {
  let running = 0;
  let closing = false;
  const server = http.createServer(
    {
      headersTimeout: 12_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16_384,
    },
    (req, res) => {
      if (closing) res.setHeader('Connection', 'close');
      if (running >= maxConcurrentRequests) {
        res.writeHead(503, {
          'Content-Type': 'application/problem+json',
          'Retry-After': '1',
          Connection: 'close',
        });
        res.end(BUSY_BODY);
        return;
      }
      running += 1;
      res.once('close', () => {
        running -= 1;
      });
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
      closing = true;
      // `http.Server.close` would cut idle connections at once, and with them requests just being sent.
      const closed = new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve()));
      await wait(Math.min(IDLE_GRACE_MS, DRAIN_MS));
      const deadline = performance.now() + DRAIN_MS - IDLE_GRACE_MS;
      while (running > 0 && performance.now() < deadline) await wait(20);
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
