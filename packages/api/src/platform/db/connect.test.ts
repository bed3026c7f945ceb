import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/database.ts';
import { openLog } from '../log.ts';
import { openPool } from './connect.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = await openPool(database.url, 2, openLog('silent'));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const one = async (sql: string) => Object.values((await pool.query(sql)).rows[0])[0];

describe('the application’s connection', () => {
  test('works as a role that owns nothing', async () => {
    expect(await one('select current_user')).toBe('sojourn_app');
    expect(await one("select count(*)::int from pg_class where relowner = 'sojourn_app'::regrole")).toBe(0);
    expect(
      await one(
        "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles where rolname = 'sojourn_app'",
      ),
    ).toBe(false);
  });

  test.each([
    'create table t (a int)',
    'alter table users add x int',
    'drop table users',
    'truncate users',
    'create schema s',
    'create index on users (role)',
  ])('may not %s', async (ddl) => {
    await expect(pool.query(ddl)).rejects.toMatchObject({ code: '42501' });
  });

  test.each([
    'statement_timeout',
    'lock_timeout',
    'idle_in_transaction_session_timeout',
    'transaction_timeout',
  ])('has a %s', async (name) => {
    expect(await one(`select setting::int from pg_settings where name = '${name}'`)).toBeGreaterThan(0);
  });

  test('reads dates as text and refuses to round a number that is too large', async () => {
    expect(await one("select date '2026-03-29'")).toBe('2026-03-29');
    expect(await one('select 9007199254740991::int8')).toBe(9007199254740991);
    await expect(pool.query('select 9007199254740992::int8')).rejects.toThrow('safe integers');
  });
});
