import { type Context, transaction } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { sendPasswordReset } from '../jobs.ts';
import { findVerifiedAccount } from '../repository/accounts.ts';

/**
 * Has a link to a new password sent to the account that has proved the address. For an address without one it does the
 * same, for an account that does not exist: neither the answer, nor its time, nor the queue tells one from the other.
 * How many mails the address has had is looked at where they are written.
 */
export async function forgotPassword(ctx: Context, email: string): Promise<void> {
  const now = ctx.clock.now();
  const account = await findVerifiedAccount(ctx.db, email);
  const payload = { userId: account?.id ?? newUuid(now), mailId: newUuid(now) };
  await transaction(ctx, (tx) => enqueue(ctx, tx, sendPasswordReset, { payload }));
}
