import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../test/text.ts';
import { event, thrownBy } from '../../test/webhook.ts';
import { SojournError } from '../sojourn-error.ts';
import { WebhookVerificationError } from './error.ts';
import { generateWebhookSecret } from './secret.ts';
import { signWebhook, verifyWebhook } from './signature.ts';

const now = new Date('2026-11-25T10:00:00Z');
const secret = generateWebhookSecret();
const body = JSON.stringify(event);
const headers = signWebhook({ id: 'msg_1', timestamp: now, body, secret });
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1_000);

/** Why it is refused. */
function codeOf(call: () => unknown): string {
  const error = thrownBy(call);
  expect(error).toBeInstanceOf(WebhookVerificationError);
  expect(error).toBeInstanceOf(SojournError);
  return (error as WebhookVerificationError).code;
}

const anyBytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const anySecret = anyBytes(24, 64).map((key) => `whsec_${Buffer.from(key).toString('base64')}`);
const anyId = fc.stringMatching(/^[!-\-/-~]{1,64}$/);
const anyBody = fc
  .tuple(fc.dictionary(anyText(), fc.jsonValue()), anyText())
  .map(([data, title]) => JSON.stringify({ ...event, data: { ...data, title } }));

describe('a signed delivery', () => {
  test('is verified, whatever its text, id and secret, as text and as bytes', () => {
    fc.assert(
      fc.property(anyBody, anyId, anySecret, (body, id, secret) => {
        const headers = signWebhook({ id, timestamp: now, body, secret });
        const expected = JSON.parse(body);
        expect(verifyWebhook(body, headers, secret, { now })).toEqual(expected);
        expect(verifyWebhook(Buffer.from(body), headers, secret, { now })).toEqual(expected);
      }),
    );
  });

  test('of ours is verified by standardwebhooks', () => {
    fc.assert(
      fc.property(
        anyBody,
        anyId,
        fc.array(anySecret, { minLength: 1, maxLength: 3 }),
        (body, id, secrets) => {
          const headers = signWebhook({ id, body, secret: secrets });
          for (const secret of secrets)
            expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
        },
      ),
    );
  });

  test('of standardwebhooks is verified by ours', () => {
    fc.assert(
      fc.property(anyBody, anyId, anySecret, (body, id, secret) => {
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(now.getTime() / 1_000),
          'webhook-signature': new Webhook(secret).sign(id, now, body),
        };
        expect(verifyWebhook(body, headers, secret, { now })).toEqual(JSON.parse(body));
      }),
    );
  });

  test('is the one of the specification, byte for byte', () => {
    // The example in the documents of Standard Webhooks.
    const signed = signWebhook({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    });
    expect(signed).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('may have its headers in a Headers object, in any case, and in lists', () => {
    const loud = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    for (const form of [new Headers(headers), loud, lists]) {
      expect(verifyWebhook(body, form, secret, { now })).toEqual(event);
    }
  });

  test('is verified by the old or the new secret while one replaces the other', () => {
    const [old, next] = [generateWebhookSecret(), generateWebhookSecret()];
    const both = signWebhook({ id: 'msg_1', timestamp: now, body, secret: [next, old] });
    expect(both['webhook-signature'].split(' ')).toHaveLength(2);
    expect(verifyWebhook(body, both, old, { now })).toEqual(event);
    expect(verifyWebhook(body, both, next, { now })).toEqual(event);
    const single = signWebhook({ id: 'msg_1', timestamp: now, body, secret: next });
    expect(verifyWebhook(body, single, [old, next], { now })).toEqual(event);
    expect(codeOf(() => verifyWebhook(body, single, old, { now }))).toBe('signature_mismatch');
  });

  test('may carry signatures of versions that are not known yet', () => {
    const signature = headers['webhook-signature'];
    const mixed = (value: string) => ({ ...headers, 'webhook-signature': value });
    expect(verifyWebhook(body, mixed(`v1a,c2lnbmF0dXJl ${signature} v2,x`), secret, { now })).toEqual(event);
    const unknown = mixed(signature.replace('v1,', 'v2,'));
    expect(thrownBy(() => verifyWebhook(body, unknown, secret, { now }))).toMatchObject({
      code: 'signature_mismatch',
      message: expect.stringContaining('update the SDK'),
    });
  });
});

describe('a delivery that was tampered with', () => {
  /** Another byte in place of each, in turn all that a header can hold. */
  const variants = (text: string, others: string): string[] =>
    [...text].flatMap((character, at) =>
      [...others]
        .filter((other) => other !== character)
        .map((other) => text.slice(0, at) + other + text.slice(at + 1)),
    );
  const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_., ';

  test.each([
    ['webhook-signature', BASE64],
    ['webhook-id', BASE64],
    ['webhook-timestamp', '0123456789.- x'],
  ] as const)('in any character of %s is refused', (name, others) => {
    for (const changed of variants(headers[name], others)) {
      const forged = { ...headers, [name]: changed };
      // Far-off times are refused as such; those that pass must fail by the signature.
      const toleranceSeconds = Number.POSITIVE_INFINITY;
      expect(codeOf(() => verifyWebhook(body, forged, secret, { now, toleranceSeconds }))).toBe(
        'signature_mismatch',
      );
    }
  });

  test('in any bit of the body is refused', () => {
    const bytes = Buffer.from(body);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(codeOf(() => verifyWebhook(changed, headers, secret, { now }))).toBe('signature_mismatch');
    }
  });

  test('by cutting or prolonging it is refused', () => {
    const signature = headers['webhook-signature'];
    for (const changed of [
      'v1,',
      'v1',
      signature.slice(0, -1),
      `${signature}=`,
      signature.slice(3),
      `${signature},`,
    ]) {
      const forged = { ...headers, 'webhook-signature': changed };
      expect(codeOf(() => verifyWebhook(body, forged, secret, { now }))).toBe('signature_mismatch');
    }
    for (const changed of [body.slice(0, -1), `${body} `, ` ${body}`, `${body}\n`, '']) {
      expect(codeOf(() => verifyWebhook(changed, headers, secret, { now }))).toBe('signature_mismatch');
    }
  });

  test('by moving the border between id, time and body is refused', () => {
    // The same signed text, read in another way: the id would swallow the time and the beginning of the body.
    const seconds = String(now.getTime() / 1_000);
    const inner = JSON.stringify(event);
    const outer = `{"title":"x.${seconds}.${inner}`;
    const signed = signWebhook({ id: 'msg_1', timestamp: now, body: outer, secret });
    const forged = { ...signed, 'webhook-id': `msg_1.${seconds}.{"title":"x` };
    expect(codeOf(() => verifyWebhook(inner, forged, secret, { now }))).toBe('signature_mismatch');
  });
});

describe('a delivery of another time', () => {
  test('is refused beyond the tolerance, both ways', () => {
    const at = (seconds: number, options: object = {}) => {
      const headers = signWebhook({ id: 'msg_1', timestamp: secondsAgo(seconds), body, secret });
      return () => verifyWebhook(body, headers, secret, { now, ...options });
    };
    for (const seconds of [300, 1, -1, -300]) expect(at(seconds)()).toEqual(event);
    expect(codeOf(at(301))).toBe('stale_timestamp');
    expect(codeOf(at(-301))).toBe('future_timestamp');
    expect(codeOf(at(6, { toleranceSeconds: 5 }))).toBe('stale_timestamp');
    expect(at(86_400, { toleranceSeconds: 90_000 })()).toEqual(event);
    expect(thrownBy(at(400))).toMatchObject({
      message: expect.stringContaining('400 seconds, and 300 are allowed'),
    });
  });

  test('is told from the clock unless the time is given', () => {
    const fresh = signWebhook({ id: 'msg_1', body, secret });
    expect(verifyWebhook(body, fresh, secret)).toEqual(event);
    const old = signWebhook({ id: 'msg_1', timestamp: new Date(Date.now() - 301_000), body, secret });
    expect(codeOf(() => verifyWebhook(body, old, secret))).toBe('stale_timestamp');
  });

  test('is not let through by a clock or a tolerance that is no number', () => {
    expect(codeOf(() => verifyWebhook(body, headers, secret, { now: new Date('never') }))).toBe(
      'stale_timestamp',
    );
    for (const toleranceSeconds of [Number.NaN, -1]) {
      const error = thrownBy(() => verifyWebhook(body, headers, secret, { now, toleranceSeconds }));
      expect(error).toMatchObject({
        name: 'SojournError',
        message: expect.stringContaining('toleranceSeconds'),
      });
    }
  });
});

describe('what cannot be verified', () => {
  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('says that %s is missing', (name) => {
    for (const value of [undefined, '']) {
      const error = thrownBy(() => verifyWebhook(body, { ...headers, [name]: value }, secret, { now }));
      expect(error).toMatchObject({
        code: 'missing_header',
        message: expect.stringContaining(`header ${name} is`),
      });
    }
  });

  test('says that the body was parsed before, and what to do', () => {
    for (const parsed of [event, {}, [], null, undefined, 1]) {
      expect(thrownBy(() => verifyWebhook(parsed as never, headers, secret, { now }))).toMatchObject({
        code: 'body_not_raw',
        message: expect.stringContaining(
          "express.raw({ type: 'application/json' }) on this route, before any express.json()",
        ),
      });
    }
  });

  test.each([
    '',
    'no JSON',
    '[]',
    'null',
    '{"id":"evt_1"}',
    Buffer.from('{"id":"evt_\xff","type":"x"}', 'latin1'),
  ])('says that a body well signed is no event: %s', (body) => {
    const headers = signWebhook({ id: 'msg_1', timestamp: now, body, secret });
    expect(codeOf(() => verifyWebhook(body, headers, secret, { now }))).toBe('invalid_body');
  });

  const key = secret.slice('whsec_'.length);
  test.each([
    ['is not set', undefined, 'undefined (is the environment variable'],
    ['is null', null, 'it is null'],
    ['is missing from a list', [], 'no secret was given'],
    ['is empty', '', 'does not begin with whsec_'],
    ['has no prefix', key, 'does not begin with whsec_'],
    ['has another prefix', `whpk_${key}`, 'does not begin with whsec_'],
    ['ends in a line break', `${secret}\n`, 'is not base64'],
    ['lost its padding', secret.replace(/=$/, ''), 'is not base64'],
    ['is hexadecimal between quotes', 'whsec_"00ff"', 'is not base64'],
    ['is in the alphabet for URLs', `whsec_${Buffer.alloc(32, 0xff).toString('base64url')}`, 'is not base64'],
    ['is short', `whsec_${Buffer.alloc(23).toString('base64')}`, '23 bytes, not 24 to 64'],
    ['is long', `whsec_${Buffer.alloc(65).toString('base64')}`, '65 bytes, not 24 to 64'],
    ['is wrong beside a good one', [secret, 'whsec_'], '0 bytes'],
  ])('says that a secret %s, without showing it', (_, wrong, why) => {
    for (const call of [
      () => verifyWebhook(body, headers, wrong as string, { now }),
      () => signWebhook({ id: 'msg_1', body, secret: wrong as string }),
    ]) {
      const error = thrownBy(call) as WebhookVerificationError;
      expect(error.code).toBe('invalid_secret');
      expect(error.message).toContain(why);
      expect(error.message).not.toContain(key.slice(0, 8));
    }
  });

  test('is not signed either', () => {
    const sign = (wrong: object) => () =>
      signWebhook({ id: 'msg_1', timestamp: now, body, secret, ...wrong });
    expect(thrownBy(sign({ id: 'msg.1' }))).toMatchObject({ message: expect.stringContaining('id must be') });
    expect(thrownBy(sign({ id: '' }))).toMatchObject({ message: expect.stringContaining('id must be') });
    expect(thrownBy(sign({ timestamp: new Date('never') }))).toMatchObject({
      message: expect.stringContaining('timestamp must be'),
    });
    expect(thrownBy(sign({ body: event }))).toMatchObject({
      message: expect.stringContaining('body must be'),
    });
  });
});
