import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseError } from './connect.ts';

const SQLITE_BUSY = 5;

export interface DataFolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only server on a data folder. The lock is one of the operating system, so that it goes
 * with the process however that ends; Node reaches such locks only through SQLite.
 *
 * @throws DatabaseError when another process holds the folder.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const ownerFile = path.join(dataDir, 'server.pid');
  const lockFile = path.join(dataDir, 'server.lock');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lockFile, { timeout: 0 });
    database.exec('begin exclusive');
  } catch (cause) {
    database?.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY)
      throw new DatabaseError(`The lock ${lockFile} cannot be taken: ${(cause as Error).message}.`, {
        cause,
      });
    const owner = await readFile(ownerFile, 'utf8').catch(() => '');
    throw new DatabaseError(
      `The data folder ${dataDir} is in use by another Sojourn server${owner && ` (process ${owner})`}. ` +
        'Stop that one, or set SOJOURN_DATA_DIR to another folder.',
    );
  }
  const held = database;
  await rm(ownerFile, { force: true });
  await writeFile(ownerFile, String(process.pid));
  return {
    async release() {
      await rm(ownerFile, { force: true });
      held.close();
    },
  };
}
