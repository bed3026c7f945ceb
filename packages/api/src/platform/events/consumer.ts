import type { Context } from '../context.ts';
import type { StoredEvent } from './event.ts';

/**
 * Something that happens for each event of some kinds, exactly once, in the order of the subject's events. What it
 * writes is written by `ctx.db`, the transaction that also keeps how far the consumer has come; it calls no network.
 */
export interface EventConsumer {
  /** `notifications.notify`: stable, it is stored. */
  name: string;
  /** Every event when left out. */
  types?: readonly string[];
  /** Several events of one partition in their order; after a failure each comes again by itself. */
  handle(ctx: Context, events: readonly StoredEvent[]): Promise<void>;
}

export const consumer = (definition: EventConsumer): EventConsumer => definition;

/** How often an event is tried before it is put aside, and for how long the next try waits. */
export const MAX_ATTEMPTS = 8;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Doubles from a second up to five minutes, with up to a fifth more by chance, so that not all come back at once. */
export function waitBeforeAttempt(attempts: number, chance: number): number {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
  return Math.round(wait * (1 + chance * 0.2));
}
