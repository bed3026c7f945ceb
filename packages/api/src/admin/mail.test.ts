import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let call: Caller;
beforeAll(async () => {
  server = await startTestServer();
  call = callerOf(server, server.credentials.admin.apiKey);
});
afterAll(async () => {
  expect(server.breaches).toEqual([]);
  await server.stop();
});

const send = (id: string) =>
  server.resources.mailer.send({
    id,
    to: 'ada@example.com',
    subject: `About ${id}`,
    text: 'Hello\n',
    html: '<p>Hello</p>',
    kind: 'greeting',
  });

describe('the mailbox', () => {
  test('lists what was kept newest first, page by page, and shows each', async () => {
    for (const id of ['eml_1', 'eml_2', 'eml_3']) await send(id);
    const first = (await call('GET', '/v1/admin/mails?limit=2')).body;
    expect(first.data.map(({ id }: { id: string }) => id)).toEqual(['eml_3', 'eml_2']);
    const second = (await call('GET', `/v1/admin/mails?limit=2&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ data: [{ id: 'eml_1', subject: 'About eml_1' }], nextCursor: null });
    expect((await call('GET', '/v1/admin/mails/eml_2')).body).toEqual({
      id: 'eml_2',
      kind: 'greeting',
      from: 'no-reply@localhost',
      to: 'ada@example.com',
      subject: 'About eml_2',
      sentAt: expect.any(String),
      text: 'Hello',
      html: expect.stringContaining('<p>Hello</p>'),
    });
  });

  test.each(['eml_9', '..%2F..%2Fsecret', '%00'])('has no mail %s', async (id) => {
    const { status, body } = await call('GET', `/v1/admin/mails/${id}`);
    expect([404, 422]).toContain(status);
    expect(['mail_not_found', 'route_not_found', 'invalid_request']).toContain(body.code);
  });

  test('takes no cursor that is not its own', async () => {
    const cursor = Buffer.from('["x","../.."]').toString('base64url');
    expect((await call('GET', `/v1/admin/mails?cursor=${cursor}`)).body.code).toBe('invalid_cursor');
  });
});

describe('mail templates', () => {
  test('are all listed, and each has a preview that is whole', async () => {
    const { data } = (await call('GET', '/v1/admin/mail-templates')).body;
    const names = data.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['verifyEmail', 'resetPassword', 'passwordChanged']));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const { status, body } = await call('GET', `/v1/admin/mail-templates/${name}`);
      expect(status, name).toBe(200);
      expect(body).toMatchObject({
        name,
        subject: expect.stringMatching(/\S/),
        text: expect.stringMatching(/\S/),
      });
      expect(body.html).toContain('<!doctype html>');
      expect(body.text).not.toMatch(/undefined|\[object/);
    }
  });

  test('there is no other', async () => {
    const { status, body } = await call('GET', '/v1/admin/mail-templates/constructor');
    expect([status, body.code]).toEqual([404, 'mail_template_not_found']);
  });
});
