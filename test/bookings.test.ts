import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BookingServer, startBookingServer } from '../packages/api/test/booking-server.ts';
import { newPerson } from '../packages/api/test/caller.ts';
import { makeHome } from '../packages/cli/test/run.ts';

// From a host's first home to a guest's cancelled stay, as two people and an admin do it from their terminals.
const homes = { host: makeHome(), guest: makeHome(), admin: makeHome() };
let server: BookingServer;
beforeAll(async () => {
  server = await startBookingServer();
  const { url, credentials } = server;
  homes.host.loggedIn(url, { apiKey: credentials.host.apiKey });
  homes.admin.loggedIn(url, { apiKey: credentials.admin.apiKey });
  const { call } = await newPerson(server);
  const scopes = ['listings:read', 'bookings:read', 'bookings:write'];
  const { body } = await call('POST', '/v1/api-keys', { body: { name: 'cli', scopes } });
  homes.guest.loggedIn(url, { apiKey: body.key });
});
afterAll(async () => {
  await server?.stop();
  for (const home of Object.values(homes)) home.remove();
});

type Person = keyof typeof homes;
const run = async (person: Person, words: string[], expected = 0) => {
  const finished = await homes[person].run(words);
  expect(finished.code, finished.stderr).toBe(expected);
  return finished;
};
const json = async (person: Person, words: string[]) =>
  JSON.parse((await run(person, [...words, '--json'])).stdout);

let listing: string;
const createListing = async (...more: string[]) =>
  (
    await run('host', [
      ...['listings', 'create', '--title', 'Sunny loft', '--description', 'Quiet.', '--publish'],
      ...['--room-type', 'entirePlace', '--capacity', '4', '--point', '38.7123,-9.1448'],
      ...['--line1', 'Rua da Rosa 12', '--city', 'Lisboa', '--country', 'PT', '--time-zone', 'Europe/Lisbon'],
      ...['--price', '100', '--currency', 'EUR', '--min-nights', '2', '--cancellation-policy', 'moderate'],
      ...more,
    ])
  ).stdout.trim();
const STAY = ['--check-in', '2027-05-03', '--nights', '4'];

test('a stay is searched, quoted, booked, paid and cancelled', async () => {
  listing = await createListing('--instant-book');
  const found = await run('guest', [
    ...['search', '--place', 'Lisboa', '--check-in', '2027-05-03', '--check-out', '2027-05-07'],
    ...['--currency', 'EUR', '--max-price', '500', '--sort', 'price'],
  ]);
  // 400 for the nights and 14.2 % of it for the marketplace.
  expect(found.stdout).toMatch(/^Sunny loft .*€456\.80/m);
  expect(found.stderr).toContain(`sojourn quote ${listing} --check-in 2027-05-03 --check-out 2027-05-07`);

  const { stdout } = await run('guest', ['quote', listing, ...STAY]);
  expect(stdout).toMatch(/^ {2}Total +€456\.80$/m);
  expect(stdout).toContain('€456.80  before Wed, Apr 28, 2027, 15:00 (everything)');
  const { id: quote } = await json('guest', ['quote', listing, ...STAY]);

  const booking = (await run('guest', ['bookings', 'create', quote])).stdout.trim();
  const declined = ['bookings', 'pay', booking, '--method', 'pm_card_visa_chargeDeclined'];
  expect((await run('guest', declined, 1)).stderr).toContain('payment_declined');
  await run('guest', ['bookings', 'pay', booking, '--method', 'pm_card_visa']);
  expect((await run('guest', ['bookings', 'get', booking])).stdout).toContain('Rua da Rosa 12');
  expect((await run('host', ['bookings', 'list', '--role', 'host'])).stdout).toMatch(
    new RegExp(`^confirmed .*${booking}$`, 'm'),
  );

  const taken = await run('guest', ['quote', listing, ...STAY], 1);
  expect(taken.stderr).toContain('Not free: 2027-05-03');
  expect(taken.stderr).toMatch(/Fri, May 7 – Tue, May 11, 2027 +4 nights +€\d/);

  const cancelled = await run('guest', ['bookings', 'cancel', booking, '--yes', '--reason', 'no flight']);
  expect(cancelled.stderr).toContain('Cancelled, €456.80 comes back');
  expect((await run('host', ['bookings', 'get', booking])).stdout.replaceAll(/\s+/g, ' ')).toContain(
    '€456.80 back, “no flight”',
  );
}, 60_000);

test('a request is answered, altered, and the guest checked in and out', async () => {
  const home = await createListing('--no-instant-book');
  const { id: quote } = await json('guest', ['quote', home, '--check-in', '2027-03-01', '--nights', '3']);
  const asked = await json('guest', ['bookings', 'create', quote, '--pay', 'pm_card_visa']);
  expect(asked.status).toBe('requested');
  const booking = asked.id;
  const waiting = await run('host', ['bookings', 'list', '--role', 'host', '--status', 'requested']);
  expect(waiting.stdout).toContain(booking);
  await run('host', ['bookings', 'accept', booking]);

  const alteration = await json('guest', ['bookings', 'alter', booking, '--check-out', '2027-03-05']);
  expect((await run('host', ['bookings', 'alterations', 'list', booking])).stdout).toContain('€114.20 more');
  await run('host', ['bookings', 'alterations', 'accept', booking, alteration.id]);

  await run('host', ['bookings', 'check-in', booking]);
  await run('host', ['bookings', 'check-out', booking]);
  expect((await json('guest', ['bookings', 'get', booking])).status).toBe('completed');
  expect((await run('guest', ['bookings', 'cancel', booking, '--yes'], 1)).stderr).toContain(
    'booking_state_conflict',
  );
}, 60_000);

test('an admin sets fees, policies and taxes, and stays quoted from then on have them', async () => {
  const reason = ['--reason', 'decided by the board'];
  const fees = ['fees', 'create', '--name', 'Host pays', '--mode', 'hostOnly', '--host-percent', '15.5'];
  await run('admin', ['admin', ...fees, ...reason]);
  const rate = ['--per-guest-night', '2', '--currency', 'EUR', '--max-nights', '7'];
  const taxes = ['taxes', 'create', '--name', 'City tax', '--country', 'pt', '--city', 'lisboa', ...rate];
  const tax = (await run('admin', ['admin', ...taxes, ...reason])).stdout.trim();
  const { lineItems, total, hostPayout } = await json('guest', ['quote', listing, ...STAY]);
  expect(lineItems.map(({ kind }: { kind: string }) => kind)).toEqual(['nights', 'tax']);
  expect([total.amount, hostPayout.amount]).toEqual([41_600, 33_800]);

  expect((await run('admin', ['admin', 'taxes', 'end', tax], 2)).stderr).toContain('--reason');
  await run('admin', ['admin', 'taxes', 'end', tax, ...reason]);
  expect((await run('admin', ['admin', 'taxes', 'list'])).stdout).toMatch(/^City tax .*2027-03-01/m);
  expect((await json('guest', ['quote', listing, ...STAY])).total.amount).toBe(40_000);

  const { data } = await json('admin', ['admin', 'policies', 'list']);
  const flexible = data.find(({ key }: { key: string }) => key === 'flexible');
  const created = await homes.admin.run(['admin', 'policies', 'create', '-', ...reason], {
    stdin: JSON.stringify(flexible),
  });
  expect(created.stderr).toContain('Flexible (flexible) holds from 2027-03-01 10:00 UTC on');
  expect((await run('host', ['admin', 'fees', 'list'], 1)).stderr).toContain('insufficient_scope');
  expect(server.breaches).toEqual([]);
}, 60_000);
