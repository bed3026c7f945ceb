import { inspect } from 'node:util';
import { MockAgent } from 'undici';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { sendJson, sendProblem, startServer } from '../test/server.ts';
import { Sojourn } from './client.ts';
import type { ClientOptions } from './options.ts';
import { AuthenticationError } from './problem.ts';
import { SojournError } from './sojourn-error.ts';
import { VERSION } from './version.ts';

const KEY = 'sjn_test_0123456789abcdef';
const baseUrl = 'http://127.0.0.1:9';

test('the version is that of the package', () => {
  expect(VERSION).toBe(packageJson.version);
});

describe('options', () => {
  test.each<[string, Partial<ClientOptions>, string]>([
    ['no URL', { baseUrl: 'localhost:4000' }, 'baseUrl must be an http or https URL'],
    ['another protocol', { baseUrl: 'ftp://localhost' }, 'baseUrl must be an http or https URL'],
    [
      'a password in the URL',
      { baseUrl: 'http://me:hunter2@localhost' },
      'baseUrl must have no user, password',
    ],
    ['a query in the URL', { baseUrl: 'http://localhost?x=1' }, 'baseUrl must have no user, password, query'],
    ['two credentials', { apiKey: KEY, accessToken: 'a.b.c' }, 'Give apiKey or accessToken, not both'],
    ['an empty key', { apiKey: '' }, 'The API key or access token is empty'],
    ['a key with a line end', { apiKey: `${KEY}\n` }, 'Was it copied whole?'],
    [
      'no time at all',
      { timeout: 0 },
      'timeout must be a whole number of milliseconds from 1 to 2147483647, not 0',
    ],
    ['more time than a timer has', { deadline: 2 ** 31 }, 'deadline must be'],
    ['half a retry', { maxRetries: 0.5 }, 'maxRetries must be a whole number from 0, not 0.5'],
  ])('%s is refused', (_, options, message) => {
    expect(() => new Sojourn({ baseUrl, ...options })).toThrow(SojournError);
    expect(() => new Sojourn({ baseUrl, ...options })).toThrow(message);
  });

  test('of a call are checked as well', async () => {
    await expect(new Sojourn({ baseUrl }).meta.get({ timeout: -1 })).rejects.toThrow('timeout must be');
  });

  test('an absent key is no key: what process.env may give', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    await new Sojourn({ baseUrl: server.url, apiKey: undefined }).meta.get();
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('a dispatcher of undici carries the requests, and stays open', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    agent
      .get('http://stays.example')
      .intercept({ path: '/healthz' })
      .reply(200, { status: 'ok' }, { headers: { 'content-type': 'application/json' } })
      .times(2);
    const sojourn = new Sojourn({ baseUrl: 'http://stays.example', dispatcher: agent });
    expect(await sojourn.meta.health()).toEqual({ status: 'ok' });
    await sojourn.close();
    expect(await new Sojourn({ baseUrl: 'http://stays.example', dispatcher: agent }).meta.health()).toEqual({
      status: 'ok',
    });
  });
});

describe('credentials', () => {
  test('go into the header', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    await new Sojourn({ baseUrl: server.url, apiKey: KEY }).meta.get();
    await new Sojourn({ baseUrl: server.url, accessToken: 'a.b.c' }).meta.get();
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${KEY}`,
      'Bearer a.b.c',
    ]);
  });

  test('a function is asked before each attempt', async () => {
    await using server = await startServer((_, response, turn) =>
      turn === 1
        ? sendProblem(response, 503, 'overloaded', { 'retry-after': '0' })
        : sendJson(response, 200, {}),
    );
    let turn = 0;
    await new Sojourn({ baseUrl: server.url, accessToken: async () => `token-${++turn}` }).meta.get();
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  test("a function's own failure is passed on, and what it gives is checked", async () => {
    const failing = new Sojourn({ baseUrl, accessToken: () => Promise.reject(new Error('vault is sealed')) });
    await expect(failing.meta.get()).rejects.toThrow('vault is sealed');
    const wrong = new Sojourn({ baseUrl, accessToken: () => 'with space' });
    const failure = await wrong.meta.get().catch((error: unknown) => error);
    expect(String(failure)).toContain('Was it copied whole?');
    expect(String(failure)).not.toContain('with space');
  });
});

describe('the key is never shown', () => {
  const everything = (value: unknown) =>
    [
      inspect(value, { showHidden: true, depth: 10, getters: true }),
      JSON.stringify(value),
      String(value),
    ].join('\n');

  test('by the client or its resources', () => {
    const sojourn = new Sojourn({ baseUrl, apiKey: KEY });
    for (const value of [sojourn, ...Object.values(sojourn)]) expect(everything(value)).not.toContain(KEY);
  });

  test('by an error, even when the server repeats it', async () => {
    await using server = await startServer((request, response) => {
      const echo = `no such key: ${request.headers.authorization}`;
      const problem = {
        code: 'invalid_credentials',
        title: echo,
        detail: echo,
        errors: [{ pointer: '', code: 'x', message: echo }],
      };
      sendJson(response, 401, problem);
    });
    const sojourn = new Sojourn({ baseUrl: server.url, apiKey: KEY });
    const failure = await sojourn.meta.get().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(everything(failure)).toContain('no such key: Bearer [redacted]');
    expect(everything(failure)).not.toContain(KEY);
  });

  test('by an error of the connection', async () => {
    await using server = await startServer((_, response) => void response.socket!.destroy());
    const sojourn = new Sojourn({ baseUrl: server.url, apiKey: KEY, maxRetries: 0 });
    const failure = await sojourn.meta.get().catch((error: unknown) => error);
    expect(everything(failure)).toContain('other side closed');
    expect(everything(failure)).not.toContain(KEY);
  });

  test('by the error of a wrong key', () => {
    for (const apiKey of [`${KEY} `, `${KEY}\u0000`]) {
      expect(() => new Sojourn({ baseUrl, apiKey })).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining(KEY) }),
      );
    }
  });
});
