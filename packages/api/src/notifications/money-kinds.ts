import { type Money, toDecimal } from '@sojourn/shared/money';
import { paymentRefundFailed } from '../payments/events.ts';
import {
  payoutAccountUpdated,
  payoutFailed,
  payoutPaid,
  payoutReversalFailed,
  payoutReversed,
} from '../payouts/events.ts';
import { notificationKind } from './model.ts';

// What guests and hosts are told of their money.

const ONLY_IN_APP = { inApp: true, mail: false };
const BOTH = { inApp: true, mail: true };
const category = 'payouts';

const shown = (amount: number, currency: Money['currency']) =>
  `${toDecimal({ amount, currency })} ${currency}`;

const ACCOUNT = {
  none: 'There is none yet. Until there is one your payouts wait.',
  pending: 'Stripe does not know enough about you yet. Until then your payouts wait.',
  enabled: 'Your payouts are sent there from now on.',
  restricted: 'Stripe wants to know more about you. Until then your payouts wait.',
  closed: 'The account is closed. Open another one: until then your payouts wait.',
};

export const moneyKinds = [
  notificationKind({
    kind: 'payoutPaid',
    on: payoutPaid,
    category,
    summary: 'The money of a stay was sent to you.',
    channels: BOTH,
    title: ({ data }) => `${shown(data.sent, data.currency)} are on their way to you`,
    text: ({ data }) =>
      data.deducted > 0
        ? `For the booking ${data.bookingId}: ${shown(data.amount, data.currency)}, of which ${shown(data.deducted, data.currency)} pay what you owed.`
        : `For the booking ${data.bookingId}.`,
  }),
  notificationKind({
    kind: 'payoutFailed',
    on: payoutFailed,
    category,
    summary: 'The money of a stay could not be sent to you.',
    channels: BOTH,
    title: ({ data }) => `${shown(data.sent, data.currency)} could not be sent to you`,
    text: ({ data }) =>
      `For the booking ${data.bookingId}. It is tried again on ${data.nextAttemptAt}. Look whether your payout account is in order.`,
  }),
  notificationKind({
    kind: 'payoutReversed',
    on: payoutReversed,
    category,
    summary: 'Money was taken back from you, because the guest got it back.',
    channels: BOTH,
    title: ({ data }) => `${shown(data.reversal, data.currency)} were taken back`,
    text: ({ data }) =>
      `The guest of the booking ${data.bookingId} was given money back after you were paid.`,
  }),
  notificationKind({
    kind: 'payoutReversalFailed',
    on: payoutReversalFailed,
    category,
    summary: 'You owe what could not be taken back from you.',
    channels: BOTH,
    title: ({ data }) => `You owe ${shown(data.reversal, data.currency)}`,
    text: ({ data }) =>
      `The guest of the booking ${data.bookingId} was given money back after you were paid, and your account did not have it. Your next payouts pay it.`,
  }),
  notificationKind({
    kind: 'payoutAccountUpdated',
    on: payoutAccountUpdated,
    category,
    summary: 'Your payout account stands otherwise than before.',
    channels: ONLY_IN_APP,
    title: ({ data }) => `Your payout account is ${data.status}`,
    text: ({ data }) => ACCOUNT[data.status],
  }),
  notificationKind({
    kind: 'refundFailed',
    on: paymentRefundFailed,
    category,
    summary: 'Money that you were given back did not reach you.',
    channels: BOTH,
    title: () => 'Your refund did not reach you',
    text: () =>
      'Your bank sent it back, perhaps because the card is closed. Nothing is lost: write to those who run the marketplace, who send it another way.',
  }),
];
