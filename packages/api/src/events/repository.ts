import type { Db } from '../platform/context.ts';
import type { StoredEvent } from '../platform/events/event.ts';
import { findSequenceOf, listEvents, listEventsOf } from '../platform/events/log.ts';

/** Whose events: those of one user's world, or everybody's. */
export type World = { userId: string } | 'all';

/**
 * How many events are looked at for those of some types. Rare ones would otherwise be looked for in the whole log, which
 * no request has the time for.
 */
const WINDOW = 20_000;

export interface Stretch {
  /** Up to one more than was asked for, in their order. */
  events: StoredEvent[];
  /** Where it stopped to look although there may be more; undefined when it looked up to the end. */
  stoppedAt: number | undefined;
}

/** The events of a world above a number. */
export async function listStretch(
  db: Db,
  world: World,
  { after, limit, types }: { after: number; limit: number; types?: readonly string[] | undefined },
): Promise<Stretch> {
  const stoppedAt = types && (await endOfWindow(db, world, after));
  const filter = { after, limit: limit + 1, types, upTo: stoppedAt };
  const events =
    world === 'all' ? await listEvents(db, filter) : await listEventsOf(db, world.userId, filter);
  return { events, stoppedAt };
}

const endOfWindow = async (db: Db, world: World, after: number): Promise<number | undefined> =>
  world === 'all' ? after + WINDOW : findSequenceOf(db, world.userId, { after, count: WINDOW });
