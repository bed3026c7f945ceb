import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the stub received it. */
export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  text?: string;
}

export interface Stub {
  url: string;
  received: Received[];
  /** `METHOD /path` to an answer; a path may end in `*`. */
  on(route: string, reply: Reply | ((request: Received) => Reply)): void;
  close(): Promise<void>;
}

/** A server that answers as it is told, for what a real one does only on bad days. */
export async function startStub(): Promise<Stub> {
  const routes = new Map<string, Reply | ((request: Received) => Reply)>();
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const seen = await read(request);
    received.push(seen);
    const route = find(routes, `${seen.method} ${seen.path}`);
    const reply = typeof route === 'function' ? route(seen) : route;
    send(response, reply ?? problem(404, 'route_not_found', 'There is nothing at this path'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    on: (route, reply) => void routes.set(route, reply),
    close: () => closeServer(server),
  };
}

export const problem = (status: number, code: string, detail: string, errors: object[] = []): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: {
    type: `https://example.com/${code}`,
    title: detail,
    status,
    detail,
    code,
    requestId: 'req_stub',
    errors,
  },
});

const find = <T>(routes: Map<string, T>, asked: string): T | undefined =>
  routes.get(asked) ??
  [...routes].find(([route]) => route.endsWith('*') && asked.startsWith(route.slice(0, -1)))?.[1];

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub');
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body, text }: Reply) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text ?? (body === undefined ? '' : JSON.stringify(body)));
}

const closeServer = (server: Server) =>
  new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
