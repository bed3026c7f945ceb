import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, startSandbox } from './sandbox.ts';

// The main job, as a host does it: sign in, import, find again, export. With real data where it is at hand.
const data = path.join(root, '../shared/data/inside-airbnb');
const NYC = path.join(data, 'nyc-2019-summary/AB_NYC_2019.csv.gz');
const withData = describe.skipIf(!existsSync(NYC));

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let database: pg.Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  database = new pg.Client({ connectionString: sandbox.databaseUrl });
  await database.connect();
  const login = await sandbox.run('login', '--dev');
  expect(login.code, login.stderr).toBe(0);
});
afterAll(async () => {
  await database?.end();
  await sandbox?.stop();
});

interface Report {
  rows: number;
  totals: { created: number; updated: number; unchanged: number; rejected: number; failed: number };
}
const importing = (file: string, ...more: string[]) => [
  'listings',
  'import',
  file,
  '--report',
  sandbox.home,
  ...more,
];
const reportOf = async (name: string): Promise<Report> =>
  JSON.parse(await readFile(path.join(sandbox.home, `${name}.report.json`), 'utf8'));
const sum = ({ totals }: Report) => Object.values(totals).reduce((a, b) => a + b);
const count = async (sql: string) =>
  Number((await database.query(`select count(*) from listings where ${sql}`)).rows[0].count);

describe('the quick start of the README', () => {
  test('works as it stands', async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const block = /<!-- quick-start -->\n```sh\n([\s\S]*?)```/.exec(readme)![1]!;
    const commands = block
      .trim()
      .split('\n')
      .map((line) => line.replace(/^npx sojourn /, '').split(' '));
    expect(commands).toHaveLength(3);
    for (const words of commands) {
      const { code, stderr, stdout } = await sandbox.run(
        ...words.map((word) => (word.startsWith('examples/') ? path.join(root, word) : word)),
      );
      expect([words.join(' '), code, stderr], stderr).toEqual([words.join(' '), 0, expect.any(String)]);
      if (words[0] === 'search') expect(stdout.split('\n').length).toBeGreaterThan(5);
    }
  });
});

withData('48,895 listings of New York', () => {
  const nyc = () =>
    importing(
      NYC,
      '--format',
      'inside-airbnb',
      '--currency',
      'USD',
      '--time-zone',
      'America/New_York',
      '--publish',
    );
  const ours =
    "external_id ~ '^[0-9]+$' and currency is distinct from 'EUR' and time_zone = 'America/New_York'";

  test('arrive once each, though CLI and server are killed on the way', async () => {
    for (const killed of ['cli', 'server', 'cli'] as const) {
      const child = sandbox.spawn(nyc());
      child.stdout!.resume();
      child.stderr!.resume();
      const ended = once(child, 'exit');
      const before = await count(ours);
      while (child.exitCode === null && (await count(ours)) < before + 3_000)
        await new Promise((resolve) => setTimeout(resolve, 20));
      if (killed === 'server') {
        await sandbox.killServer();
        await sandbox.restartServer();
        await ended;
      } else {
        child.kill('SIGKILL');
        await ended;
      }
    }
    const last = await sandbox.run(...nyc());
    expect(last.code, last.stderr).toBe(0);
    const report = await reportOf('AB_NYC_2019');
    expect(report.rows).toBe(48_895);
    expect(sum(report)).toBe(48_895);
    expect(report.totals).toMatchObject({ rejected: 0, failed: 0 });
    expect(await count(ours)).toBe(48_895);
    // Eleven have a price of zero and stay drafts.
    expect(await count(`${ours} and status = 'published'`)).toBe(48_884);
  }, 240_000);

  test('imported again change nothing, and nothing is written', async () => {
    // Each row names the transaction that wrote it; the statistics of the database come up to ten seconds late.
    const written = async () =>
      (
        await database.query(
          "select count(*) || ' rows, ' || sum(xmin::text::bigint) as writes from listings",
        )
      ).rows[0].writes;
    const before = await written();
    const again = await sandbox.run(...nyc());
    expect(again.code, again.stderr).toBe(0);
    expect((await reportOf('AB_NYC_2019')).totals).toEqual({
      created: 0,
      updated: 0,
      unchanged: 48_895,
      rejected: 0,
      failed: 0,
    });
    expect(await written()).toBe(before);
  }, 120_000);

  test('are found again, page after page without gap or repeat while others are added', async () => {
    const words = [
      'search',
      '--near',
      '40.7580,-73.9855',
      '--radius-km',
      '2',
      '--max-price',
      '200',
      '--sort',
      'price',
    ];
    const table = await sandbox.run(...words);
    expect(table.code, table.stderr).toBe(0);
    const lines = table.stdout.split('\n');
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const seen: { id: string; price: number }[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 6; page++) {
      const url = new URL('/v1/search', sandbox.url);
      url.search = new URLSearchParams({
        near: '40.7580,-73.9855',
        radiusKm: '2',
        maxPrice: '20000',
        sort: 'price',
        limit: '50',
        ...(cursor ? { cursor } : {}),
      }).toString();
      const answer = (await (await fetch(url)).json()) as {
        data: { id: string; basePrice: { amount: number } }[];
        nextCursor: string;
      };
      seen.push(...answer.data.map(({ id, basePrice }) => ({ id, price: basePrice.amount })));
      cursor = answer.nextCursor;
      const { code, stderr } = await sandbox.run(
        'listings',
        'create',
        '--file',
        await newListing(page),
        '--publish',
      );
      expect(code, stderr).toBe(0);
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(300);
    expect(seen.map(({ price }) => price)).toEqual(seen.map(({ price }) => price).toSorted((a, b) => a - b));
    const json = await sandbox.run(...words, '--json');
    expect(Array.isArray(JSON.parse(json.stdout).data ?? JSON.parse(json.stdout))).toBe(true);
  }, 120_000);

  async function newListing(number: number): Promise<string> {
    const { writeFile } = await import('node:fs/promises');
    const file = path.join(sandbox.home, `new-${number}.json`);
    const listing = {
      title: `Added meanwhile ${number}`,
      description: 'New.',
      roomType: 'entirePlace',
      capacity: 2,
      location: { latitude: 40.758, longitude: -73.985 },
      timeZone: 'America/New_York',
      basePrice: { amount: 1_000 + number * 3_000, currency: 'USD' },
      cancellationPolicy: 'flexible',
      photos: [{ url: 'https://images.example.com/new.jpg' }],
    };
    await writeFile(file, JSON.stringify(listing));
    return file;
  }
});

withData('the detailed exports', () => {
  test.each([
    ['albany-2024-11', 421, 'America/New_York'],
    ['seattle-2016-01', 3_818, 'America/Los_Angeles'],
  ])(
    '%s: every row, ids to the digit',
    async (name, rows, timeZone) => {
      const file = path.join(data, name, 'listings.csv.gz');
      const { code, stderr } = await sandbox.run(
        ...importing(
          file,
          '--format',
          'inside-airbnb',
          '--currency',
          'USD',
          '--time-zone',
          timeZone,
          '--publish',
        ),
      );
      expect(code, stderr).toBe(0);
      const report = await reportOf('listings');
      expect([report.rows, sum(report), report.totals.rejected, report.totals.failed]).toEqual([
        rows,
        rows,
        0,
        0,
      ]);
    },
    120_000,
  );

  test('the largest id is there as it was written', async () => {
    expect(await count("external_id = '1279846646046615122'")).toBe(1);
  });

  test('what is exported imports without a change', async () => {
    for (const name of ['all.csv', 'all.jsonl.gz']) {
      const file = path.join(sandbox.home, name);
      const exported = await sandbox.run('listings', 'export', file);
      expect(exported.code, exported.stderr).toBe(0);
      const imported = await sandbox.run(...importing(file));
      expect(imported.code, imported.stderr).toBe(0);
      const report = await reportOf(name.split('.')[0]!);
      expect(report.rows).toBe(await count('external_id is not null'));
      expect(report.totals).toEqual({
        created: 0,
        updated: 0,
        unchanged: report.rows,
        rejected: 0,
        failed: 0,
      });
    }
  }, 240_000);
});
