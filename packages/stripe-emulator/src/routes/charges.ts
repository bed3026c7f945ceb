import { missing } from '../errors.ts';
import { page, pagingByTime } from '../lists.ts';
import type { Charge } from '../objects/charge.ts';
import { mergeMetadata, metadata, text } from '../params.ts';
import { found, route } from '../route.ts';
import type { Work } from '../work.ts';

/** What belongs to a connected account is not the platform's to see here. */
function ownCharge(work: Work, id: string): Charge {
  const charge = found(work, 'charge', id);
  if (charge._.account !== null) throw missing('charge', id);
  return charge;
}

export const chargeRoutes = [
  route(
    'GET',
    '/v1/charges',
    { ...pagingByTime, customer: text(), payment_intent: text(), transfer_group: text() },
    (work, given) => {
      const all = work
        .all('charge')
        .filter(
          (charge) =>
            charge._.account === null &&
            (!given.customer || charge.customer === given.customer) &&
            (!given.payment_intent || charge.payment_intent === given.payment_intent) &&
            (!given.transfer_group || charge.transfer_group === given.transfer_group),
        );
      return page(all, given, '/v1/charges');
    },
  ),
  route('GET', '/v1/charges/:id', {}, (work, _given, id) => ownCharge(work, id)),
  route('POST', '/v1/charges/:id', { metadata: metadata(), description: text() }, (work, given, id) => {
    ownCharge(work, id);
    const charge = work.edit('charge', id);
    charge.metadata = mergeMetadata(charge.metadata, given.metadata);
    charge.description = given.description ?? charge.description;
    work.emit('charge.updated', charge);
    return charge;
  }),
];
