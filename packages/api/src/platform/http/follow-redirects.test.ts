import http, { type RequestListener } from 'node:http';
import type net from 'node:net';
import { expect, test } from 'vitest';
import { cleanups, failureOf, open } from '../../../test/outbound.ts';
import { getFollowing } from './follow-redirects.ts';

async function serve(handle: RequestListener): Promise<string> {
  const server = http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => void server.close());
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}
const redirecting = (locations: Record<string, string>) =>
  serve((req, res) => {
    const location = locations[req.url!];
    if (location) res.writeHead(302, { Location: location }).end();
    else res.end(`${req.method} ${req.url} ${req.headers.accept}`);
  });
const get = (url: string, rest = {}) =>
  getFollowing(open(), { url, headers: { accept: 'text/calendar' }, ...rest });

test('redirects are followed, relative ones too, with the same headers', async () => {
  const elsewhere = await redirecting({});
  const url = await redirecting({ '/a': '/b?x=1', '/b?x=1': 'c', '/c': `${elsewhere}/d` });
  const { status, body } = await get(`${url}/a`);
  expect([status, body.toString()]).toEqual([200, 'GET /d text/calendar']);
});

test('more than three are too many, and one to nowhere is none', async () => {
  const url = await redirecting({ '/round': '/round', '/nowhere': 'http://[oops' });
  expect((await failureOf(get(`${url}/round`))).reason).toBe('invalid_answer');
  expect((await failureOf(get(`${url}/nowhere`))).reason).toBe('invalid_answer');
});

test.each([
  'http://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/',
  'https://[::ffff:10.0.0.1]/',
  'https://metadata.google.internal/',
  'file:///etc/passwd',
  'ftp://example.com/',
])('one to %s is not followed', async (location) => {
  const url = await redirecting({ '/': location });
  expect((await failureOf(get(url))).reason).toMatch(/blocked_address|invalid_request/);
});

test('a call may read more than others do, or less', async () => {
  const url = await serve((_req, res) => res.end('x'.repeat(5_000)));
  const sizes = async (maxResponseBytes?: number) => {
    const { body, truncated } = await get(url, maxResponseBytes === undefined ? {} : { maxResponseBytes });
    return [body.length, truncated];
  };
  expect(await sizes()).toEqual([1_000, true]);
  expect(await sizes(5_000)).toEqual([5_000, false]);
  expect(await sizes(10)).toEqual([10, true]);
});
