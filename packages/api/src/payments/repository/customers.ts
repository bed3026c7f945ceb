import type { Db } from '../../platform/context.ts';

/** Whom a user is at Stripe. */
export async function findCustomer(db: Db, userId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('stripe_customers')
    .select('stripe_id')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.stripe_id;
}

export async function insertCustomer(db: Db, userId: string, stripeId: string, now: Date): Promise<void> {
  await db
    .insertInto('stripe_customers')
    .values({ user_id: userId, stripe_id: stripeId, created_at: now })
    .onConflict((conflict) => conflict.column('user_id').doNothing())
    .execute();
}
