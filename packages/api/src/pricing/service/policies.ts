import { z } from 'zod';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { newUuid, publicId } from '../../platform/id.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { policyCreated } from '../events.ts';
import type { Policy } from '../model/facts.ts';
import { flawsOf } from '../model/policy-rules.ts';
import * as policies from '../repository/policies.ts';
import type { ListQuery } from './fee-schedules.ts';
import { forgetRulebook } from './rulebook.ts';
import { takesEffectAt } from './takes-effect.ts';

const LIST = ['listPolicies'];
const Position = z.tuple([z.uuid()]);

/** Every version of every policy, newest first. */
export async function listPolicies(
  ctx: Context,
  { limit, cursor }: ListQuery,
): Promise<{ data: Policy[]; nextCursor: string | null }> {
  const before = cursor === undefined ? undefined : decodeCursor(LIST, cursor, Position)[0];
  const rows = await policies.listPolicies(ctx.db, { before, limit });
  return pageFrom(
    rows,
    limit,
    (policy) => policy,
    ({ id }) => encodeCursor(LIST, [id]),
  );
}

export interface NewPolicy extends Pick<Policy, 'key' | 'name' | 'rules'> {
  effectiveFrom?: string | undefined;
  reason: string;
}

/** A version of a policy that takes over at its moment. What was agreed before keeps the one that held. */
export async function createPolicy(
  ctx: Context,
  { reason, effectiveFrom, ...wanted }: NewPolicy,
): Promise<Policy> {
  const flaws = flawsOf(wanted.rules);
  if (flaws.length > 0)
    throw invalidRequest({
      errors: flaws.map(({ pointer, message }) => ({
        pointer: `/rules${pointer}`,
        code: 'refund_rises',
        message,
      })),
    });
  const now = ctx.clock.now();
  const policy: Policy = {
    ...wanted,
    id: newUuid(now),
    effectiveFrom: takesEffectAt(effectiveFrom, now, '/effectiveFrom'),
    createdAt: now,
  };
  await transaction(ctx, async (tx) => {
    await policies.insertPolicy(tx, policy);
    await emit(ctx, tx, policyCreated, {
      subjectId: actorOf(ctx).userId,
      audience: [],
      data: {
        policyId: publicId('pol', policy.id),
        key: policy.key,
        name: policy.name,
        effectiveFrom: policy.effectiveFrom.toISOString(),
        reason,
      },
    });
  });
  forgetRulebook(ctx);
  return policy;
}
