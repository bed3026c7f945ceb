import pLimit from 'p-limit';
import { type Context, type Db, transaction } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { listEventsBySequence } from '../../platform/events/log.ts';
import { newUuid } from '../../platform/id.ts';
import { nextAttemptAfter } from '../model/delivery.ts';
import {
  ATTEMPTS_AT_ONCE,
  batchSize,
  FAILING_AFTER,
  type Health,
  healthAfter,
  isFailing,
  isGivenUp,
  restAfter,
} from '../model/pace.ts';
import {
  claimTurn,
  type DueDelivery,
  listDue,
  type Result,
  recordTurn,
  type Turn,
} from '../repository/turns.ts';
import { giveUp } from './give-up.ts';
import { openKeys } from './secrets.ts';
import { isGone, send, type Target } from './send.ts';
import { wakeEndpoints } from './wake-due.ts';

/** How long an endpoint is sent to before others get their turn, in milliseconds. */
const TURN_MS = 1_000;
/** Within this much of a batch attempts begin, in milliseconds: the last may take 15 s, and the claim lasts 30. */
const BEGIN_WITHIN_MS = 5_000;

/** Sends an endpoint what is due, until nothing is or its turn is over. */
export async function deliver(ctx: Context, endpointId: string, signal: AbortSignal): Promise<void> {
  const until = performance.now() + TURN_MS;
  while (await deliverBatch(ctx, endpointId, signal)) {
    if (signal.aborted) return;
    if (performance.now() > until) return wakeEndpoints(ctx, [endpointId]);
  }
}

/** Answers whether there may be more to send at once. */
async function deliverBatch(ctx: Context, endpointId: string, signal: AbortSignal): Promise<boolean> {
  const now = ctx.clock.now();
  const claim = newUuid(now);
  const turn = await claimTurn(ctx.db, endpointId, claim, now);
  if (!turn) return false;
  const size = batchSize(turn);
  const due = await listDue(ctx.db, endpointId, now, size);
  const attempted = due.length === 0 ? [] : await attemptAll(ctx, turn, due, signal);
  const healthy = await record(ctx, turn, claim, attempted);
  return healthy && due.length === size;
}

interface Attempted extends Result {
  gone: boolean;
  /** Whether it says anything of the endpoint. */
  counts: boolean;
}

/** Results in the order in which the attempts ended. */
async function attemptAll(
  ctx: Context,
  turn: Turn,
  due: readonly DueDelivery[],
  signal: AbortSignal,
): Promise<Attempted[]> {
  const target = { url: turn.url, keys: openKeys(ctx, turn.secrets) };
  const events = await listEventsBySequence(
    ctx.db,
    due.map(({ eventSequence }) => eventSequence),
  );
  const bySequence = new Map(events.map((event) => [event.sequence, event]));
  const ended: Attempted[] = [];
  const until = performance.now() + BEGIN_WITHIN_MS;
  const isOver = () => signal.aborted || performance.now() > until || failsInARow(ended);
  const limit = pLimit(ATTEMPTS_AT_ONCE);
  await limit.map(due, async (delivery) => {
    if (isOver()) return;
    const event = bySequence.get(delivery.eventSequence);
    const result = event ? await attempt(ctx, target, delivery, event, signal) : withoutEvent(ctx, delivery);
    if (result) ended.push(result);
  });
  return ended;
}

const failsInARow = (ended: readonly Attempted[]) =>
  ended.length >= FAILING_AFTER && ended.slice(-FAILING_AFTER).every(({ state }) => state !== 'delivered');

async function attempt(
  ctx: Context,
  target: Target,
  { id, attempts }: DueDelivery,
  event: StoredEvent,
  signal: AbortSignal,
): Promise<Attempted | undefined> {
  const made = attempts + 1;
  const logged = await send(ctx, target, event, { attempt: made, signal });
  if (!logged) return undefined;
  const now = ctx.clock.now();
  const delivered = logged.reason === null;
  const nextAttemptAt = delivered ? null : nextAttemptAfter(made, now, Math.random());
  return {
    id,
    attempt: logged,
    gone: isGone(logged),
    counts: true,
    state: delivered ? 'delivered' : nextAttemptAt ? 'pending' : 'failed',
    nextAttemptAt,
    endedAt: nextAttemptAt ? null : now,
  };
}

/** The endpoint was disabled for so long that what waited for it is not kept any more. */
function withoutEvent({ clock }: Context, { id }: DueDelivery): Attempted {
  const now = clock.now();
  const attempt = {
    at: now.toISOString(),
    status: null,
    reason: 'event_not_kept',
    detail: 'The event is older than 90 days and not kept any more, so nothing was sent.',
    milliseconds: 0,
    answer: null,
  };
  return { id, attempt, gone: false, counts: false, state: 'failed', nextAttemptAt: null, endedAt: now };
}

/** Answers whether the endpoint may get more at once. */
async function record(
  ctx: Context,
  turn: Turn,
  claim: string,
  attempted: readonly Attempted[],
): Promise<boolean> {
  const now = ctx.clock.now();
  const succeeded = attempted.filter(({ counts }) => counts).map(({ state }) => state === 'delivered');
  const health = healthAfter(turn, succeeded, now);
  const keep = (db: Db) =>
    recordTurn(db, turn.endpointId, claim, attempted, { ...health, restUntil: restAfter(health, now) });
  const reason = reasonToGiveUp(attempted, health, now);
  const kept = reason
    ? await transaction(ctx, async (tx) => {
        const held = await keep(tx);
        if (held) await giveUp(ctx, tx, turn.endpointId, reason);
        return held;
      })
    : await keep(ctx.db);
  if (!kept)
    ctx.log.warn(
      { endpointId: turn.endpointId },
      'a turn of webhook deliveries took too long to be recorded',
    );
  return kept && !reason && !isFailing(health);
}

function reasonToGiveUp(attempted: readonly Attempted[], health: Health, now: Date) {
  if (attempted.some(({ gone }) => gone)) return 'gone';
  const failed = attempted.some(({ counts, state }) => counts && state !== 'delivered');
  return failed && isGivenUp(health, now) ? 'failing' : undefined;
}
