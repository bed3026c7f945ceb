import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '../../../packages/api/src/platform/clock.ts';
import type { Context } from '../../../packages/api/src/platform/context.ts';
import { APPLICATION_ROLE, columnTypes, kyselyOn } from '../../../packages/api/src/platform/db/connect.ts';
import { emit } from '../../../packages/api/src/platform/events/emit.ts';
import { listEvents } from '../../../packages/api/src/platform/events/log.ts';
import { counted, stormTables } from './work.ts';

export interface Storm {
  folder: string;
  databaseUrl: string;
  redisUrl?: string;
  events: number;
  writers: number;
  /** What happens to the workers, one after the other, while events are written and handled. */
  blows: readonly Blow[];
}

/** `kill` is kill -9 of a worker, which is then started anew; a number freezes one for so many milliseconds. */
export type Blow = 'kill' | number | (() => Promise<void>);

const SUBJECTS = 40;
const PATIENCE_MS = 120_000;
/** So many events the tail reads at once, as a client would. */
const PAGE = 97;

/**
 * Writers commit events of common subjects in another order than they began, workers are struck down meanwhile, and a
 * reader follows. Then everything is counted: each effect once, in the order of its subject, and the sequence whole.
 */
export async function storm({ folder, databaseUrl, redisUrl, events, writers, blows }: Storm) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  await owner.query(stormTables);
  await owner.query('grant all on storm_subjects, storm_effects to sojourn_app');
  const subjects = Array.from({ length: SUBJECTS }, () => randomUUID());
  await owner.query('insert into storm_subjects (id) select unnest($1::uuid[])', [subjects]);

  // The writers are patient: what is under test is what they leave behind.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: writers + 2,
    options: `-c role=${APPLICATION_ROLE}`,
    types: columnTypes,
  });
  const ctx = { db: kyselyOn(pool), clock: systemClock, actor: null } as unknown as Context;
  const fleet = openFleet(folder, databaseUrl, redisUrl);
  await fleet.start();
  await fleet.start();

  const startedAt = performance.now();
  const reader = follow(ctx, events);
  const writing = Promise.all(
    Array.from({ length: writers }, (_, i) => write(ctx, subjects, events / writers, i)),
  );
  for (const blow of blows) {
    await wait(100 + Math.random() * 500);
    if (blow === 'kill') await fleet.kill();
    else if (typeof blow === 'number') await fleet.freeze(blow);
    else await blow();
  }
  await writing;
  const seen = await reader;
  await settle(owner, events);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  await fleet.stop();
  const counts = await count(owner);
  await pool.end();
  await owner.end();
  const gaps = seen.filter((sequence, i) => sequence !== i + 1).length;
  return {
    events,
    blows: blows.length,
    seconds,
    read: seen.length,
    gaps,
    ...counts,
    holds:
      gaps === 0 &&
      seen.length === events &&
      counts.handled === events &&
      counts.jobsDone === events &&
      counts.doubled === 0 &&
      counts.outOfOrder === 0 &&
      counts.left === 0,
  };
}

async function write(
  ctx: Context,
  subjects: readonly string[],
  count: number,
  writer: number,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const subjectId = subjects[Math.floor(Math.random() * subjects.length)]!;
    await ctx.db.transaction().execute(async (tx) => {
      const { rows } = await pgRows<{ number: number }>(
        tx,
        'update storm_subjects set number = number + 1 where id = $1 returning number',
        [subjectId],
      );
      await emit(ctx, tx, counted, { subjectId, audience: [subjectId], data: { number: rows[0]!.number } });
      // Some commit late: their events are written before others that are numbered first.
      if ((i + writer) % 7 === 0) await wait(Math.random() * 30);
    });
  }
}

async function pgRows<T>(
  tx: Context['db'],
  text: string,
  values: readonly unknown[],
): Promise<{ rows: T[] }> {
  const { CompiledQuery } = await import('kysely');
  return tx.executeQuery<T>(CompiledQuery.raw(text, [...values]));
}

/** Reads the log as a client does, never asking again for what it has seen. */
async function follow(ctx: Context, expected: number): Promise<number[]> {
  const seen: number[] = [];
  const deadline = performance.now() + PATIENCE_MS;
  while (seen.length < expected && performance.now() < deadline) {
    const page = await listEvents(ctx.db, { after: seen.at(-1) ?? 0, limit: PAGE });
    seen.push(...page.map(({ sequence }) => sequence));
    if (page.length === 0) await wait(10);
  }
  return seen;
}

async function settle(owner: pg.Client, events: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { rows } = await owner.query<{ effects: number; left: number }>(
      'select (select count(*)::int from storm_effects) as effects, (select count(*)::int from jobs) as left',
    );
    if (rows[0]!.effects >= 2 * events && rows[0]!.left === 0) return;
    await wait(100);
  }
}

async function count(owner: pg.Client) {
  const { rows } = await owner.query<{
    handled: number;
    jobsDone: number;
    doubled: number;
    outOfOrder: number;
    left: number;
  }>(`select
    (select count(distinct event_id)::int from storm_effects where kind = 'event') as handled,
    (select count(distinct event_id)::int from storm_effects where kind = 'job') as "jobsDone",
    (select count(*)::int from (select from storm_effects group by kind, event_id having count(*) > 1) as twice) as doubled,
    (select count(*)::int from (
      select number - lag(number, 1, 0) over (partition by subject_id order by id) as step
      from storm_effects where kind = 'event'
    ) as steps where step <> 1) as "outOfOrder",
    (select count(*)::int from jobs) + (select count(*)::int from outbox) as left`);
  return rows[0]!;
}

/** Worker processes by turns: a blow always strikes the oldest. */
function openFleet(folder: string, databaseUrl: string, redisUrl: string | undefined) {
  const workers: ChildProcess[] = [];
  async function start() {
    const child = fork(path.join(import.meta.dirname, 'worker.ts'), {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: databaseUrl,
        SOJOURN_DATA_DIR: folder,
        LOG_LEVEL: process.env.STORM_LOG ?? 'silent',
        ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    workers.push(child);
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
  }
  async function end(child: ChildProcess) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  return {
    start,
    async kill() {
      await end(workers.shift()!);
      await start();
    },
    async freeze(milliseconds: number) {
      const [child] = workers;
      child!.kill('SIGSTOP');
      await wait(milliseconds);
      child!.kill('SIGCONT');
      workers.push(workers.shift()!);
    },
    stop: () => Promise.all(workers.map(end)),
  };
}
