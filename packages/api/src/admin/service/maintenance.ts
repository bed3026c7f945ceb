import { z } from 'zod';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { publicId, uuidOf } from '../../platform/id.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { MARKETPLACE, maintenanceStarted } from '../events.ts';
import { maintenanceNotFound, maintenanceRunNotFound } from '../maintenance-problems.ts';
import type { MaintenanceRun } from '../model/maintenance.ts';
import { findRun, listRuns } from '../repository/maintenance-runs.ts';
import { MAINTENANCE_TASKS, type MaintenanceTask } from './maintenance-tasks.ts';
import { wantRun } from './run-maintenance.ts';

export interface WantedMaintenance {
  apply: boolean;
  reason?: string | undefined;
  [option: string]: unknown;
}

/** Asks for maintenance: a look, or with `apply` and a reason the change as well. */
export async function startMaintenance(
  ctx: Context,
  name: string,
  { apply, reason, ...given }: WantedMaintenance,
): Promise<MaintenanceRun> {
  const task = taskNamed(name);
  const options = optionsOf(task, { apply, reason }, given);
  return transaction(ctx, async (tx) => {
    const run = await wantRun(ctx, tx, {
      task: name,
      options,
      applies: apply,
      reason: reason ?? null,
      startedBy: actorOf(ctx).userId,
    });
    await emit(ctx, tx, maintenanceStarted, {
      subjectId: MARKETPLACE,
      audience: [],
      data: { runId: publicId('run', run.id), task: name, applies: apply, reason: reason ?? null },
    });
    return run;
  });
}

function taskNamed(name: string): MaintenanceTask {
  const task = MAINTENANCE_TASKS.find((one) => one.name === name);
  if (!task)
    throw maintenanceNotFound({
      detail: `There is no maintenance "${name}". There is ${MAINTENANCE_TASKS.map((one) => one.name).join(', ')}.`,
    });
  return task;
}

/** What was asked for, when the task takes it; all that is wrong with it at once when not. */
function optionsOf(
  task: MaintenanceTask,
  { apply, reason }: Pick<WantedMaintenance, 'apply' | 'reason'>,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const errors = [
    ...Object.keys(given)
      .filter((name) => given[name] !== undefined && !Object.hasOwn(task.options.shape, name))
      .map((name) => ({
        pointer: `/${name}`,
        code: 'not_an_option',
        message: `is no option of ${task.name}`,
      })),
    ...(apply && !task.applies
      ? [{ pointer: '/apply', code: 'only_looks', message: `${task.name} only looks, and changes nothing` }]
      : []),
    ...(apply && task.applies && reason === undefined
      ? [{ pointer: '/reason', code: 'required', message: 'is required to apply' }]
      : []),
    ...periodErrors(given),
  ];
  if (errors.length > 0) throw invalidRequest({ errors });
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function periodErrors({ from, to }: Record<string, unknown>) {
  if (typeof from !== 'string' || typeof to !== 'string' || Date.parse(from) < Date.parse(to)) return [];
  return [{ pointer: '/to', code: 'before_from', message: 'must be after from' }];
}

export async function getMaintenanceRun(ctx: Context, runId: string): Promise<MaintenanceRun> {
  const id = uuidOf('run', runId);
  const run = id && (await findRun(ctx.db, id));
  if (!run) throw maintenanceRunNotFound();
  return run;
}

const Position = z.tuple([z.uuid()]);

/** Every run, newest first. */
export async function listMaintenanceRuns(
  ctx: Context,
  { limit, cursor, task }: { limit: number; cursor?: string | undefined; task?: string | undefined },
): Promise<{ data: MaintenanceRun[]; nextCursor: string | null }> {
  const list = ['listMaintenanceRuns', task];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await listRuns(ctx.db, { before, limit, task });
  return pageFrom(
    rows,
    limit,
    (run) => run,
    ({ id }) => encodeCursor(list, [id]),
  );
}
