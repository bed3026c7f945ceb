import { ConfigError, readConfig } from '../platform/config.ts';
import { migrateToLatest } from '../platform/db/migrate.ts';
import { MIGRATIONS_FOLDER } from '../resources.ts';

const { databaseUrl } = readConfig();
if (!databaseUrl)
  throw new ConfigError('DATABASE_URL: is required to migrate; the embedded database migrates by itself.');
const applied = await migrateToLatest(databaseUrl, MIGRATIONS_FOLDER);
process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The schema is up to date.\n');
