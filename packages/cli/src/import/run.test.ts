import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ListingInput } from '@sojourn/shared/listing';
import { describe, expect, it } from 'vitest';
import { importOptions, listingsCsv } from '../../test/import-options.ts';
import { fileWith, readFileRecords } from '../../test/read-records.ts';
import type { BatchResult, ImportOptions, ImportReport, ImportSink, OutgoingRow } from './model.ts';
import { runImport } from './run.ts';

/** A sink that keeps what it is given, and answers as a server would. */
function memorySink() {
  const rows = new Map<string, string>();
  const batches: string[][] = [];
  const sink: ImportSink = {
    async upsert(sent) {
      batches.push(sent.map(({ draft }) => draft.externalId ?? ''));
      return sent.map(answerTo);
    },
  };
  const answerTo = ({ draft, listingId }: OutgoingRow): BatchResult => {
    const id = draft.externalId ?? listingId!;
    const now = JSON.stringify(ListingInput.parse(draft));
    const before = rows.get(id);
    rows.set(id, now);
    const outcome = before === undefined ? 'created' : before === now ? 'unchanged' : 'updated';
    return {
      externalId: draft.externalId ?? null,
      outcome,
      listingId: 'lst_x',
      status: 'draft',
      errors: [],
      gaps: [],
    };
  };
  return { sink, rows, batches };
}

const sum = ({ totals, notSent }: ImportReport) =>
  Object.values(totals).reduce((all, count) => all + count, notSent);
const HEADER = 'externalId,title,roomType,capacity,currency,basePrice';

async function check(text: string, more: Partial<ImportOptions> = {}) {
  const options = importOptions(fileWith(text), more);
  const { report } = await runImport(options, undefined, () => {});
  expect(sum(report)).toBe(report.rows);
  return { report, options };
}

describe('a rejected row', () => {
  it('comes with line, column, value, rule and remedy, all of them at once', async () => {
    const { report } = await check(
      `${HEADER}\n1,Loft,entirePlace,2,USD,100\n2,,castle,999,USD,cheap\n,No id,entirePlace,1,USD,1\n1,Again,entirePlace,1,USD,1\n`,
    );
    expect(report).toMatchObject({
      totals: { created: 0, updated: 0, unchanged: 0, rejected: 3, failed: 0 },
      notSent: 1,
    });
    const outline = report.rejections.map(({ line, problems }) => [
      line,
      ...problems.map(({ column, value, rule }) => `${column}=${value}: ${rule}`),
    ]);
    expect(outline).toEqual([
      [
        3,
        'roomType=castle: unknown_word',
        'basePrice=cheap: not_an_amount',
        'title=: required',
        'capacity=999: too_big',
      ],
      [4, 'externalId=: required'],
      [5, 'externalId=1: duplicate_id'],
    ]);
    expect(report.rejections[2]!.problems[0]!.message).toContain('line 2');
    for (const { problems } of report.rejections) for (const { fix } of problems) expect(fix).not.toBe('');
  });

  it('does not take the id from a later, good one', async () => {
    const { report } = await check(`${HEADER}\n1,,entirePlace,2,USD,100\n1,Loft,entirePlace,2,USD,100\n`);
    expect(report.rejections.map(({ line }) => line)).toEqual([2]);
  });

  it('shows nothing that acts on a terminal, and long values cut short', async () => {
    const { report } = await check(`${HEADER}\n1,Loft,"\u001b[2J\u202eevil${'x'.repeat(500)}",2,USD,100\n`);
    const { value } = report.rejections[0]!.problems[0]!;
    expect(value).toMatch(/^evilx+…$/);
    expect(value!.length).toBeLessThanOrEqual(80);
  });

  it('is put into a file that can be mended and imported', async () => {
    const text = `\ufeffexternalId;title;roomType;currency;basePrice;Owner\n1;=Loft;entirePlace;USD;100;-x\n2;"=HYPERLINK(""x"")";castle;USD;-5;'=y\n3;short\n`;
    const { report, options } = await check(text);
    const failed = readFileSync(report.failedFile!, 'utf8').split('\n');
    expect(failed[0]).toBe('sojourn_error,externalId,title,roomType,currency,basePrice,Owner');
    expect(failed[1]).toMatch(
      /^"roomType ""castle"" is not a word .*","?2,"'=HYPERLINK\(""x""\)",castle,USD,-5,'=y$/,
    );
    expect(failed[2]).toMatch(/^"?The row has 2 cells, the header has 6\..*"?,3,short$/);

    const mended = readFileSync(report.failedFile!, 'utf8')
      .replaceAll('castle', 'entirePlace')
      .replaceAll('-5', '5')
      .replace('3,short', '3,Long,entirePlace,,,');
    const second = join(options.reportDir, 'mended.csv');
    writeFileSync(second, mended);
    const { sink, rows } = memorySink();
    const again = await runImport({ ...options, file: second }, sink, () => {});
    expect(again.report.totals).toMatchObject({ created: 2, rejected: 0 });
    expect(JSON.parse(rows.get('2')!).title).toBe('=HYPERLINK("x")');
  });

  it('stays rejected when its file is imported as it is', async () => {
    const { report, options } = await check(
      `${HEADER}\n1,a,b,c,d,e,f,g\n2,short\n3,"stray,entirePlace,2,USD\n4,ok,entirePlace,x,USD,1\n`,
    );
    expect(report.totals.rejected).toBe(4);
    const again = await runImport({ ...options, file: report.failedFile! }, undefined, () => {});
    expect(again.report.totals.rejected).toBe(4);
    const cellsOf = async (file: string) =>
      (await readFileRecords(file)).records.map(({ cells }) => cells!.slice(1));
    expect(await cellsOf(again.report.failedFile!)).toEqual(await cellsOf(report.failedFile!));
  });

  it('keeps its text in a file of JSON lines', async () => {
    const text =
      '{"externalId":1279846646046615122,"title":"x","roomType":"castle"}\n{broken\n{}\n{"externalId":"2","title":"y","roomType":"hotelRoom"}\n';
    const options = importOptions(fileWith(text, 'units.jsonl'));
    const { report } = await runImport(options, undefined, () => {});
    expect(report).toMatchObject({ totals: { rejected: 3 }, notSent: 1 });
    expect(report.failedFile).toMatch(/units\.failed\.jsonl$/);
    const lines = readFileSync(report.failedFile!, 'utf8').trim().split('\n');
    expect(lines[0]).toMatch(
      /^\{"externalId":1279846646046615122,"title":"x","roomType":"castle","sojourn_error":"roomType/,
    );
    expect(JSON.parse(lines[1]!)).toMatchObject({ sojourn_line: '{broken' });
    const again = await runImport({ ...options, file: report.failedFile! }, undefined, () => {});
    expect(again.report).toMatchObject({ totals: { rejected: 3 }, notSent: 0 });
    expect(readFileSync(again.report.failedFile!, 'utf8')).toBe(readFileSync(report.failedFile!, 'utf8'));
  });

  it('is counted beyond the thousand that the report shows', async () => {
    const { report } = await check(`${HEADER}\n${'x,,,,,\n'.repeat(1_500)}`);
    expect([report.rejections.length, report.rejectionCount, report.rows]).toEqual([1_000, 1_500, 1_500]);
    const { records } = await readFileRecords(report.failedFile!);
    expect(records).toHaveLength(1_500);
  });
});

describe('an import', () => {
  it('creates, leaves alone and updates', async () => {
    const { sink, batches } = memorySink();
    const options = importOptions(fileWith(listingsCsv(120)));
    const first = await runImport(options, sink, () => {});
    expect(first.report).toMatchObject({
      status: 'finished',
      rows: 120,
      resumed: false,
      totals: { created: 120 },
      failedFile: null,
    });
    expect(batches.map(({ length }) => length)).toEqual([50, 50, 20]);
    const second = await runImport(options, sink, () => {});
    expect(second.report).toMatchObject({ resumed: false, totals: { created: 0, unchanged: 120 } });
    expect(second.report.importId).not.toBe(first.report.importId);
    const changed = importOptions(
      fileWith(listingsCsv(120, (row) => `${row % 2 ? 'Listing' : 'Home'} ${row}`)),
    );
    const third = await runImport(changed, sink, () => {});
    expect(third.report.totals).toMatchObject({ unchanged: 60, updated: 60 });
  });

  it('writes its report and leaves no ledger behind', async () => {
    const { sink } = memorySink();
    const options = importOptions(fileWith(listingsCsv(3), 'my units.csv'), { file: undefined as never });
    const { report } = await runImport(
      { ...options, file: fileWith(listingsCsv(3), 'my units.csv') },
      sink,
      () => {},
    );
    expect(JSON.parse(readFileSync(join(options.reportDir, 'my units.report.json'), 'utf8'))).toEqual(report);
    expect(report.importId).toMatch(/^imp_/);
    expect(Date.parse(report.startedAt)).toBeLessThanOrEqual(Date.parse(report.finishedAt));
    expect(readdirSync(join(options.stateDir, 'imports'))).toEqual([]);
  });

  it('reads a pipe', async () => {
    const { sink } = memorySink();
    const options = importOptions('-', { stdin: Readable.from([Buffer.from(listingsCsv(60))]) });
    const { report } = await runImport(options, sink, () => {});
    expect(report).toMatchObject({ file: 'stdin', totals: { created: 60 } });
    expect(readdirSync(options.reportDir)).toEqual(['stdin.report.json']);
  });

  it('stops at a limit', async () => {
    const { sink, rows } = memorySink();
    const { report } = await runImport(
      importOptions(fileWith(listingsCsv(120)), { limit: 70 }),
      sink,
      () => {},
    );
    expect([report.rows, report.totals.created, rows.size]).toEqual([70, 70, 70]);
  });

  it('takes a file with no rows', async () => {
    const { sink } = memorySink();
    const { report } = await runImport(importOptions(fileWith(`${HEADER}\n`)), sink, () => {});
    expect(report).toMatchObject({ status: 'finished', rows: 0 });
  });

  it('finds listings without an own id by the id of their export', async () => {
    const { sink, rows } = memorySink();
    const text = `id,${HEADER}\nlst_1,,Loft,entirePlace,2,USD,100\nlst_1,,Loft,entirePlace,2,USD,100\n`;
    const { report } = await runImport(importOptions(fileWith(text)), sink, () => {});
    expect(report.totals).toMatchObject({ created: 1, rejected: 1 });
    expect([...rows.keys()]).toEqual(['lst_1']);
  });

  it('keeps batches small in bytes as well', async () => {
    const { sink, batches } = memorySink();
    const text = `externalId,title,roomType,description\n${Array.from({ length: 300 }, (_, i) => `${i},x,entirePlace,${'d'.repeat(9_000)}\n`).join('')}`;
    const { report } = await runImport(importOptions(fileWith(text), { batchSize: 1_000 }), sink, () => {});
    expect(report.totals.created).toBe(300);
    expect(batches.length).toBe(3);
  });

  it('sends each row at most once, in batches of whole rows around rejected ones', async () => {
    const { sink, batches } = memorySink();
    const text = listingsCsv(200, (row) => (row % 7 === 0 ? '' : `Listing ${row}`));
    const { report } = await runImport(importOptions(fileWith(text)), sink, () => {});
    expect(report.totals).toMatchObject({ created: 172, rejected: 28 });
    const sent = batches.flat();
    expect(new Set(sent).size).toBe(sent.length);
    expect(sum(report)).toBe(200);
  });
});

describe('a dry run', () => {
  it('tells what would become of each row', async () => {
    const { sink, rows } = memorySink();
    await runImport(importOptions(fileWith(listingsCsv(10))), sink, () => {});
    const server = async function* () {
      for (const [i, row] of [...rows.values()].entries())
        yield {
          ...JSON.parse(row),
          ...(i < 3 && { title: 'Changed since' }),
          id: `lst_${i}`,
          status: 'draft',
        };
    };
    const { report } = await check(listingsCsv(12), { existing: server() });
    expect(report).toMatchObject({
      status: 'checked',
      totals: { created: 2, updated: 3, unchanged: 7, rejected: 0, failed: 0 },
      notSent: 0,
    });
  });

  it('says what would stay a draft', async () => {
    const { report } = await check(listingsCsv(3), { publish: true });
    expect(report.warnings.map(({ kind, count }) => [kind, count])).toContainEqual([
      'stays_draft/location',
      3,
    ]);
  });
});

describe('options', () => {
  it.each([
    [{ currency: 'XXX' }, '--currency XXX is not a currency'],
    [{ timeZone: 'America/New_Yrok' }, '--time-zone America/New_Yrok is not'],
    [{ map: '/nowhere.json' }, 'cannot be read'],
    [{ format: 'inside-airbnb' as const }, 'not a listings file of Inside Airbnb'],
  ])('%j end it before anything is read', async (more, message) => {
    await expect(check(listingsCsv(1), more)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode: 2,
    });
  });

  it('must fit the file', async () => {
    await expect(check('a,b,c\n1,2,3\n')).rejects.toMatchObject({
      message: expect.stringContaining('do not show which format'),
      exitCode: 2,
    });
    await expect(check('listing_id,date,available\n1,2,3\n')).rejects.toMatchObject({
      next: expect.arrayContaining([expect.stringContaining('calendar')]),
    });
  });

  it('are an import of their own', async () => {
    const { sink } = memorySink();
    const file = fileWith(listingsCsv(100));
    const options = importOptions(file);
    const stop = new AbortController();
    const stopping: ImportSink = {
      async upsert(rows, sending) {
        stop.abort();
        return sink.upsert(rows, sending);
      },
    };
    const first = await runImport({ ...options, signal: stop.signal, concurrency: 1 }, stopping, () => {});
    expect(first.report).toMatchObject({ status: 'interrupted', totals: { created: 50 }, notSent: 50 });
    const published = await runImport({ ...options, publish: true }, sink, () => {});
    expect(published.report).toMatchObject({ resumed: false, totals: { unchanged: 50, created: 50 } });
    const resumed = await runImport(options, sink, () => {});
    expect(resumed.report).toMatchObject({
      resumed: true,
      importId: first.report.importId,
      totals: { created: 50, unchanged: 50 },
    });
  });

  it('say where a report cannot go, before anything is sent', async () => {
    const { sink, batches } = memorySink();
    const options = importOptions(fileWith(listingsCsv(1)), { reportDir: `${fileWith('')}/reports` });
    await expect(runImport(options, sink, () => {})).rejects.toThrow('reports cannot be written');
    expect(batches).toEqual([]);
  });
});
