import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { isApiError } from '../../failure.ts';
import { aheadText, clockTime } from './clock-words.ts';

export interface MoveOptions {
  reason?: string;
  wait: boolean;
}

type Move = { advance: string } | { to: string };

/** Longer than the server waits for what became due. */
const TIMEOUT_MS = 60_000;

/** Moves the time of a sandbox, waits until what became due is done, and tells what that was. */
export async function moveClock(
  ctx: CommandContext,
  move: Move,
  { reason, wait }: MoveOptions,
): Promise<void> {
  const { io, json, signal } = ctx;
  const client = await ctx.client();
  const before = json || !wait ? undefined : await newestEvent(client, signal);
  io.status(wait ? 'Time moves, and what becomes due is done …' : 'Time moves …');
  const clock = await client.admin.clock.move(
    { ...move, wait, ...(reason !== undefined && { reason }) },
    { signal, timeout: TIMEOUT_MS },
  );
  io.status();
  if (json) return io.json(clock);
  io.success(`It is ${clockTime(clock.now)}, ${aheadText(clock.aheadBy)} ahead of the real time.`);
  if (before === undefined) return;
  const happened = await happenedSince(client, before, signal);
  if (happened.length === 0) return io.say('  Nothing became due.');
  for (const line of happened) io.say(`  ${line}`);
}

/** The number of the newest event, or undefined for whoever may not read them: what happened is then not told. */
async function newestEvent({ events }: Sojourn, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await events.list({ after: 'latest', all: true, limit: 1 }, { signal }).page()).lastSequence;
  } catch (error) {
    if (isApiError(error) && error.status === 403) return undefined;
    throw error;
  }
}

/** `2 × booking.completed`, one for each kind of event, without that the clock itself was moved. */
async function happenedSince({ events }: Sojourn, after: number, signal: AbortSignal): Promise<string[]> {
  const counts = new Map<string, number>();
  for await (const { type } of events.list({ after, all: true, limit: 100 }, { signal }))
    if (type !== 'clock.moved') counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, times]) => `${times.toLocaleString('en-US')} × ${oneLine(type)}`);
}
