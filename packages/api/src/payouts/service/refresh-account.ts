import type Stripe from 'stripe';
import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { accountNewsOf, payoutAccountUpdated } from '../events.ts';
import { type AccountFacts, type PayoutAccount, statusOf } from '../model/account.ts';
import { lockAccountByStripeId, updateAccount } from '../repository/accounts.ts';
import { stopWaiting } from '../repository/sending.ts';
import { isGone } from './refusal.ts';

/**
 * Asks Stripe how an account stands, and writes it down. What is closed stays closed; an account that is none of ours is
 * none of our business.
 */
export async function refreshAccount(
  ctx: Context,
  stripeAccountId: string,
): Promise<PayoutAccount | undefined> {
  const facts = await factsOf(ctx, stripeAccountId);
  return transaction(ctx, async (tx) => {
    const account = await lockAccountByStripeId(tx, stripeAccountId);
    if (!account || account.status === 'closed') return account;
    const is = { ...account, status: statusOf(facts), requirements: facts?.requirements ?? [] };
    const now = ctx.clock.now();
    await updateAccount(tx, is, now);
    if (is.status === 'enabled' && account.status !== 'enabled') await stopWaiting(tx, is.hostId, now);
    if (is.status !== account.status || is.requirements.join() !== account.requirements.join())
      await emit({ ...ctx, actor: null }, tx, payoutAccountUpdated, accountNewsOf(is));
    return is;
  });
}

/** What counts of an account; undefined when it is gone. */
async function factsOf({ stripe }: Context, id: string): Promise<AccountFacts | undefined> {
  try {
    const account: Stripe.Account | Stripe.DeletedAccount = await stripe.client.accounts.retrieve(id);
    if ('deleted' in account && account.deleted) return undefined;
    return toFacts(account as Stripe.Account);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const toFacts = ({
  capabilities,
  payouts_enabled,
  details_submitted,
  requirements,
}: Stripe.Account): AccountFacts => ({
  transfers: capabilities?.transfers,
  payoutsEnabled: payouts_enabled,
  detailsSubmitted: details_submitted,
  disabledReason: requirements?.disabled_reason ?? null,
  requirements: [...new Set([...(requirements?.past_due ?? []), ...(requirements?.currently_due ?? [])])],
});
