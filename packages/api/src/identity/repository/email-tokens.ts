import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { EmailPurpose } from '../model.ts';

export interface NewEmailToken {
  hash: Buffer;
  userId: string;
  purpose: EmailPurpose;
  addressHash: Buffer;
  /** The mail that the token was made for; sent again, it gets another one. */
  mailId: string;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertEmailToken(db: Db, token: NewEmailToken): Promise<void> {
  await db
    .insertInto('email_tokens')
    .values({
      token_hash: token.hash,
      user_id: token.userId,
      purpose: token.purpose,
      address_hash: token.addressHash,
      mail_id: token.mailId,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .execute();
}

/** One after the other: who counts the mail to an address, and then adds to it, is alone with it until the commit. */
export async function lockAddress(tx: Tx, addressHash: Buffer): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(encode(${addressHash}, 'hex'), 2))`.execute(tx);
}

interface MailCount {
  purpose: EmailPurpose;
  since: Date;
}

/** How many mails went to an address since an instant, without one that is being sent again. */
export async function countMailsToAddress(
  tx: Tx,
  addressHash: Buffer,
  { purpose, since }: MailCount,
  exceptMailId: string,
): Promise<number> {
  const { count } = await tx
    .selectFrom('email_tokens')
    .select(({ fn }) => fn.count<number>('mail_id').distinct().as('count'))
    .where('address_hash', '=', addressHash)
    .where('purpose', '=', purpose)
    .where('created_at', '>', since)
    .where('mail_id', '<>', exceptMailId)
    .executeTakeFirstOrThrow();
  return count;
}

/** When the mails that went to a user since an instant were written, oldest first. */
export async function listMailTimes(db: Db, userId: string, { purpose, since }: MailCount): Promise<Date[]> {
  const rows = await db
    .selectFrom('email_tokens')
    .select(({ fn }) => fn.min('created_at').as('at'))
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('created_at', '>', since)
    .groupBy('mail_id')
    .orderBy('at')
    .execute();
  return rows.map(({ at }) => at);
}

/** Whose good token this is. */
export async function findEmailTokenUser(
  db: Db,
  hash: Buffer,
  purpose: EmailPurpose,
  now: Date,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('email_tokens')
    .select('user_id')
    .where('token_hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row?.user_id;
}

/** Uses a token up; answers whose it was. Of two who try at once, one gets it. */
export async function claimEmailToken(
  tx: Tx,
  hash: Buffer,
  purpose: EmailPurpose,
  now: Date,
): Promise<string | undefined> {
  const row = await tx
    .updateTable('email_tokens')
    .set({ ended_at: now })
    .where('token_hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('user_id')
    .executeTakeFirst();
  return row?.user_id;
}

/** Ends a user's tokens, all or those of one purpose, but for the newest ones when told to keep some. */
export async function endEmailTokens(
  db: Db,
  userId: string,
  now: Date,
  { purpose, keep = 0 }: { purpose?: EmailPurpose; keep?: number } = {},
): Promise<void> {
  let living = db
    .selectFrom('email_tokens')
    .select('token_hash')
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .orderBy('created_at', 'desc')
    .offset(keep);
  if (purpose) living = living.where('purpose', '=', purpose);
  await db.updateTable('email_tokens').set({ ended_at: now }).where('token_hash', 'in', living).execute();
}

export async function removeExpiredEmailTokens(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('email_tokens').where('expires_at', '<', now).execute();
}
