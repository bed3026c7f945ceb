import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { callerOf } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { workOf } from '../platform/jobs/registry.ts';
import { type RunningWorker, startWorker } from '../worker.ts';
import { identityConsumers, identityHandlers } from './handlers.ts';

// From registering to the mail server and back, by the real worker. Only the waits between tries are shorter.

const PASSWORD = 'harbour-lantern-42';
const SOON = { timeout: 20_000, interval: 25 };

const handlers = identityHandlers.map((handler) => ({ ...handler, job: { ...handler.job, backoffMs: 20 } }));
const work = workOf(
  handlers.map(({ job }) => job),
  handlers,
  identityConsumers,
);

let post: SMTPServer;
let answers: (number | null)[];
let asked: number;
let received: Email[];
let server: TestServer;
let worker: RunningWorker;

const listen = (smtp: SMTPServer, port: number) =>
  new Promise<number>((resolve) =>
    smtp.listen(port, '127.0.0.1', () => resolve((smtp.server.address() as AddressInfo).port)),
  );
const closed = (smtp: SMTPServer) => new Promise<void>((resolve) => smtp.close(() => resolve()));

function newPost(): SMTPServer {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // Answers recipients with the next code that is wanted, and takes them when none is.
    onRcptTo(_address, _session, done) {
      asked += 1;
      const code = answers.shift();
      done(code ? Object.assign(new Error('no'), { responseCode: code }) : null);
    },
    async onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      received.push(await PostalMime.parse(Buffer.concat(chunks)));
      done();
    },
  });
  smtp.on('error', () => {});
  return smtp;
}

beforeEach(async () => {
  [answers, received, asked] = [[], [], 0];
  post = newPost();
  const port = await listen(post, 0);
  server = await startTestServer({ SMTP_URL: `smtp://127.0.0.1:${port}`, APP_URL: 'https://stay.example/' });
  worker = startWorker(server.resources, work);
});
afterEach(async () => {
  await worker.close();
  await server.stop();
  await closed(post);
});

const register = (email: string) =>
  callerOf(server)('POST', '/v1/auth/register', {
    body: { email, password: PASSWORD, displayName: 'Robin' },
  });
const deadJobs = async () =>
  (await server.resources.pool.query('select name, error from jobs where dead_at is not null')).rows;
const openJobs = async () =>
  (await server.resources.pool.query('select name from jobs where dead_at is null')).rows;
const mailArrives = (count = 1) => vi.waitFor(() => expect(received).toHaveLength(count), SOON);

describe('a verification mail', () => {
  test('arrives once, with a link to the marketplace that works', async () => {
    await register('ada@example.com');
    await mailArrives();
    const [mail] = received;
    expect(mail!.to).toMatchObject([{ address: 'ada@example.com' }]);
    const token = /https:\/\/stay\.example\/verify-email#token=(em_\S{43})/.exec(mail!.text ?? '')?.[1];
    const answer = await callerOf(server)('POST', '/v1/auth/verify-email', { body: { token } });
    expect(answer.status).toBe(204);
    await vi.waitFor(async () => expect(await openJobs()).toEqual([]), SOON);
    expect(received).toHaveLength(1);
  });

  test('comes to whoever makes strangers wait (greylisting), as one mail', async () => {
    answers = [450, 450, 451];
    await register('grey@example.com');
    await mailArrives();
    await vi.waitFor(async () => expect(await openJobs()).toEqual([]), SOON);
    expect([asked, received.length]).toEqual([4, 1]);
    expect(await deadJobs()).toEqual([]);
  });

  test('that is refused for good is tried once, and kept for somebody to look at', async () => {
    answers = Array(20).fill(550);
    await register('gone@example.com');
    await vi.waitFor(
      async () =>
        expect(await deadJobs()).toEqual([
          { name: 'identity.sendVerification', error: expect.stringContaining('550') },
        ]),
      SOON,
    );
    expect([asked, received.length]).toEqual([1, 0]);
  });

  test('waits while the mail server is down', async () => {
    const { port } = post.server.address() as AddressInfo;
    await closed(post);
    await register('patient@example.com');
    // Long enough for a try or two.
    await vi.waitFor(async () => expect(await openJobs()).toHaveLength(1), SOON);
    await vi.waitFor(async () => {
      const { rows } = await server.resources.pool.query('select count(*)::int as n from email_tokens');
      expect(rows[0].n).toBeGreaterThan(1);
    }, SOON);
    post = newPost();
    await listen(post, port);
    await mailArrives();
    expect(await deadJobs()).toEqual([]);
  });

  test('survives a worker that is stopped in the middle: the same mail, by its Message-ID', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { mailer } = server.resources;
    const { send } = mailer;
    let sent = 0;
    // The mail is accepted, and the process dies before it can keep that.
    mailer.send = async (mail, signal) => {
      await send(mail, signal);
      sent += 1;
      if (sent === 1) await held;
    };
    await register('twice@example.com');
    await mailArrives();
    const closing = worker.close();
    await vi.waitFor(async () => {
      mailer.send = send;
      await closing;
    }, SOON);
    release();
    worker = startWorker(server.resources, work);
    await mailArrives(2);
    expect(received[1]!.messageId).toBe(received[0]!.messageId);
    const tokens = received.map(({ text }) => /#token=(\S+)/.exec(text ?? '')![1]);
    expect(tokens[0]).not.toBe(tokens[1]);
    const answer = await callerOf(server)('POST', '/v1/auth/verify-email', { body: { token: tokens[0] } });
    expect(answer.status).toBe(204);
  }, 60_000);
});

test('with SMTP there is no mailbox, and it says so', async () => {
  const call = callerOf(server, server.credentials.admin.apiKey);
  for (const path of ['/v1/admin/mails', '/v1/admin/mails/eml_1']) {
    const { status, body } = await call('GET', path);
    expect([status, body.code]).toEqual([409, 'mailbox_not_available']);
  }
});
