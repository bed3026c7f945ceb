import type { Money } from '@sojourn/shared/money';
import { z } from 'zod';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { newUuid, publicId, uuidOf } from '../../platform/id.ts';
import { taxRuleCreated, taxRuleEnded } from '../events.ts';
import type { TaxRule } from '../model/facts.ts';
import { taxRuleEnded as alreadyEnded, taxRuleNotFound } from '../problems.ts';
import * as rules from '../repository/tax-rules.ts';
import type { ListQuery } from './fee-schedules.ts';
import { forgetRulebook } from './rulebook.ts';
import { takesEffectAt } from './takes-effect.ts';

const LIST = ['listTaxRules'];
const Position = z.tuple([z.uuid()]);

/** Every tax rule, newest first. */
export async function listTaxRules(
  ctx: Context,
  { limit, cursor }: ListQuery,
): Promise<{ data: TaxRule[]; nextCursor: string | null }> {
  const before = cursor === undefined ? undefined : decodeCursor(LIST, cursor, Position)[0];
  const rows = await rules.listTaxRules(ctx.db, { before, limit });
  return pageFrom(
    rows,
    limit,
    (rule) => rule,
    ({ id }) => encodeCursor(LIST, [id]),
  );
}

type Told = 'name' | 'country' | 'region' | 'city' | 'kind' | 'bps' | 'inclusive' | 'maxNights';
export interface NewTaxRule extends Pick<TaxRule, Told> {
  amount: Money | null;
  effectiveFrom?: string | undefined;
  reason: string;
}

export async function createTaxRule(
  ctx: Context,
  { reason, effectiveFrom, amount, ...wanted }: NewTaxRule,
): Promise<TaxRule> {
  const now = ctx.clock.now();
  const rule: TaxRule = {
    ...wanted,
    id: newUuid(now),
    amount: amount?.amount ?? null,
    currency: amount?.currency ?? null,
    effectiveFrom: takesEffectAt(effectiveFrom, now, '/effectiveFrom'),
    effectiveUntil: null,
    createdAt: now,
  };
  const { name, country, region, city } = rule;
  await transaction(ctx, async (tx) => {
    await rules.insertTaxRule(tx, rule);
    await emit(ctx, tx, taxRuleCreated, {
      subjectId: actorOf(ctx).userId,
      audience: [],
      data: {
        taxRuleId: publicId('tax', rule.id),
        name,
        country,
        region,
        city,
        effectiveFrom: rule.effectiveFrom.toISOString(),
        reason,
      },
    });
  });
  forgetRulebook(ctx);
  return rule;
}

/** A tax that holds no more from a moment on. What was agreed before keeps it. */
export async function endTaxRule(
  ctx: Context,
  taxRuleId: string,
  { effectiveUntil, reason }: { effectiveUntil?: string | undefined; reason: string },
): Promise<TaxRule> {
  const until = takesEffectAt(effectiveUntil, ctx.clock.now(), '/effectiveUntil');
  const ended = await transaction(ctx, async (tx) => {
    const id = uuidOf('tax', taxRuleId);
    const rule = id && (await rules.lockTaxRule(tx, id));
    if (!rule) throw taxRuleNotFound();
    if (rule.effectiveUntil !== null)
      throw alreadyEnded({ detail: `The rule ends at ${rule.effectiveUntil.toISOString()}.` });
    await rules.endTaxRule(tx, id, until);
    await emit(ctx, tx, taxRuleEnded, {
      subjectId: actorOf(ctx).userId,
      audience: [],
      data: { taxRuleId, name: rule.name, effectiveUntil: until.toISOString(), reason },
    });
    return { ...rule, effectiveUntil: until };
  });
  forgetRulebook(ctx);
  return ended;
}
