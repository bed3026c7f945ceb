import { once } from 'node:events';
import { createServer, type RequestListener, request as sendRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';
import { event, thrownBy } from '../../test/webhook.ts';
import { apiError } from '../problem.ts';
import { type WebhookDelivery, type WebhookHandlerOptions, webhookHandler } from './handler.ts';
import { generateWebhookSecret } from './secret.ts';
import { signWebhook } from './signature.ts';

const secret = generateWebhookSecret();
const body = JSON.stringify(event);

/** A receiver that listens; what its handler was given is in `received`. */
async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Received = [unknown, WebhookDelivery];

/** An Express app with the handler on its route, and what the app's error handler caught. */
function receiver(options: WebhookHandlerOptions = {}, handle: () => unknown = () => undefined) {
  const [received, caught]: [Received[], unknown[]] = [[], []];
  const middleware = webhookHandler(
    secret,
    async (event, delivery) => {
      received.push([event, delivery]);
      await handle();
    },
    options,
  );
  const watch: ErrorRequestHandler = (error, _request, _response, next) => {
    caught.push(error);
    next(error);
  };
  const app = express().set('env', 'test');
  const mount = (before: RequestHandler[] = []) => {
    for (const one of before) app.use(one);
    return app.post('/hooks', middleware).use(watch);
  };
  return { middleware, mount, received, caught };
}

const deliver = (url: string, changes: Record<string, string> = {}, sent: string = body) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signWebhook({ id: 'msg_1', body, secret }),
      ...changes,
    },
    body: sent,
  });

describe('a receiver in Express', () => {
  test('reads the body itself and answers 204', async () => {
    const { mount, received } = receiver();
    await using server = await listen(mount());
    const answer = await deliver(server.url, { 'webhook-attempt': '3' });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(received).toEqual([[event, { id: 'msg_1', timestamp: expect.any(Date), attempt: 3 }]]);
    const late = Date.now() - received[0]![1].timestamp.getTime();
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(60_000);
  });

  test.each([
    ['bytes', express.raw({ type: 'application/json' })],
    ['text', express.text({ type: 'application/json' })],
  ])('takes the body as %s from a parser before it', async (_, parser) => {
    const { mount, received } = receiver();
    await using server = await listen(mount([parser]));
    expect((await deliver(server.url, { 'webhook-attempt': 'first' })).status).toBe(204);
    expect(received).toEqual([[event, { id: 'msg_1', timestamp: expect.any(Date), attempt: undefined }]]);
  });

  test('explains the trap of express.json() to its developer, and lets the server try again', async () => {
    const { mount, received, caught } = receiver();
    await using server = await listen(mount([express.json()]));
    expect((await deliver(server.url)).status).toBe(500);
    expect(received).toEqual([]);
    expect(caught).toMatchObject([
      { code: 'body_not_raw', message: expect.stringContaining('before any express.json()') },
    ]);
  });

  test('reads the body where a parser left an empty object and read nothing, as those of Express 4 do', async () => {
    const { mount, received } = receiver();
    await using server = await listen(
      mount([
        (request, _response, next) => {
          request.body = {};
          next();
        },
      ]),
    );
    expect((await deliver(server.url)).status).toBe(204);
    expect(received).toHaveLength(1);
  });

  test('takes the bytes that somebody left in place of the stream', async () => {
    const { mount, received } = receiver();
    const leave: RequestHandler = (request, _response, next) => {
      request.body = Buffer.from(body);
      next();
    };
    await using server = await listen(mount([leave]));
    expect((await deliver(server.url, {}, '')).status).toBe(204);
    expect(received).toHaveLength(1);
  });

  test('says so when the stream was read and nothing is left', async () => {
    const { mount, caught } = receiver();
    await using server = await listen(
      mount([
        (request, _response, next) => {
          request.resume().on('end', next);
        },
      ]),
    );
    expect((await deliver(server.url)).status).toBe(500);
    expect(caught).toMatchObject([
      { code: 'body_not_raw', message: expect.stringContaining('no body left') },
    ]);
  });

  test.each([
    ['signature_mismatch', {}, `${body} `],
    ['signature_mismatch', { 'webhook-id': 'msg_2' }, body],
    ['missing_header', { 'webhook-signature': '' }, body],
    ['stale_timestamp', signWebhook({ id: 'msg_1', timestamp: new Date(0), body, secret }), body],
    ['future_timestamp', signWebhook({ id: 'msg_1', timestamp: new Date('2200-01-01'), body, secret }), body],
    ['invalid_body', signWebhook({ id: 'msg_1', body: '[]', secret }), '[]'],
  ])('answers 400 %s', async (code, changes, sent) => {
    const { mount, received, caught } = receiver();
    await using server = await listen(mount());
    const answer = await deliver(server.url, changes, sent);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      title: 'The webhook was refused',
      status: 400,
      code,
      detail: expect.stringMatching(/\w+/),
    });
    expect([received, caught]).toEqual([[], []]);
  });

  test('takes tolerance and clock from the options', async () => {
    const { mount } = receiver({ now: () => new Date(Date.now() + 400_000) });
    await using early = await listen(mount());
    expect((await deliver(early.url)).status).toBe(400);
    const patient = receiver({ now: () => new Date(Date.now() + 400_000), toleranceSeconds: 500 });
    await using server = await listen(patient.mount());
    expect((await deliver(server.url)).status).toBe(204);
  });

  test('hands on what its handler throws, at once or later, and answers 500', async () => {
    const full = new Error('The disk is full');
    for (const handle of [() => Promise.reject(full), () => thrower(full)]) {
      const { mount, caught } = receiver({}, handle);
      await using server = await listen(mount());
      expect((await deliver(server.url)).status).toBe(500);
      expect(caught).toEqual([full]);
    }
  });

  test('answers 500, not the status that an error carries', async () => {
    const gone = apiError({ status: 410, headers: {}, problem: { title: 'Gone' }, attempts: 1 });
    const { mount, caught } = receiver({}, () => Promise.reject(gone));
    await using server = await listen(mount());
    expect((await deliver(server.url)).status).toBe(500);
    expect(caught).toMatchObject([{ message: expect.stringContaining('Gone'), cause: gone }]);
  });

  test('refuses an unusable secret at once', () => {
    expect(thrownBy(() => webhookHandler('secret', () => undefined))).toMatchObject({
      code: 'invalid_secret',
    });
  });
});

describe('a receiver without Express', () => {
  test('answers 204, 400 and 500 by itself, and does not tell why it failed', async () => {
    let fails = false;
    const { middleware } = receiver({}, () =>
      fails ? Promise.reject(new Error('password: 1234')) : undefined,
    );
    await using server = await listen((request, response) => void middleware(request, response));
    expect((await deliver(server.url)).status).toBe(204);
    expect((await deliver(server.url, {}, '{}')).status).toBe(400);
    fails = true;
    const answer = await deliver(server.url);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      title: 'The webhook could not be handled',
      status: 500,
      code: 'handler_failed',
    });
  });

  test('leaves an answer alone that somebody began', async () => {
    const { middleware } = receiver();
    await using server = await listen((request, response) => {
      response.writeHead(202).write('be');
      void middleware(request, response).then(() => response.end('gun'));
    });
    const answer = await deliver(server.url);
    expect([answer.status, await answer.text()]).toEqual([202, 'begun']);
  });
});

describe('a body', () => {
  /** Sends a beginning and waits for the answer, as a sender does that never ends its body. */
  function sendBeginning(port: number, beginning: string | Buffer, headers: Record<string, string> = {}) {
    const request = sendRequest({ port, host: '127.0.0.1', path: '/hooks', method: 'POST', headers });
    // The server hangs up while more is on its way; the answer came before.
    request.on('error', () => undefined);
    request.write(beginning);
    return request;
  }

  async function answerTo(request: ReturnType<typeof sendBeginning>) {
    const [response] = await once(request, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const { status, code } = JSON.parse(Buffer.concat(chunks).toString());
    return { status, code, answered: response.statusCode, connection: response.headers.connection };
  }

  test('that never ends is refused in time, and its connection closed', async () => {
    const { mount, received, caught } = receiver({ bodyTimeoutSeconds: 0.05 });
    await using server = await listen(mount());
    const request = sendBeginning(server.port, body.slice(0, 10));
    const closed = new Promise<void>((resolve) => request.on('close', resolve));
    expect(await answerTo(request)).toEqual({
      status: 408,
      code: 'body_incomplete',
      answered: 408,
      connection: 'close',
    });
    await closed;
    expect([received, caught]).toEqual([[], []]);
  });

  test('that is larger than a mebibyte is refused', async () => {
    const { mount, received } = receiver();
    await using server = await listen(mount());
    const request = sendBeginning(server.port, Buffer.alloc(1_048_576), { 'content-length': '1048577' });
    request.end(' ');
    expect(await answerTo(request)).toEqual({
      status: 413,
      code: 'body_too_large',
      answered: 413,
      connection: 'close',
    });
    expect(received).toEqual([]);
  });

  test('without end is refused, and its connection closed', async () => {
    const { middleware, received } = receiver({ bodyTimeoutSeconds: 600 });
    const answered = Promise.withResolvers<number>();
    await using server = await listen((request, response) => {
      response.on('close', () => answered.resolve(response.statusCode));
      void middleware(request, response);
    });
    const request = sendBeginning(server.port, 'x');
    const closed = new Promise<void>((resolve) => request.on('close', resolve));
    const pump = setInterval(() => request.write(Buffer.alloc(65_536)), 1);
    // Whether a sender in full flow still reads the answer is up to it.
    expect(await answered.promise).toBe(413);
    await closed;
    clearInterval(pump);
    expect(received).toEqual([]);
  });

  test('of exactly the longest length is read', async () => {
    const maxBytes = Buffer.byteLength(body);
    const { mount } = receiver({ maxBytes });
    await using server = await listen(mount());
    expect((await deliver(server.url)).status).toBe(204);
    expect((await deliver(server.url, {}, `${body} `)).status).toBe(413);
  });

  test('whose sender goes away is let go, and the next one is served', async () => {
    const { middleware, received } = receiver();
    const done = Promise.withResolvers<void>();
    await using server = await listen((request, response) => {
      void middleware(request, response).then(done.resolve, done.reject);
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /hooks HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"id":');
    await once(socket, 'ready');
    setTimeout(() => socket.resetAndDestroy(), 20);
    await done.promise;
    expect((await deliver(server.url)).status).toBe(204);
    expect(received).toHaveLength(1);
  });
});

function thrower(error: Error): never {
  throw error;
}
