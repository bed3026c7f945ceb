import type { StoredEvent } from '../events/event.ts';
import type { Cache, CacheSpace } from './cache.ts';

type Happened = Pick<StoredEvent, 'type' | 'subjectId' | 'data'>;

/** Which events say that something remembered may no longer be so. */
export interface InvalidationRule {
  types: readonly string[];
  space: CacheSpace<unknown>;
  /** Under which key it is remembered; undefined when the event is about nothing that is. */
  keyOf(event: Happened): string | undefined;
}

/** A listener for the tail of the event log: this process forgets what any process changed. */
export function invalidateByEvents(
  cache: Cache,
  rules: readonly InvalidationRule[],
): (events: readonly Happened[]) => void {
  return (events) => {
    for (const { types, space, keyOf } of rules) {
      const keys = events.filter(({ type }) => types.includes(type)).map(keyOf);
      const known = new Set(keys.filter((key) => key !== undefined));
      if (known.size > 0) void cache.forget(space, known);
    }
  };
}
