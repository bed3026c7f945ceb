import type { EventType } from '../../platform/events/event.ts';

/** Why an endpoint gets nothing: its owner wants it so, it answered 410 Gone, or it failed for days. */
export type DisabledReason = 'owner' | 'gone' | 'failing';

/** Where somebody wants to be told of events, by POST. */
export interface Endpoint {
  id: string;
  userId: string;
  url: string;
  description: string;
  /** Names of types, `listing.*` for all of a subject, `*` for all. */
  types: string[];
  /** Gets the events of everybody, not only of its owner's world: for admins. */
  allEvents: boolean;
  enabled: boolean;
  disabledReason: DisabledReason | null;
  /** Since when every attempt failed; null after one that did not. */
  failingSince: Date | null;
  /** Until when the secret before the present one signs as well. */
  previousSecretUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const ALL_TYPES = '*';
const ALL_OF_SUBJECT = '.*';

/** What an endpoint may choose from, in the order of the catalogue: each type, and each subject as a whole. */
export function knownPatterns(eventTypes: readonly Pick<EventType, 'type'>[]): string[] {
  const types = eventTypes.map(({ type }) => type);
  const subjects = [...new Set(types.map((type) => type.slice(0, type.indexOf('.')) + ALL_OF_SUBJECT))];
  return [ALL_TYPES, ...subjects, ...types];
}

/** The same choice in its shortest form: each pattern once, and nothing beside `*`. */
export const simplified = (types: readonly string[]): string[] =>
  types.includes(ALL_TYPES) ? [ALL_TYPES] : [...new Set(types)];

/** The host of a URL: what may be told of it elsewhere, since path and query often hold a secret. */
export const hostOf = (url: string): string => new URL(url).host;
