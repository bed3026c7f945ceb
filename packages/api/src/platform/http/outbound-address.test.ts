import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIVATE_HOSTS, PUBLIC_HOSTS, UNREADABLE_HOSTS } from '../../../test/private-hosts.ts';
import { checkOutboundUrl, isLoopbackAddress, isPublicAddress } from './outbound-address.ts';

const codeOf = (url: string, allowLoopback = false) => checkOutboundUrl(url, { allowLoopback })?.code;

/** The same address as browsers, shells and attackers may write it. */
const NOTATIONS: ((octets: number[]) => string)[] = [
  (octets) => octets.join('.'),
  (octets) => octets.map((octet) => `0${octet.toString(8)}`).join('.'),
  (octets) => octets.map((octet) => `0x${octet.toString(16)}`).join('.'),
  ([a, b, c, d]) => `${a}.${b}.${c! * 256 + d!}`,
  ([a, b, c, d]) => `0x${a!.toString(16)}.${(b! * 256 + c!) * 256 + d!}`,
  ([a, b, c, d]) => String(((a! * 256 + b!) * 256 + c!) * 256 + d!),
  ([a, b, c, d]) => `0${(((a! * 256 + b!) * 256 + c!) * 256 + d!).toString(8)}`,
  (octets) => `[::ffff:${octets.join('.')}]`,
  (octets) => `[::${octets.join('.')}]`,
  (octets) => `[64:ff9b::${octets.join('.')}]`,
  ([a, b, c, d]) => `[2002:${(a! * 256 + b!).toString(16)}:${(c! * 256 + d!).toString(16)}::1]`,
];

const octet = fc.integer({ min: 0, max: 255 });
const privateAddress = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
  fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
  fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
  fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
);

describe('the URL of an outbound call', () => {
  test.each(PUBLIC_HOSTS)('may have the host %s', (host) => {
    expect(codeOf(`https://${host}/hooks?a=1`)).toBeUndefined();
    expect(codeOf(`https://${host}:8443/`)).toBeUndefined();
  });

  test.each(PRIVATE_HOSTS)('may not have the host %s', (host) => {
    expect(checkOutboundUrl(`https://${host}/hooks`, { allowLoopback: false })).toEqual({
      code: 'url_not_public',
      message: expect.stringMatching(/^must have a (host|complete host name)/),
    });
  });

  test.each(UNREADABLE_HOSTS)('must have a host that can be read, not %j', (host) => {
    expect(codeOf(`https://${host}/`)).toBe('invalid_url');
    expect(codeOf(`https://${host}/`, true)).toBe('invalid_url');
  });

  test('may not lead to any private IPv4 address, however it is written', () => {
    fc.assert(
      fc.property(privateAddress, fc.constantFrom(...NOTATIONS), (octets, notation) => {
        expect(codeOf(`https://${notation(octets)}/`)).toBe('url_not_public');
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['http://example.com/', 'url_not_https'],
    ['ftp://example.com/', 'url_not_https'],
    ['file:///etc/passwd', 'url_not_https'],
    ['data:text/plain,a', 'url_not_https'],
    ['unix:/var/run/docker.sock', 'url_not_https'],
    ['https://user@example.com/', 'url_has_credentials'],
    ['https://:secret@example.com/', 'url_has_credentials'],
    ['https://example.com@127.0.0.1/', 'url_has_credentials'],
    ['https://example.com./', 'invalid_url'],
    ['https://example.com:0/', 'url_port_not_allowed'],
    ['https://example.com:22/', 'url_port_not_allowed'],
    ['https://example.com:80/', 'url_port_not_allowed'],
    ['https://example.com:1023/', 'url_port_not_allowed'],
    ['https://example.com:65536/', 'invalid_url'],
    [`https://example.com/${'a'.repeat(2_048)}`, 'invalid_url'],
    ['https://', 'invalid_url'],
    ['example.com/hooks', 'invalid_url'],
    ['', 'invalid_url'],
    ['https://example.com/\r\nX: 1', 'invalid_url'],
    ['https://example.com/\0', 'invalid_url'],
    ['https:\\\\example.com\\', 'invalid_url'],
    [' https://example.com/', 'invalid_url'],
  ])('may not be %j', (url, code) => {
    expect(codeOf(url)).toBe(code);
  });

  test('may have a usual or a high port', () => {
    for (const port of [443, 1_024, 8_443, 65_535])
      expect(codeOf(`https://example.com:${port}/`)).toBeUndefined();
  });

  test('may be anything at all without making the check throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()),
        fc.boolean(),
        (url, allowLoopback) => {
          const wrong = checkOutboundUrl(url, { allowLoopback });
          expect(wrong === undefined || wrong.message.startsWith('must ')).toBe(true);
        },
      ),
    );
  });
});

describe('in the sandbox', () => {
  test.each([
    'http://localhost:3000/hooks',
    'http://localhost/',
    'https://localhost:3000/',
    'http://hooks.localhost:3000/',
    'http://127.0.0.1:3000/',
    'http://127.1:80/',
    'http://[::1]:3000/',
    'https://hooks.example.com/',
  ])('a URL may be %s', (url) => {
    expect(codeOf(url, true)).toBeUndefined();
  });

  test.each([
    ...PRIVATE_HOSTS.map((host) => `https://${host}/`).filter((url) => {
      const { hostname } = new URL(url);
      const loopback = /^127\.|^\[::1\]$|(^|\.)localhost\.*$/.test(hostname);
      return !loopback;
    }),
  ])('a URL may still not be %s', (url) => {
    expect(codeOf(url, true)).toBe('url_not_public');
  });

  test.each([
    ['http://example.com/', 'url_not_https'],
    ['http://10.0.0.1/', 'url_not_https'],
    ['http://169.254.169.254/', 'url_not_https'],
    ['http://user@localhost/', 'url_has_credentials'],
    ['http://localhost:0/', 'url_port_not_allowed'],
  ])('a URL may not be %s', (url, code) => {
    expect(codeOf(url, true)).toBe(code);
  });

  test('the message says what http is for', () => {
    expect(checkOutboundUrl('http://example.com/', { allowLoopback: true })?.message).toBe(
      'must start with https://; http:// is for this machine only, such as http://localhost:3000',
    );
    expect(checkOutboundUrl('http://example.com/', { allowLoopback: false })?.message).toBe(
      'must start with https://',
    );
  });
});

test('what is no address in its usual form is neither public nor loopback', () => {
  for (const text of [
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '1.1.1',
    '[::1]',
    'fe80::1%eth0',
  ]) {
    expect(isPublicAddress(text)).toBe(false);
    expect(isLoopbackAddress(text)).toBe(false);
  }
});
