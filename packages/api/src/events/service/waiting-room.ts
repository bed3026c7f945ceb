import type { EventTail, StoredEvent } from '../../platform/events/event.ts';

// Requests that wait for news. They sit in the memory of their process, by the user whose world they read, and each event
// of the log calls those that it is for: nobody asks the database whether there is something new.

/** What a waiter is called for. */
interface Wish {
  userId: string;
  /** Also what is of other people's worlds. */
  all: boolean;
  types: ReadonlySet<string> | undefined;
}

export interface Waiter {
  /** Only events above this number are news. */
  after: number;
  /** True when there is news since the last time that it was so; false when time is over, or the signal ended the wait. */
  called(milliseconds: number, over: AbortSignal): Promise<boolean>;
  leave(): void;
}

export const MAX_WAITERS = 10_000;
export const MAX_WAITERS_OF_USER = 20;

export interface WaitingRoom {
  /** How many wait. */
  readonly size: number;
  enter(wish: Wish): Waiter | 'full' | 'tooMany';
}

/** Told of an event that is for its waiter. */
type Bell = (event: StoredEvent) => void;

const rooms = new WeakMap<EventTail, WaitingRoom>();

/** The one waiting room of the process that hears this log. */
export function waitingRoomOf(tail: EventTail): WaitingRoom {
  let room = rooms.get(tail);
  if (!room) {
    room = openWaitingRoom(tail);
    rooms.set(tail, room);
  }
  return room;
}

function openWaitingRoom(tail: EventTail): WaitingRoom {
  const byUser = new Map<string, Set<Bell>>();
  const curious = new Set<Bell>();
  let size = 0;

  tail.onEvents((events) => {
    if (size === 0) return;
    for (const event of events) {
      for (const ring of curious) ring(event);
      for (const userId of event.audience) for (const ring of byUser.get(userId) ?? []) ring(event);
    }
  });

  return {
    get size() {
      return size;
    },
    enter({ userId, all, types }) {
      const own = byUser.get(userId) ?? new Set();
      if (own.size >= MAX_WAITERS_OF_USER) return 'tooMany';
      if (size >= MAX_WAITERS) return 'full';
      const { waiter, ring } = newWaiter(types, () => {
        if (!own.delete(ring)) return;
        if (own.size === 0) byUser.delete(userId);
        curious.delete(ring);
        size -= 1;
      });
      byUser.set(userId, own.add(ring));
      if (all) curious.add(ring);
      size += 1;
      return waiter;
    },
  };
}

function newWaiter(types: Wish['types'], leave: () => void): { waiter: Waiter; ring: Bell } {
  let news = false;
  let wake: (() => void) | undefined;
  const waiter: Waiter = {
    after: 0,
    leave,
    async called(milliseconds, over) {
      if (!news) await untilCalled(milliseconds, over);
      const was = news;
      news = false;
      return was;
    },
  };
  const untilCalled = (milliseconds: number, over: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (over.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        over.removeEventListener('abort', end);
        wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      over.addEventListener('abort', end, { once: true });
      wake = end;
    });
  const ring: Bell = ({ sequence, type }) => {
    if (sequence <= waiter.after || types?.has(type) === false) return;
    news = true;
    wake?.();
  };
  return { waiter, ring };
}
