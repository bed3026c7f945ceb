import { z } from 'zod';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { newUuid, publicId } from '../../platform/id.ts';
import { feeScheduleCreated } from '../events.ts';
import type { FeeSchedule } from '../model/facts.ts';
import * as schedules from '../repository/fee-schedules.ts';
import { forgetRulebook } from './rulebook.ts';
import { takesEffectAt } from './takes-effect.ts';

export interface ListQuery {
  limit: number;
  cursor?: string | undefined;
}

const LIST = ['listFeeSchedules'];
const Position = z.tuple([z.uuid()]);

/** Every fee schedule, newest first. */
export async function listFeeSchedules(
  ctx: Context,
  { limit, cursor }: ListQuery,
): Promise<{ data: FeeSchedule[]; nextCursor: string | null }> {
  const before = cursor === undefined ? undefined : decodeCursor(LIST, cursor, Position)[0];
  const rows = await schedules.listFeeSchedules(ctx.db, { before, limit });
  return pageFrom(
    rows,
    limit,
    (schedule) => schedule,
    ({ id }) => encodeCursor(LIST, [id]),
  );
}

export interface NewFeeSchedule extends Pick<FeeSchedule, 'name' | 'mode' | 'hostFeeBps' | 'guestFeeBps'> {
  effectiveFrom?: string | undefined;
  reason: string;
}

/** A schedule that takes over at its moment. What was agreed before keeps the one that held. */
export async function createFeeSchedule(
  ctx: Context,
  { reason, effectiveFrom, ...wanted }: NewFeeSchedule,
): Promise<FeeSchedule> {
  const now = ctx.clock.now();
  const schedule: FeeSchedule = {
    ...wanted,
    id: newUuid(now),
    effectiveFrom: takesEffectAt(effectiveFrom, now, '/effectiveFrom'),
    createdAt: now,
  };
  await transaction(ctx, async (tx) => {
    await schedules.insertFeeSchedule(tx, schedule);
    await emit(ctx, tx, feeScheduleCreated, {
      subjectId: actorOf(ctx).userId,
      audience: [],
      data: {
        ...wanted,
        feeScheduleId: publicId('fee', schedule.id),
        effectiveFrom: schedule.effectiveFrom.toISOString(),
        reason,
      },
    });
  });
  forgetRulebook(ctx);
  return schedule;
}
