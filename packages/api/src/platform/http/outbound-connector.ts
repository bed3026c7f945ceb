import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isLoopbackAddress, isLoopbackName, isPublicAddress } from './outbound-address.ts';
import { blockedAddress, handshakeErrorOf, OutboundError, outboundErrorOf } from './outbound-error.ts';

/** All addresses of a name; fails or answers none when it has none. */
export type Lookup = (hostname: string) => Promise<LookupAddress[]>;

export interface ConnectorOptions {
  allowLoopback: boolean;
  /** For name, TCP and TLS together. */
  connectTimeoutMs: number;
  lookup: Lookup;
}

type IsAllowed = (address: string) => boolean;

/**
 * Opens connections to allowed addresses only. A name is resolved once for a connection, and the socket gets the very
 * addresses that were checked: a name server that answers otherwise a moment later is not asked again. Without TLS,
 * where no certificate vouches for the other side, only this machine may be called, and only where that is allowed.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const isOwn: IsAllowed = (address) => options.allowLoopback && isLoopbackAddress(address);
  const encrypted = connectorTo((address) => isPublicAddress(address) || isOwn(address), options);
  const plain = connectorTo(isOwn, options);
  return (target, done) => (target.protocol === 'https:' ? encrypted : plain)(target, done);
}

function connectorTo(
  isAllowed: IsAllowed,
  { connectTimeoutMs, lookup }: ConnectorOptions,
): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    autoSelectFamily: true,
    timeout: connectTimeoutMs,
    lookup: guardedLookup(lookup, isAllowed),
  });
  return (target, done) => {
    const { hostname, protocol } = target;
    // Sockets do not look an address up, so that the guard below would not see it.
    if (isIP(hostname) !== 0 && !isAllowed(hostname)) return done(blockedAddress(hostname), null);
    connect(target, (error, socket) => {
      if (error) {
        const translate = protocol === 'https:' ? handshakeErrorOf : outboundErrorOf;
        return done(translate(error, hostname), null);
      }
      if (socket.remoteAddress !== undefined && isAllowed(socket.remoteAddress)) return done(null, socket);
      socket.destroy();
      done(blockedAddress(hostname), null);
    });
  };
}

/** One bad address among good ones spoils the name: no honest name leads both inside and out. */
function guardedLookup(lookup: Lookup, isAllowed: IsAllowed): LookupFunction {
  const resolve = async (hostname: string) => {
    const addresses = await lookup(hostname).catch((error: unknown) => {
      throw new OutboundError('dns_failure', `The name ${hostname} could not be resolved.`, error);
    });
    if (addresses.length === 0)
      throw new OutboundError('dns_failure', `The name ${hostname} has no address.`);
    if (!addresses.every(({ address }) => isAllowed(address))) throw blockedAddress(hostname);
    return addresses;
  };
  return (hostname, _options, done) => {
    resolve(hostname).then(
      (addresses) => done(null, addresses),
      (error: Error) => done(error, []),
    );
  };
}

/**
 * Asks the name servers directly. The system's own lookup would hold one of the few threads that passwords and files
 * need too, for as long as the name server of whoever chose the name likes; and it would know the names in the hosts
 * file. Only `localhost` is known here, as RFC 6761 has it.
 */
export function nameServerLookup(timeoutMs: number): Lookup {
  // The second try waits twice as long; together they stay below the limit for the connection.
  const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 4), tries: 2 });
  return async (hostname) => {
    if (isLoopbackName(hostname)) return LOOPBACK;
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason;
    return [...found(v4, 4), ...found(v6, 6)];
  };
}

const found = (answer: PromiseSettledResult<string[]>, family: number): LookupAddress[] =>
  answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];

const LOOPBACK: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
