import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectClean } from './clean.ts';
import { HOSTILE } from './listings.ts';
import { type Home, makeHome } from './run.ts';
import { type Stub, startStub } from './stub-server.ts';

let home: Home;
let stub: Stub;
beforeEach(async () => {
  home = makeHome();
  stub = await startStub();
  home.loggedIn(stub.url);
});
afterEach(async () => {
  await stub.close();
  home.remove();
});

const ID = 'run_01j9z6t8v2e4m8q0r5s7x3y1ka';
const side = (amount: number, source: string, currency = 'EUR') => ({ amount, currency, source });
const difference = (kind: string, changes: object = {}) => ({
  kind,
  transaction: 'txn_1PZ2aLIdKwHu7ixQ2jAqQ0h',
  at: '2026-11-27T14:03:10.000Z',
  ledger: side(12_000, 'charge:ch_1PZ2aL'),
  stripe: side(12_500, 'ch_1PZ2aL'),
  advice: `Compare them. ${HOSTILE} ${kind} `.repeat(3),
  ...changes,
});
const reconciliation = (changes: object = {}) => ({
  task: 'reconcile',
  from: '2026-11-27T00:00:00.000Z',
  to: '2026-11-28T00:00:00.000Z',
  checked: 418,
  matched: 418,
  differenceCount: 0,
  differences: [],
  totals: [{ currency: 'EUR', ledger: 812_000, stripe: 812_000 }],
  balances: null,
  ...changes,
});
const run = (changes: object = {}) => ({
  id: ID,
  task: 'reconcile',
  options: {},
  applies: false,
  reason: null,
  startedBy: null,
  status: 'succeeded',
  progress: { done: 418, total: 418 },
  result: reconciliation(),
  failure: null,
  createdAt: '2026-11-28T03:00:00.000Z',
  startedAt: '2026-11-28T03:00:01.000Z',
  finishedAt: '2026-11-28T03:00:10.000Z',
  ...changes,
});

/** A task that goes through these states, one a look. */
function goThrough(task: string, ...states: object[]) {
  const [first, ...later] = states;
  stub.on(`POST /v1/admin/maintenance/${task}`, { status: 202, body: first });
  stub.on(`GET /v1/admin/maintenance-runs/${ID}`, () => ({
    body: later.length > 1 ? later.shift() : (later[0] ?? first),
  }));
}
const waiting = run({ status: 'waiting', result: null, progress: { done: 0, total: null } });
const running = run({ status: 'running', result: null, progress: { done: 209, total: 418 } });
const posted = () => stub.received.filter(({ method }) => method === 'POST').map(({ body }) => body);

describe('admin maintenance reconcile', () => {
  const PERIOD = ['--from', '2026-11-27', '--to', '2026-11-28T00:00:00Z'];
  const reconcile = (...args: string[]) => home.run(['admin', 'maintenance', 'reconcile', ...args]);

  it('shows how far it is, and exits 0 when all agrees', async () => {
    goThrough('reconcile', waiting, running, run());
    const { code, stdout, stderr } = await reconcile(...PERIOD);
    expect(code).toBe(0);
    expectClean(stdout);
    expect(stdout).toMatch(/^EUR +€8,120\.00 +€8,120\.00 +€0\.00$/m);
    expect(stderr).toMatch(/^reconcile +50% +209\/418 checked/m);
    expect(stderr).toContain(
      '✓ The ledger and Stripe agree from 2026-11-27 00:00 until 2026-11-28 00:00 UTC',
    );
    expect(posted()).toEqual([{ from: '2026-11-27T00:00:00.000Z', to: '2026-11-28T00:00:00.000Z' }]);
  });

  it('names each difference with its transaction whole, says what to do, and exits 3', async () => {
    const differences = [
      difference('amountDiffers'),
      difference('amountDiffers'),
      difference('missingInLedger', { ledger: null, stripe: side(-12_345_678, 're_1') }),
      difference('missingAtStripe', { stripe: null }),
      difference('currencyDiffers', { stripe: side(1_250_000, 'ch_1', 'JPY') }),
    ];
    const totals = [{ currency: 'EUR', ledger: 812_000, stripe: 812_500 }];
    const result = reconciliation({ matched: 412, differenceCount: 6, differences, totals });
    goThrough('reconcile', waiting, run({ result }));
    const { code, stdout, stderr } = await reconcile(...PERIOD);
    expect(code).toBe(3);
    expectClean(stdout);
    expect(stdout).toMatch(/^EUR +€8,120\.00 +€8,125\.00 +€5\.00$/m);
    expect(stdout).toMatch(/^amount differs .*txn_1PZ2aLIdKwHu7ixQ2jAqQ0h +€120\.00 +€125\.00$/m);
    expect(stdout).toMatch(/^missing in ledger .*txn_1PZ2aLIdKwHu7ixQ2jAqQ0h +– +-€123,456\.78$/m);
    // Each kind has its advice once.
    expect(stdout.match(/^Amount differs$/gm)).toHaveLength(1);
    expect(stderr).toContain('! The ledger and Stripe differ');
    expect(stderr).toContain('The first 5 of 6 differences are named');
  });

  it('exits 3 when there is another balance than the ledger says', async () => {
    const balances = [{ currency: 'EUR', ledger: 10_000, bank: -5_000, stripe: 6_000 }];
    goThrough('reconcile', run({ result: reconciliation({ balances }) }));
    const { code, stdout } = await reconcile();
    expect(code).toBe(3);
    expect(stdout).toMatch(/^EUR +€100\.00 +-€50\.00 +€60\.00$/m);
    const right = [{ currency: 'EUR', ledger: 10_000, bank: -5_000, stripe: 5_000 }];
    goThrough('reconcile', run({ result: reconciliation({ balances: right }) }));
    expect((await reconcile()).code).toBe(0);
  });

  it('is the run with --json, with the same exit code', async () => {
    const found = run({
      result: reconciliation({ differenceCount: 1, differences: [difference('aNewKind')] }),
    });
    goThrough('reconcile', waiting, found);
    const { code, stdout } = await reconcile('--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual(found);
  });

  it('tells why it failed, and how to look again', async () => {
    goThrough(
      'reconcile',
      waiting,
      run({ status: 'failed', result: null, failure: `Stripe is away ${HOSTILE}` }),
    );
    const { code, stderr } = await reconcile();
    expect(code).toBe(1);
    expectClean(stderr, 150);
    expect(stderr).toContain('Stripe is away');
    expect(stderr).toContain(`sojourn admin maintenance show ${ID}`);
  });

  it('ends with 130 on Ctrl-C, and the run goes on', async () => {
    goThrough('reconcile', waiting, running);
    const { code, stderr } = await home.run(['admin', 'maintenance', 'reconcile'], {
      whileRunning: (child) =>
        void child.stderr!.once('data', () => setTimeout(() => child.kill('SIGINT'), 100)),
    });
    expect(code).toBe(130);
    expect(stderr).toContain(`sojourn admin maintenance show ${ID}`);
  });

  it('refuses what is no time', async () => {
    expect((await reconcile('--from', '2026-02-30')).code).toBe(2);
    expect((await reconcile('--to', 'now')).code).toBe(2);
    expect(stub.received).toEqual([]);
  });
});

describe('admin maintenance run', () => {
  const search = (wrong: number, mended: number, changes: object = {}) =>
    run({ task: 'rebuildSearch', result: { task: 'rebuildSearch', wrong, mended }, ...changes });
  const rebuild = (...args: string[]) => home.run(['admin', 'maintenance', 'run', 'rebuildSearch', ...args]);

  it('only looks unless told: exits 3 and says how to mend', async () => {
    goThrough('rebuildSearch', search(2, 0));
    const { code, stderr } = await rebuild();
    expect(code).toBe(3);
    expect(stderr).toContain('! Search knows 2 listings wrongly.');
    expect(stderr).toContain('sojourn admin maintenance run rebuildSearch --apply --reason');
    expect(posted()).toEqual([{}]);
  });

  it('mends with a reason', async () => {
    goThrough('rebuildSearch', search(2, 2, { applies: true }));
    const { code, stderr } = await rebuild('--apply', '--reason', 'ticket 4712');
    expect([code, stderr]).toEqual([0, expect.stringContaining('✓ Mended: search knew 2 listings wrongly.')]);
    expect(posted()).toEqual([{ apply: true, reason: 'ticket 4712' }]);
    expect((await rebuild('--apply')).code).toBe(2);
    expect((await rebuild('--reason', 'ticket 4712')).code).toBe(2);
    expect(posted()).toHaveLength(1);
  });

  it('prints the run alone when nobody waits for it', async () => {
    goThrough('rebuildSearch', waiting);
    expect((await rebuild('--no-wait')).stdout).toBe(`${ID}\n`);
  });
});

it('admin maintenance list says what each task does', async () => {
  const tasks = [
    { name: 'reconcile', summary: `Compares. ${HOSTILE}`, applies: false, options: ['from', 'to'] },
    { name: 'rebuildSearch', summary: 'Mends.', applies: true, options: [] },
  ];
  stub.on('GET /v1/admin/maintenance', { body: { data: tasks } });
  const { stdout } = await home.run(['admin', 'maintenance', 'list']);
  expectClean(stdout);
  expect(stdout).toMatch(/^reconcile \[only looks\]$/m);
  expect(stdout).toMatch(/^ {2}--from --to$/m);
  expect(stdout).toMatch(/^rebuildSearch \[mends with --apply\]$/m);
});

it('admin maintenance runs and show tell what came of a run', async () => {
  const failed = run({ status: 'failed', result: null, failure: HOSTILE, reason: HOSTILE });
  stub.on('GET /v1/admin/maintenance-runs', { body: { data: [run(), running, failed], nextCursor: null } });
  stub.on(`GET /v1/admin/maintenance-runs/${ID}`, { body: failed });
  const { stdout } = await home.run(['admin', 'maintenance', 'runs', '--task', 'reconcile']);
  expectClean(stdout);
  for (const text of ['all agrees', 'running, 50%', 'failed', ID]) expect(stdout).toContain(text);
  expect(Object.fromEntries(stub.received[0]!.query)).toEqual({ task: 'reconcile' });
  const shown = await home.run(['admin', 'maintenance', 'show', ID]);
  expectClean(shown.stdout);
  expect(shown.stdout).toMatch(/^By +the marketplace itself, every day$/m);
});
