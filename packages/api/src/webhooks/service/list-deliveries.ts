import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { Delivery, DeliveryState } from '../model/delivery.ts';
import * as deliveries from '../repository/deliveries.ts';
import { ownEndpoint } from './own-endpoint.ts';

const Position = z.tuple([z.uuid()]);

export interface DeliveriesQuery {
  limit: number;
  cursor?: string | undefined;
  state?: DeliveryState | undefined;
}

/** The log of one of the caller's endpoints, newest first. */
export async function listDeliveries(
  ctx: Context,
  endpointId: string,
  { limit, cursor, state }: DeliveriesQuery,
): Promise<{ data: Delivery[]; nextCursor: string | null }> {
  const endpoint = await ownEndpoint(ctx, endpointId);
  const list = ['listWebhookDeliveries', endpoint.id, state];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await deliveries.listDeliveries(ctx.db, endpoint.id, { before, limit, state });
  return pageFrom(
    rows,
    limit,
    (delivery) => delivery,
    ({ id }) => encodeCursor(list, [id]),
  );
}
