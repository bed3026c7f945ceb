import { Currency } from '@sojourn/shared/money';
import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import { publicId } from '../platform/id.ts';
import { ACCOUNT_STATUSES, type PayoutAccount } from './model/account.ts';
import { netOf, PAYOUT_FAILURES, PAYOUT_STATUSES, type Payout } from './model/payout.ts';

const minorUnits = (description: string) =>
  z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - 1)
    .meta({ description });
const About = z.object({
  bookingId: z.string(),
  status: z.enum(PAYOUT_STATUSES),
  currency: Currency,
  amount: minorUnits('What the host gets of the stay with it, in minor units, as are the other amounts.'),
  deducted: minorUnits('What of it pays what the host owed.'),
  sent: minorUnits('What is sent to the host.'),
  reversed: minorUnits('What was taken back of it.'),
  dueAt: z.iso.datetime(),
});
const failure = z.enum(PAYOUT_FAILURES).meta({ description: 'Why, for programs.' });

const payoutEvent = (verb: string, summary: string) =>
  eventType({ type: `payout.${verb}`, subject: 'payout', summary, data: About });

export const payoutPaid = payoutEvent('paid', 'A host got the money of a stay.');
export const payoutFailed = eventType({
  type: 'payout.failed',
  subject: 'payout',
  summary: 'The money of a stay could not be sent to its host; it is tried again.',
  data: About.extend({ reason: failure, nextAttemptAt: z.iso.datetime() }),
});
const reversal = minorUnits('What is taken back now.');
export const payoutReversed = eventType({
  type: 'payout.reversed',
  subject: 'payout',
  summary: 'Money was taken back from a host, after a refund to the guest.',
  data: About.extend({ reversal }),
});
export const payoutReversalFailed = eventType({
  type: 'payout.reversalFailed',
  subject: 'payout',
  summary: 'Money could not be taken back from a host, who owes it now: the next payouts pay it.',
  data: About.extend({ reversal, reason: failure }),
});
export const payoutAccountUpdated = eventType({
  type: 'payoutAccount.updated',
  subject: 'user',
  summary: 'The account that a host’s payouts go to stands otherwise than before.',
  data: z.object({
    status: z.enum(ACCOUNT_STATUSES),
    requirements: z.array(z.string()).meta({ description: 'What Stripe still wants to know.' }),
  }),
});

export const payoutEvents = [
  payoutPaid,
  payoutFailed,
  payoutReversed,
  payoutReversalFailed,
  payoutAccountUpdated,
];

export const about = (payout: Payout) => ({
  bookingId: publicId('bkg', payout.bookingId),
  status: payout.status,
  currency: payout.currency,
  amount: payout.amount,
  deducted: payout.deducted,
  sent: netOf(payout),
  reversed: payout.reversed,
  dueAt: payout.dueAt.toISOString(),
});

/** What every event of a payout tells; it belongs to the world of the host. */
export const newsOf = (payout: Payout) => ({
  subjectId: payout.id,
  audience: [payout.hostId],
  data: about(payout),
});

export const accountNewsOf = ({ hostId, status, requirements }: PayoutAccount) => ({
  subjectId: hostId,
  audience: [hostId],
  data: { status, requirements: [...requirements] },
});
