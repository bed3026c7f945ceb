import { z } from 'zod';
import { type EventType, MAX_SEQUENCE, SUBJECTS } from '../platform/events/event.ts';
import { EventView } from '../platform/events/view.ts';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { type Start, typesNamed } from './model.ts';

/** How long a request may wait, in seconds. */
export const MAX_WAIT_SECONDS = 30;
const MAX_TYPES_LENGTH = 4_000;

const After = z
  .unknown()
  .transform((text, ctx): Start => {
    if (text === 'latest') return text;
    if (typeof text === 'string' && /^\d{1,16}$/.test(text) && Number(text) <= MAX_SEQUENCE)
      return Number(text);
    ctx.addIssue({ code: 'custom', message: 'must be the sequence of an event, or latest' });
    return z.NEVER;
  })
  .optional()
  .meta({
    description:
      'Only events above this sequence: that of the last event you have seen, or `lastSequence` of the answer before. `latest` begins with what happens from now on. Leave it out to begin with the oldest event that is kept.',
    override: {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: MAX_SEQUENCE },
        { type: 'string', enum: ['latest'] },
      ],
      examples: [1207],
    },
  });

const Wait = z
  .preprocess((value) => (value === '' ? Number.NaN : value), z.coerce.number('must be a whole number'))
  .pipe(z.int('must be a whole number').min(0).max(MAX_WAIT_SECONDS))
  .default(0)
  .meta({
    description:
      'Seconds to wait for an event when there is none yet. The answer comes as soon as there is one, or empty when the time is over.',
    override: { type: 'integer', minimum: 0, maximum: MAX_WAIT_SECONDS, default: 0, examples: [1] },
  });

const All = z
  .preprocess(
    (value) => (value === 'true' ? true : value === 'false' ? false : value),
    z.boolean('must be true or false'),
  )
  .default(false)
  .meta({
    description: '`true`: the events of everybody. For admins, with the scope `admin`.',
    override: { examples: [false] },
  });

/** Names and patterns, separated by commas, as the types that they stand for; undefined for every type. */
const typesOf = (known: readonly string[]) =>
  z
    .union([z.string(), z.array(z.string())], 'must be a list of types')
    .transform((given) => [given].flat().join(','))
    .pipe(z.string().max(MAX_TYPES_LENGTH))
    .transform((text, ctx) => {
      const names = new Set(
        text
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
      );
      const types = new Set<string>();
      for (const name of names) {
        const found = typesNamed(name, known);
        for (const type of found) types.add(type);
        if (found.length === 0)
          ctx.addIssue({
            code: 'custom',
            message: `has no type ${JSON.stringify(name)}; there are ${known.join(', ')}`,
          });
      }
      return types.size > 0 && types.size < known.length ? [...types].sort() : undefined;
    })
    .optional()
    .meta({
      description:
        'Only these types, separated by commas: `listing.published`, `listing.*` for all that begin so, `*` for all. `GET /v1/event-types` lists them.',
      override: {
        anyOf: [
          { type: 'array', items: { type: 'string' } },
          { type: 'string', description: 'Separated by commas.' },
        ],
        examples: ['listing.*,user.updated'],
      },
    });

export const eventQuery = (known: readonly EventType[]) =>
  z.object({
    after: After,
    types: typesOf(known.map(({ type }) => type)),
    wait: Wait,
    all: All,
    ...pageQuery,
  });
export type EventQuery = z.output<ReturnType<typeof eventQuery>>;

/** What a cursor of the list holds. */
export const Position = z.tuple([z.int().min(0).max(MAX_SEQUENCE)]);

export const EventParams = z.object({
  eventId: z.string().meta({ examples: ['evt_01j9z6t8v2e4m8q0r5s7x3y1ka'] }),
});

export const EventPage = pageOf(EventView)
  .extend({
    nextCursor: z.string().nullable().meta({
      description:
        'Continues the list; null when there is nothing more yet. A page may be short, or empty, although more follows.',
    }),
    lastSequence: z.int().min(0).max(MAX_SEQUENCE).meta({
      description:
        'Everything that was asked for is read up to here: send it as `after` to go on. It may be above the last event of the page, where events that were not asked for are.',
    }),
  })
  .meta({ id: 'EventPage' });

const JsonSchema = z.record(z.string(), z.unknown());

export const EventTypeList = z
  .object({
    data: z.array(
      z.object({
        type: z.string(),
        subject: z
          .enum(Object.keys(SUBJECTS) as [string, ...string[]])
          .meta({ description: 'What it is about.' }),
        summary: z.string(),
        data: JsonSchema.meta({ description: 'JSON Schema of `data`.' }),
        previous: JsonSchema.nullable().meta({
          description: 'JSON Schema of `previous`; null where it has none.',
        }),
      }),
    ),
  })
  .meta({
    id: 'EventTypeList',
    examples: [
      {
        data: [
          {
            type: 'listing.published',
            subject: 'listing',
            summary: 'Guests find a listing from now on.',
            data: { type: 'object', properties: { title: { type: 'string' } } },
            previous: null,
          },
        ],
      },
    ],
  });

export const toEventTypeList = (known: readonly EventType[]): z.input<typeof EventTypeList> => ({
  data: known.map(({ type, subject, summary, data, previous }) => ({
    type,
    subject,
    summary,
    data: z.toJSONSchema(data, { io: 'output' }) as Record<string, unknown>,
    previous: previous && (z.toJSONSchema(previous, { io: 'output' }) as Record<string, unknown>),
  })),
});
