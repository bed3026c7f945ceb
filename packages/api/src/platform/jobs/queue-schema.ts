import { createHash } from 'node:crypto';
import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import pg from 'pg';
import { APPLICATION_ROLE } from '../db/connect.ts';
import { QUEUE_NAMES } from './queue-names.ts';

const SCHEMA = 'bullmq';

/**
 * BullMQ makes a sequence for each queue when it is first used. The application's role makes nothing, so they are made
 * here, under the names that BullMQ looks for (`job_id_seq_name` in its schema).
 */
const SEQUENCES = QUEUE_NAMES.map(
  (name) => `${SCHEMA}.bullmq_jid_${createHash('md5').update(name).digest('hex')}`,
);

/** Brings the schema of the queues up to date by BullMQ's own migrations, for the application's role to use. */
export const migrateQueues = (connectionString: string): Promise<void> =>
  withClient(connectionString, async (client) => {
    await runMigrations(client as never, SCHEMA);
    for (const sequence of SEQUENCES) await client.query(`create sequence if not exists ${sequence}`);
    for (const [rights, things] of [
      ['usage', `schema ${SCHEMA}`],
      ['select, insert, update, delete', `all tables in schema ${SCHEMA}`],
      ['usage', `all sequences in schema ${SCHEMA}`],
      ['execute', `all functions in schema ${SCHEMA}`],
    ])
      await client.query(`grant ${rights} on ${things} to ${APPLICATION_ROLE}`);
  });

/** Whether the queues' schema is there and new enough, with all queues; live, it is migrated by a step of its own. */
export const queuesAreMigrated = (connectionString: string): Promise<boolean> =>
  withClient(connectionString, async (client) => {
    const version = await assertSchemaCompatibility(client as never, SCHEMA).catch(() => 0);
    if (version < LATEST_SCHEMA_VERSION) return false;
    const { rows } = await client.query<{ missing: boolean }>(
      'select exists (select from unnest($1::text[]) as name where to_regclass(name) is null) as missing',
      [SEQUENCES],
    );
    return !rows[0]!.missing;
  });

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
