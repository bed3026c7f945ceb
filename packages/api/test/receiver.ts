import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Received {
  /** The event's id. */
  id: string;
  headers: Record<string, string>;
  body: string;
  event: { id: string; sequence: number; type: string; data: Record<string, unknown> };
}

/** What a receiver does with a delivery that came in whole. */
export type Behaviour = (response: http.ServerResponse, received: Received) => void;

export const answers =
  (status: number, body = '', headers: http.OutgoingHttpHeaders = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, headers).end(body);
export const hangs: Behaviour = () => {};
export const hangsUp: Behaviour = (response) => void response.socket?.destroy();
export const neverEnds: Behaviour = (response) => {
  response.writeHead(200);
  const more = () => {
    if (!response.destroyed) response.write(Buffer.alloc(65_536, 'x'), () => setImmediate(more));
  };
  more();
};

export interface Receiver {
  url: string;
  /** In the order in which they came. */
  received: Received[];
  behaviour: Behaviour;
  /** Resolves when so many deliveries have come. */
  gets(count: number, withinMs?: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** A program that gets webhooks, on a port of its own. */
export async function startReceiver(behaviour: Behaviour = answers(204)): Promise<Receiver> {
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const received = { id: headers['webhook-id']!, headers, body, event: JSON.parse(body) };
    receiver.received.push(received);
    receiver.behaviour(response, received);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?token=hidden`,
    received: [],
    behaviour,
    async gets(count, withinMs = 15_000) {
      for (const until = performance.now() + withinMs; receiver.received.length < count; await wait(20))
        if (performance.now() > until)
          throw new Error(`${receiver.received.length} deliveries came, not ${count}.`);
      return receiver.received;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
