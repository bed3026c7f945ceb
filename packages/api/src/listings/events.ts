import type { ListingInput } from '@sojourn/shared/listing';
import { LISTING_STATUSES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import type { Listing } from './model.ts';

const status = z.enum(LISTING_STATUSES);
const Brief = z.object({
  externalId: z.string().meta({ description: 'The id that the host gave it.' }),
  title: z.string(),
  status,
  version: z.int().min(1).max(2_147_483_647).meta({ description: 'Goes up by one with every change.' }),
});
const PreviousStatus = z.object({ status });
const Changed = z.record(z.string(), z.unknown());

const listingEvent = (verb: string, summary: string) =>
  eventType({ type: `listing.${verb}`, subject: 'listing', summary, data: Brief });
const listingMoved = (verb: string, summary: string) =>
  eventType({ type: `listing.${verb}`, subject: 'listing', summary, data: Brief, previous: PreviousStatus });

export const listingCreated = listingEvent('created', 'A host made a listing, or an import brought it.');
export const listingUpdated = eventType({
  type: 'listing.updated',
  subject: 'listing',
  summary: 'What a host wrote of a listing changed.',
  data: Brief.extend({
    changed: Changed.meta({ description: 'The members that changed, as they are now.' }),
  }),
  previous: z.object({ changed: Changed.meta({ description: 'The same members as they were.' }) }),
});
export const listingPublished = listingMoved('published', 'Guests find a listing from now on.');
export const listingPaused = listingMoved('paused', 'Guests no longer find a listing by searching.');
export const listingArchived = listingMoved('archived', 'A listing was put away for good.');
export const listingDeleted = listingEvent('deleted', 'A listing was removed with all that belonged to it.');

export const listingEvents = [
  listingCreated,
  listingUpdated,
  listingPublished,
  listingPaused,
  listingArchived,
  listingDeleted,
];

/** The event of each state that a host may move a listing to. */
export const MOVED = {
  published: listingPublished,
  paused: listingPaused,
  archived: listingArchived,
} as const;

type Told = Pick<Listing, 'id' | 'hostId' | 'status' | 'version'> & {
  content: Pick<ListingInput, 'externalId' | 'title'>;
};

/** What every event of a listing tells; it belongs to the world of its host. */
export const newsOf = ({ id, hostId, status: now, version, content: { externalId, title } }: Told) => ({
  subjectId: id,
  audience: [hostId],
  data: { externalId: externalId ?? '', title, status: now, version },
});

/** The members in which two contents differ, as they are in each; undefined when they differ in none. */
export function changesBetween(
  before: ListingInput,
  after: ListingInput,
): { before: Record<string, unknown>; after: Record<string, unknown> } | undefined {
  const names = Object.keys(after).filter(
    (name) =>
      JSON.stringify(before[name as keyof ListingInput]) !==
      JSON.stringify(after[name as keyof ListingInput]),
  );
  if (names.length === 0) return undefined;
  const only = (content: ListingInput) =>
    Object.fromEntries(names.map((name) => [name, content[name as keyof ListingInput]]));
  return { before: only(before), after: only(after) };
}
