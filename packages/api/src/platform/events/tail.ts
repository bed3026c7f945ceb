import pg from 'pg';
import type { Db } from '../context.ts';
import { APPLICATION_ROLE } from '../db/connect.ts';
import type { Log } from '../log.ts';
import type { EventListener, EventTail } from './event.ts';
import { listEvents, readEventBounds } from './log.ts';
import { EVENTS_CHANNEL } from './sequence.ts';

/** How often the log is looked at although nothing was announced, in milliseconds: an announcement may get lost. */
const LOOK_EVERY_MS = 1_000;
const BATCH = 1_000;

/**
 * Follows the log from its present end. PostgreSQL announces new events; when it cannot be heard, the log is looked at
 * every second, and what happened in between comes then.
 */
export async function openEventTail(db: Db, connectionString: string, log: Log): Promise<EventTail> {
  const listeners = new Set<EventListener>();
  let seen = (await readEventBounds(db)).newest;
  let closed = false;
  let looking: Promise<void> | undefined;
  let again = false;

  /** One look at a time; what is announced meanwhile causes another. */
  function look(): Promise<void> {
    again = true;
    looking ??= readOn()
      .catch((err: unknown) => {
        if (!closed) log.warn({ err }, 'the log of events cannot be followed; it is tried again');
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  async function readOn(): Promise<void> {
    while (again && !closed) {
      again = false;
      for (;;) {
        const events = await listEvents(db, { after: seen, limit: BATCH });
        if (events.length === 0) break;
        seen = events.at(-1)!.sequence;
        for (const listener of listeners) listener(events);
      }
    }
  }

  const ear = listen(connectionString, () => void look());
  const timer = setInterval(() => {
    ear.ensure();
    void look();
  }, LOOK_EVERY_MS);
  timer.unref();

  return {
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await ear.close();
      await looking;
    },
  };
}

/** A connection of its own that hears announcements; one that breaks is replaced at the next `ensure`. */
function listen(connectionString: string, onAnnouncement: () => void) {
  let client: pg.Client | undefined;

  function ensure() {
    if (client) return;
    const opened = new pg.Client({
      connectionString,
      application_name: 'sojourn-events',
      options: `-c role=${APPLICATION_ROLE}`,
      keepAlive: true,
      connectionTimeoutMillis: 1_500,
    });
    client = opened;
    const drop = () => {
      if (client === opened) client = undefined;
      opened.end().catch(() => undefined);
    };
    opened.on('error', drop);
    opened.on('end', drop);
    opened.on('notification', onAnnouncement);
    opened
      .connect()
      .then(() => opened.query(`listen ${EVENTS_CHANNEL}`))
      .then(onAnnouncement, drop);
  }

  ensure();
  return {
    ensure,
    async close() {
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
