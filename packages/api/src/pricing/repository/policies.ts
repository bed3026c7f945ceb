import pg from 'pg';
import type { Db, Tx } from '../../platform/context.ts';
import type { Policy } from '../model/facts.ts';
import type { PolicyRules } from '../model/terms.ts';
import { policyConflict } from '../problems.ts';
import type { ListPage } from './page.ts';

const select = (db: Db) =>
  db
    .selectFrom('cancellation_policies')
    .select([
      'id',
      'key',
      'name',
      'terms as rules',
      'effective_from as effectiveFrom',
      'created_at as createdAt',
    ]);

// Only rules that were checked are ever stored.
const policyOf = (row: Omit<Policy, 'rules'> & { rules: unknown }): Policy => ({
  ...row,
  rules: row.rules as PolicyRules,
});

/** Every version of every policy. */
export async function listPoliciesInForce(db: Db): Promise<Policy[]> {
  return (await select(db).execute()).map(policyOf);
}

/** Newest first, one more than `limit` when there are more. */
export async function listPolicies(db: Db, { before, limit }: ListPage): Promise<Policy[]> {
  let query = select(db)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(policyOf);
}

export async function insertPolicy(tx: Tx, policy: Policy): Promise<void> {
  await tx
    .insertInto('cancellation_policies')
    .values({
      id: policy.id,
      key: policy.key,
      name: policy.name,
      terms: JSON.stringify(policy.rules),
      effective_from: policy.effectiveFrom,
      created_at: policy.createdAt,
    })
    .execute()
    .catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.constraint === 'cancellation_policies__one_at_a_time')
        throw policyConflict({ cause: error });
      throw error;
    });
}
