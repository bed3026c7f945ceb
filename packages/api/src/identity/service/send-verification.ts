import type { Context } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import type { Attempt } from '../../platform/jobs/job.ts';
import { linkTo } from '../../platform/mail/link.ts';
import { sendMail } from '../../platform/mail/template.ts';
import type { ToSend } from '../jobs.ts';
import { verifyEmail } from '../mail-templates.ts';
import { EMAIL_LINKS } from '../model.ts';
import { findAccount, findVerifiedAccount } from '../repository/accounts.ts';
import { issueEmailToken } from './issue-email-token.ts';

const DAYS = EMAIL_LINKS.verifyEmail.lifetimeMs / 86_400_000;

/** Sends the mail that proves an address, unless it is proved by now: then it has its owner, who gets no such mail. */
export async function sendVerification(
  ctx: Context,
  { userId, mailId }: ToSend,
  { signal }: Attempt,
): Promise<void> {
  const account = await findAccount(ctx.db, userId);
  if (account?.status !== 'active' || (await findVerifiedAccount(ctx.db, account.email))) return;
  const token = await issueEmailToken(ctx, account, 'verifyEmail', mailId);
  if (token === undefined) return;
  const data = { url: linkTo(ctx.config, '/verify-email', { token }), days: DAYS };
  await sendMail(ctx, verifyEmail, { id: publicId('eml', mailId), to: account.email, data, signal });
}
