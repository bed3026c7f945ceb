import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Intent, isSurplus, statusAfter } from './intent.ts';
import { PAYMENT_STATUSES, type Payment, type PaymentStatus } from './payment.ts';

const OWN = 'pi_own';
const intentAs = (status: PaymentStatus, id = OWN): Intent => ({
  id,
  paymentId: 'payment',
  status,
  received: 100,
  chargeId: 'ch_1',
  paymentMethod: 'pm_1',
  failure: null,
  actionUrl: null,
  clientSecret: null,
  movement: null,
});
type Standing = Pick<Payment, 'status' | 'intentId' | 'captureRequestedAt'>;
const standing = (over: Partial<Standing>): Standing => ({
  status: 'requiresPaymentMethod',
  intentId: OWN,
  captureRequestedAt: null,
  ...over,
});

const statuses = fc.constantFrom(...PAYMENT_STATUSES);
const news = fc.array(
  fc.record({ status: statuses, id: fc.constantFrom(OWN, 'pi_other'), underWay: fc.boolean() }),
  { maxLength: 8 },
);
function hear(
  payment: Standing,
  all: readonly { status: PaymentStatus; id: string; underWay: boolean }[],
): Standing {
  let now = payment;
  for (const { status, id, underWay } of all)
    now = { ...now, status: statusAfter(now, intentAs(status, id), underWay) };
  return now;
}

test('money that was taken counts, whatever is heard before or after, and however often', () => {
  fc.assert(
    fc.property(statuses, news, news, (status, before, after) => {
      const taken = hear(standing({ status }), [
        ...before,
        { status: 'succeeded', id: OWN, underWay: false },
        ...after,
      ]);
      expect(taken.status).toBe('succeeded');
    }),
  );
});

test('what was given up comes back for nothing but money that was taken', () => {
  fc.assert(
    fc.property(news, (all) => {
      const given = hear(standing({ status: 'cancelled' }), all);
      const isTaken = all.some(({ status }) => status === 'succeeded');
      expect(given.status).toBe(isTaken ? 'succeeded' : 'cancelled');
    }),
  );
});

test('what is heard twice changes nothing the second time', () => {
  fc.assert(
    fc.property(statuses, news, statuses, fc.boolean(), (status, before, last, underWay) => {
      const once = hear(standing({ status }), [...before, { status: last, id: OWN, underWay }]);
      expect(hear(once, [{ status: last, id: OWN, underWay }])).toEqual(once);
    }),
  );
});

test('a hold does not fall back to what was before it, nor before the money that is asked for', () => {
  expect(statusAfter(standing({ status: 'requiresCapture' }), intentAs('requiresAction'), false)).toBe(
    'requiresCapture',
  );
  const asked = standing({ status: 'processing', captureRequestedAt: new Date() });
  expect(statusAfter(asked, intentAs('requiresCapture'), false)).toBe('processing');
  expect(statusAfter(asked, intentAs('cancelled'), false)).toBe('cancelled');
});

test('an attempt that is under way tells by itself that it was declined', () => {
  const trying = standing({ status: 'processing' });
  expect(statusAfter(trying, intentAs('requiresPaymentMethod'), true)).toBe('processing');
  expect(statusAfter(trying, intentAs('requiresPaymentMethod'), false)).toBe('requiresPaymentMethod');
});

test('an intent beside that of the payment counts only for what it took or holds', () => {
  expect(statusAfter(standing({}), intentAs('cancelled', 'pi_other'), false)).toBe('requiresPaymentMethod');
  expect(statusAfter(standing({}), intentAs('succeeded', 'pi_other'), false)).toBe('succeeded');
  expect(isSurplus(standing({}), intentAs('succeeded', 'pi_other'))).toBe(false);
  expect(isSurplus(standing({ status: 'succeeded' }), intentAs('succeeded', 'pi_other'))).toBe(true);
  expect(isSurplus(standing({ status: 'succeeded' }), intentAs('succeeded'))).toBe(false);
});
