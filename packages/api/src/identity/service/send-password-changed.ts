import type { Context } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import type { Attempt } from '../../platform/jobs/job.ts';
import { linkTo } from '../../platform/mail/link.ts';
import { sendMail } from '../../platform/mail/template.ts';
import type { ToSend } from '../jobs.ts';
import { passwordChanged } from '../mail-templates.ts';
import { findAccount } from '../repository/accounts.ts';

/** Warns the owner of an account. An address that nobody proved may be a stranger's, who is told nothing. */
export async function sendPasswordChanged(
  ctx: Context,
  { userId, mailId, changedAt }: ToSend & { changedAt: string },
  { signal }: Attempt,
): Promise<void> {
  const account = await findAccount(ctx.db, userId);
  if (!account?.emailVerifiedAt) return;
  const data = { changedAt, url: linkTo(ctx.config, '/reset-password') };
  await sendMail(ctx, passwordChanged, { id: publicId('eml', mailId), to: account.email, data, signal });
}
