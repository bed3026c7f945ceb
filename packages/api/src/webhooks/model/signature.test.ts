import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newKey, secretText, signatureHeaders } from './signature.ts';

const id = 'evt_01j9z6t8v2e4m8q0r5s7x3y1ka';

test('the library of Standard Webhooks verifies what is signed here', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      const key = newKey();
      const headers = signatureHeaders({ id, signedAt: new Date(), body }, [key]);
      expect(new Webhook(secretText(key)).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(secretText(newKey())).verify(body, headers)).toThrow('No matching signature');
      expect(() => new Webhook(secretText(key)).verify(`${body} `, headers)).toThrow('No matching signature');
    }),
  );
});

test('during an overlap the holder of either secret verifies', () => {
  const keys = [newKey(), newKey()];
  const headers = signatureHeaders({ id, signedAt: new Date(), body: '{}' }, keys);
  expect(headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
  for (const key of keys) expect(new Webhook(secretText(key)).verify('{}', headers)).toEqual({});
});
