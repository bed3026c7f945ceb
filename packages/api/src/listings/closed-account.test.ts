import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('a closed account offers nothing any more', async () => {
  const call = (method: string, path: string, body?: unknown, token?: string) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const password = 'harbour-lantern-42';
  const registered = await call('POST', '/v1/auth/register', {
    email: 'leaving@example.com',
    password,
    displayName: 'Leaving',
  });
  const { accessToken } = (await registered.json()) as { accessToken: string };
  const listing = {
    title: 'Last offer',
    description: 'Quiet.',
    roomType: 'entirePlace',
    externalId: 'last',
    capacity: 2,
    location: { latitude: 38.7, longitude: -9.1 },
    timeZone: 'Europe/Lisbon',
    basePrice: { amount: 9_000, currency: 'USD' },
    cancellationPolicy: 'moderate',
  };
  await call('POST', '/v1/listings/batch', { listings: [listing], publish: true }, accessToken);
  const found = async () =>
    ((await (await call('GET', '/v1/search?q=last+offer')).json()) as { data: { id: string }[] }).data;
  const [before] = await found();
  expect(before).toBeDefined();
  expect((await call('DELETE', '/v1/me', { password }, accessToken)).status).toBe(204);
  expect(await found()).toEqual([]);
  // Another process could show it for a second more.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect((await call('GET', `/v1/listings/${before!.id}`)).status).toBe(404);
});
