import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import type { OpenedMailer } from './mailer.ts';
import { openMailer } from './open-mailer.ts';

const MAIL = {
  id: 'eml_01j9z6t8v2e4m8q0r5s7x3y1ka',
  to: 'ada@example.com',
  subject: 'Grüße aus Lissabon',
  text: 'Olá\n',
  html: '<p>Olá</p>',
  kind: 'greeting',
};
const FINAL = { name: 'UnrecoverableError' };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(settings: Record<string, string>, now = () => new Date()): OpenedMailer {
  const mailer = openMailer(readConfig({ MAIL_FROM: '"Casa, Stays" <no-reply@casa.example>', ...settings }), {
    now,
  });
  closers.push(() => mailer.close());
  return mailer;
}

const listening = async (server: Server | SMTPServer) => {
  const inner = 'server' in server ? (server.server as Server) : server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (inner.address() as AddressInfo).port;
};

async function smtp(options: SMTPServerOptions = {}) {
  const received: Buffer[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => done(null, void received.push(Buffer.concat(chunks)) as never));
    },
    ...options,
  });
  server.on('error', () => {});
  const port = await listening(server);
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { received, url: `smtp://127.0.0.1:${port}`, port };
}

const refusing = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

describe('mail by SMTP', () => {
  test('arrives whole, and is the same mail when it is sent again', async () => {
    const server = await smtp();
    const mailer = open({ SMTP_URL: server.url });
    await mailer.send(MAIL);
    await mailer.send(MAIL);
    expect(mailer.mailbox).toBeUndefined();
    const [first, second] = await Promise.all(server.received.map((raw) => PostalMime.parse(raw)));
    expect(first).toMatchObject({
      messageId: `<${MAIL.id}@casa.example>`,
      from: { name: 'Casa, Stays', address: 'no-reply@casa.example' },
      to: [{ address: 'ada@example.com' }],
      subject: MAIL.subject,
    });
    expect([first!.text?.trim(), first!.html?.trim()]).toEqual(['Olá', '<p>Olá</p>']);
    expect(first!.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
    expect(second!.messageId).toBe(first!.messageId);
  });

  test('signs in with what the address says', async () => {
    const seen: unknown[] = [];
    const server = await smtp({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        seen.push([auth.username, auth.password]);
        done(null, { user: 'me' });
      },
    });
    await open({ SMTP_URL: `smtp://me:p%40ss@127.0.0.1:${server.port}` }).send(MAIL);
    expect(seen).toEqual([['me', 'p@ss']]);
  });

  test('shows no password to a server that does not encrypt, unless it is this machine', async () => {
    const seen: unknown[] = [];
    const server = await smtp({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        seen.push(auth.password);
        done(null, { user: 'me' });
      },
    });
    // Another way to write 127.0.0.1, which is not taken for this machine.
    const elsewhere = `smtp://me:secret@127.1:${server.port}`;
    await expect(open({ SMTP_URL: elsewhere }).send(MAIL)).rejects.not.toMatchObject(FINAL);
    expect(seen).toEqual([]);
    await open({ SMTP_URL: `${elsewhere}?requireTLS=false` }).send(MAIL);
    expect(seen).toEqual(['secret']);
  });

  test.each<[string, SMTPServerOptions, boolean]>([
    ['a recipient that is greylisted', { onRcptTo: (_a, _s, done) => done(refusing(450, 'later')) }, false],
    [
      'a recipient that is refused',
      { onRcptTo: (_a, _s, done) => done(refusing(550, 'no such user')) },
      true,
    ],
    [
      'content that is refused',
      { onData: (stream, _s, done) => stream.resume().on('end', () => done(refusing(554, 'spam'))) },
      true,
    ],
    [
      'content that is put off',
      { onData: (stream, _s, done) => stream.resume().on('end', () => done(refusing(451, 'full'))) },
      false,
    ],
    [
      'a sender that is refused, which is a matter of settings',
      { onMailFrom: (_a, _s, done) => done(refusing(550, 'not yours')) },
      false,
    ],
  ])('fails for %s', async (_name, options, isFinal) => {
    const server = await smtp(options);
    const failure = expect(open({ SMTP_URL: server.url }).send(MAIL)).rejects;
    await (isFinal ? failure.toMatchObject(FINAL) : failure.not.toMatchObject(FINAL));
    expect(server.received).toEqual([]);
  });

  test('fails for now when no server is there, and when it says nothing', async () => {
    const silent = createServer();
    const port = await listening(silent);
    const mailer = open({ SMTP_URL: `smtp://127.0.0.1:${port}` });
    await expect(mailer.send(MAIL, AbortSignal.timeout(200))).rejects.not.toMatchObject(FINAL);
    await new Promise<void>((resolve) => silent.close(() => resolve()));
    await expect(open({ SMTP_URL: `smtp://127.0.0.1:${port}` }).send(MAIL)).rejects.toMatchObject({
      code: 'ESOCKET',
    });
  });
});

describe('mail into files', () => {
  async function folder() {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sojourn-mail-'));
    closers.push(() => rm(dataDir, { recursive: true }));
    return dataDir;
  }

  test('keeps each in a file that only its user reads, newest first', async () => {
    const dataDir = await folder();
    let now = Date.parse('2026-11-23T09:30:00.123Z');
    const { send, mailbox } = open({ SOJOURN_DATA_DIR: dataDir }, () => new Date(now));
    expect(await mailbox!.list(10)).toEqual([]);
    for (const id of ['one', 'two', 'three']) {
      await send({ ...MAIL, id });
      now += 1;
    }
    const inside = path.join(dataDir, 'mailbox');
    expect(await readdir(inside)).toEqual([
      '20261123T093000123Z.one.eml',
      '20261123T093000124Z.two.eml',
      '20261123T093000125Z.three.eml',
    ]);
    const modes = await Promise.all(
      [inside, path.join(inside, '20261123T093000123Z.one.eml')].map((p) => stat(p)),
    );
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);
    const idsOf = async (...given: [number, string?]) => (await mailbox!.list(...given)).map(({ id }) => id);
    expect(await idsOf(2)).toEqual(['three', 'two']);
    expect(await idsOf(2, 'two')).toEqual(['one']);
    expect(await mailbox!.get('one')).toEqual({
      ...MAIL,
      id: 'one',
      from: 'no-reply@casa.example',
      text: 'Olá',
      html: expect.stringContaining('<p>Olá</p>'),
      sentAt: new Date('2026-11-23T09:30:00.000Z'),
    });
  });

  test('keeps one of a mail that is sent again, in its place', async () => {
    const { send, mailbox } = open({ SOJOURN_DATA_DIR: await folder() });
    await send({ ...MAIL, id: 'first' });
    await send({ ...MAIL, id: 'second' });
    await send({ ...MAIL, id: 'first', subject: 'Again' });
    expect((await mailbox!.list(10)).map(({ id, subject }) => [id, subject])).toEqual([
      ['second', MAIL.subject],
      ['first', 'Again'],
    ]);
  });

  test.each(['../secret', '..%2fsecret', '', '.', 'a/b', 'nobody'])('has no mail called %j', async (id) => {
    const { send, mailbox } = open({ SOJOURN_DATA_DIR: await folder() });
    await send(MAIL);
    expect(await mailbox!.get(id)).toBeUndefined();
  });
});

describe('what is no mail', () => {
  test.each([
    'nobody',
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    '"<b@example.com>" <a@example.com>',
    '',
  ])('is not sent to %j, ever', async (to) => {
    const server = await smtp();
    await expect(open({ SMTP_URL: server.url }).send({ ...MAIL, to })).rejects.toMatchObject(FINAL);
    expect(server.received).toEqual([]);
  });

  test.each(['nobody', 'a@example.com, b@example.com', 'Nobody <>'])(
    'MAIL_FROM %j stops the start',
    (from) => {
      expect(() => open({ MAIL_FROM: from })).toThrow(/MAIL_FROM: must be one address/);
    },
  );
});
