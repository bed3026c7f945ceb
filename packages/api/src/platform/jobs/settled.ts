import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Context, Db } from '../context.ts';
import { readQueueStates } from './state.ts';

const LOOK_EVERY_MS = 50;

/**
 * Whether nothing that is due waits to be done: no event that somebody has yet to take, no job whose time has come and
 * that is neither done nor dead, nothing in a queue. The queues are asked first: what they hand back meanwhile, the
 * database knows.
 */
export async function isSettled({ db, queues, clock }: Pick<Context, 'db' | 'queues' | 'clock'>) {
  const states = await readQueueStates(queues);
  if (states.some(({ waiting, active }) => waiting + active > 0)) return false;
  return !(await isAnythingDue(db, clock.now()));
}

async function isAnythingDue(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select from outbox)
      or exists (select from jobs where dead_at is null and run_at <= ${now})
      or exists (select from event_cursors c where exists (
        select from events e where e.partition = c.partition and e.sequence > c.sequence))
      or exists (select from event_retries where next_attempt_at <= ${now}) as due`.execute(db);
  return rows[0]!.due;
}

/** Waits until nothing that is due waits to be done; answers whether it came to that in time. */
export async function settles(ctx: Context, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!(await isSettled(ctx))) {
    if (performance.now() > until || !ctx.lifecycle.ready) return false;
    await wait(LOOK_EVERY_MS);
  }
  return true;
}
