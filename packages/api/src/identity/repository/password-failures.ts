import type { Db } from '../../platform/context.ts';

const FORGET_AFTER_MS = 24 * 3_600_000;
const oldestOf = (now: Date) => new Date(now.getTime() - FORGET_AFTER_MS);

export interface PasswordFailures {
  failures: number;
  refusedUntil: Date | null;
}

/** The wrong passwords in a row for a subject; a day without one forgets them. */
export async function findPasswordFailures(
  db: Db,
  subjectHash: Buffer,
  now: Date,
): Promise<PasswordFailures | undefined> {
  return db
    .selectFrom('password_failures')
    .select(['failures', 'refused_until as refusedUntil'])
    .where('subject_hash', '=', subjectHash)
    .where('last_failed_at', '>', oldestOf(now))
    .executeTakeFirst();
}

/** Counts one more; returns how many it are now. */
export async function countPasswordFailure(db: Db, subjectHash: Buffer, now: Date): Promise<number> {
  const { failures } = await db
    .insertInto('password_failures')
    .values({ subject_hash: subjectHash, failures: 1, last_failed_at: now })
    .onConflict((conflict) =>
      conflict.column('subject_hash').doUpdateSet(({ eb, ref }) => ({
        failures: eb
          .case()
          .when('password_failures.last_failed_at', '>', oldestOf(now))
          .then(eb('password_failures.failures', '+', 1))
          .else(1)
          .end(),
        last_failed_at: ref('excluded.last_failed_at'),
      })),
    )
    .returning('failures')
    .executeTakeFirstOrThrow();
  return failures;
}

export async function refusePasswordsUntil(db: Db, subjectHash: Buffer, until: Date): Promise<void> {
  await db
    .updateTable('password_failures')
    .set({ refused_until: until })
    .where('subject_hash', '=', subjectHash)
    .execute();
}

/** Counts a try before it is made. False when another was counted since `seen` was read. */
export async function claimPasswordTry(
  db: Db,
  subjectHash: Buffer,
  seen: number,
  now: Date,
  refusedUntil: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('password_failures')
    .set({ failures: seen + 1, last_failed_at: now, refused_until: refusedUntil })
    .where('subject_hash', '=', subjectHash)
    .where('failures', '=', seen)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function forgetPasswordFailures(db: Db, subjectHash: Buffer): Promise<void> {
  await db.deleteFrom('password_failures').where('subject_hash', '=', subjectHash).execute();
}

export async function removeOldPasswordFailures(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('password_failures').where('last_failed_at', '<', oldestOf(now)).execute();
}
