import { isRefusal, isStripeFailure, isUnknownAtStripe } from '../../platform/stripe/failures.ts';
import type { PayoutFailure } from '../model/payout.ts';

const CLOSED = ['account_closed', 'account_invalid'];
const RESTRICTED = ['insufficient_capabilities_for_transfer', 'transfers_not_allowed'];
const NO_MONEY = ['balance_insufficient', 'insufficient_funds'];

/**
 * Why Stripe does not move money, when it has said so. Undefined for whatever leaves open what became of the call: no
 * answer, a fault of Stripe's, or a key that is not right.
 */
export function refusalOf(error: unknown): PayoutFailure | undefined {
  if (!isStripeFailure(error)) return undefined;
  const { code = '', param } = error;
  if (CLOSED.includes(code)) return 'accountClosed';
  if (NO_MONEY.includes(code)) return 'balanceInsufficient';
  if (!isRefusal(error)) return undefined;
  if (isUnknownAtStripe(error) && param === 'destination') return 'accountClosed';
  return RESTRICTED.includes(code) ? 'accountRestricted' : 'refused';
}

/** Whether Stripe says that there is no such thing, or none that this marketplace may see. */
export const isGone = (error: unknown): boolean =>
  isUnknownAtStripe(error) || (isStripeFailure(error) && error.code === 'account_invalid');
