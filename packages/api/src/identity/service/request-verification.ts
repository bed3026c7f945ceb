import { type Context, transaction } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { rateLimited } from '../../platform/problems.ts';
import { sendVerification } from '../jobs.ts';
import { EMAIL_LINKS, MAIL_WINDOW_MS } from '../model.ts';
import { emailAlreadyVerified } from '../problems.ts';
import { listMailTimes } from '../repository/email-tokens.ts';
import { getMe } from './get-me.ts';

/** Has the caller sent another mail by which to prove their address. */
export async function requestVerification(ctx: Context): Promise<void> {
  const { id, emailVerifiedAt } = await getMe(ctx);
  if (emailVerifiedAt) throw emailAlreadyVerified();
  const now = ctx.clock.now();
  const since = new Date(now.getTime() - MAIL_WINDOW_MS);
  const sent = await listMailTimes(ctx.db, id, { purpose: 'verifyEmail', since });
  if (sent.length >= EMAIL_LINKS.verifyEmail.mailsAnHour) throw enough(sent[0]!.getTime() - since.getTime());
  await transaction(ctx, (tx) =>
    enqueue(ctx, tx, sendVerification, { payload: { userId: id, mailId: newUuid(now) }, key: id }),
  );
}

const enough = (milliseconds: number) =>
  rateLimited({
    detail: `${EMAIL_LINKS.verifyEmail.mailsAnHour} mails were sent to you within an hour. Look among the unwanted mail, or wait.`,
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(milliseconds / 1_000))) },
  });
