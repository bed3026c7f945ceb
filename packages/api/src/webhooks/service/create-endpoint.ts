import type { Actor } from '../../platform/actor.ts';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { insufficientScope } from '../../platform/problems.ts';
import { endpointCreated, newsOf } from '../events.ts';
import { type Endpoint, simplified } from '../model/endpoint.ts';
import { newKey, secretText } from '../model/signature.ts';
import { mayHearEverything } from '../policy.ts';
import { webhookEndpointLimitReached } from '../problems.ts';
import { countEndpoints, insertEndpoint, lockOwner } from '../repository/endpoints.ts';
import { type Catalogue, checkEndpoint } from './check-endpoint.ts';
import { sealKey } from './secrets.ts';

const MAX_ENDPOINTS = 20;

export interface NewEndpoint {
  url: string;
  description: string;
  types: string[];
  allEvents: boolean;
}

/** An endpoint with its secret, which is shown this once. */
export interface IssuedSecret {
  endpoint: Endpoint;
  secret: string;
}

/** Makes an endpoint of the caller's. */
export async function createEndpoint(
  ctx: Context,
  catalogue: Catalogue,
  wanted: NewEndpoint,
): Promise<IssuedSecret> {
  const actor = actorOf(ctx);
  checkEndpoint(ctx, catalogue, wanted);
  if (wanted.allEvents) assertMayHearEverything(actor);
  const key = newKey();
  const now = ctx.clock.now();
  const endpoint: Endpoint = {
    id: newUuid(now),
    userId: actor.userId,
    ...wanted,
    types: simplified(wanted.types),
    enabled: true,
    disabledReason: null,
    failingSince: null,
    previousSecretUntil: null,
    createdAt: now,
    updatedAt: now,
  };
  await transaction(ctx, async (tx) => {
    await lockOwner(tx, actor.userId);
    if ((await countEndpoints(tx, actor.userId)) >= MAX_ENDPOINTS) throw webhookEndpointLimitReached();
    await insertEndpoint(tx, endpoint, sealKey(ctx, key));
    await emit(ctx, tx, endpointCreated, newsOf(endpoint));
  });
  return { endpoint, secret: secretText(key) };
}

function assertMayHearEverything(actor: Actor): void {
  if (mayHearEverything(actor)) return;
  throw insufficientScope({
    detail: 'The events of everybody are for admins, by credentials with the scope "admin".',
    errors: [{ pointer: '/allEvents', code: 'admin_only', message: 'must be false, or left out' }],
  });
}
