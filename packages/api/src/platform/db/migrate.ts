import { promises as fs } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kysely, PostgresDialect } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';
import { migrateQueues, queuesAreMigrated } from '../jobs/queue-schema.ts';

/** Brings the database to the newest schema as its owner, the queues' included; returns the names of what was applied. */
export async function migrateToLatest(connectionString: string, folder: string): Promise<string[]> {
  const applied = await withMigrator(connectionString, folder, async (migrator) => {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error) throw error;
    return results.map(({ migrationName }) => migrationName);
  });
  if (await queuesAreMigrated(connectionString)) return applied;
  await migrateQueues(connectionString);
  return [...applied, QUEUES];
}

/** How the schema of the queues is called among migrations; its own are BullMQ's. */
const QUEUES = 'queues';

/** The names of what `migrateToLatest` would apply. */
export async function pendingMigrations(connectionString: string, folder: string): Promise<string[]> {
  const pending = await withMigrator(connectionString, folder, async (migrator) => {
    const migrations = await migrator.getMigrations();
    return migrations.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
  });
  return (await queuesAreMigrated(connectionString)) ? pending : [...pending, QUEUES];
}

async function withMigrator<T>(
  connectionString: string,
  migrationFolder: string,
  work: (migrator: Migrator) => Promise<T>,
): Promise<T> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 1 }) }),
  });
  try {
    const provider = new FileMigrationProvider({
      fs,
      path,
      migrationFolder,
      import: (file) => import(pathToFileURL(file).href),
    });
    return await work(new Migrator({ db, provider }));
  } finally {
    await db.destroy();
  }
}
