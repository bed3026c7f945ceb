import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { MAX_SEQUENCE } from '../platform/events/event.ts';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import { DELIVERY_KINDS, DELIVERY_STATES, type Delivery, MAX_ATTEMPTS } from './model/delivery.ts';
import { ALL_TYPES, type Endpoint } from './model/endpoint.ts';

const URL_CHARACTERS_MAX = 2_048;
const MAX_TYPES = 200;

const WHEN = '2026-11-23T09:30:00.000Z';
const ENDPOINT_ID = 'whk_01j9z6t8v2e4m8q0r5s7x3y1ka';
const DELIVERY_ID = 'dlv_01j9z6t8v2e4m8q0r5s7x3y1kb';
const EVENT_ID = 'evt_01j9z6t8v2e4m8q0r5s7x3y1kc';
const URL_EXAMPLE = 'https://hooks.example.com/sojourn';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000A=';

const instant = z.iso.datetime();
const sequence = z.int().min(1).max(MAX_SEQUENCE);
const url = z
  .string()
  .max(URL_CHARACTERS_MAX)
  .meta({
    description:
      'Public and `https`. The sandbox also takes this machine itself, such as `http://localhost:3000/hooks`.',
    examples: [URL_EXAMPLE],
  });
const description = line(200).meta({
  description: 'By which you tell your endpoints apart.',
  examples: ['booking system'],
});
const types = z
  .array(z.string().min(1).max(100))
  .min(1)
  .max(MAX_TYPES)
  .meta({
    description: 'Types of events: by name, `listing.*` for all of a subject, `*` for all.',
    examples: [['listing.*']],
  });

const idParam = (told: string, example: string) =>
  z
    .string()
    .max(100)
    .meta({ description: told, examples: [example] });
export const EndpointParams = z.strictObject({ endpointId: idParam('The endpoint.', ENDPOINT_ID) });
export const DeliveryParams = EndpointParams.extend({ deliveryId: idParam('The delivery.', DELIVERY_ID) });
export const EndpointsQuery = z.strictObject(pageQuery);
export const DeliveriesQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(DELIVERY_STATES).optional().meta({ description: 'Only deliveries that are so.' }),
});

export const EndpointBody = z
  .strictObject({
    url,
    description: description.or(z.literal('')).default(''),
    types: types.default([ALL_TYPES]),
    allEvents: z
      .boolean()
      .default(false)
      .meta({ description: 'Gets the events of everybody, not only of your world: for admins.' }),
  })
  .meta({ id: 'NewWebhookEndpoint', examples: [{ url: URL_EXAMPLE, types: ['listing.*'] }] });
export const EndpointPatch = z
  .strictObject({
    url: url.optional(),
    description: description.or(z.literal('')).optional(),
    types: types.optional(),
    enabled: z.boolean().optional().meta({ description: 'False keeps what waits; true sends it.' }),
  })
  .meta({ id: 'WebhookEndpointChanges', examples: [{ enabled: true }] });
export const RotationBody = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .meta({ description: 'For how long the present secret signs as well.' }),
  })
  .meta({ id: 'WebhookSecretRotation', examples: [{ overlapHours: 24 }] });
export const ReplayBody = z
  .strictObject({
    fromSequence: sequence.meta({ description: 'The number of the first event to send again.' }),
    types: types.optional().meta({ description: 'Those of the endpoint, when left out.' }),
  })
  .meta({ id: 'NewWebhookReplay', examples: [{ fromSequence: 1_207 }] });

const ENDPOINT = {
  id: ENDPOINT_ID,
  url: URL_EXAMPLE,
  description: 'booking system',
  types: ['listing.*'],
  allEvents: false,
  enabled: true,
  disabledReason: null,
  failingSince: null,
  previousSecretUntil: null,
  createdAt: WHEN,
  updatedAt: WHEN,
};
export const EndpointView = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    types: z.array(z.string()),
    allEvents: z.boolean(),
    enabled: z.boolean(),
    disabledReason: z.enum(['owner', 'gone', 'failing']).nullable().meta({
      description:
        '`owner`: you did; `gone`: it answered 410; `failing`: nothing but failures for five days.',
    }),
    failingSince: instant
      .nullable()
      .meta({ description: 'Since when every attempt failed; null while it works.' }),
    previousSecretUntil: instant
      .nullable()
      .meta({ description: 'Until when the secret before the last rotation signs as well.' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'WebhookEndpoint', examples: [ENDPOINT] });
export const EndpointPage = pageOf(EndpointView).meta({ id: 'WebhookEndpointPage' });
export const EndpointWithSecret = EndpointView.extend({
  secret: z.string().meta({ description: 'Signs deliveries. It is shown this once; keep it.' }),
}).meta({ id: 'WebhookEndpointWithSecret', examples: [{ ...ENDPOINT, secret: SECRET }] });

const ATTEMPT = {
  at: WHEN,
  status: 500,
  reason: 'http_error',
  detail: 'It answered 500; only 200 to 299 count as received.',
  milliseconds: 84,
  answer: 'Internal Server Error',
};
const AttemptView = z
  .object({
    at: instant,
    status: z.int().min(100).max(999).nullable().meta({ description: 'Null when there was no answer.' }),
    reason: z.string().nullable().meta({
      description:
        'Why it does not count as delivered, such as `http_error`, `redirect`, `gone`, `timeout`, `dns_failure`, `connection_refused`, `connection_closed`, `tls_failure` or `blocked_address`; null when it does.',
    }),
    detail: z.string().nullable().meta({ description: 'The same in a sentence.' }),
    milliseconds: z.int().min(0).max(3_600_000),
    answer: z
      .string()
      .nullable()
      .meta({ description: 'The first KiB of the answer to an attempt that failed.' }),
  })
  .meta({ id: 'WebhookAttempt', examples: [ATTEMPT] });
export const DeliveryView = z
  .object({
    id: z.string(),
    kind: z.enum(DELIVERY_KINDS).meta({ description: 'What it was made for.' }),
    event: z.object({
      id: z.string().meta({ description: 'The `webhook-id`: the same however often it is sent.' }),
      type: z.string(),
      sequence: sequence.nullable().meta({ description: 'Null for a test.' }),
    }),
    state: z.enum(DELIVERY_STATES).meta({
      description: `\`failed\` after ${MAX_ATTEMPTS} attempts that failed; a test after one.`,
    }),
    attempts: z.array(AttemptView).meta({ description: 'Those that were made, in their order.' }),
    nextAttemptAt: instant.nullable().meta({
      description: 'When it is tried next; later when the endpoint fails often, not before it is enabled.',
    }),
    createdAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({
    id: 'WebhookDelivery',
    examples: [
      {
        id: DELIVERY_ID,
        kind: 'event',
        event: { id: EVENT_ID, type: 'listing.published', sequence: 1_207 },
        state: 'pending',
        attempts: [ATTEMPT],
        nextAttemptAt: WHEN,
        createdAt: WHEN,
        endedAt: null,
      },
    ],
  });
export const DeliveryPage = pageOf(DeliveryView).meta({ id: 'WebhookDeliveryPage' });
export const ReplayView = z
  .object({
    fromSequence: sequence.meta({ description: 'The first event, or the oldest that is kept.' }),
    toSequence: z.int().min(0).max(MAX_SEQUENCE).meta({
      description: 'The newest event when the replay began. What comes after is delivered anyway.',
    }),
    types: z.array(z.string()),
  })
  .meta({
    id: 'WebhookReplay',
    examples: [{ fromSequence: 1_207, toSequence: 2_031, types: ['listing.*'] }],
  });

const iso = (date: Date) => date.toISOString();
const isoOrNull = (date: Date | null) => date && iso(date);

export const toEndpointView = (endpoint: Endpoint) => ({
  id: publicId('whk', endpoint.id),
  url: endpoint.url,
  description: endpoint.description,
  types: endpoint.types,
  allEvents: endpoint.allEvents,
  enabled: endpoint.enabled,
  disabledReason: endpoint.disabledReason,
  failingSince: isoOrNull(endpoint.failingSince),
  previousSecretUntil: isoOrNull(endpoint.previousSecretUntil),
  createdAt: iso(endpoint.createdAt),
  updatedAt: iso(endpoint.updatedAt),
});

export const toDeliveryView = (delivery: Delivery) => ({
  id: publicId('dlv', delivery.id),
  kind: delivery.kind,
  event: {
    id: publicId('evt', delivery.eventId),
    type: delivery.eventType,
    sequence: delivery.eventSequence,
  },
  state: delivery.state,
  attempts: delivery.attempts,
  nextAttemptAt: isoOrNull(delivery.nextAttemptAt),
  createdAt: iso(delivery.createdAt),
  endedAt: isoOrNull(delivery.endedAt),
});
