import { z } from 'zod';
import { publicId } from '../id.ts';
import { type EventType, MAX_SEQUENCE, type StoredEvent, SUBJECTS } from './event.ts';

const EVENT = {
  sequence: 1207,
  id: 'evt_01j9z6t8v2e4m8q0r5s7x3y1ka',
  type: 'listing.published',
  occurredAt: '2026-11-23T09:30:00.000Z',
  actor: { id: 'usr_01j9z6t8v2e4m8q0r5s7x3y1ka', apiKeyId: null },
  subject: { type: 'listing', id: 'lst_01j9z6t8v2e4m8q0r5s7x3y1kb' },
  data: { title: 'Sunny loft', status: 'published', externalId: 'loft-1', version: 4 },
  previous: { status: 'draft' },
};

const members = z.record(z.string(), z.unknown());

/** An event as everybody meets it: in lists, in webhooks, in the terminal. */
export const EventView = z
  .object({
    sequence: z.int().min(1).max(MAX_SEQUENCE).meta({
      description: 'Its place in the one order of all events. Whoever has seen it meets none below it.',
    }),
    id: z.string().meta({ description: 'Handle each event once by this id: it may come twice.' }),
    type: z.string().meta({ description: 'What happened. Take types that you do not know as they are.' }),
    occurredAt: z.iso.datetime(),
    actor: z
      .object({ id: z.string(), apiKeyId: z.string().nullable() })
      .nullable()
      .meta({ description: 'Who brought it about; null for the marketplace itself.' }),
    subject: z.object({ type: z.string(), id: z.string() }).meta({ description: 'What it is about.' }),
    data: members.meta({ description: 'How it is now, as the type of the event says.' }),
    previous: members.nullable().meta({ description: 'Of what changed, how it was before.' }),
  })
  .meta({ id: 'Event', examples: [EVENT] });

/** An event of one type, as precisely as its type says: for the published document. */
export const eventViewOf = ({ type, subject, summary, data, previous }: EventType) =>
  z
    .object({
      ...EventView.shape,
      type: z.literal(type),
      subject: z.object({ type: z.literal(subject), id: z.string() }),
      data,
      previous: previous ? previous.nullable() : z.null(),
    })
    .meta({ id: nameOf(type), description: summary });

/** `listing.published` is a `ListingPublishedEvent`. */
const nameOf = (type: string) =>
  `${type
    .split('.')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Event`;

export const toEventView = (event: StoredEvent): z.input<typeof EventView> => ({
  sequence: event.sequence,
  id: publicId('evt', event.id),
  type: event.type,
  occurredAt: event.occurredAt.toISOString(),
  actor: event.actor,
  subject: { type: event.subjectType, id: publicId(SUBJECTS[event.subjectType], event.subjectId) },
  data: event.data,
  previous: event.previous,
});
