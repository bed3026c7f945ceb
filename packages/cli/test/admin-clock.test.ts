import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectClean } from './clean.ts';
import { type Home, makeHome } from './run.ts';
import { problem, type Stub, startStub } from './stub-server.ts';

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

const clock = (changes: object = {}) => ({
  now: '2026-12-04T09:30:15.000Z',
  aheadBy: 273_600,
  movable: true,
  ...changes,
});
const moves = () => stub.received.filter(({ method }) => method === 'POST').map(({ body }) => body);

/** A log in which these things happened after the move. */
function happen(...types: string[]) {
  stub.on('GET /v1/events', ({ query }) => ({
    body: {
      data: query.get('after') === 'latest' ? [] : types.map((type, sequence) => ({ sequence, type })),
      nextCursor: null,
      lastSequence: 41,
    },
  }));
}

it.each([
  [clock({ settled: true }), /^Ahead +3 d 4 h of the real time$/m, /^Due +all done$/m],
  [clock({ settled: false, aheadBy: 90 }), /^Ahead +1 min 30 s/m, /^Due +being done$/m],
  [clock({ settled: true, aheadBy: 0, movable: false }), /^Ahead +not at all/m, /^Moves +by itself only$/m],
])('admin clock show: %j', async (body, ...patterns) => {
  stub.on('GET /v1/admin/clock', { body });
  const { stdout, stderr } = await home.run(['admin', 'clock', 'show']);
  expectClean(stdout);
  expect(stdout).toMatch(/^Time +Fri, 2026-12-04 09:30:15 UTC$/m);
  for (const pattern of patterns) expect(stdout).toMatch(pattern);
  expect(stderr.includes('clock advance')).toBe(body.movable);
});

it('moves, waits until what became due is done, and tells what that was', async () => {
  happen('clock.moved', 'booking.expired', 'payout.paid', 'booking.expired');
  stub.on('POST /v1/admin/clock', { body: clock() });
  const { code, stdout, stderr } = await home.run(['admin', 'clock', 'advance', '3d', '--reason', 'a show']);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toBe(
    '✓ It is Fri, 2026-12-04 09:30:15 UTC, 3 d 4 h ahead of the real time.\n  2 × booking.expired\n  1 × payout.paid\n',
  );
  expect(moves()).toEqual([{ advance: '3d', wait: true, reason: 'a show' }]);
  expect(stub.received.at(-1)!.query.get('after')).toBe('41');
});

it('moves to a moment, and says when nothing became due', async () => {
  happen('clock.moved');
  stub.on('POST /v1/admin/clock', { body: clock() });
  const { stderr } = await home.run(['admin', 'clock', 'to', '2027-05-01T16:00:00+02:00']);
  expect(stderr).toContain('Nothing became due.');
  const { stdout } = await home.run(['admin', 'clock', 'advance', '1h', '--no-wait', '--json']);
  expect(JSON.parse(stdout)).toEqual(clock());
  expect(moves()).toEqual([
    { to: '2027-05-01T14:00:00.000Z', wait: true },
    { advance: '1h', wait: false },
  ]);
});

it('moves for a key that may not read events, too', async () => {
  stub.on('GET /v1/events', problem(403, 'insufficient_scope', 'The key may not read events'));
  stub.on('POST /v1/admin/clock', { body: clock() });
  expect(await home.run(['admin', 'clock', 'advance', '3d'])).toMatchObject({ code: 0 });
});

it('says what the server says', async () => {
  happen();
  stub.on('POST /v1/admin/clock', problem(403, 'sandbox_only', 'The time is not to be moved'));
  const { code, stderr } = await home.run(['admin', 'clock', 'advance', '3d']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('sojourn explain sandbox_only')]);
  expect((await home.run(['admin', 'clock', 'to', 'tomorrow'])).code).toBe(2);
});
