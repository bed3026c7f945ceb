import { paymentsUnavailable } from '../../payments/problems.ts';
import { serverUrl } from '../../platform/config.ts';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import type { FieldError } from '../../platform/problem.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { isStripeFailure, withoutSecrets } from '../../platform/stripe/failures.ts';
import type { PayoutAccount } from '../model/account.ts';
import { payoutAccountRefused } from '../problems.ts';
import { findAccount, openedAt, readHost, wantAccount } from '../repository/accounts.ts';
import type { OnboardingLink, PayoutAccountBody } from '../schema/account.ts';
import { refreshAccount } from './refresh-account.ts';

/** The caller's account for payouts, as far as Stripe has told. */
export const getAccount = (ctx: Context): Promise<PayoutAccount | undefined> =>
  findAccount(ctx.db, actorOf(ctx).userId);

/**
 * Opens the caller's account at Stripe unless there is one, and makes a link to the page on which Stripe learns what it
 * wants to know. Asking for it again opens no second account: the key of the call is made of the host.
 */
export async function openAccount(
  ctx: Context,
  body: PayoutAccountBody,
): Promise<{ account: PayoutAccount; link: OnboardingLink | undefined }> {
  const { userId } = actorOf(ctx);
  const host = await readHost(ctx.db, userId);
  const country = body.country ?? (await findAccount(ctx.db, userId))?.country ?? host.country;
  if (country === null) throw countryWanted();
  const wanted = await transaction(ctx, (tx) =>
    wantAccount(tx, { hostId: userId, country }, ctx.clock.now()),
  );
  const stripeAccountId = await atStripe(ctx, () => accountFor(ctx, wanted, host.email));
  const account = (await atStripe(ctx, () => refreshAccount(ctx, stripeAccountId))) ?? wanted;
  if (account.status === 'enabled' || account.status === 'closed') return { account, link: undefined };
  return { account, link: await atStripe(ctx, () => linkFor(ctx, stripeAccountId, body)) };
}

function countryWanted() {
  const error: FieldError = {
    pointer: '/country',
    code: 'required',
    message: 'is required: no listing of yours says where you are',
  };
  return invalidRequest({ detail: `${error.pointer}: ${error.message}.`, errors: [error] });
}

/** The account that there is, or a new one. */
async function accountFor(ctx: Context, wanted: PayoutAccount, email: string): Promise<string> {
  const { hostId, country, status, stripeAccountId } = wanted;
  if (stripeAccountId !== null && status !== 'closed') return stripeAccountId;
  const opened = await ctx.stripe.client.accounts.create(
    {
      country,
      email,
      // The marketplace answers for its fees and losses; the host has a small dashboard of Stripe's own.
      controller: {
        fees: { payer: 'application' },
        losses: { payments: 'application' },
        stripe_dashboard: { type: 'express' },
      },
      capabilities: { transfers: { requested: true } },
      metadata: { host: publicId('usr', hostId) },
    },
    { idempotencyKey: `account:${hostId}:${stripeAccountId ?? 'first'}:${country}` },
  );
  await openedAt(ctx.db, wanted, opened.id, ctx.clock.now());
  return (await findAccount(ctx.db, hostId))?.stripeAccountId ?? opened.id;
}

async function linkFor(
  ctx: Context,
  stripeAccountId: string,
  { returnUrl, refreshUrl }: PayoutAccountBody,
): Promise<OnboardingLink> {
  const home = ctx.config.appUrl ?? serverUrl(ctx.config);
  const { url, expires_at } = await ctx.stripe.client.accountLinks.create({
    account: stripeAccountId,
    type: 'account_onboarding',
    return_url: returnUrl ?? home,
    refresh_url: refreshUrl ?? home,
  });
  return { url, expiresAt: new Date(expires_at * 1_000) };
}

/** What of an account comes from the host. */
const OF_THE_HOST = ['country', 'email'];

/** What Stripe has against the host is passed on; whatever else goes wrong is for the marketplace to mend. */
async function atStripe<T>(ctx: Context, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isStripeFailure(error)) throw error;
    const err = withoutSecrets(ctx, error);
    if (error.param !== undefined && OF_THE_HOST.includes(error.param))
      throw payoutAccountRefused({ detail: error.message, cause: err });
    ctx.log.error({ err, requestId: ctx.requestId }, 'Stripe did not open or show an account');
    throw paymentsUnavailable({ headers: { 'Retry-After': '60' }, cause: err });
  }
}
