import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { FieldError } from '../problem.ts';

/** What is wrong with a URL that a user gave, ready for a pointer. */
export type UrlProblem = Pick<FieldError, 'code' | 'message'>;

export interface OutboundRules {
  /** The sandbox: this machine itself may be called, by http as well. Other private networks never. */
  allowLoopback: boolean;
}

const MAX_URL_CHARACTERS = 2_048;
/** Below this, ports belong to services that are not ours to talk to: SSH, mail, name servers. */
const FIRST_UNPRIVILEGED_PORT = 1_024;

/** Global unicast; whatever lies outside is reserved, local, or an IPv4 address in disguise. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Looks like ordinary unicast to ipaddr.js, and is not for us all the same. */
const OTHER_SPECIAL_V4 = [
  // Azure answers every virtual machine here: its platform, DHCP and health channel.
  '168.63.129.16/32',
].map((cidr) => ipaddr.IPv4.parseCIDR(cidr));
const OTHER_SPECIAL_V6 = [
  // The 6bone, returned to IANA (RFC 3701).
  '3ffe::/16',
].map((cidr) => ipaddr.IPv6.parseCIDR(cidr));

/** Names that lead inside by convention, with everything below them. */
const INSIDE_NAMES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'onion',
  // Clouds answer these with their metadata.
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
];

/** Whether anybody on the internet may be meant by this address. What cannot be read as an address is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4
    ? !OTHER_SPECIAL_V4.some((range) => parsed.match(range))
    : parsed.match(GLOBAL_UNICAST_V6) && !OTHER_SPECIAL_V6.some((range) => parsed.match(range));
}

export const isLoopbackAddress = (address: string): boolean =>
  isIP(address) !== 0 && ipaddr.parse(address).range() === 'loopback';

export const isLoopbackName = (hostname: string): boolean =>
  isWithin(withoutFinalDots(hostname), 'localhost');

/** The host of a URL as sockets and resolvers take it: an IPv6 address without its brackets. */
export const bareHostname = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * The first thing that keeps us from ever calling this URL. It asks no name server: where a name leads is decided at
 * each connection, in `outbound-connector.ts`.
 */
export function checkOutboundUrl(text: string, { allowLoopback }: OutboundRules): UrlProblem | undefined {
  const unreadable = spellingProblem(text);
  if (unreadable) return unreadable;
  const url = new URL(text);
  const hostname = bareHostname(url);
  const loopback = allowLoopback && (isLoopbackName(hostname) || isLoopbackAddress(hostname));
  return (
    schemeProblem(url, loopback, allowLoopback) ??
    credentialsProblem(url) ??
    (loopback ? undefined : (addressProblem(hostname) ?? nameProblem(hostname))) ??
    portProblem(url, loopback)
  );
}

function spellingProblem(text: string): UrlProblem | undefined {
  if (text.length > MAX_URL_CHARACTERS)
    return { code: 'invalid_url', message: `must be at most ${MAX_URL_CHARACTERS} characters long` };
  // `new URL` would drop or turn these silently, and what is called would not be what was read.
  if (/[\s\\\p{Cc}]/u.test(text))
    return {
      code: 'invalid_url',
      message: 'must not contain spaces, line breaks or backslashes; percent-encode them',
    };
  if (!URL.canParse(text))
    return {
      code: 'invalid_url',
      message: 'must be a complete URL, such as https://example.com/hooks, with a host that can be read',
    };
  return undefined;
}

function schemeProblem({ protocol }: URL, loopback: boolean, allowLoopback: boolean): UrlProblem | undefined {
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return undefined;
  const exception = allowLoopback ? '; http:// is for this machine only, such as http://localhost:3000' : '';
  return { code: 'url_not_https', message: `must start with https://${exception}` };
}

function credentialsProblem({ username, password }: URL): UrlProblem | undefined {
  if (!username && !password) return undefined;
  return {
    code: 'url_has_credentials',
    message: 'must not contain a user name or password; put a secret into the path or the query instead',
  };
}

function addressProblem(hostname: string): UrlProblem | undefined {
  if (isIP(hostname) === 0 || isPublicAddress(hostname)) return undefined;
  return {
    code: 'url_not_public',
    message: `must have a host on the public internet; ${hostname} is a private, local or reserved address`,
  };
}

function nameProblem(hostname: string): UrlProblem | undefined {
  if (isIP(hostname) !== 0) return undefined;
  const name = withoutFinalDots(hostname);
  if (INSIDE_NAMES.some((inside) => isWithin(name, inside)))
    return {
      code: 'url_not_public',
      message: `must have a host on the public internet; ${name} is a name inside a private network`,
    };
  if (name !== hostname)
    return { code: 'invalid_url', message: `must have a host without a dot at its end: ${name}` };
  if (!name.includes('.'))
    return {
      code: 'url_not_public',
      message: `must have a complete host name, such as hooks.example.com; ${name} alone is not one`,
    };
  return undefined;
}

function portProblem({ port, protocol }: URL, loopback: boolean): UrlProblem | undefined {
  // The usual port of a scheme is the empty text.
  if (port === '' || Number(port) >= FIRST_UNPRIVILEGED_PORT) return undefined;
  if (loopback && Number(port) > 0) return undefined;
  return {
    code: 'url_port_not_allowed',
    message: `must use port ${protocol === 'https:' ? 443 : 80}, or one from ${FIRST_UNPRIVILEGED_PORT} to 65535`,
  };
}

const withoutFinalDots = (hostname: string) => hostname.replace(/\.+$/, '');
const isWithin = (name: string, parent: string) => name === parent || name.endsWith(`.${parent}`);
