import { beforeEach, describe, expect, test } from 'vitest';
import { type Listener, serveHooks, watchConnectionAttempts } from '../../../test/listener.ts';
import { cleanups, failureOf, listening, lookupTo, open, post, reasonOf } from '../../../test/outbound.ts';
import { PRIVATE_HOSTS, UNREADABLE_HOSTS } from '../../../test/private-hosts.ts';
import type { Lookup } from './outbound-connector.ts';

describe('a call to this machine or its networks', () => {
  let ipv4: Listener;
  let ipv6: Listener | undefined;
  beforeEach(async () => {
    ipv4 = await listening();
    // The same port on both, so that one URL would meet either; where there is no IPv6, IPv4 must do.
    ipv6 = await listening(() => {}, '::1', ipv4.port).catch(() => undefined);
  });

  test.each([...PRIVATE_HOSTS, ...UNREADABLE_HOSTS])('opens no connection to %j', async (host) => {
    const attempts = watchConnectionAttempts();
    const outbound = open({ allowLoopback: false, lookup: lookupTo('127.0.0.1', '::1') });
    for (const scheme of ['https', 'http']) {
      const reason = await reasonOf(post(outbound, `${scheme}://${host}:${ipv4.port}/`));
      expect(reason).toBeOneOf(['blocked_address', 'invalid_request']);
    }
    expect(attempts).toEqual([]);
    expect([ipv4.connections, ipv6?.connections ?? 0]).toEqual([0, 0]);
  });

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['0.0.0.0'],
    ['::'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['fd00:ec2::254'],
    ['93.184.215.14', '127.0.0.1'],
    ['127.0.0.1', '93.184.215.14'],
    ['2606:4700:4700::1111', '::1'],
  ])('opens none by a name that leads to %s %s', async (...addresses) => {
    const attempts = watchConnectionAttempts();
    const outbound = open({ allowLoopback: false, lookup: lookupTo(...addresses.filter(Boolean)) });
    const { reason, message } = await failureOf(post(outbound, `https://hooks.example.com:${ipv4.port}/`));
    expect(reason).toBe('blocked_address');
    expect(message).toContain('hooks.example.com');
    for (const address of addresses) expect(message).not.toContain(address);
    expect(attempts).toEqual([]);
    expect([ipv4.connections, ipv6?.connections ?? 0]).toEqual([0, 0]);
  });

  test.each([
    '169.254.169.254',
    '10.0.0.1',
    '192.168.1.1',
    '[fd00:ec2::254]',
    '0.0.0.0',
    '[::ffff:10.0.0.1]',
  ])('in the sandbox opens none to %s', async (host) => {
    const attempts = watchConnectionAttempts();
    const outbound = open({ lookup: lookupTo(host.replace(/[[\]]/g, '')) });
    expect(await reasonOf(post(outbound, `https://${host}:${ipv4.port}/`))).toBe('blocked_address');
    expect(await reasonOf(post(outbound, `http://${host}:${ipv4.port}/`))).toBe('invalid_request');
    expect(await reasonOf(post(outbound, `https://hooks.example.com:${ipv4.port}/`))).toBe('blocked_address');
    expect(attempts).toEqual([]);
  });
});

test('a name that leads elsewhere on its next connection is checked again', async () => {
  const server = await serveHooks((_req, res) => res.writeHead(200, { connection: 'close' }).end());
  cleanups.push(server.close);
  const addresses = ['127.0.0.1', '169.254.169.254', '10.0.0.1'];
  const lookup: Lookup = async () => [{ address: addresses.shift()!, family: 4 }];
  const attempts = watchConnectionAttempts();
  const outbound = open({ lookup });
  const url = `https://hooks.example.com:${server.port}/`;
  expect((await post(outbound, url)).status).toBe(200);
  expect(await reasonOf(post(outbound, url))).toBe('blocked_address');
  expect(await reasonOf(post(outbound, url))).toBe('blocked_address');
  expect(attempts).toEqual(['127.0.0.1']);
});
