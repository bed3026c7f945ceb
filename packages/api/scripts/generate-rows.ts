import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../src/platform/db/embedded.ts';
import { migrateToLatest } from '../src/platform/db/migrate.ts';
import { openLog } from '../src/platform/log.ts';

// Writes src/platform/db/rows.ts from a freshly migrated database. Its settings are in .kysely-codegenrc.json.
const packageFolder = path.join(import.meta.dirname, '..');
const dataDir = await mkdtemp(path.join(tmpdir(), 'sojourn-rows-'));
const postgres = await startEmbeddedPostgres({ dataDir, log: openLog('warn') });
try {
  await migrateToLatest(postgres.ownerUrl, path.join(packageFolder, 'migrations'));
  execFileSync(path.join(packageFolder, 'node_modules/.bin/kysely-codegen'), ['--url', postgres.ownerUrl], {
    cwd: packageFolder,
    stdio: 'inherit',
  });
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
