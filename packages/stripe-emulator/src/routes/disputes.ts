import { invalid } from '../errors.ts';
import { page, pagingByTime } from '../lists.ts';
import { EVIDENCE_TEXTS } from '../objects/dispute.ts';
import {
  bool,
  type Field,
  mergeMetadata,
  metadata,
  object,
  text,
  unsettable,
  type Values,
} from '../params.ts';
import { found, route } from '../route.ts';
import { decideDispute, submitEvidence } from '../verbs/dispute.ts';
import type { Work } from '../work.ts';

const evidence = object(
  Object.fromEntries(EVIDENCE_TEXTS.map((name) => [name, unsettable(text(20_000))])) as Record<
    (typeof EVIDENCE_TEXTS)[number],
    Field<string | null | undefined>
  >,
);
const change = { evidence, submit: bool(), metadata: metadata() };

function update(work: Work, given: Values<typeof change>, id: string): object {
  const before = found(work, 'dispute', id);
  const dispute = work.edit('dispute', id);
  dispute.metadata = mergeMetadata(dispute.metadata, given.metadata);
  if (given.evidence) {
    if (before.status !== 'needs_response') {
      throw invalid('This dispute is already closed or under review; its evidence cannot be changed.', {
        param: 'evidence',
      });
    }
    for (const name of EVIDENCE_TEXTS) {
      const value = given.evidence[name];
      if (value !== undefined) dispute.evidence[name] = value;
    }
    dispute.evidence_details.has_evidence = EVIDENCE_TEXTS.some((name) => dispute.evidence[name] !== null);
    // At Stripe evidence is handed in unless the caller says that more will follow.
    if (given.submit ?? true) submitEvidence(work, dispute);
  }
  work.emit('charge.dispute.updated', dispute, { status: before.status });
  return dispute;
}

export const disputeRoutes = [
  route('GET', '/v1/disputes', { ...pagingByTime, charge: text(), payment_intent: text() }, (work, given) => {
    const all = work
      .all('dispute')
      .filter(
        ({ charge, payment_intent }) =>
          (!given.charge || charge === given.charge) &&
          (!given.payment_intent || payment_intent === given.payment_intent),
      );
    return page(all, given, '/v1/disputes');
  }),
  route('GET', '/v1/disputes/:id', {}, (work, _given, id) => found(work, 'dispute', id)),
  route('POST', '/v1/disputes/:id', change, update),
  route('POST', '/v1/disputes/:id/close', {}, (work, _given, id) => {
    found(work, 'dispute', id);
    return decideDispute(work, id, false);
  }),
];
