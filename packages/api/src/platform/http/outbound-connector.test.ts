import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Listener, listen, serveHooks, watchConnectionAttempts } from '../../../test/listener.ts';
import { guardedConnector, type Lookup, nameServerLookup } from './outbound-connector.ts';
import { OutboundError } from './outbound-error.ts';

let listener: Listener;
beforeEach(async () => {
  listener = await listen(() => {});
});
afterEach(() => listener.close());

const answering =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

interface Target {
  protocol?: 'http:' | 'https:';
  hostname?: string;
  allowLoopback?: boolean;
  lookup?: Lookup;
  port?: number;
}

/** What becomes of one connection, without the check of the URL that stands before it. */
const connect = ({
  protocol = 'https:',
  hostname = 'hooks.example.com',
  allowLoopback = false,
  lookup = answering(hostname),
  port = listener.port,
}: Target) =>
  new Promise<string>((resolve) => {
    const connector = guardedConnector({ allowLoopback, connectTimeoutMs: 1_000, lookup });
    const target = { protocol, hostname, host: `${hostname}:${port}`, port: String(port) };
    connector(target, (error, socket: Socket | null) => {
      socket?.destroy();
      resolve(error instanceof OutboundError ? error.reason : `connected, ${error}`);
    });
  });

const PRIVATE_ADDRESSES = [
  '127.0.0.1',
  '127.9.9.9',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::1',
  'fe80::1',
  'fe80::1%lo',
  'fd00:ec2::254',
];

describe.each(['http:', 'https:'] as const)('a connection for %s', (protocol) => {
  test.each(PRIVATE_ADDRESSES)('is never tried to %s, be it given or found', async (address) => {
    const attempts = watchConnectionAttempts();
    expect(await connect({ protocol, hostname: address })).toBe('blocked_address');
    expect(await connect({ protocol, lookup: answering(address) })).toBe('blocked_address');
    expect(await connect({ protocol, lookup: answering('93.184.215.14', address) })).toBe('blocked_address');
    expect(await connect({ protocol, lookup: answering(address, '93.184.215.14') })).toBe('blocked_address');
    expect(attempts).toEqual([]);
    expect(listener.connections).toBe(0);
  });

  test.each(PRIVATE_ADDRESSES.filter((address) => !/^127\.|^::1$/.test(address)))(
    'is not tried to %s in the sandbox either',
    async (address) => {
      const attempts = watchConnectionAttempts();
      const target = { protocol, allowLoopback: true };
      expect(await connect({ ...target, hostname: address })).toBe('blocked_address');
      expect(await connect({ ...target, lookup: answering('127.0.0.1', address) })).toBe('blocked_address');
      expect(attempts).toEqual([]);
    },
  );
});

describe('a connection without TLS', () => {
  test('is not tried to a public address, in the sandbox or out of it', async () => {
    const attempts = watchConnectionAttempts();
    for (const allowLoopback of [false, true]) {
      const target = { protocol: 'http:', allowLoopback } as const;
      expect(await connect({ ...target, hostname: '93.184.215.14' })).toBe('blocked_address');
      expect(await connect({ ...target, lookup: answering('93.184.215.14') })).toBe('blocked_address');
    }
    expect(attempts).toEqual([]);
  });

  test('is made to this machine in the sandbox', async () => {
    const target = { protocol: 'http:', allowLoopback: true } as const;
    expect(await connect({ ...target, hostname: '127.0.0.1' })).toBe('connected, null');
    expect(await connect({ ...target, lookup: answering('127.0.0.1') })).toBe('connected, null');
    expect(listener.connections).toBe(2);
  });
});

test('a socket that is connected elsewhere than was checked is never used', async () => {
  let requests = 0;
  const server = await serveHooks((_req, res) => {
    requests += 1;
    res.end();
  });
  let reads = 0;
  const shifting: LookupAddress = {
    family: 4,
    // Public to the check, private to the socket.
    get address() {
      reads += 1;
      return reads === 1 ? '93.184.215.14' : '127.0.0.1';
    },
  };
  const lookup: Lookup = async () => [shifting];
  const attempts = watchConnectionAttempts();
  expect(await connect({ port: server.port, lookup })).toBe('blocked_address');
  // The socket was there: nothing but the comparison of its address came between.
  expect(attempts).toEqual(['127.0.0.1']);
  expect(requests).toBe(0);
  await server.close();
});

describe('a name', () => {
  test('that cannot be resolved, or has no address, is a failure of its own', async () => {
    const failing: Lookup = () => Promise.reject(new Error('queryA ENOTFOUND'));
    expect(await connect({ lookup: failing })).toBe('dns_failure');
    expect(await connect({ lookup: answering() })).toBe('dns_failure');
  });

  test('whose name server hangs is given up in time', async () => {
    let release = () => {};
    const hanging: Lookup = () =>
      new Promise((resolve) => {
        release = () => resolve([]);
      });
    expect(await connect({ lookup: hanging })).toBe('timeout');
    release();
  });

  test('is resolved once for a connection', async () => {
    let asked = 0;
    const lookup: Lookup = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    expect(await connect({ protocol: 'http:', allowLoopback: true, lookup })).toBe('connected, null');
    expect(asked).toBe(1);
  });

  test('of this machine needs no name server', async () => {
    for (const name of ['localhost', 'hooks.localhost'])
      expect(await nameServerLookup(100)(name)).toEqual([
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]);
  });
});
