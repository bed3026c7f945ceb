import { type Context, transaction } from '../../platform/context.ts';
import { enqueueMissing } from '../../platform/jobs/enqueue.ts';
import { reverse, transfer } from '../jobs.ts';
import { takeSilentAccounts } from '../repository/accounts.ts';
import { listSilentReversals } from '../repository/reversals.ts';
import { listSilentPayouts } from '../repository/sending.ts';
import { refreshAccount } from './refresh-account.ts';
import { accountSilentSince, silentSince } from './silence.ts';

const MOST_AT_ONCE = 500;
const MOST_ACCOUNTS = 50;

/** Takes up again what was asked of Stripe and stayed unanswered, and asks after accounts of which nothing was heard. */
export async function sweepSilent(ctx: Context, signal: AbortSignal): Promise<void> {
  const before = silentSince(ctx);
  const payouts = await listSilentPayouts(ctx.db, before, MOST_AT_ONCE);
  const reversals = await listSilentReversals(ctx.db, before, MOST_AT_ONCE);
  await transaction(ctx, async (tx) => {
    await enqueueMissing(
      ctx,
      tx,
      transfer,
      payouts.map((payoutId) => ({ payload: { payoutId }, key: payoutId })),
    );
    await enqueueMissing(
      ctx,
      tx,
      reverse,
      reversals.map((reversalId) => ({ payload: { reversalId }, key: reversalId })),
    );
  });
  const now = ctx.clock.now();
  const accounts = await takeSilentAccounts(ctx.db, accountSilentSince(ctx), now, MOST_ACCOUNTS);
  for (const account of accounts) {
    if (signal.aborted) return;
    await refreshAccount(ctx, account);
  }
}
