import type { z } from 'zod';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { readEventBounds } from '../../platform/events/log.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import * as jobs from '../jobs.ts';
import { simplified } from '../model/endpoint.ts';
import { webhookEndpointDisabled } from '../problems.ts';
import { endRest } from '../repository/endpoints.ts';
import { replayEvents } from '../repository/fan-out.ts';
import { type Catalogue, checkEndpoint } from './check-endpoint.ts';
import { lockOwnEndpoint } from './own-endpoint.ts';
import { wakeSoon } from './wake-due.ts';

const EVENTS_AT_ONCE = 2_000;

export interface WantedReplay {
  fromSequence: number;
  types?: string[] | undefined;
}

/** What is sent again: events of these numbers, both included. */
export interface StartedReplay {
  fromSequence: number;
  toSequence: number;
  types: string[];
}

/** Sends an endpoint the events of its world again, from a number to the newest. */
export function startReplay(
  ctx: Context,
  catalogue: Catalogue,
  endpointId: string,
  { fromSequence, types }: WantedReplay,
): Promise<StartedReplay> {
  checkEndpoint(ctx, catalogue, { types });
  return transaction(ctx, async (tx) => {
    const endpoint = await lockOwnEndpoint(ctx, tx, endpointId);
    if (!endpoint.enabled) throw webhookEndpointDisabled();
    const { oldest, newest } = await readEventBounds(tx);
    const replay = {
      fromSequence: Math.max(fromSequence, oldest ?? 1),
      toSequence: newest,
      types: types ? simplified(types) : endpoint.types,
    };
    await enqueue(ctx, tx, jobs.replay, { payload: { endpointId: endpoint.id, ...replay } });
    await endRest(tx, endpoint.id);
    return replay;
  });
}

/** Makes the next deliveries of a replay; what is left is another job of the same transaction. */
export async function replay(ctx: Context, payload: z.output<typeof jobs.replay.payload>): Promise<void> {
  const tx = ctx.db as Tx;
  const last = await replayEvents(tx, payload, EVENTS_AT_ONCE, ctx.clock.now());
  if (last === undefined) return;
  if (last < payload.toSequence)
    await enqueue(ctx, tx, jobs.replay, { payload: { ...payload, fromSequence: last + 1 } });
  await wakeSoon(ctx, tx);
}
