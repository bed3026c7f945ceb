import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';

/** How many listings the tables of search know wrongly. */
export async function countDifferences(db: Db): Promise<number> {
  const { rows } = await sql<{ wrong: number }>`
    select count(distinct listing_id)::int as wrong from listing_search_differences()`.execute(db);
  return rows[0]!.wrong;
}

/** Mends them; answers how many they were. Writers of those listings wait meanwhile, nobody else does. */
export async function mendDifferences(tx: Tx): Promise<number> {
  const { rows } = await sql<{ mended: number }>`select rebuild_listing_search() as mended`.execute(tx);
  return rows[0]!.mended;
}

/** Lets the statements of a transaction take longer than those of a request. */
export async function allowSeconds(tx: Tx, seconds: number): Promise<void> {
  const time = `${seconds}s`;
  await sql`select set_config('statement_timeout', ${time}, true),
    set_config(name, ${time}, true) from pg_settings where name = 'transaction_timeout'`.execute(tx);
}
