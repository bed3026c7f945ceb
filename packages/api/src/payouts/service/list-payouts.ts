import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { uuidOf } from '../../platform/id.ts';
import type { SeenPayout, SeenPayoutDetails } from '../model/seen.ts';
import { canRead } from '../policy.ts';
import { payoutNotFound } from '../problems.ts';
import * as payouts from '../repository/payouts.ts';
import type { PayoutsQuery } from '../schema/payout.ts';
import { whoseMoney } from './whose-money.ts';

const Position = z.tuple([z.uuid()]);

/** The payouts of a host, newest first. */
export async function listPayouts(
  ctx: Context,
  { hostId: asked, status, limit, cursor }: PayoutsQuery,
): Promise<{ data: SeenPayout[]; nextCursor: string | null }> {
  const hostId = whoseMoney(ctx, asked);
  const list = ['listPayouts', hostId, status];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  if (hostId === undefined) return { data: [], nextCursor: null };
  const rows = await payouts.listPayouts(ctx.db, { hostId, status }, { before, limit });
  return pageFrom(
    rows,
    limit,
    (row) => row,
    ({ payout }) => encodeCursor(list, [payout.id]),
  );
}

/** A payout, for its host and staff. */
export async function getPayout(ctx: Context, payoutId: string): Promise<SeenPayoutDetails> {
  const id = uuidOf('pyo', payoutId);
  const seen = id && (await payouts.findSeenPayout(ctx.db, id));
  if (!seen || !canRead(actorOf(ctx), seen.payout)) throw payoutNotFound();
  return { ...seen, deductions: await payouts.listDeductions(ctx.db, seen.payout.id) };
}
