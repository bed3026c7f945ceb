import { problem } from '../platform/problem.ts';

export const webhookEndpointNotFound = problem({
  code: 'webhook_endpoint_not_found',
  status: 404,
  title: 'There is no such webhook endpoint',
  help: 'The id is unknown, the endpoint belongs to somebody else, or it was deleted. `GET /v1/webhook-endpoints` lists yours.',
});
export const webhookEndpointLimitReached = problem({
  code: 'webhook_endpoint_limit_reached',
  status: 409,
  title: 'There are too many webhook endpoints',
  help: 'An account has at most 20 endpoints. Delete those that are no longer used, or let one of them take more types of events.',
});
export const webhookEndpointDisabled = problem({
  code: 'webhook_endpoint_disabled',
  status: 409,
  title: 'The webhook endpoint is disabled',
  help: 'Nothing is sent to a disabled endpoint. See whether it works by `POST /v1/webhook-endpoints/{endpointId}/test`, enable it by `PATCH /v1/webhook-endpoints/{endpointId}` with `{"enabled": true}`, and repeat the request.',
});
export const webhookDeliveryNotFound = problem({
  code: 'webhook_delivery_not_found',
  status: 404,
  title: 'There is no such delivery',
  help: 'The id is unknown, or the delivery is of another endpoint, or it ended more than 30 days ago. `GET /v1/webhook-endpoints/{endpointId}/deliveries` lists those that are kept.',
});
export const webhookEventNotKept = problem({
  code: 'webhook_event_not_kept',
  status: 409,
  title: 'The event of the delivery is not kept any more',
  help: 'Events are kept for 90 days, and that of a test is not kept at all. To send another test, `POST /v1/webhook-endpoints/{endpointId}/test`.',
});
