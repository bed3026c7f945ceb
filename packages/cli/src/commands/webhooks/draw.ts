import type { Sojourn } from '@sojourn/sdk';
import type { Colours } from '../../io.ts';
import { words } from '../../render.ts';

type Endpoints = Sojourn['webhookEndpoints'];
export type Endpoint = Awaited<ReturnType<Endpoints['get']>>;
export type Delivery = Awaited<ReturnType<Endpoints['test']>>;

/** `2026-11-25 09:30`, in UTC as everywhere. */
export const when = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** Whether an endpoint gets what happens, in a word or two. */
export function conditionOf({ enabled, disabledReason, failingSince }: Endpoint): string {
  if (!enabled)
    return disabledReason === 'owner' || disabledReason === null ? 'off' : `off: ${disabledReason}`;
  return failingSince === null ? 'on' : 'failing';
}

export const paintCondition = (endpoint: Endpoint, paint: Colours) =>
  !endpoint.enabled ? paint.red : endpoint.failingSince === null ? paint.green : paint.yellow;

/** What came of the last attempt: `200 in 12 ms`, or why it failed. */
export function outcomeOf({ attempts }: Pick<Delivery, 'attempts'>): string {
  const last = attempts.at(-1);
  if (!last) return '';
  const { status, reason, detail, milliseconds } = last;
  return reason === null ? `${status} in ${milliseconds} ms` : (detail ?? words(reason));
}
