import { MovableClock, systemClock } from '../../platform/clock.ts';
import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { ask } from '../../platform/jobs/ask.ts';
import { runSchedulesNow } from '../../platform/jobs/dispatch.ts';
import { isSettled, settles } from '../../platform/jobs/settled.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { catchUp, lockAheadMs, saveAheadMs } from '../../platform/sandbox-clock.ts';
import { clockNotSettled, sandboxOnly } from '../clock-problems.ts';
import { clockMoved, MARKETPLACE } from '../events.ts';
import { aheadAfter, type ClockState, type Move, type MoveFault } from '../model/clock.ts';
import { orUnavailable } from './queues-answer.ts';

/** How long a request waits for what became due, in milliseconds. */
const SETTLE_WITHIN_MS = 30_000;

const stateAt = (aheadMs: number): ClockState => ({
  now: new Date(systemClock.now().getTime() + aheadMs),
  aheadMs,
  movable: true,
});

/** The clock of a sandbox; undefined where time is real, or stands as a test wants it. */
const movableClockOf = ({ clock, config }: Context): MovableClock | undefined =>
  config.mode === 'sandbox' && clock instanceof MovableClock ? clock : undefined;

export async function getClock(ctx: Context): Promise<ClockState & { settled: boolean }> {
  const movable = movableClockOf(ctx);
  const state = movable ? stateAt(movable.aheadMs) : { now: ctx.clock.now(), aheadMs: 0, movable: false };
  return { ...state, settled: await orUnavailable(isSettled(ctx)) };
}

/** Moves the time of the whole marketplace forward. This process and all others follow once the move is kept. */
export async function moveClock(
  ctx: Context,
  { reason, ...move }: Move & { reason?: string | undefined },
): Promise<ClockState> {
  if (!movableClockOf(ctx)) throw sandboxOnly({ detail: 'The time of this marketplace is not to be moved.' });
  return transaction(ctx, async (tx) => {
    const before = await lockAheadMs(tx);
    const systemNow = systemClock.now();
    const aheadMs = aheadAfter(move, before, systemNow);
    if (typeof aheadMs === 'string') throw refusal('to' in move ? '/to' : '/advance', aheadMs);
    await saveAheadMs(tx, aheadMs, systemNow);
    await emit(ctx, tx, clockMoved, {
      subjectId: MARKETPLACE,
      audience: [],
      data: { now: stateAt(aheadMs).now.toISOString(), reason: reason ?? null },
      previous: { now: stateAt(before).now.toISOString() },
    });
    return stateAt(aheadMs);
  });
}

const REFUSALS: Record<MoveFault, string> = {
  back: 'must not be in the past: the clock goes forward only',
  too_far: 'must not be more than ten years ahead of the time of the system',
};
const refusal = (pointer: string, code: MoveFault) =>
  invalidRequest({ errors: [{ pointer, code, message: REFUSALS[code] }] });

/** After a move was kept: this process follows at once, and all that runs every so often runs. */
export async function followMove(ctx: Context, wait: boolean): Promise<void> {
  await catchUp(ctx);
  // Without the queues nothing is done anyway; when they are back, schedules run by themselves.
  await ask(() => runSchedulesNow(ctx.queues)).catch((err: unknown) =>
    ctx.log.warn({ err }, 'the clock was moved, and the queues could not be told'),
  );
  if (wait && !(await orUnavailable(settles(ctx, SETTLE_WITHIN_MS))))
    throw clockNotSettled({
      detail: 'What became due is not done after 30 seconds. The clock was moved all the same.',
      headers: { 'Retry-After': '1' },
    });
}
