import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Sojourn } from '@sojourn/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importOptions, listingsCsv } from '../../test/import-options.ts';
import { fileWith } from '../../test/read-records.ts';
import { startUpsertServer, type UpsertServer } from '../../test/upsert-server.ts';
import { openSink } from '../commands/listings/import-sink.ts';
import type { ImportOptions, ImportProgress, ImportReport } from './model.ts';
import { runImport } from './run.ts';

let server: UpsertServer;
beforeEach(async () => {
  server = await startUpsertServer();
});
afterEach(() => server.close());

const ROWS = 1_000;
const sum = ({ totals, notSent }: ImportReport) =>
  Object.values(totals).reduce((all, count) => all + count, notSent);

async function importInto(file: string, more: Partial<ImportOptions> = {}) {
  const progress: ImportProgress[] = [];
  const options = importOptions(file, more);
  const sink = openSink(new Sojourn({ baseUrl: server.url, apiKey: 'sjn_test_key' }));
  const end = await runImport(options, sink, (event) => progress.push(event));
  expect(sum(end.report)).toBe(end.report.rows);
  return { ...end, progress, options };
}

/** Every row there, none twice, and counted as what it was the first time. */
function expectWhole(report: ImportReport, rows = ROWS) {
  expect(report).toMatchObject({
    status: 'finished',
    rows,
    totals: { created: rows, updated: 0, unchanged: 0, rejected: 0, failed: 0 },
    notSent: 0,
  });
  expect(server.listings.size).toBe(rows);
}

describe('on bad days', () => {
  it('sends again what had no answer, and is told what the first answer was', async () => {
    server.trouble(
      'loseAnswer',
      'drop',
      'loseAnswer',
      { status: 503 },
      { status: 500 },
      { status: 409, code: 'idempotency_in_progress', retryAfter: '0' },
    );
    const { report, progress } = await importInto(fileWith(listingsCsv(ROWS)), { patienceMs: 30_000 });
    expectWhole(report);
    expect(server.seen.replayed).toBe(2);
    expect(server.seen.rows).toBe(ROWS);
    expect(progress.filter(({ phase }) => phase === 'wait').length).toBeGreaterThanOrEqual(6);
  });

  it('halves on 429, waits as long as it is told, and loses nothing', async () => {
    server.trouble({ status: 429, retryAfter: '1' }, { status: 429, retryAfter: '1' });
    const started = performance.now();
    const { report, progress } = await importInto(fileWith(listingsCsv(ROWS)));
    expectWhole(report);
    expect(performance.now() - started).toBeGreaterThan(1_000);
    expect(progress.flatMap((event) => (event.phase === 'slow' ? [event.concurrency] : []))).toEqual([2, 2]);
  });

  it('sends no more at once than it may', async () => {
    server.slowDown(10);
    await importInto(fileWith(listingsCsv(ROWS)), { concurrency: 3 });
    expect(server.seen.mostAtOnce).toBe(3);
  });

  it('sends a batch that is too large in parts', async () => {
    server.takeAtMost(13);
    const { report } = await importInto(fileWith(listingsCsv(ROWS)));
    expectWhole(report);
  });

  it('waits for a server that is restarted', async () => {
    await server.stop();
    setTimeout(() => void server.start(), 1_500);
    const { report } = await importInto(fileWith(listingsCsv(ROWS)), { patienceMs: 30_000 });
    expectWhole(report);
  });

  it('gives up on a server that stays away, and goes on when asked again', async () => {
    const file = fileWith(listingsCsv(ROWS));
    server.trouble(...Array.from({ length: 3 }, () => 'drop' as const));
    await server.stop();
    const { report, failure, options } = await importInto(file, { patienceMs: 700 });
    expect(report).toMatchObject({ status: 'stopped', totals: { created: 0 }, notSent: ROWS });
    expect(report.stopped).not.toBe('');
    expect(failure).toMatchObject({ name: 'SinkUnavailable' });
    await server.start();
    const again = await importInto(file, { ...options, patienceMs: 30_000 });
    expect(again.report).toMatchObject({ resumed: true, importId: report.importId });
    expectWhole(again.report);
  });

  it('stops waiting when it is interrupted', async () => {
    const interrupt = new AbortController();
    await server.stop();
    setTimeout(() => interrupt.abort(), 600);
    const started = performance.now();
    const { report } = await importInto(fileWith(listingsCsv(ROWS)), {
      signal: interrupt.signal,
      patienceMs: 60_000,
    });
    expect(report).toMatchObject({ status: 'interrupted', notSent: ROWS });
    expect(performance.now() - started).toBeLessThan(5_000);
    await server.start();
  });

  it('ends at once when the key is refused', async () => {
    server.trouble({ status: 401, code: 'invalid_credentials' });
    const { report, failure } = await importInto(fileWith(listingsCsv(ROWS)), { concurrency: 1 });
    expect(report).toMatchObject({ status: 'stopped', notSent: ROWS });
    expect(failure).toMatchObject({ status: 401 });
  });

  it('takes a batch that is refused as a whole for failed rows, and says why', async () => {
    server.trouble({ status: 422, code: 'invalid_request' });
    const { report } = await importInto(fileWith(listingsCsv(ROWS)), { concurrency: 1 });
    expect(report.totals).toMatchObject({ created: ROWS - 50, failed: 50 });
    expect(report.rejections[0]).toMatchObject({
      outcome: 'failed',
      problems: [{ rule: 'invalid_request' }],
    });
  });
});

describe('what the server says of a row', () => {
  it('is told in the words of the file', async () => {
    const file = fileWith(listingsCsv(100, (row) => (row === 7 ? 'refuse me' : `Listing ${row}`)));
    const { report } = await importInto(file);
    expect(report.totals).toMatchObject({ created: 99, failed: 1 });
    expect(report.rejections).toMatchObject([
      {
        line: 8,
        externalId: 'u-7',
        outcome: 'failed',
        problems: [{ column: 'title', value: 'refuse me', rule: 'not_allowed', message: 'must be polite.' }],
      },
    ]);
  });

  it('counts what stays a draft, by reason', async () => {
    const text =
      'id,name,latitude,longitude,room_type,price,minimum_nights\n1,a,40,-73,Private room,0,1\n2,b,40,-73,Private room,90,1\n';
    const { report } = await importInto(fileWith(text), { currency: 'USD', publish: true });
    expect(report.warnings).toContainEqual({
      kind: 'stays_draft/basePrice',
      message: 'Stays a draft. A published listing needs a base price above zero.',
      count: 1,
      samples: [{ line: 2, value: null }],
    });
  });
});

describe('an import that is killed', () => {
  const child = (options: ImportOptions, more: object = {}) =>
    spawn(
      process.execPath,
      [
        join(import.meta.dirname, '../../test/import-child.ts'),
        server.url,
        options.file,
        options.stateDir,
        options.reportDir,
        JSON.stringify(more),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );

  /** Lets it run until so many rows are done. Answers the report if it came to its end before. */
  async function until(process_: ChildProcess, rows: number): Promise<ImportReport | undefined> {
    for await (const line of createInterface({ input: process_.stdout! })) {
      const event = JSON.parse(line) as ImportProgress | { phase: 'end'; report: ImportReport };
      if (event.phase === 'end') return event.report;
      if (event.phase === 'send' && event.done >= rows) return undefined;
    }
    return undefined;
  }

  it('goes on where it was, whenever that was, without loss or double', { timeout: 60_000 }, async () => {
    server.slowDown(15);
    const options = importOptions(fileWith(listingsCsv(ROWS)));
    let report: ImportReport | undefined;
    let killed = 0;
    for (let rows = 50; report === undefined; rows += 300) {
      const running = child(options);
      report = await until(running, rows);
      if (report) break;
      running.kill('SIGKILL');
      await once(running, 'exit');
      killed += 1;
    }
    expect(killed).toBeGreaterThanOrEqual(3);
    expect(report.resumed).toBe(true);
    expectWhole(report);
    // What was under way when it died is sent again under its key; what was answered is not sent again.
    expect(server.seen.rows).toBe(ROWS);
    expect(readdirSync(join(options.stateDir, 'imports'))).toEqual([]);
  });

  it('finishes what is under way on Ctrl-C, and goes on afterwards', { timeout: 60_000 }, async () => {
    server.slowDown(30);
    const options = importOptions(fileWith(listingsCsv(ROWS)));
    const running = child(options);
    expect(await until(running, 100)).toBeUndefined();
    running.kill('SIGINT');
    const report = await until(running, Number.POSITIVE_INFINITY);
    expect(report).toMatchObject({ status: 'interrupted' });
    expect(report!.totals.created).toBe(server.listings.size);
    expect(sum(report!)).toBe(ROWS);
    const replayed = server.seen.replayed;
    const { report: whole } = await importInto(options.file, options);
    expectWhole(whole);
    expect(server.seen.replayed).toBe(replayed);
  });

  it('lets no second one in', { timeout: 60_000 }, async () => {
    server.slowDown(200);
    const options = importOptions(fileWith(listingsCsv(ROWS)));
    const running = child(options);
    await until(running, 1);
    await expect(importInto(options.file, options)).rejects.toThrow('running already');
    running.kill('SIGKILL');
    await once(running, 'exit');
  });

  it('starts anew when the file is another one', { timeout: 60_000 }, async () => {
    server.slowDown(30);
    const options = importOptions(fileWith(listingsCsv(ROWS)));
    const running = child(options);
    await until(running, 100);
    running.kill('SIGKILL');
    await once(running, 'exit');
    const changed = fileWith(listingsCsv(ROWS, (row) => `Home ${row}`));
    const { report } = await importInto(changed, { ...options, file: changed });
    expect(report).toMatchObject({ resumed: false, rows: ROWS });
    expect(report.totals.created + report.totals.updated).toBe(ROWS);
  });
});
