import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exampleCsv } from '../scripts/example-listings.ts';
import { runImport } from '../src/import/run.ts';
import { importOptions } from './import-options.ts';

const FILE = join(import.meta.dirname, '../../../examples/listings.csv');

it('examples/listings.csv is what its script makes', () => {
  expect(
    readFileSync(FILE, 'utf8') === exampleCsv(),
    'Run node packages/cli/scripts/example-listings.ts',
  ).toBe(true);
});

it('every row of it is good and can be published', async () => {
  const { report } = await runImport(importOptions(FILE, { publish: true }), undefined, () => {});
  expect(report).toMatchObject({ rows: 300, notSent: 300, totals: { rejected: 0 }, warnings: [] });
});
