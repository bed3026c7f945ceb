import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { sendJson, sendProblem, startServer } from '../test/server.ts';
import { Sojourn } from './client.ts';
import type { Attempt, ClientOptions } from './options.ts';
import { ApiError, ConnectionError, RateLimitError, TimeoutError } from './problem.ts';
import { SojournError } from './sojourn-error.ts';

const clientOf = (baseUrl: string, options: Partial<ClientOptions> = {}) =>
  new Sojourn({ baseUrl, ...options });
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

// The jitter is at its luckiest: no wait but those that servers ask for.
beforeAll(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

describe('retries', () => {
  test.each([408, 429, 502, 503, 504])('after %i the request is sent again', async (status) => {
    await using server = await startServer((_, response, turn) =>
      turn === 1
        ? sendProblem(response, status, 'not_now', { 'retry-after': '0' })
        : sendJson(response, 200, { turn }),
    );
    const { data, attempts } = await clientOf(server.url).request('GET', '/thing').withResponse();
    expect(data).toEqual({ turn: 2 });
    expect(attempts).toBe(2);
  });

  test.each([400, 401, 403, 404, 409, 412, 422, 500])('after %i it is not', async (status) => {
    await using server = await startServer((_, response) => sendProblem(response, status, 'no'));
    expect(await failureOf(clientOf(server.url).request('GET', '/thing'))).toMatchObject({
      status,
      attempts: 1,
    });
    expect(server.seen).toHaveLength(1);
  });

  test('after a socket dropped before, within and after the head of the answer', async () => {
    await using server = await startServer((_, response, turn) => {
      if (turn === 1) response.socket!.destroy();
      else if (turn === 2) response.socket!.end('HTTP/1.1 200 OK\r\nContent-Ty');
      else if (turn === 3)
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
          .write('{"turn":', () => response.socket!.destroy());
      else sendJson(response, 200, { turn });
    });
    const answer = await clientOf(server.url, { maxRetries: 3 }).request('POST', '/thing', {
      body: { a: 1 },
    });
    expect(answer).toEqual({ turn: 4 });
    expect(new Set(server.seen.map(({ body }) => body))).toEqual(new Set(['{"a":1}']));
  });

  test('when an idle connection was closed by the server meanwhile', async () => {
    await using server = await startServer((_, response, turn) => sendJson(response, 200, { turn }));
    const sojourn = clientOf(server.url);
    await sojourn.request('POST', '/thing');
    for (const socket of server.sockets) socket.destroy();
    expect(await sojourn.request('POST', '/thing')).toEqual({ turn: 2 });
  });

  test('stop at maxRetries, of the client or of the call', async () => {
    await using server = await startServer((_, response) =>
      sendProblem(response, 503, 'overloaded', { 'retry-after': '0' }),
    );
    const sojourn = clientOf(server.url, { maxRetries: 1 });
    expect(await failureOf(sojourn.request('GET', '/thing'))).toMatchObject({
      attempts: 2,
      code: 'overloaded',
    });
    expect(await failureOf(sojourn.request('GET', '/thing', {}, { maxRetries: 0 }))).toMatchObject({
      attempts: 1,
    });
    expect(server.seen).toHaveLength(3);
  });

  test('happen while the first request with the key still runs, but not after another conflict', async () => {
    await using server = await startServer((_, response, turn) => {
      if (turn === 1) sendProblem(response, 409, 'idempotency_in_progress', { 'retry-after': '0' });
      else sendProblem(response, 409, 'email_taken');
    });
    expect(await failureOf(clientOf(server.url).request('POST', '/thing'))).toMatchObject({
      attempts: 2,
      code: 'email_taken',
    });
  });

  test('a connection refused is tried again, then reported with its reason', async () => {
    const closed = await startServer(() => {});
    await closed[Symbol.asyncDispose]();
    const failure = await failureOf(clientOf(closed.url, { maxRetries: 1 }).request('GET', '/thing'));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ name: 'ConnectionError', attempts: 2, cause: { code: 'ECONNREFUSED' } });
    expect((failure as Error).message).toContain(`GET ${closed.url}/thing failed: connect ECONNREFUSED`);
  });
});

describe('Retry-After', () => {
  test('in seconds is waited for', async () => {
    await using server = await startServer((_, response, turn) =>
      turn === 1
        ? sendProblem(response, 429, 'rate_limited', { 'retry-after': '1' })
        : sendJson(response, 200, { turn }),
    );
    const startedAt = performance.now();
    await clientOf(server.url).request('POST', '/thing');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  test("as a date is waited for by the server's clock", async () => {
    const date = (seconds: number) => new Date(Date.UTC(2001, 1, 1, 0, 0, seconds)).toUTCString();
    await using server = await startServer((_, response, turn) =>
      turn === 1
        ? sendProblem(response, 503, 'overloaded', { date: date(0), 'retry-after': date(1) })
        : sendJson(response, 200, { turn }),
    );
    const startedAt = performance.now();
    await clientOf(server.url).request('POST', '/thing');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  test('beyond a minute is told instead of waited for', async () => {
    await using server = await startServer((_, response) =>
      sendProblem(response, 429, 'rate_limited', { 'retry-after': '90' }),
    );
    const failure = await failureOf(clientOf(server.url).request('GET', '/thing'));
    expect(failure).toBeInstanceOf(RateLimitError);
    expect(failure).toMatchObject({ retryAfter: 90, attempts: 1 });
  });

  test('beyond the deadline is told instead of waited for', async () => {
    await using server = await startServer((_, response) =>
      sendProblem(response, 429, 'rate_limited', { 'retry-after': '5' }),
    );
    const startedAt = performance.now();
    const failure = await failureOf(clientOf(server.url, { deadline: 2_000 }).request('GET', '/thing'));
    expect(failure).toMatchObject({ retryAfter: 5, attempts: 1 });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});

describe('idempotency keys', () => {
  const flaky = () =>
    startServer((_, response, turn) =>
      turn % 3 === 0
        ? sendJson(response, 200, {})
        : turn % 3 === 1
          ? void response.socket!.destroy()
          : sendProblem(response, 503, 'overloaded', { 'retry-after': '0' }),
    );

  test('every write has one, the same over its attempts and another for the next call', async () => {
    await using server = await flaky();
    const sojourn = clientOf(server.url);
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const) await sojourn.request(method, '/thing');
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(12);
    for (let call = 0; call < 4; call++) expect(new Set(keys.slice(call * 3, call * 3 + 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(4);
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('the caller may give one, in either place', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    const sojourn = clientOf(server.url);
    await sojourn.request('POST', '/thing', {}, { idempotencyKey: 'import-7-row-3' });
    await sojourn.request('POST', '/thing', {}, { headers: { 'Idempotency-Key': 'import-7-row-4' } });
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'import-7-row-3',
      'import-7-row-4',
    ]);
  });

  test('without one POST and PATCH are never repeated; reading needs none', async () => {
    await using server = await flaky();
    const sojourn = clientOf(server.url);
    for (const method of ['POST', 'PATCH'] as const) {
      server.seen.length = 0;
      expect(await failureOf(sojourn.request(method, '/thing', {}, { idempotencyKey: null }))).toMatchObject({
        attempts: 1,
      });
      expect(server.seen).toHaveLength(1);
    }
    server.seen.length = 0;
    await sojourn.request('GET', '/thing');
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('time limits', () => {
  const HANGS = {
    'before the head': () => {},
    'in the body': (response: ServerResponse) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":'),
    'in a body that trickles': (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const trickle = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(trickle));
    },
  };

  test.each(Object.entries(HANGS))('timeout ends an attempt that hangs %s', async (_, hang) => {
    await using server = await startServer((_request, response, turn) =>
      turn === 1 ? hang(response) : sendJson(response, 200, { turn }),
    );
    const answer = await clientOf(server.url, { timeout: 150 }).request('POST', '/thing');
    expect(answer).toEqual({ turn: 2 });
  });

  test('and says so when no attempt is left', async () => {
    await using server = await startServer((_, response) => HANGS['in the body'](response));
    const failure = await failureOf(
      clientOf(server.url, { timeout: 100, maxRetries: 1 }).request('GET', '/thing'),
    );
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({
      attempts: 2,
      message: `GET ${server.url}/thing had no complete answer within 100 ms (attempt 2).`,
    });
  });

  test('deadline covers all attempts and waits', async () => {
    await using server = await startServer((_, response) => HANGS['in the body'](response));
    const startedAt = performance.now();
    const failure = await failureOf(
      clientOf(server.url, { maxRetries: 50 }).request('GET', '/thing', {}, { timeout: 100, deadline: 500 }),
    );
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('a request that waits for its connection is ended as well', async () => {
    // The only connection is taken for the TLS handshake by a server that never answers it.
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const startedAt = performance.now();
    const failure = await failureOf(
      clientOf(`https://127.0.0.1:${port}`, { timeout: 150, maxRetries: 0 }).request('GET', '/thing'),
    );
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    mute.close();
  });
});

describe('AbortSignal', () => {
  test('ends a call before it is sent', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    const failure = await failureOf(
      clientOf(server.url).request('GET', '/thing', {}, { signal: AbortSignal.abort('enough') }),
    );
    expect(failure).toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(server.seen).toHaveLength(0);
  });

  test('ends it in the middle of a body, closes the connection and is not retried', async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<void>();
    await using server = await startServer((_, response) => {
      response.on('close', () => closed.resolve());
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .write('{"data":', () => setTimeout(() => controller.abort(), 50));
    });
    const failure = await failureOf(
      clientOf(server.url).request('GET', '/thing', {}, { signal: controller.signal }),
    );
    expect(failure).toMatchObject({ name: 'AbortError' });
    expect(failure).toBeInstanceOf(SojournError);
    await closed.promise;
    expect(server.seen).toHaveLength(1);
  });

  test('ends the wait between attempts', async () => {
    await using server = await startServer((_, response) =>
      sendProblem(response, 429, 'rate_limited', { 'retry-after': '30' }),
    );
    const startedAt = performance.now();
    const failure = await failureOf(
      clientOf(server.url).request('GET', '/thing', {}, { signal: AbortSignal.timeout(100) }),
    );
    expect(failure).toMatchObject({ name: 'AbortError', cause: { name: 'TimeoutError' } });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  test('is left without listeners', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    const { signal } = new AbortController();
    await clientOf(server.url).request('GET', '/thing', {}, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('answers', () => {
  test('an empty one is undefined', async () => {
    await using server = await startServer((_, response) => void response.writeHead(204).end());
    expect(await clientOf(server.url).request('DELETE', '/thing')).toBeUndefined();
  });

  test('what is not JSON is text for request(), and a failure for a resource', async () => {
    await using server = await startServer(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
    );
    expect(await clientOf(server.url).request('GET', '/metrics')).toBe('<h1>Welcome</h1>');
    const failure = await failureOf(clientOf(server.url).meta.get());
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 200, code: 'unexpected_response' });
    expect((failure as Error).message).toContain('check baseUrl');
  });

  test('redirects are not followed, so that credentials stay where they belong', async () => {
    await using elsewhere = await startServer((_, response) => sendJson(response, 200, {}));
    await using server = await startServer(
      (_, response) => void response.writeHead(302, { location: elsewhere.url }).end(),
    );
    const failure = await failureOf(clientOf(server.url, { apiKey: 'sjn_test_1' }).meta.get());
    expect(failure).toMatchObject({
      status: 302,
      code: 'unexpected_response',
      headers: { location: elsewhere.url },
    });
    expect((failure as Error).message).toContain('a redirect, which is not followed');
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('one too large is given up', async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const block = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', more);
      more();
    });
    const failure = await failureOf(clientOf(server.url).request('GET', '/thing'));
    expect((failure as Error).message).toContain('The answer is larger than');
    expect(server.seen).toHaveLength(1);
  });

  test('unknown enum values and members pass through', async () => {
    const welcome = { name: 'Sojourn', version: '9', mode: 'rehearsal', links: {}, weather: 'fine' };
    await using server = await startServer((_, response) => sendJson(response, 200, welcome));
    expect(await clientOf(server.url).meta.get()).toEqual(welcome);
  });

  test('a failure of withResponse() is reported once', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    await using server = await startServer((_, response) => sendProblem(response, 404, 'listing_not_found'));
    expect(await failureOf(clientOf(server.url).request('GET', '/thing').withResponse())).toMatchObject({
      code: 'listing_not_found',
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).toEqual([]);
  });
});

describe('requests', () => {
  test.each([
    ['', '/v1/things?limit=2'],
    ['/', '/v1/things?limit=2'],
    ['/stays/api', '/stays/api/v1/things?limit=2'],
    ['/stays/api/', '/stays/api/v1/things?limit=2'],
  ])('a baseUrl that ends in %j', async (end, url) => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    await clientOf(`${server.url}${end}`).request('GET', '/v1/things', { query: { limit: 2 } });
    expect(server.seen[0]?.url).toBe(url);
  });

  test('carry headers of client and call, the call before the client, in any spelling', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    const sojourn = clientOf(server.url, { headers: { 'X-Team': 'a', 'X-Tool': 'b' } });
    await sojourn.request('GET', '/thing', {}, { headers: { 'x-team': 'c' } });
    expect(server.seen[0]?.headers).toMatchObject({
      'x-team': 'c',
      'x-tool': 'b',
      accept: 'application/json',
    });
    expect(server.seen[0]?.headers['user-agent']).toMatch(/^sojourn-sdk\/\d/);
  });

  test('a path may have a query of its own', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    await clientOf(server.url).request('GET', '/thing?q=a', { query: { limit: 2 } });
    expect(server.seen[0]?.url).toBe('/thing?q=a&limit=2');
  });

  test.each(['http://evil.example/x', 'thing', '/a b', '/a\r\nHost: evil'])(
    'the path %j is refused unsent',
    async (path) => {
      await using server = await startServer((_, response) => sendJson(response, 200, {}));
      const failure = await failureOf(clientOf(server.url).request('GET', path));
      expect(failure).toBeInstanceOf(SojournError);
      expect(failure).not.toBeInstanceOf(ConnectionError);
      expect(server.seen).toHaveLength(0);
    },
  );

  test('a header that cannot be sent is refused at once', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    const failure = await failureOf(
      clientOf(server.url).request('POST', '/thing', {}, { idempotencyKey: 'a\nb' }),
    );
    expect((failure as Error).message).toBe('The request cannot be sent: invalid idempotency-key header.');
  });

  test('a closed client says so', async () => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}));
    const sojourn = clientOf(server.url);
    await sojourn.close();
    expect(await failureOf(sojourn.request('GET', '/thing'))).toMatchObject({
      message: 'The client is closed.',
    });
  });

  test('share few connections', async () => {
    let open = 0;
    let most = 0;
    await using server = await startServer(async (_, response) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      sendJson(response, 200, {});
    });
    const sojourn = clientOf(server.url);
    await Promise.all(Array.from({ length: 300 }, () => sojourn.request('GET', '/thing')));
    expect(most).toBeLessThanOrEqual(64);
    expect(server.sockets.size).toBeLessThanOrEqual(64);
  });

  test('onAttempt sees every attempt', async () => {
    await using server = await startServer((_, response, turn) =>
      turn === 1
        ? sendProblem(response, 503, 'overloaded', { 'retry-after': '0' })
        : turn === 2
          ? void response.socket!.destroy()
          : sendJson(response, 200, {}),
    );
    const attempts: Attempt[] = [];
    const onAttempt = (attempt: Attempt) => void attempts.push(attempt);
    await clientOf(server.url, { onAttempt }).request('GET', '/thing', { query: { q: 'secret' } });
    expect(attempts).toMatchObject([
      {
        method: 'GET',
        path: '/thing',
        attempt: 1,
        status: 503,
        requestId: 'req-1',
        retryIn: expect.any(Number),
      },
      { attempt: 2, status: undefined, requestId: undefined, retryIn: expect.any(Number) },
      { attempt: 3, status: 200, requestId: 'req-1', retryIn: undefined },
    ]);
  });
});
