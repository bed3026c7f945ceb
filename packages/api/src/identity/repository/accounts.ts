import { sql } from 'kysely';
import pg from 'pg';
import type { Role } from '../../platform/actor.ts';
import type { Db, Tx } from '../../platform/context.ts';
import { type Account, CLOSED_NAME } from '../model.ts';
import { accountHasPayouts, accountInUse, emailVerifiedElsewhere } from '../problems.ts';

const COLUMNS = [
  'id',
  'email',
  'email_verified_at as emailVerifiedAt',
  'display_name as displayName',
  'role',
  'status',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;

interface AccountRow extends Omit<Account, 'role' | 'status'> {
  role: string;
  status: string;
}

// The check constraints of the table know no other role or status.
const toAccount = (row: AccountRow) => row as Account;

export async function insertAccount(db: Db, account: Account, passwordHash: string): Promise<void> {
  await db
    .insertInto('users')
    .values({
      id: account.id,
      email: account.email,
      email_verified_at: account.emailVerifiedAt,
      password_hash: passwordHash,
      display_name: account.displayName,
      role: account.role,
      status: account.status,
      created_at: account.createdAt,
      updated_at: account.updatedAt,
    })
    .execute();
}

/** An account that was not closed. */
export async function findAccount(db: Db, id: string): Promise<Account | undefined> {
  const row = await db
    .selectFrom('users')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .executeTakeFirst();
  return row && toAccount(row);
}

/** The one account that has proved the address. */
export async function findVerifiedAccount(db: Db, email: string): Promise<Account | undefined> {
  const row = await db
    .selectFrom('users')
    .select(COLUMNS)
    .where('email', '=', email)
    .where('email_verified_at', 'is not', null)
    .where('status', '<>', 'deleted')
    .executeTakeFirst();
  return row && toAccount(row);
}

/**
 * The salt key, and the heads (everything but the digest) of the password hashes that accounts of this address have:
 * one, unless the cost of hashing has changed since some of them were made; none for an unknown address.
 */
export async function readPasswordHeads(
  db: Db,
  email: string,
): Promise<{ saltKey: Buffer; heads: string[] }> {
  const { rows } = await sql<{ saltKey: Buffer; heads: string[] }>`
    select key as "saltKey", array(
      select distinct regexp_replace(password_hash, '[^$]*$', '') from users where email = ${email} and status <> 'deleted'
    ) as heads
    from password_salt_key`.execute(db);
  return rows[0]!;
}

/**
 * The account of this address that has one of these password hashes. When several do: one that may sign in, then the
 * verified one, then the oldest.
 */
export async function findAccountByPassword(
  db: Db,
  email: string,
  passwordHashes: readonly string[],
): Promise<(Account & { passwordHash: string }) | undefined> {
  const row = await db
    .selectFrom('users')
    .select([...COLUMNS, 'password_hash as passwordHash'])
    .where('email', '=', email)
    .where('status', '<>', 'deleted')
    .where('password_hash', 'in', passwordHashes)
    .orderBy(sql`status = 'active'`, 'desc')
    .orderBy(sql`email_verified_at is null`)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return row && { ...toAccount(row), passwordHash: row.passwordHash };
}

export async function readPasswordHash(db: Db, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .executeTakeFirst();
  return row?.password_hash;
}

export async function updatePasswordHash(db: Db, id: string, passwordHash: string): Promise<void> {
  await db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute();
}

export interface AccountChange {
  displayName?: string | undefined;
  role?: Role | undefined;
}

/** The account as it is afterwards; undefined when it was closed. */
export async function updateAccount(
  db: Db,
  id: string,
  { displayName, role }: AccountChange,
  now: Date,
): Promise<Account | undefined> {
  const row = await db
    .updateTable('users')
    .set({
      ...(displayName === undefined ? {} : { display_name: displayName }),
      ...(role === undefined ? {} : { role }),
      updated_at: now,
    })
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .returning(COLUMNS)
    .executeTakeFirst();
  return row && toAccount(row);
}

/**
 * Keeps that a person has proved their address. False when they had before, or the account was closed.
 *
 * @throws `email_verified_elsewhere`
 */
export async function markEmailVerified(tx: Tx, id: string, now: Date): Promise<boolean> {
  try {
    const { numUpdatedRows } = await tx
      .updateTable('users')
      .set({ email_verified_at: now, updated_at: now })
      .where('id', '=', id)
      .where('email_verified_at', 'is', null)
      .where('status', '<>', 'deleted')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint === 'users__verified_email_once')
      throw emailVerifiedElsewhere();
    throw error;
  }
}

/** Leaves of an account only what other records point at: its id and its dates. The address is free again. */
export async function anonymiseAccount(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('users')
    .set({
      email: `${id}@deleted.invalid`,
      email_verified_at: null,
      password_hash: '',
      display_name: CLOSED_NAME,
      role: 'user',
      status: 'deleted',
      updated_at: now,
    })
    .where('id', '=', id)
    .execute()
    .catch(refuseNeeded);
}

/** What stands above accounts says by a constraint that it needs one. */
function refuseNeeded(error: unknown): never {
  const constraint = error instanceof pg.DatabaseError ? error.constraint : undefined;
  if (constraint === 'users__closed_without_bookings') throw accountInUse({ cause: error });
  if (constraint === 'users__closed_without_payouts') throw accountHasPayouts({ cause: error });
  throw error;
}
