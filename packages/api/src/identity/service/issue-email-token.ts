import { type Context, transaction } from '../../platform/context.ts';
import { hashOfAddress, newEmailToken } from '../email-token.ts';
import { type Account, EMAIL_LINKS, type EmailPurpose, LIVING_LINKS, MAIL_WINDOW_MS } from '../model.ts';
import {
  countMailsToAddress,
  endEmailTokens,
  insertEmailToken,
  lockAddress,
} from '../repository/email-tokens.ts';

/**
 * A new token for a mail to an account; undefined when its address had its share of such mails within the hour, whoever
 * asked for them. A mail that is sent again gets another token and counts once; those it had before go on working,
 * because one of them may have arrived.
 */
export function issueEmailToken(
  ctx: Context,
  { id, email }: Account,
  purpose: EmailPurpose,
  mailId: string,
): Promise<string | undefined> {
  const now = ctx.clock.now();
  const addressHash = hashOfAddress(email);
  const { lifetimeMs, mailsAnHour } = EMAIL_LINKS[purpose];
  return transaction(ctx, async (tx) => {
    await lockAddress(tx, addressHash);
    const since = new Date(now.getTime() - MAIL_WINDOW_MS);
    if ((await countMailsToAddress(tx, addressHash, { purpose, since }, mailId)) >= mailsAnHour) {
      ctx.log.info({ userId: id, purpose }, 'the address had enough mail within the hour; none is sent');
      return undefined;
    }
    const token = newEmailToken();
    const expiresAt = new Date(now.getTime() + lifetimeMs);
    await insertEmailToken(tx, {
      hash: token.hash,
      userId: id,
      purpose,
      addressHash,
      mailId,
      createdAt: now,
      expiresAt,
    });
    await endEmailTokens(tx, id, now, { purpose, keep: LIVING_LINKS });
    return token.text;
  });
}
