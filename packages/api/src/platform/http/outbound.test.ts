import http from 'node:http';
import type net from 'node:net';
import { describe, expect, test } from 'vitest';
import { listen, serveHooks } from '../../../test/listener.ts';
import {
  answering,
  cleanups,
  failureOf,
  listening,
  lookupTo,
  open,
  post,
  reasonOf,
} from '../../../test/outbound.ts';

describe('a call over TLS', () => {
  test('goes to the checked address under the name of the URL', async () => {
    let host: string | undefined;
    const server = await serveHooks((req, res) => {
      host = req.headers.host;
      res.end('ok');
    });
    cleanups.push(server.close);
    const outbound = open({ lookup: lookupTo('127.0.0.1') });
    expect((await post(outbound, `https://hooks.example.com:${server.port}/`)).status).toBe(200);
    expect(host).toBe(`hooks.example.com:${server.port}`);
    expect(server.names).toEqual(['hooks.example.com']);
  });

  test('fails when the certificate names another host, or there is no TLS at all', async () => {
    const server = await serveHooks((_req, res) => res.end('ok'));
    cleanups.push(server.close);
    const outbound = open({ lookup: lookupTo('127.0.0.1') });
    const { reason, message } = await failureOf(post(outbound, `https://other.example.com:${server.port}/`));
    expect(reason).toBe('tls_failure');
    expect(message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    const plain = await answering('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    expect(await reasonOf(post(outbound, `https://hooks.example.com:${plain.port}/`))).toBe('tls_failure');
  });
});

describe('in the sandbox', () => {
  test('this machine is called by name and by address, with what was given', async () => {
    const seen: unknown[] = [];
    const server = http.createServer(async (req, res) => {
      const body = await new Response(req as unknown as ReadableStream).text();
      seen.push([req.method, req.url, req.headers['user-agent'], req.headers['x-id'], body]);
      res.writeHead(201, { 'X-Answer': 'yes' }).end('thanks');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(async () => void server.close());
    const { port } = server.address() as net.AddressInfo;
    const outbound = open();
    for (const host of ['127.0.0.1', 'localhost']) {
      const answer = await post(outbound, `http://${host}:${port}/hooks?a=1#b`, { headers: { 'x-id': '7' } });
      expect(answer).toMatchObject({ status: 201, truncated: false, headers: { 'x-answer': 'yes' } });
      expect(answer.body.toString()).toBe('thanks');
      expect(answer.milliseconds).toBeGreaterThan(0);
    }
    await outbound.send({ url: `http://127.0.0.1:${port}/feed.ics`, method: 'GET', headers: {} });
    expect(seen).toEqual([
      ['POST', '/hooks?a=1', 'Sojourn-Tests/1', '7', '{"a":1}'],
      ['POST', '/hooks?a=1', 'Sojourn-Tests/1', '7', '{"a":1}'],
      ['GET', '/feed.ics', 'Sojourn-Tests/1', undefined, ''],
    ]);
  });

  test('calls share a bounded number of connections that stay open', async () => {
    const listener = await answering('HTTP/1.1 204 No Content\r\n\r\n');
    const outbound = open({ connectionsPerOrigin: 3 });
    const url = `http://127.0.0.1:${listener.port}/`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(outbound, url)));
    expect(answers.every(({ status }) => status === 204)).toBe(true);
    expect(listener.connections).toBe(3);
  });
});

describe('an answer', () => {
  test('that redirects is an answer and is not followed', async () => {
    const inside = await listening();
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `http://127.0.0.1:${inside.port}/`;
      const listener = await answering(
        `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
      );
      const answer = await post(open(), `http://127.0.0.1:${listener.port}/`);
      expect(answer).toMatchObject({ status, headers: { location } });
    }
    expect(inside.connections).toBe(0);
  });

  test('whose body never ends is read up to the cap, and its connection is cut', async () => {
    let cut = () => {};
    const closed = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const listener = await listening((socket) => {
      socket.once('close', cut);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n');
        const pour = () => {
          while (socket.writable && socket.write('x'.repeat(700)));
        };
        socket.on('drain', pour);
        pour();
      });
    });
    const answer = await post(open(), `http://127.0.0.1:${listener.port}/`);
    expect(answer).toMatchObject({ status: 200, truncated: true });
    expect(answer.body.toString()).toBe('x'.repeat(1_000));
    await closed;
  });

  test('as long as the cap is complete', async () => {
    const listener = await answering(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1_000)}`);
    const answer = await post(open(), `http://127.0.0.1:${listener.port}/`);
    expect([answer.truncated, answer.body.length]).toEqual([false, 1_000]);
  });

  test.each([
    ['that never begins', 'timeout', 'did not begin', ''],
    ['that stops after its status', 'timeout', 'did not begin', 'HTTP/1.1 200 OK\r\n'],
    ['that stops in its body', 'timeout', 'fell silent', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    [
      'with huge headers',
      'invalid_answer',
      'too large',
      `HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(100_000)}\r\n\r\n`,
    ],
    [
      'with very many headers',
      'invalid_answer',
      'too large',
      `HTTP/1.1 200 OK\r\n${'X-Many: 1\r\n'.repeat(9_000)}\r\n`,
    ],
    ['that is not HTTP', 'invalid_answer', 'not valid HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ])('%s is a failure: %s, %s', async (_what, reason, words, text) => {
    const listener = await answering(text);
    const failure = await failureOf(post(open(), `http://127.0.0.1:${listener.port}/`));
    expect(failure).toEqual({ reason, message: expect.stringContaining(words) });
  });

  test.each([
    ['headers', 'gave no answer', 'HTTP/1.1 200 OK\r\n', 'X: 1\r\n'],
    ['a body', 'answered 200, but did not finish', 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n', 'x'],
    ['interim answers', 'gave no answer', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ])('that drips %s is cut off when its total time is over', async (_what, words, head, drop) => {
    let cut = () => {};
    const closed = new Promise<void>((resolve) => {
      cut = resolve;
    });
    const listener = await listening((socket) => {
      socket.once('data', () => {
        socket.write(head);
        const drip = setInterval(() => socket.write(drop), 50);
        socket.once('close', () => {
          clearInterval(drip);
          cut();
        });
      });
    });
    // The other limits are so far off that only the total can end this.
    const outbound = open({ headersTimeoutMs: 60_000, bodyTimeoutMs: 60_000, totalTimeoutMs: 600 });
    const { reason, message } = await failureOf(post(outbound, `http://127.0.0.1:${listener.port}/`));
    expect(reason).toBe('timeout');
    expect(message).toContain(words);
    expect(message).toContain('within 600 ms');
    await closed;
  });

  test.each([
    ['before', ''],
    ['within', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
  ])('whose connection is closed %s it is a failure', async (_when, text) => {
    const listener = await listening((socket) => socket.once('data', () => socket.end(text)));
    const { reason } = await failureOf(post(open(), `http://127.0.0.1:${listener.port}/`));
    expect(reason).toBe('connection_closed');
  });
});

describe('a call', () => {
  test('to a port where nothing listens is refused', async () => {
    const listener = await listen(() => {});
    await listener.close();
    const { reason, message } = await failureOf(post(open(), `http://localhost:${listener.port}/`));
    expect(reason).toBe('connection_refused');
    expect(message).not.toContain('127.0.0.1');
  });

  test('that waits for a free connection is over in time, and its place is not lost', async () => {
    let answer = false;
    const listener = await listening((socket) =>
      socket.on('data', () => answer && socket.write('HTTP/1.1 204 No Content\r\n\r\n')),
    );
    const outbound = open({ connectionsPerOrigin: 1, headersTimeoutMs: 60_000, totalTimeoutMs: 300 });
    const url = `http://127.0.0.1:${listener.port}/`;
    const failures = await Promise.all(Array.from({ length: 3 }, () => failureOf(post(outbound, url))));
    expect(failures.map(({ reason }) => reason)).toEqual(['timeout', 'timeout', 'timeout']);
    expect(failures.filter(({ message }) => message.includes('no connection open'))).toHaveLength(2);
    answer = true;
    expect((await post(outbound, url)).status).toBe(204);
    // What was given up in the queue must not be sent behind the back of whoever gave it up.
    expect(listener.received.match(/POST /g)).toHaveLength(2);
  });

  test('is aborted by its signal, before and meanwhile', async () => {
    const listener = await listening();
    const outbound = open({ headersTimeoutMs: 60_000, totalTimeoutMs: 60_000 });
    const url = `http://127.0.0.1:${listener.port}/`;
    expect(await reasonOf(post(outbound, url, { signal: AbortSignal.abort() }))).toBe('aborted');
    expect(listener.connections).toBe(0);
    expect(await reasonOf(post(outbound, url, { signal: AbortSignal.timeout(100) }))).toBe('aborted');
  });

  test('may neither choose another Host nor smuggle a header', async () => {
    const listener = await listening();
    const url = `http://127.0.0.1:${listener.port}/`;
    const outbound = open();
    for (const headers of [
      { Host: 'inside' },
      { hOST: 'inside' },
      { 'x-a': 'b\r\nHost: inside' },
      { 'a b': 'c' },
    ])
      expect(await reasonOf(post(outbound, url, { headers: { ...headers } as Record<string, string> }))).toBe(
        'invalid_request',
      );
    expect(listener.received).toBe('');
  });

  test('after the end is refused', async () => {
    const outbound = open();
    await outbound.close();
    expect(await reasonOf(post(outbound, 'http://127.0.0.1:3000/'))).toBe('aborted');
    cleanups.length = 0;
  });
});
