import { actorOf, type Context } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { readEventBounds } from '../../platform/events/log.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import type { Pause } from '../../platform/http/pause.ts';
import { insufficientScope, invalidRequest, overloaded } from '../../platform/problems.ts';
import { positionOf, type Start } from '../model.ts';
import { canReadAll } from '../policy.ts';
import { eventsExpired, tooManyWaiting } from '../problems.ts';
import { listStretch, type World } from '../repository.ts';
import { type EventQuery, Position } from '../schema.ts';
import { type Waiter, waitingRoomOf } from './waiting-room.ts';

/** A part of the log, and how far it reaches. */
export interface EventStretch {
  events: StoredEvent[];
  /** Everything that was asked for is read up to here. */
  lastSequence: number;
  nextCursor: string | null;
}

type Wanted = Pick<EventQuery, 'types' | 'all' | 'limit'> & { start: Start; world: World };

export async function listEvents(ctx: Context, query: EventQuery, pause: Pause): Promise<EventStretch> {
  const { userId, ...actor } = actorOf(ctx);
  if (query.all && !canReadAll({ userId, ...actor }))
    throw insufficientScope({
      detail: 'The events of everybody (`all=true`) are for admins, with the scope "admin".',
    });
  const { types, all, limit } = query;
  const wanted: Wanted = { types, all, limit, start: startOf(query), world: all ? 'all' : { userId } };
  if (query.wait === 0) return read(ctx, wanted);
  const waiter = enter(ctx, userId, query);
  try {
    return await readOrWait(ctx, wanted, { waiter, pause, milliseconds: query.wait * 1_000 });
  } finally {
    waiter.leave();
  }
}

const listOf = ({ types, all }: Pick<EventQuery, 'types' | 'all'>) => ['listEvents', types, all];

const startOf = (query: EventQuery): Start =>
  query.cursor === undefined
    ? (query.after ?? 'oldest')
    : decodeCursor(listOf(query), query.cursor, Position)[0];

async function read(ctx: Context, { start, world, ...query }: Wanted): Promise<EventStretch> {
  // The end is read before the events are: what is up to there is in them, whatever happens meanwhile.
  const bounds = await readEventBounds(ctx.db);
  const after = positionOf(start, bounds);
  if (after === 'expired') throw expired(bounds.oldest ?? bounds.newest + 1);
  if (after === 'notYet') throw beyondTheEnd(bounds.newest);
  const { events: found, stoppedAt } = await listStretch(ctx.db, world, { ...query, after });
  const events = found.slice(0, query.limit);
  const full = found.length > query.limit;
  const end = Math.max(bounds.newest, events.at(-1)?.sequence ?? 0);
  const lastSequence = full ? events.at(-1)!.sequence : Math.min(stoppedAt ?? end, end);
  const nextCursor = full || lastSequence < end ? encodeCursor(listOf(query), [lastSequence]) : null;
  return { events, lastSequence, nextCursor };
}

/** Reads until there is something, or no more time. The waiter was there before the first look: it misses nothing. */
async function readOrWait(
  ctx: Context,
  wanted: Wanted,
  { waiter, pause, milliseconds }: { waiter: Waiter; pause: Pause; milliseconds: number },
): Promise<EventStretch> {
  const endsAt = performance.now() + milliseconds;
  let stretch = await read(ctx, wanted);
  while (stretch.events.length === 0 && stretch.nextCursor === null) {
    waiter.after = stretch.lastSequence;
    const left = endsAt - performance.now();
    const called = left > 0 && (await pause((over) => waiter.called(left, over)));
    if (!called) break;
    stretch = await read(ctx, { ...wanted, start: stretch.lastSequence });
  }
  return stretch;
}

function enter(ctx: Context, userId: string, { all, types }: EventQuery): Waiter {
  const waiter = waitingRoomOf(ctx.events).enter({ userId, all, types: types && new Set(types) });
  if (waiter === 'tooMany') throw tooManyWaiting({ headers: { 'Retry-After': '5' } });
  if (waiter === 'full') throw overloaded({ headers: { 'Retry-After': '5' } });
  return waiter;
}

const expired = (oldest: number) =>
  eventsExpired({ detail: `The oldest event that is kept has the sequence ${oldest}.` });

const beyondTheEnd = (newest: number) =>
  invalidRequest({
    detail: `/query/after: is above the newest event, which has the sequence ${newest}.`,
    errors: [
      {
        pointer: '/query/after',
        code: 'beyond_the_end',
        message: `is above the newest event, which has the sequence ${newest}: was it one of another server?`,
      },
    ],
  });
