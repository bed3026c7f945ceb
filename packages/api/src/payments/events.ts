import { Currency } from '@sojourn/shared/money';
import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import { PAYMENT_STATUSES, type Payment } from './model/payment.ts';

const minorUnits = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER - 1);
const About = z.object({
  status: z.enum(PAYMENT_STATUSES),
  currency: Currency,
  amount: minorUnits.meta({ description: 'What is to be paid, in minor units, as are the other amounts.' }),
  captured: minorUnits.meta({ description: 'What was taken.' }),
  refunded: minorUnits.meta({ description: 'What was given back of it, or is on its way.' }),
});
const reason = z.string().meta({ description: 'Why, for programs.' });

const paymentEvent = (verb: string, summary: string) =>
  eventType({ type: `payment.${verb}`, subject: 'payment', summary, data: About });

export const paymentAuthorised = paymentEvent('authorised', 'The money of a payment is reserved.');
export const paymentCaptured = paymentEvent('captured', 'The money of a payment was taken.');
export const paymentVoided = paymentEvent('voided', 'A payment was given up, and nothing is charged by it.');
export const paymentActionRequired = paymentEvent(
  'actionRequired',
  'The bank of the payer wants to know that it is them who pay.',
);
export const paymentFailed = eventType({
  type: 'payment.failed',
  subject: 'payment',
  summary: 'An attempt to pay was declined, or what was reserved could not be taken.',
  data: About.extend({ reason }),
});
export const paymentRefunded = eventType({
  type: 'payment.refunded',
  subject: 'payment',
  summary: 'The payer gets money back.',
  data: About.extend({ refund: minorUnits.meta({ description: 'What is given back now.' }) }),
});
export const paymentRefundFailed = eventType({
  type: 'payment.refundFailed',
  subject: 'payment',
  summary: 'Money that was given back did not reach the payer.',
  data: About.extend({ refund: minorUnits.meta({ description: 'What did not arrive.' }), reason }),
});
export const paymentDisputed = eventType({
  type: 'payment.disputed',
  subject: 'payment',
  summary: 'The payer asks their bank for the money back.',
  data: About.extend({ disputed: minorUnits.meta({ description: 'What is asked back.' }), reason }),
});
export const paymentDisputeClosed = eventType({
  type: 'payment.disputeClosed',
  subject: 'payment',
  summary: 'It is decided who gets the money that the payer asked back.',
  data: About.extend({
    disputed: minorUnits.meta({ description: 'What was asked back.' }),
    outcome: z.enum(['won', 'lost']).meta({ description: '`lost`: the payer gets it.' }),
  }),
});

export const paymentEvents = [
  paymentAuthorised,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentVoided,
  paymentActionRequired,
  paymentRefundFailed,
  paymentDisputed,
  paymentDisputeClosed,
];

export const about = ({ status, currency, amount, captured, refunded }: Payment) => ({
  status,
  currency,
  amount,
  captured,
  refunded,
});

/** What every event of a payment tells; it belongs to the world of the payer. */
export const newsOf = (payment: Payment) => ({
  subjectId: payment.id,
  audience: [payment.payerId],
  data: about(payment),
});
