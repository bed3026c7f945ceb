import { Readable } from 'node:stream';
import type { ImportOptions } from '../src/import/model.ts';
import { temporaryFolder } from './read-records.ts';

/** Options of an import whose traces are all its own. */
export function importOptions(file: string, more: Partial<ImportOptions> = {}): ImportOptions {
  const folder = temporaryFolder();
  return {
    file,
    stdin: Readable.from([]),
    format: 'auto',
    publish: false,
    concurrency: 4,
    reportDir: `${folder}/reports`,
    batchSize: 50,
    stateDir: `${folder}/state`,
    signal: new AbortController().signal,
    serverKey: 'test',
    patienceMs: 2_000,
    ...more,
  };
}

/** A file in the sojourn format with so many good rows. */
export function listingsCsv(rows: number, title = (row: number) => `Listing ${row}`): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `u-${i + 1},${title(i + 1)},entirePlace,2,USD,${100 + i}.00`,
  );
  return ['externalId,title,roomType,capacity,currency,basePrice', ...lines, ''].join('\n');
}
