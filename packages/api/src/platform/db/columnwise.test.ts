import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { columnwise } from './columnwise.ts';
import { kyselyOn } from './connect.ts';

let database: TestDatabase;
let db: ReturnType<typeof kyselyOn>;
beforeAll(async () => {
  database = await createTestDatabase();
  db = kyselyOn(new pg.Pool({ connectionString: database.url, max: 1 }));
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const types = {
  words: 'text',
  'a "list"': 'text[]',
  document: 'jsonb',
  whole: 'integer',
  real: 'double precision',
  yes: 'boolean',
} as const;
const words = fc.string({ unit: 'grapheme' });
const row = fc.record({
  words: fc.option(words),
  'a "list"': fc.array(fc.oneof(words, fc.constantFrom('NULL', '', '{', '}', '"', '\\', ',', '\n'))),
  document: fc.option(fc.dictionary(words, fc.oneof(words, fc.integer(), fc.boolean()))),
  whole: fc.option(fc.integer()),
  real: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  yes: fc.option(fc.boolean()),
});

test('rows arrive as they are, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      const { rows: arrived } = await sql`select * from ${columnwise(rows, types)} as arrived`.execute(db);
      expect(arrived).toEqual(JSON.parse(JSON.stringify(rows)));
    }),
  );
});
