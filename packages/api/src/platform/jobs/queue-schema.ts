import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import pg from 'pg';
import { APPLICATION_ROLE } from '../db/connect.ts';

const SCHEMA = 'bullmq';

/** Brings the schema of the queues up to date by BullMQ's own migrations, for the application's role to use. */
export async function migrateQueues(connectionString: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    await runMigrations(client as never, SCHEMA);
    for (const [rights, things] of [
      ['usage', `schema ${SCHEMA}`],
      ['select, insert, update, delete', `all tables in schema ${SCHEMA}`],
      ['usage', `all sequences in schema ${SCHEMA}`],
      ['execute', `all functions in schema ${SCHEMA}`],
    ])
      await client.query(`grant ${rights} on ${things} to ${APPLICATION_ROLE}`);
  });
}

/** Whether the queues' schema is there and new enough; live, it is migrated by a step of its own. */
export const queuesAreMigrated = (connectionString: string): Promise<boolean> =>
  withClient(connectionString, (client) =>
    assertSchemaCompatibility(client as never, SCHEMA).then(
      (version) => version >= LATEST_SCHEMA_VERSION,
      () => false,
    ),
  );

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
