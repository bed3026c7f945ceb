import { ConfigError, readConfig } from '../platform/config.ts';
import { migrateToLatest } from '../platform/db/migrate.ts';
import { MIGRATIONS_FOLDER } from '../resources.ts';

function databaseUrlOrExplain(): string {
  try {
    const { databaseUrl } = readConfig();
    if (databaseUrl) return databaseUrl;
    throw new ConfigError('DATABASE_URL: is required to migrate; the embedded database migrates by itself.');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const applied = await migrateToLatest(databaseUrlOrExplain(), MIGRATIONS_FOLDER);
process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The schema is up to date.\n');
