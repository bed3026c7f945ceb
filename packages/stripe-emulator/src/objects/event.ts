import { newId } from '../ids.ts';

export type StripeEvent = ReturnType<typeof newEvent>;

export function newEvent(
  created: number,
  apiVersion: string,
  type: string,
  object: object,
  previous: object | undefined,
) {
  return {
    id: newId('evt'),
    object: 'event' as const,
    api_version: apiVersion,
    created,
    data: { object, ...(previous && { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null as string | null, idempotency_key: null as string | null },
    type,
  };
}
