import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { Balance, StatementLine } from '../model/balance.ts';
import { listLines, readBalances } from '../repository/balance.ts';
import type { EntriesQuery } from '../schema/balance.ts';
import { whoseMoney } from './whose-money.ts';

/** How a host's money stands, by currency. */
export async function getBalances(
  ctx: Context,
  { hostId: asked }: { hostId?: string | undefined },
): Promise<Balance[]> {
  const hostId = whoseMoney(ctx, asked);
  return hostId === undefined ? [] : readBalances(ctx.db, hostId, ctx.clock.now());
}

const Position = z.tuple([z.int().min(0)]);

/** What changed what is owed to a host, oldest first. */
export async function listEntries(
  ctx: Context,
  { hostId: asked, from, to, currency, limit, cursor }: EntriesQuery,
): Promise<{ data: StatementLine[]; nextCursor: string | null }> {
  const hostId = whoseMoney(ctx, asked);
  const list = ['listBalanceEntries', hostId, from, to, currency];
  const after = cursor === undefined ? 0 : decodeCursor(list, cursor, Position)[0];
  if (hostId === undefined) return { data: [], nextCursor: null };
  const lines = await listLines(ctx.db, { hostId, from, to, currency }, { after, limit });
  return pageFrom(
    lines,
    limit,
    (line) => line,
    ({ place }) => encodeCursor(list, [place]),
  );
}
