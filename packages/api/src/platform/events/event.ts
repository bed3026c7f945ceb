import type { z } from 'zod';
import type { Prefix } from '../id.ts';

/** What an event may be about, and the prefix of its id outside. */
export const SUBJECTS = {
  user: 'usr',
  session: 'ses',
  apiKey: 'key',
  listing: 'lst',
  webhookEndpoint: 'whk',
  booking: 'bkg',
  payment: 'pay',
  feed: 'feed',
  payout: 'pyo',
  marketplace: 'mkt',
} as const satisfies Record<string, Prefix>;
export type Subject = keyof typeof SUBJECTS;

type Members = z.ZodObject<z.ZodRawShape>;

/** A kind of news: its name, whom it is about, and the shape of what it tells. */
export interface EventType<Data extends Members = Members, Previous extends Members = Members> {
  /** Past tense: `listing.published`. */
  type: string;
  subject: Subject;
  summary: string;
  data: Data;
  /** Of what changed, the values from before. */
  previous: Previous | null;
}

export function eventType<Data extends Members, Previous extends Members = never>(definition: {
  type: string;
  subject: Subject;
  summary: string;
  data: Data;
  previous?: Previous;
}): EventType<Data, Previous> {
  return { ...definition, previous: definition.previous ?? null };
}

/** Who brought an event about, as the event tells it; null for the marketplace itself. */
export interface EventActor {
  /** `usr_…` */
  id: string;
  /** `key_…`, when it was done with an API key. */
  apiKeyId: string | null;
}

/** An event of the log. Ids are the database's. */
export interface StoredEvent {
  /** Its place in the one order of all events. */
  sequence: number;
  id: string;
  type: string;
  subjectType: Subject;
  subjectId: string;
  actor: EventActor | null;
  /** The users whose world it belongs to. */
  audience: readonly string[];
  data: Record<string, unknown>;
  previous: Record<string, unknown> | null;
  occurredAt: Date;
}

/** Above every number that an event may get. A document bounds all its integers. */
export const MAX_SEQUENCE = Number.MAX_SAFE_INTEGER - 1;

/**
 * Events of one subject are always of one partition, and each partition is handled in order. More partitions let more
 * events be handled side by side; the number is part of what is stored, and cannot be changed by editing it here.
 */
export const PARTITIONS = 4;

export type EventListener = (events: readonly StoredEvent[]) => void;

/** What a process hears of the log: every event once, in order, a moment after it got its number. */
export interface EventTail {
  /** Called for all events from now on, whoever they are for. Answers how to stop. */
  onEvents(listener: EventListener): () => void;
  close(): Promise<void>;
}
