import pg from 'pg';
import type { Db, Tx } from '../../platform/context.ts';
import type { FeeSchedule } from '../model/facts.ts';
import { feeScheduleConflict } from '../problems.ts';
import type { ListPage } from './page.ts';

const select = (db: Db) =>
  db
    .selectFrom('fee_schedules')
    .select([
      'id',
      'name',
      'mode',
      'host_fee_bps as hostFeeBps',
      'guest_fee_bps as guestFeeBps',
      'effective_from as effectiveFrom',
      'created_at as createdAt',
    ]);

/** The only value that the database takes for a mode. */
const scheduleOf = (row: Omit<FeeSchedule, 'mode'> & { mode: string }): FeeSchedule => ({
  ...row,
  mode: row.mode as FeeSchedule['mode'],
});

/** Every schedule that ever held or will. */
export async function listFeeSchedulesInForce(db: Db): Promise<FeeSchedule[]> {
  return (await select(db).execute()).map(scheduleOf);
}

/** Newest first, one more than `limit` when there are more. */
export async function listFeeSchedules(db: Db, { before, limit }: ListPage): Promise<FeeSchedule[]> {
  let query = select(db)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(scheduleOf);
}

export async function insertFeeSchedule(tx: Tx, schedule: FeeSchedule): Promise<void> {
  await tx
    .insertInto('fee_schedules')
    .values({
      id: schedule.id,
      name: schedule.name,
      mode: schedule.mode,
      host_fee_bps: schedule.hostFeeBps,
      guest_fee_bps: schedule.guestFeeBps,
      effective_from: schedule.effectiveFrom,
      created_at: schedule.createdAt,
    })
    .execute()
    .catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.constraint === 'fee_schedules__one_at_a_time')
        throw feeScheduleConflict({ cause: error });
      throw error;
    });
}
