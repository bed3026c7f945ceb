import { type Clock, MovableClock } from './clock.ts';
import type { Db, Tx } from './context.ts';
import type { EventTail } from './events/event.ts';
import type { Log } from './log.ts';

/** The type of the event that tells of a move. */
export const CLOCK_MOVED = 'clock.moved';

/** How far the marketplace's clock is ahead, in milliseconds. */
export async function readAheadMs(db: Db): Promise<number> {
  const { ahead_ms } = await db.selectFrom('sandbox_clock').select('ahead_ms').executeTakeFirstOrThrow();
  return ahead_ms;
}

/** The same, held until the transaction ends: moves come one after another. */
export async function lockAheadMs(tx: Tx): Promise<number> {
  const { ahead_ms } = await tx
    .selectFrom('sandbox_clock')
    .select('ahead_ms')
    .forUpdate()
    .executeTakeFirstOrThrow();
  return ahead_ms;
}

export async function saveAheadMs(tx: Tx, aheadMs: number, movedAt: Date): Promise<void> {
  await tx.updateTable('sandbox_clock').set({ ahead_ms: aheadMs, moved_at: movedAt }).execute();
}

/** Sets the clock of this process to where the database says. It goes forward only. Clocks that do not move stay. */
export async function catchUp({ clock, db }: { clock: Clock; db: Db }): Promise<void> {
  if (clock instanceof MovableClock) clock.aheadMs = Math.max(clock.aheadMs, await readAheadMs(db));
}

/** Keeps the clock of this process with that of all others: by the log of events, which tells of every move. */
export async function followClock(clock: Clock, db: Db, events: EventTail, log: Log): Promise<void> {
  await catchUp({ clock, db });
  events.onEvents((seen) => {
    if (!seen.some(({ type }) => type === CLOCK_MOVED)) return;
    catchUp({ clock, db }).catch((err: unknown) =>
      log.warn({ err }, 'the clock of the sandbox could not be followed; the next scheduled job does it'),
    );
  });
}
