import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { PayoutAccounts } from '../../platform/db/rows.ts';
import type { PayoutAccount } from '../model/account.ts';

const accountOf = (row: Selectable<PayoutAccounts>): PayoutAccount => ({
  hostId: row.host_id,
  stripeAccountId: row.stripe_account_id,
  country: row.country,
  status: row.status as PayoutAccount['status'],
  requirements: row.requirements,
});

export async function findAccount(db: Db, hostId: string): Promise<PayoutAccount | undefined> {
  const row = await db
    .selectFrom('payout_accounts')
    .selectAll()
    .where('host_id', '=', hostId)
    .executeTakeFirst();
  return row && accountOf(row);
}

/** Writes that a host wants an account; one that has no account at Stripe yet, or no more, may change the country. */
export async function wantAccount(
  tx: Tx,
  { hostId, country }: Pick<PayoutAccount, 'hostId' | 'country'>,
  now: Date,
): Promise<PayoutAccount> {
  const row = await tx
    .insertInto('payout_accounts')
    .values({
      host_id: hostId,
      country,
      status: 'pending',
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.column('host_id').doUpdateSet((eb) => ({
        country: eb
          .case()
          .when(
            eb.or([
              eb('payout_accounts.stripe_account_id', 'is', null),
              eb('payout_accounts.status', '=', 'closed'),
            ]),
          )
          .then(country)
          .else(eb.ref('payout_accounts.country'))
          .end(),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return accountOf(row);
}

/** Notes the account that Stripe opened in place of the one from before, unless another came first. */
export async function openedAt(
  db: Db,
  { hostId, stripeAccountId: before }: PayoutAccount,
  stripeAccountId: string,
  now: Date,
): Promise<void> {
  await db
    .updateTable('payout_accounts')
    .set({ stripe_account_id: stripeAccountId, status: 'pending', requirements: [], updated_at: now })
    .where('host_id', '=', hostId)
    .where('stripe_account_id', 'is not distinct from', before)
    .execute();
}

export async function lockAccountByStripeId(
  tx: Tx,
  stripeAccountId: string,
): Promise<PayoutAccount | undefined> {
  const row = await tx
    .selectFrom('payout_accounts')
    .selectAll()
    .where('stripe_account_id', '=', stripeAccountId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && accountOf(row);
}

export async function updateAccount(
  tx: Tx,
  { hostId, status, requirements }: PayoutAccount,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('payout_accounts')
    .set({ status, requirements: [...requirements], updated_at: now })
    .where('host_id', '=', hostId)
    .execute();
}

/** Accounts that Stripe has told nothing of for a while and that are not ready, those longest silent first. */
export async function takeSilentAccounts(db: Db, before: Date, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .updateTable('payout_accounts')
    .set({ updated_at: now })
    .where('host_id', 'in', (eb) =>
      eb
        .selectFrom('payout_accounts')
        .select('host_id')
        .where('status', 'in', ['pending', 'restricted'])
        .where('stripe_account_id', 'is not', null)
        .where('updated_at', '<', before)
        .orderBy('updated_at')
        .limit(limit),
    )
    .returning('stripe_account_id')
    .execute();
  return rows.map(({ stripe_account_id }) => stripe_account_id!);
}

/** The country and the address of a host, for an account: the country is that of the newest listing that has one. */
export async function readHost(db: Db, hostId: string): Promise<{ email: string; country: string | null }> {
  return db
    .selectFrom('users')
    .select((eb) => [
      'email',
      eb
        .selectFrom('listings')
        .select(sql<string>`address ->> 'country'`.as('country'))
        .where('host_id', '=', hostId)
        .where('address', 'is not', null)
        .orderBy('id', 'desc')
        .limit(1)
        .as('country'),
    ])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow();
}
