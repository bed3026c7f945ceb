import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../src/render.ts';
import { listingsCsv } from './import-options.ts';
import { HOSTILE, listing } from './listings.ts';
import { type Home, makeHome } from './run.ts';
import { problem, type Received, type Stub, startStub } from './stub-server.ts';

let home: Home;
let stub: Stub;
beforeEach(async () => {
  home = makeHome();
  stub = await startStub();
  home.loggedIn(stub.url);
  stub.on('GET /v1/me', { body: { id: 'usr_01k9q2v7n8e6xrd5w3m4h1t0zc', email: 'host@example.com' } });
  stub.on('POST /v1/listings/batch', accept);
});
afterEach(async () => {
  await stub.close();
  home.remove();
});

const batchOf = ({ body }: Received) => body as { listings: Record<string, unknown>[]; publish: boolean };
const accept = (request: Received) => ({
  body: {
    results: batchOf(request).listings.map(({ externalId }) => ({
      externalId,
      outcome: 'created',
      listingId: 'lst_x',
      status: 'draft',
      errors: [],
      gaps: [],
    })),
  },
});
const write = (name: string, text: string | Buffer) => writeFileSync(join(home.home, name), text);
const read = (name: string) => readFileSync(join(home.home, name), 'utf8');
const run = (...args: string[]) => home.run(['listings', ...args]);
const batches = () => stub.received.filter(({ path }) => path === '/v1/listings/batch');
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const BAD = `externalId,title,roomType,capacity,currency,basePrice\n1,Loft,entirePlace,2,USD,100\n2,"${HOSTILE.replaceAll('"', '""')}",castle,2,USD,100\n`;

describe('listings import', () => {
  it('imports, and says so within 80 columns', async () => {
    write('units.csv', listingsCsv(2_500));
    const { code, stdout, stderr } = await run('import', 'units.csv', '--publish');
    expect([code, stderr]).toEqual([0, expect.stringContaining('Report: units.report.json')]);
    expect(stdout).toContain('2,500  created');
    expect(batches().map((request) => [batchOf(request).listings.length, batchOf(request).publish])).toEqual([
      [1_000, true],
      [1_000, true],
      [500, true],
    ]);
    for (const { headers } of batches()) expect(headers['idempotency-key']).toMatch(/^imp_\w+-\d+-\d+$/);
    for (const line of [...stdout.split('\n'), ...stderr.split('\n')])
      expect(widthOf(line)).toBeLessThanOrEqual(80);
    // A line for every twentieth of the work at most.
    expect(stderr.split('\n').filter((line) => line.startsWith('Importing')).length).toBeLessThanOrEqual(20);
    expect(JSON.parse(read('units.report.json'))).toMatchObject({
      file: 'units.csv',
      rows: 2_500,
      totals: { created: 2_500, updated: 0, unchanged: 0, rejected: 0, failed: 0 },
    });
    expect(existsSync(join(home.home, 'units.failed.csv'))).toBe(false);
  });

  it('ends with 3 when rows were rejected, and shows which without a control character', async () => {
    write('units.csv', BAD);
    const { code, stdout, stderr } = await run('import', 'units.csv', '--report', 'reports');
    expect(code).toBe(3);
    expect(stdout).toMatch(/line 3 {2}roomType "castle"/);
    expect(stdout + stderr).not.toMatch(CONTROLS);
    expect(stderr).toContain('reports/units.failed.csv');
    expect(readdirSync(join(home.home, 'reports')).sort()).toEqual(['units.failed.csv', 'units.report.json']);
  });

  it('speaks JSON, a line at a time', async () => {
    write('units.csv', BAD);
    const { code, stdout, stderr } = await home.run(['--json', 'listings', 'import', 'units.csv']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, stderr]).toEqual([3, '']);
    expect(lines.at(-1)).toMatchObject({ type: 'report', totals: { created: 1, rejected: 1 } });
    expect(lines.slice(0, -1).every(({ type }) => type === 'progress')).toBe(true);
    expect(lines.find(({ phase }) => phase === 'send')).toMatchObject({
      done: 2,
      rows: 2,
      rowsPerSecond: expect.any(Number),
    });
    expect(stdout).not.toMatch(CONTROLS);
  });

  it('needs no server to check a file', async () => {
    write('units.csv', BAD);
    const { code, stdout } = await home.run(['listings', 'import', 'units.csv', '--offline'], {
      env: { SOJOURN_URL: 'http://127.0.0.1:9' },
    });
    expect(code).toBe(3);
    expect(stdout).toContain('1  good');
    expect(stub.received).toEqual([]);
  });

  it('compares with the server in a dry run, and writes nothing', async () => {
    stub.on('GET /v1/listings/export', {
      headers: { 'content-type': 'application/x-ndjson' },
      text: `${JSON.stringify(listing())}\n`,
    });
    await run('export', 'mine.csv');
    write(
      'more.csv',
      `${read('mine.csv')}${read('mine.csv').split('\n')[1]!.replace('loft-12', 'loft-13')}\n`,
    );
    const { code, stdout } = await run('import', 'more.csv', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 {2}would be created\n.*0 {2}would be updated\n.*1 {2}would stay unchanged/);
    expect(batches()).toEqual([]);
  });

  it('reads a pipe', async () => {
    const { code } = await home.run(['listings', 'import', '-'], { stdin: listingsCsv(10) });
    expect(code).toBe(0);
    expect(JSON.parse(read('stdin.report.json'))).toMatchObject({ rows: 10, totals: { created: 10 } });
  });

  it.each([
    ['a file that is not there', ['nowhere.csv'], 2, 'There is no file'],
    ['unknown columns', ['other.csv'], 2, 'do not show which format'],
    [
      'a format and a mapping',
      ['other.csv', '--map', 'm.json', '--format', 'sojourn'],
      2,
      'leave out --format',
    ],
    ['a missing currency', ['airbnb.csv'], 2, 'Add --currency'],
    ['no text', ['book.csv'], 1, 'Excel workbook'],
  ])('ends with a clear word about %s', async (_, args, code, words) => {
    write('other.csv', 'Ref,Name\n1,x\n');
    write(
      'airbnb.csv',
      'id,name,latitude,longitude,room_type,price,minimum_nights\n1,x,1,2,Private room,$5,1\n',
    );
    write('book.csv', 'PK\u0003\u0004');
    const finished = await run('import', ...args);
    expect([finished.code, finished.stderr]).toEqual([code, expect.stringContaining(words)]);
    expect(batches()).toEqual([]);
  });

  it('ends with 4 before the file is read when the key is not good', async () => {
    stub.on('GET /v1/me', problem(401, 'invalid_credentials', 'The credentials are not valid'));
    write('units.csv', 'x');
    expect((await run('import', 'units.csv')).code).toBe(4);
  });

  it('finishes what is under way on Ctrl-C, ends with 130 and goes on afterwards', async () => {
    write('units.csv', listingsCsv(20_000));
    const interrupted = await home.run(['listings', 'import', 'units.csv', '--concurrency', '1'], {
      whileRunning: (child) => {
        stub.on('POST /v1/listings/batch', (request) => {
          if (batches().length === 3) child.kill('SIGINT');
          return accept(request);
        });
      },
    });
    expect([interrupted.code, interrupted.stderr]).toEqual([
      130,
      expect.stringContaining('Run the same command again'),
    ]);
    const done = JSON.parse(read('units.report.json')).totals.created;
    expect(done).toBe(batches().reduce((sum, request) => sum + batchOf(request).listings.length, 0));
    expect(done).toBeLessThan(20_000);
    const { code, stdout, stderr } = await run('import', 'units.csv');
    expect([code, stdout]).toEqual([0, expect.stringContaining('20,000  created')]);
    expect(stderr).toContain(
      `Going on with an import that was not finished: ${done.toLocaleString('en-US')} of 20,000 rows`,
    );
    expect(batches().reduce((sum, request) => sum + batchOf(request).listings.length, 0)).toBe(20_000);
  });

  it('finds a listing without an own id by the id in its export, and writes it only when it differs', async () => {
    const own = listing({ externalId: null });
    stub.on('GET /v1/listings/export', {
      headers: { 'content-type': 'application/x-ndjson' },
      text: `${JSON.stringify(own)}\n`,
    });
    stub.on(`GET /v1/listings/${own.id}`, { body: own });
    stub.on(`PATCH /v1/listings/${own.id}`, ({ body }) => ({ body: { ...own, ...(body as object) } }));
    await run('export', 'mine.csv');
    expect((await run('import', 'mine.csv')).stdout).toContain('1  unchanged');
    write('changed.csv', read('mine.csv').replace('Sunny loft', 'Bright loft'));
    expect((await run('import', 'changed.csv')).stdout).toContain('1  updated');
    const patches = stub.received.filter(({ method }) => method === 'PATCH');
    expect(patches).toHaveLength(1);
    expect(patches[0]!.body).toMatchObject({ title: 'Bright loft by the park' });
    expect(patches[0]!.body).not.toHaveProperty('externalId');
    expect(batches()).toEqual([]);
  });
});

describe('listings export', () => {
  const two = [
    listing(),
    listing({
      id: 'lst_2',
      externalId: '=2',
      title: `-"quoted", a|b \u200f`,
      status: 'published',
      photos: [{ url: 'https://images.example.com/a|b.jpg', caption: null }],
    }),
  ];
  beforeEach(() =>
    stub.on('GET /v1/listings/export', {
      headers: { 'content-type': 'application/x-ndjson' },
      text: two.map((one) => `${JSON.stringify(one)}\n`).join(''),
    }),
  );

  it('writes what import reads, as CSV, JSON lines and gzip', async () => {
    for (const name of ['all.csv', 'all.jsonl', 'all.csv.gz', 'all.jsonl.gz']) {
      const exported = await run('export', name);
      expect([exported.code, exported.stderr]).toEqual([0, expect.stringContaining('Exported 2 listings')]);
      const dry = await run('import', name, '--dry-run');
      expect([name, dry.stdout]).toEqual([name, expect.stringContaining('2  would stay unchanged')]);
    }
    expect(gunzipSync(readFileSync(join(home.home, 'all.csv.gz'))).toString()).toBe(read('all.csv'));
    expect(read('all.csv')).toContain("'=2,");
    expect(readdirSync(home.home).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('writes to stdout, all or those of a status', async () => {
    const csv = await run('export');
    expect(csv.stdout.split('\n')[0]).toMatch(/^externalId,title,/);
    const published = await run('export', '--format', 'jsonl', '--status', 'published');
    expect(JSON.parse(published.stdout)).toMatchObject({ id: 'lst_2' });
    expect(published.stderr).toBe('');
  });

  it('leaves no file behind when the answer breaks off', async () => {
    stub.on('GET /v1/listings/export', problem(503, 'overloaded', 'The server is busy'));
    const { code } = await run('export', 'all.csv');
    expect(code).toBe(1);
    expect(existsSync(join(home.home, 'all.csv'))).toBe(false);
  });
});
