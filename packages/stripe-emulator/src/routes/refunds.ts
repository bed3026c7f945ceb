import { invalid, missingParam, unfit } from '../errors.ts';
import { page, pagingByTime } from '../lists.ts';
import { integer, mergeMetadata, metadata, oneOf, text, type Values } from '../params.ts';
import { found, route } from '../route.ts';
import { refund } from '../verbs/refund.ts';
import type { Work } from '../work.ts';

const creation = {
  amount: integer(1),
  charge: text(),
  payment_intent: text(),
  metadata: metadata(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
};

function create(work: Work, given: Values<typeof creation>): object {
  const { amount, reason } = given;
  return refund(work, chargeOf(work, given), { amount, reason, metadata: mergeMetadata({}, given.metadata) });
}

function chargeOf(work: Work, { charge, payment_intent }: Values<typeof creation>): string {
  if (charge === undefined && payment_intent === undefined) {
    throw invalid(
      'One of the following params should be provided for this request: payment_intent or charge.',
      {
        code: 'parameter_missing',
        param: 'payment_intent',
      },
    );
  }
  if (charge !== undefined && !ownCharge(work, charge)) throw missingParam('charge', charge, 'charge');
  if (payment_intent === undefined) return charge!;
  const intent = work.get('payment_intent', payment_intent);
  if (!intent) throw missingParam('payment_intent', payment_intent, 'payment_intent');
  const latest = intent.latest_charge === null ? undefined : work.get('charge', intent.latest_charge);
  if (latest?.status !== 'succeeded') {
    throw unfit(`This PaymentIntent (${payment_intent}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
    });
  }
  if (charge !== undefined && charge !== latest.id) {
    throw invalid(`The charge ${charge} does not belong to the PaymentIntent ${payment_intent}.`, {
      param: 'charge',
    });
  }
  return latest.id;
}

const ownCharge = (work: Work, id: string): boolean => work.get('charge', id)?._.account === null;

export const refundRoutes = [
  route('POST', '/v1/refunds', creation, create),
  route('GET', '/v1/refunds', { ...pagingByTime, charge: text(), payment_intent: text() }, (work, given) => {
    const all = work
      .all('refund')
      .filter(
        ({ charge, payment_intent }) =>
          (!given.charge || charge === given.charge) &&
          (!given.payment_intent || payment_intent === given.payment_intent),
      );
    return page(all, given, '/v1/refunds');
  }),
  route('GET', '/v1/refunds/:id', {}, (work, _given, id) => found(work, 'refund', id)),
  route('POST', '/v1/refunds/:id', { metadata: metadata() }, (work, given, id) => {
    found(work, 'refund', id);
    const made = work.edit('refund', id);
    made.metadata = mergeMetadata(made.metadata, given.metadata);
    work.emit('refund.updated', made);
    return made;
  }),
  route('POST', '/v1/refunds/:id/cancel', {}, (work, _given, id) => {
    const { status } = found(work, 'refund', id);
    // Only methods whose owners must act have refunds that wait for it, and cards are not among them.
    throw unfit(
      `This refund has a status of ${status}. Only refunds with a status of requires_action can be canceled.`,
    );
  }),
];
