import { invalid } from '../errors.ts';
import { page, paging, pagingByTime } from '../lists.ts';
import { currencyOf } from '../money.ts';
import { bool, integer, mergeMetadata, metadata, oneOf, required, text, type Values } from '../params.ts';
import { found, route } from '../route.ts';
import { reverseTransfer, transfer } from '../verbs/transfer.ts';
import type { Work } from '../work.ts';

const creation = {
  amount: integer(1),
  currency: required(text()),
  destination: required(text()),
  description: text(),
  metadata: metadata(),
  source_transaction: text(),
  source_type: oneOf('card', 'bank_account'),
  transfer_group: text(),
};

function create(work: Work, given: Values<typeof creation>): object {
  const made = transfer(work, {
    amount: amountOf(work, given),
    currency: currencyOf(given.currency),
    destination: given.destination,
    source_transaction: given.source_transaction,
  });
  made.description = given.description ?? null;
  made.metadata = mergeMetadata({}, given.metadata);
  made.transfer_group = given.transfer_group ?? made.transfer_group;
  work.emit('transfer.created', made);
  return made;
}

/** All of the charge that it comes from, unless told otherwise. */
function amountOf(work: Work, { amount, source_transaction }: Values<typeof creation>): number {
  const source = source_transaction === undefined ? undefined : work.get('charge', source_transaction);
  const wanted = amount ?? source?.amount_captured;
  if (wanted === undefined) {
    throw invalid('Missing required param: amount.', { code: 'parameter_missing', param: 'amount' });
  }
  return wanted;
}

const change = { description: text(), metadata: metadata() };

function update(work: Work, given: Values<typeof change>, id: string): object {
  found(work, 'transfer', id);
  const made = work.edit('transfer', id);
  made.description = given.description ?? made.description;
  made.metadata = mergeMetadata(made.metadata, given.metadata);
  work.emit('transfer.updated', made);
  return made;
}

const reversing = {
  amount: integer(1),
  description: text(),
  metadata: metadata(),
  refund_application_fee: bool(),
};

function reverse(work: Work, given: Values<typeof reversing>, id: string): object {
  found(work, 'transfer', id);
  return reverseTransfer(work, id, given.amount, mergeMetadata({}, given.metadata));
}

export const transferRoutes = [
  route('POST', '/v1/transfers', creation, create),
  route(
    'GET',
    '/v1/transfers',
    { ...pagingByTime, destination: text(), transfer_group: text() },
    (work, given) => {
      const all = work
        .all('transfer')
        .filter(
          ({ destination, transfer_group }) =>
            (!given.destination || destination === given.destination) &&
            (!given.transfer_group || transfer_group === given.transfer_group),
        );
      return page(all, given, '/v1/transfers');
    },
  ),
  route('GET', '/v1/transfers/:id', {}, (work, _given, id) => found(work, 'transfer', id)),
  route('POST', '/v1/transfers/:id', change, update),
  route('POST', '/v1/transfers/:id/reversals', reversing, reverse),
  route('GET', '/v1/transfers/:id/reversals', paging, (work, given, id) => {
    found(work, 'transfer', id);
    const all = work.all('transfer_reversal').filter((reversal) => reversal.transfer === id);
    return page(all, given, `/v1/transfers/${id}/reversals`);
  }),
  route('GET', '/v1/transfers/:id/reversals/:second', {}, (work, _given, _id, second) =>
    found(work, 'transfer_reversal', second),
  ),
];
