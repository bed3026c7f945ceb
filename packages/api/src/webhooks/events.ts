import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import { type Endpoint, hostOf } from './model/endpoint.ts';

// Of the URL only the host is told: path and query often hold a secret, and events go to other endpoints too.
const About = z.object({
  host: z.string().meta({ description: 'The host of its URL.' }),
  description: z.string(),
  types: z.array(z.string()),
  allEvents: z.boolean(),
  enabled: z.boolean(),
});

const endpointEvent = (verb: string, summary: string) =>
  eventType({ type: `webhookEndpoint.${verb}`, subject: 'webhookEndpoint', summary, data: About });

export const endpointCreated = endpointEvent('created', 'A webhook endpoint was made.');
export const endpointUpdated = eventType({
  type: 'webhookEndpoint.updated',
  subject: 'webhookEndpoint',
  summary: 'The owner of a webhook endpoint changed it.',
  data: About.extend({
    changed: z.array(z.string()).meta({ description: 'The members that changed.' }),
  }),
  previous: About,
});
export const endpointDeleted = endpointEvent('deleted', 'A webhook endpoint was removed.');
export const endpointSecretRotated = eventType({
  type: 'webhookEndpoint.secretRotated',
  subject: 'webhookEndpoint',
  summary: 'A webhook endpoint got a new secret.',
  data: About.extend({
    previousSecretUntil: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until when the secret before it signs as well.' }),
  }),
});
export const endpointDisabled = eventType({
  type: 'webhookEndpoint.disabled',
  subject: 'webhookEndpoint',
  summary: 'The server gave a webhook endpoint up: it answered 410 Gone, or failed for five days.',
  data: About.extend({
    reason: z.enum(['gone', 'failing']),
    failingSince: z.iso.datetime().nullable(),
  }),
});

export const webhookEvents = [
  endpointCreated,
  endpointUpdated,
  endpointDeleted,
  endpointSecretRotated,
  endpointDisabled,
];

export const about = ({ url, description, types, allEvents, enabled }: Endpoint) => ({
  host: hostOf(url),
  description,
  types,
  allEvents,
  enabled,
});

/** What every event of an endpoint tells; it belongs to the world of its owner. */
export const newsOf = (endpoint: Endpoint) => ({
  subjectId: endpoint.id,
  audience: [endpoint.userId],
  data: about(endpoint),
});
