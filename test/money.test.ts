import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningWorker, startWorker } from '../packages/api/src/worker.ts';
import { newPerson } from '../packages/api/test/caller.ts';
import { startTestServer, type TestServer } from '../packages/api/test/server.ts';
import { controlStripe } from '../packages/api/test/work-off.ts';
import { makeHome } from '../packages/cli/test/run.ts';

// The way of money from a guest to a host and back, as three people follow it from their terminals.
const homes = { host: makeHome(), guest: makeHome(), admin: makeHome() };
let server: TestServer;
let worker: RunningWorker;
beforeAll(async () => {
  server = await startTestServer({ REQUIRE_PHOTOS: 'false' });
  worker = startWorker(server.resources);
  const { url, credentials } = server;
  homes.host.loggedIn(url, { apiKey: credentials.host.apiKey });
  homes.admin.loggedIn(url, { apiKey: credentials.admin.apiKey });
  const { call } = await newPerson(server);
  const scopes = ['listings:read', 'bookings:read', 'bookings:write'];
  const { body } = await call('POST', '/v1/api-keys', { body: { name: 'cli', scopes } });
  homes.guest.loggedIn(url, { apiKey: body.key });
});
afterAll(async () => {
  await worker?.close();
  await server?.stop();
  for (const home of Object.values(homes)) home.remove();
});

type Person = keyof typeof homes;
const run = async (person: Person, words: string[], expected = 0) => {
  const finished = await homes[person].run(words);
  expect(finished.code, `sojourn ${words.join(' ')}\n${finished.stderr}`).toBe(expected);
  return finished;
};
const json = async (person: Person, words: string[]) =>
  JSON.parse((await run(person, [...words, '--json'])).stdout);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function hold(listing: string, days: number): Promise<string> {
  const { id } = await json('guest', ['quote', listing, '--check-in', inDays(days), '--nights', '4']);
  return (await run('guest', ['bookings', 'create', id])).stdout.trim();
}

test('a guest pays, the host is paid, and every cent is told on both sides', {
  timeout: 120_000,
}, async () => {
  const { stdout } = await run('host', [
    ...['listings', 'create', '--title', 'Sunny loft', '--description', 'Quiet.', '--publish'],
    ...['--room-type', 'entirePlace', '--capacity', '4', '--point', '38.7123,-9.1448', '--instant-book'],
    ...['--line1', 'Rua da Rosa 12', '--city', 'Lisboa', '--country', 'PT', '--time-zone', 'Europe/Lisbon'],
    ...['--price', '100', '--currency', 'EUR', '--cancellation-policy', 'moderate'],
  ]);
  const listing = stdout.trim();

  const account = await json('host', ['payouts', 'account', '--country', 'PT']);
  expect(account).toMatchObject({ status: 'pending', country: 'PT' });
  await fetch(account.onboardingUrl, { method: 'POST', redirect: 'manual' });
  await expect
    .poll(async () => (await json('host', ['payouts', 'account'])).status, { timeout: 20_000, interval: 200 })
    .toBe('enabled');

  const stay = await hold(listing, 20);
  await run('guest', ['bookings', 'pay', stay, '--method', 'pm_card_visa_chargeDeclined'], 1);
  await run('guest', ['bookings', 'pay', stay, '--method', 'pm_card_visa']);
  const refund = ['bookings', 'refund', stay, '--amount', '12.50', '--reason', 'It was cold.'];
  expect((await run('host', [...refund, '--yes'])).stderr).toContain('€12.50 of the host’s share goes back');

  const asked = await hold(listing, 40);
  const pay = ['bookings', 'pay', asked, '--method', 'pm_card_authenticationRequired', '--wait'];
  const paid = await homes.guest.run(pay, {
    // The guest follows the URL that is printed, and tells the bank that it is them.
    whileRunning: (child) =>
      void child.stdout!.once('data', (url) => {
        const intent = /pi_[^?/]+/.exec(String(url))![0];
        void run('guest', ['bookings', 'get', asked]).then(({ stdout: shown }) => {
          expect(shown).toContain('awaiting 3-D Secure');
          return controlStripe(server, `payment_intents/${intent}/authenticate`, { succeed: true });
        });
      }),
  });
  expect(paid.stderr).toMatch(/3-D Secure[\s\S]*✓ Confirmed: Sunny loft/);

  const { checkInAt } = await json('guest', ['bookings', 'get', stay]);
  await run('admin', ['admin', 'clock', 'to', checkInAt]);
  const moved = await run('admin', ['admin', 'clock', 'advance', '25h']);
  expect(moved.stderr).toContain('1 × payout.paid');
  // Of 400 for the nights 3 % are the marketplace's.
  expect((await run('host', ['payouts', 'list', '--status', 'paid'])).stdout).toMatch(
    /^paid .*Sunny loft +€375\.50 +pyo_/m,
  );
  expect((await run('host', ['payouts', 'balance'])).stdout).toMatch(/^EUR +€388\.00 +€388\.00 +€375\.50$/m);
  const [, ...lines] = (await run('host', ['payouts', 'statement'])).stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(',')).map((cells) => [cells[1], ...cells.slice(3)])).toEqual([
    ['allocation', 'Sunny loft', '388.00', '388.00', 'EUR'],
    ['allocation', 'Sunny loft', '-12.50', '375.50', 'EUR'],
    ['allocation', 'Sunny loft', '388.00', '763.50', 'EUR'],
    ['transfer', 'Sunny loft', '-375.50', '388.00', 'EUR'],
  ]);
  expect((await run('guest', ['bookings', 'payment', stay])).stdout).toMatch(/^done +€12\.50/m);

  const reconciled = await run('admin', ['admin', 'maintenance', 'reconcile']);
  expect(reconciled.stderr).toContain('✓ The ledger and Stripe agree until');
  const { data } = await json('admin', ['admin', 'maintenance', 'runs', '--task', 'reconcile']);
  expect(data[0].result).toMatchObject({ checked: 4, matched: 4, differences: [] });
  expect(server.breaches).toEqual([]);
});
