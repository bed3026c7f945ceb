import type { Currency } from '@sojourn/shared/money';
import type { Db, Tx } from '../../platform/context.ts';
import type { TaxKind, TaxRule } from '../model/facts.ts';
import type { ListPage } from './page.ts';

const COLUMNS = [
  'id',
  'name',
  'country',
  'region',
  'city',
  'kind',
  'bps',
  'amount',
  'currency',
  'inclusive',
  'max_nights as maxNights',
  'effective_from as effectiveFrom',
  'effective_until as effectiveUntil',
  'created_at as createdAt',
] as const;

const select = (db: Db) => db.selectFrom('tax_rules').select(COLUMNS);

type Stored = 'kind' | 'currency';
// Only what the model knows is ever stored.
const ruleOf = (row: Omit<TaxRule, Stored> & { kind: string; currency: string | null }): TaxRule => ({
  ...row,
  kind: row.kind as TaxKind,
  currency: row.currency as Currency | null,
});

/** Rules that hold now or will, the oldest first. */
export async function listTaxRulesInForce(db: Db, now: Date): Promise<TaxRule[]> {
  const rows = await select(db)
    .where((eb) => eb.or([eb('effective_until', 'is', null), eb('effective_until', '>', now)]))
    .orderBy('id')
    .execute();
  return rows.map(ruleOf);
}

/** Newest first, one more than `limit` when there are more. */
export async function listTaxRules(db: Db, { before, limit }: ListPage): Promise<TaxRule[]> {
  let query = select(db)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(ruleOf);
}

export async function lockTaxRule(tx: Tx, id: string): Promise<TaxRule | undefined> {
  const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
  return row && ruleOf(row);
}

export async function insertTaxRule(tx: Tx, rule: TaxRule): Promise<void> {
  await tx
    .insertInto('tax_rules')
    .values({
      id: rule.id,
      name: rule.name,
      country: rule.country,
      region: rule.region,
      city: rule.city,
      kind: rule.kind,
      bps: rule.bps,
      amount: rule.amount,
      currency: rule.currency,
      inclusive: rule.inclusive,
      max_nights: rule.maxNights,
      effective_from: rule.effectiveFrom,
      effective_until: rule.effectiveUntil,
      created_at: rule.createdAt,
    })
    .execute();
}

export async function endTaxRule(tx: Tx, id: string, effectiveUntil: Date): Promise<void> {
  await tx.updateTable('tax_rules').set({ effective_until: effectiveUntil }).where('id', '=', id).execute();
}
