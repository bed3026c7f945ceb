import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Connects as the owner. */
  url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of the test's own, cloned from the template that `global-setup.ts` made. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = inject('templateDatabaseUrl');
  if (!template)
    throw new Error(
      'Tests that need a database run by `vitest` in the root folder, whose configuration starts one.',
    );
  const url = new URL(template);
  const templateName = url.pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${name}`;
  await onServer(template, `create database ${name} template ${templateName} strategy file_copy`);
  return { url: url.href, drop: () => onServer(template, `drop database ${name} with (force)`) };
}

/** From another database, since one with connections can be neither cloned nor dropped. */
async function onServer(templateUrl: string, sql: string): Promise<void> {
  const url = new URL(templateUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
