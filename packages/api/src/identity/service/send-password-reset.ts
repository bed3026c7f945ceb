import type { Context } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import type { Attempt } from '../../platform/jobs/job.ts';
import { linkTo } from '../../platform/mail/link.ts';
import { sendMail } from '../../platform/mail/template.ts';
import type { ToSend } from '../jobs.ts';
import { resetPassword } from '../mail-templates.ts';
import { EMAIL_LINKS } from '../model.ts';
import { findAccount } from '../repository/accounts.ts';
import { issueEmailToken } from './issue-email-token.ts';

const MINUTES = EMAIL_LINKS.resetPassword.lifetimeMs / 60_000;

/** Sends the link to a new password. Nothing for an account that does not exist: see `forgotPassword`. */
export async function sendPasswordReset(
  ctx: Context,
  { userId, mailId }: ToSend,
  { signal }: Attempt,
): Promise<void> {
  const account = await findAccount(ctx.db, userId);
  if (account?.status !== 'active' || !account.emailVerifiedAt) return;
  const token = await issueEmailToken(ctx, account, 'resetPassword', mailId);
  if (token === undefined) return;
  const data = { url: linkTo(ctx.config, '/reset-password', { token }), minutes: MINUTES };
  await sendMail(ctx, resetPassword, { id: publicId('eml', mailId), to: account.email, data, signal });
}
