import net from 'node:net';
import { afterEach, expect } from 'vitest';
import {
  type Outbound,
  type OutboundAnswer,
  type OutboundOptions,
  type OutboundRequest,
  openOutbound,
} from '../src/platform/http/outbound.ts';
import type { Lookup } from '../src/platform/http/outbound-connector.ts';
import { OutboundError } from '../src/platform/http/outbound-error.ts';
import { listen } from './listener.ts';

/** What a test opened and did not close; the last first. */
export const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** With limits that a test can wait for. */
export function open(options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = openOutbound({
    allowLoopback: true,
    userAgent: 'Sojourn-Tests/1',
    connectTimeoutMs: 1_000,
    headersTimeoutMs: 400,
    bodyTimeoutMs: 400,
    totalTimeoutMs: 1_500,
    maxResponseBytes: 1_000,
    connectionsPerOrigin: 4,
    ...options,
  });
  cleanups.push(() => outbound.close());
  return outbound;
}

export async function listening(
  onConnection: (socket: net.Socket) => void = () => {},
  host?: string,
  port?: number,
) {
  const listener = await listen(onConnection, host, port);
  cleanups.push(() => listener.close());
  return listener;
}

/** Answers each request with these bytes, as they are. */
export const answering = (text: string) =>
  listening((socket) => {
    socket.on('data', () => socket.write(text));
  });

export const post = (outbound: Outbound, url: string, rest: Partial<OutboundRequest> = {}) =>
  outbound.send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
    ...rest,
  });

export const failureOf = async (answer: Promise<OutboundAnswer>) => {
  const error = await answer.then(
    ({ status }) => expect.unreachable(`answered ${status}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OutboundError);
  const { reason, message } = error as OutboundError;
  return { reason, message };
};
export const reasonOf = async (answer: Promise<OutboundAnswer>) => (await failureOf(answer)).reason;

export const lookupTo =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: net.isIP(address) }));
