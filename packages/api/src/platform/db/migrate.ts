import { promises as fs } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kysely, PostgresDialect } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import pg from 'pg';

/** Brings the database to the newest schema as its owner; returns the names of what was applied. */
export const migrateToLatest = (connectionString: string, folder: string): Promise<string[]> =>
  withMigrator(connectionString, folder, async (migrator) => {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error) throw error;
    return results.map(({ migrationName }) => migrationName);
  });

/** The names of what `migrateToLatest` would apply. */
export const pendingMigrations = (connectionString: string, folder: string): Promise<string[]> =>
  withMigrator(connectionString, folder, async (migrator) => {
    const migrations = await migrator.getMigrations();
    return migrations.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
  });

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
