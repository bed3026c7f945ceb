import { type Route, route, scope } from '../platform/http/route.ts';
import { insufficientScope } from '../platform/problems.ts';
import {
  webhookDeliveryNotFound,
  webhookEndpointDisabled,
  webhookEndpointLimitReached,
  webhookEndpointNotFound,
  webhookEventNotKept,
} from './problems.ts';
import {
  DeliveriesQuery,
  DeliveryPage,
  DeliveryParams,
  DeliveryView,
  EndpointBody,
  EndpointPage,
  EndpointParams,
  EndpointPatch,
  EndpointsQuery,
  EndpointView,
  EndpointWithSecret,
  ReplayBody,
  ReplayView,
  RotationBody,
  toDeliveryView,
  toEndpointView,
} from './schema.ts';
import type { Catalogue } from './service/check-endpoint.ts';
import { createEndpoint, type IssuedSecret } from './service/create-endpoint.ts';
import { deleteEndpoint } from './service/delete-endpoint.ts';
import { listDeliveries } from './service/list-deliveries.ts';
import { listEndpoints } from './service/list-endpoints.ts';
import { ownEndpoint } from './service/own-endpoint.ts';
import { redeliver } from './service/redeliver.ts';
import { startReplay } from './service/replay.ts';
import { rotateSecret } from './service/rotate-secret.ts';
import { testEndpoint } from './service/test-endpoint.ts';
import { updateEndpoint } from './service/update-endpoint.ts';

const tag = 'Webhooks';
const reading = scope('webhooks:read');
const writing = scope('webhooks:write');

const withSecret = ({ endpoint, secret }: IssuedSecret) => ({ ...toEndpointView(endpoint), secret });

const endpointRoutes = (catalogue: Catalogue): Route[] => [
  route(
    {
      operationId: 'createWebhookEndpoint',
      method: 'post',
      path: '/v1/webhook-endpoints',
      tag,
      summary: 'Create a webhook endpoint',
      description:
        'From now on, events of these types are sent there by POST, signed by Standard Webhooks. `secret` is shown this once.',
      access: writing,
      idempotent: true,
      request: { body: EndpointBody },
      status: 201,
      response: EndpointWithSecret,
      problems: [webhookEndpointLimitReached, insufficientScope],
    },
    async (ctx, { body }) => withSecret(await createEndpoint(ctx, catalogue, body)),
  ),
  route(
    {
      operationId: 'listWebhookEndpoints',
      method: 'get',
      path: '/v1/webhook-endpoints',
      tag,
      summary: 'List your webhook endpoints',
      description: 'Newest first, without their secrets.',
      access: reading,
      request: { query: EndpointsQuery },
      status: 200,
      response: EndpointPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listEndpoints(ctx, query);
      return { data: data.map(toEndpointView), nextCursor };
    },
  ),
  route(
    {
      operationId: 'getWebhookEndpoint',
      method: 'get',
      path: '/v1/webhook-endpoints/{endpointId}',
      tag,
      summary: 'Read a webhook endpoint',
      description: 'How it is set up, and whether it works.',
      access: reading,
      request: { params: EndpointParams },
      status: 200,
      response: EndpointView,
      problems: [webhookEndpointNotFound],
    },
    async (ctx, { params }) => toEndpointView(await ownEndpoint(ctx, params.endpointId)),
  ),
  route(
    {
      operationId: 'updateWebhookEndpoint',
      method: 'patch',
      path: '/v1/webhook-endpoints/{endpointId}',
      tag,
      summary: 'Change a webhook endpoint',
      description:
        'What is left out stays. A disabled endpoint gets no new deliveries; enabling it sends what waited, and a replay what happened meanwhile.',
      access: writing,
      request: { params: EndpointParams, body: EndpointPatch },
      status: 200,
      response: EndpointView,
      problems: [webhookEndpointNotFound],
    },
    async (ctx, { params, body }) =>
      toEndpointView(await updateEndpoint(ctx, catalogue, params.endpointId, body)),
  ),
  route(
    {
      operationId: 'deleteWebhookEndpoint',
      method: 'delete',
      path: '/v1/webhook-endpoints/{endpointId}',
      tag,
      summary: 'Delete a webhook endpoint',
      description: 'For good, with its secret and its log. What waits is not sent any more.',
      access: writing,
      request: { params: EndpointParams },
      status: 204,
      problems: [webhookEndpointNotFound],
    },
    (ctx, { params }) => deleteEndpoint(ctx, params.endpointId),
  ),
  route(
    {
      operationId: 'rotateWebhookSecret',
      method: 'post',
      path: '/v1/webhook-endpoints/{endpointId}/rotate-secret',
      tag,
      summary: 'Get a new secret',
      description:
        'The new `secret` is shown this once. Until the overlap is over, deliveries carry a signature of each of the two.',
      access: writing,
      idempotent: true,
      request: { params: EndpointParams, body: RotationBody },
      status: 200,
      response: EndpointWithSecret,
      problems: [webhookEndpointNotFound],
    },
    async (ctx, { params, body }) => withSecret(await rotateSecret(ctx, params.endpointId, body)),
  ),
];

const deliveryRoutes = (catalogue: Catalogue): Route[] => [
  route(
    {
      operationId: 'testWebhookEndpoint',
      method: 'post',
      path: '/v1/webhook-endpoints/{endpointId}/test',
      tag,
      summary: 'Send a test',
      description:
        'Sends an event of the type `webhook.test` now, once, even to a disabled endpoint, and answers what came of it. Its `sequence` is 0.',
      access: writing,
      request: { params: EndpointParams },
      status: 200,
      response: DeliveryView,
      problems: [webhookEndpointNotFound],
    },
    async (ctx, { params }) => toDeliveryView(await testEndpoint(ctx, params.endpointId)),
  ),
  route(
    {
      operationId: 'listWebhookDeliveries',
      method: 'get',
      path: '/v1/webhook-endpoints/{endpointId}/deliveries',
      tag,
      summary: 'Read the delivery log',
      description: 'Newest first, each with its attempts. Deliveries are kept for 30 days after they ended.',
      access: reading,
      request: { params: EndpointParams, query: DeliveriesQuery },
      status: 200,
      response: DeliveryPage,
      problems: [webhookEndpointNotFound],
    },
    async (ctx, { params, query }) => {
      const { data, nextCursor } = await listDeliveries(ctx, params.endpointId, query);
      return { data: data.map(toDeliveryView), nextCursor };
    },
  ),
  route(
    {
      operationId: 'redeliverWebhook',
      method: 'post',
      path: '/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver',
      tag,
      summary: 'Send an event again',
      description:
        'A delivery that waits is tried now; of one that ended, a new one is made. The `webhook-id` stays that of the event.',
      access: writing,
      idempotent: true,
      request: { params: DeliveryParams },
      status: 202,
      response: DeliveryView,
      problems: [
        webhookEndpointNotFound,
        webhookDeliveryNotFound,
        webhookEndpointDisabled,
        webhookEventNotKept,
      ],
    },
    async (ctx, { params }) => toDeliveryView(await redeliver(ctx, params.endpointId, params.deliveryId)),
  ),
  route(
    {
      operationId: 'replayWebhooks',
      method: 'post',
      path: '/v1/webhook-endpoints/{endpointId}/replay',
      tag,
      summary: 'Send past events again',
      description:
        'All events of your world from a number on, whether or not they were delivered: those of the last 90 days. The `webhook-id` of each is that of its first delivery, so that receivers can tell what they know.',
      access: writing,
      idempotent: true,
      request: { params: EndpointParams, body: ReplayBody },
      status: 202,
      response: ReplayView,
      problems: [webhookEndpointNotFound, webhookEndpointDisabled],
    },
    (ctx, { params, body }) => startReplay(ctx, catalogue, params.endpointId, body),
  ),
];

/** Endpoints that choose from these types of events: the features add theirs where all routes come together. */
export const webhookRoutes = (catalogue: Catalogue): Route[] => [
  ...endpointRoutes(catalogue),
  ...deliveryRoutes(catalogue),
];
