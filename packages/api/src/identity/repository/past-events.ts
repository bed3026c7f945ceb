import { sql } from 'kysely';
import type { Tx } from '../../platform/context.ts';

/**
 * Puts another name in place of the one that events about a user tell, in the log and on their way to it. First those
 * on their way: whoever moves them meanwhile is waited for, and has them in the log when that is read.
 */
export async function renameInPastEvents(tx: Tx, userId: string, displayName: string): Promise<void> {
  const name = JSON.stringify(displayName);
  for (const table of ['outbox', 'events'])
    await sql`update ${sql.ref(table)} set
        data = case when data ? 'displayName' then jsonb_set(data, '{displayName}', ${name}::jsonb) else data end,
        previous = case when previous ? 'displayName' then jsonb_set(previous, '{displayName}', ${name}::jsonb) else previous end
      where subject_id = ${userId} and (data ? 'displayName' or previous ? 'displayName')`.execute(tx);
}
