import type { RequestListener } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, vi } from 'vitest';
import { HOOKS_CERTIFICATE, HOOKS_KEY } from './certificate.ts';

export interface Listener {
  port: number;
  /** How many connections came in. */
  connections: number;
  /** What came in over all of them. */
  received: string;
  close(): Promise<void>;
}

/** A server of bare sockets, for answers that no HTTP server would give. */
export async function listen(onConnection: (socket: net.Socket) => void, host = '127.0.0.1', port = 0) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    listener.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      listener.received += chunk.toString('latin1');
    });
    onConnection(socket);
  });
  const listener: Listener = {
    port: 0,
    connections: 0,
    received: '',
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  listener.port = (server.address() as net.AddressInfo).port;
  return listener;
}

/** An HTTPS server for `hooks.example.com` on this machine, which this process trusts from now on. */
export async function serveHooks(handle: RequestListener) {
  tls.setDefaultCACertificates([...tls.getCACertificates('bundled'), HOOKS_CERTIFICATE]);
  const server = https.createServer({ cert: HOOKS_CERTIFICATE, key: HOOKS_KEY }, handle);
  const names: (string | false | null | undefined)[] = [];
  server.on('secureConnection', (socket: tls.TLSSocket) => {
    names.push((socket as tls.TLSSocket & { servername?: string | false }).servername);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    /** The name that each connection asked for, as TLS sends it. */
    names,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every address that any socket of this process tries to reach from now to the end of the test. */
export function watchConnectionAttempts(): string[] {
  const attempts: string[] = [];
  const connect = net.Socket.prototype.connect;
  const spy = vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (
    this: net.Socket,
    ...args: unknown[]
  ) {
    this.on('connectionAttempt', (address: string) => attempts.push(address));
    return Reflect.apply(connect, this, args);
  });
  spies.push(spy);
  return attempts;
}

const spies: { mockRestore(): void }[] = [];
afterEach(() => {
  for (const spy of spies.splice(0)) spy.mockRestore();
});
