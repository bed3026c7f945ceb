import { actorOf, type Context, type Tx } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { webhookEndpointNotFound } from '../problems.ts';
import { findEndpoint, lockEndpoint } from '../repository/endpoints.ts';

/** One of the caller's endpoints, by its id outside. That of anybody else does not exist. */
export async function ownEndpoint(ctx: Context, endpointId: string): Promise<Endpoint> {
  const id = uuidOf('whk', endpointId);
  const endpoint = id && (await findEndpoint(ctx.db, actorOf(ctx).userId, id));
  if (!endpoint) throw webhookEndpointNotFound();
  return endpoint;
}

/** The same to change it: others wait until the transaction is over. */
export async function lockOwnEndpoint(ctx: Context, tx: Tx, endpointId: string): Promise<Endpoint> {
  const id = uuidOf('whk', endpointId);
  const endpoint = id && (await lockEndpoint(tx, actorOf(ctx).userId, id));
  if (!endpoint) throw webhookEndpointNotFound();
  return endpoint;
}
