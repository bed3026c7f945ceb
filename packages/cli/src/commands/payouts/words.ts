import type { Payout } from '@sojourn/sdk';
import type { Colours } from '../../io.ts';
import { words } from '../../render.ts';

type Standing = Pick<Payout, 'status' | 'blockedBy'>;

/** Where a payout stands, in a few words: `on hold` is one whose time has come or will, and which still cannot go. */
export function standingText({ status, blockedBy }: Standing): string {
  if (status === 'scheduled' && blockedBy !== null) return 'on hold';
  return status === 'processing' ? 'on its way' : words(status).toLowerCase();
}

/** Green arrived, yellow waits for somebody, red went wrong, grey is over. */
export function paintStanding({ status, blockedBy }: Standing, paint: Colours): (text: string) => string {
  if (status === 'paid') return paint.green;
  if (status === 'failed') return paint.red;
  if (status === 'cancelled') return paint.dim;
  return blockedBy === null ? (text) => text : paint.yellow;
}

/** What keeps a payout, or why it failed, for whoever waits for it. */
export function whyText({ blockedBy, failure }: Pick<Payout, 'blockedBy' | 'failure'>): string | undefined {
  if (failure !== null) return FAILURES[failure] ?? words(failure);
  if (blockedBy !== null) return BLOCKS[blockedBy] ?? words(blockedBy);
  return undefined;
}

// By name, because a newer server may know more of them.
const FAILURES: Readonly<Record<string, string>> = {
  accountClosed: 'Your account at Stripe is closed: open another one',
  accountRestricted: 'Stripe wants to know more about you first',
  balanceInsufficient: 'The marketplace has too little money at Stripe at the moment: nothing for you to do',
  refused: 'Stripe refused it: the marketplace looks into it',
};
const BLOCKS: Readonly<Record<string, string>> = {
  payoutAccount: 'There is no account yet that it can go to',
  dispute: 'The guest disputes the payment: it waits until the banks have decided',
};

/** Whether the host can do something about it: tell Stripe more, or open an account. */
export const needsAccount = ({ blockedBy, failure }: Pick<Payout, 'blockedBy' | 'failure'>): boolean =>
  blockedBy === 'payoutAccount' || failure === 'accountClosed' || failure === 'accountRestricted';
