import { addDays } from '@sojourn/shared/nights';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, type PaidStay, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { sendDue } from './service/send-due.ts';
import { sweepSilent } from './service/sweep.ts';

// Whatever happens to the money of a host, in whatever order: in the end all of it is where it belongs, once.

let server: PayoutServer;
beforeAll(async () => {
  server = await startPayoutServer();
});
afterAll(() => server.stop());

const START = Date.parse('2027-03-01T10:00:00Z');
const HOUR_MS = 3_600_000;

interface World {
  host: Host;
  stays: { stay: PaidStay; earns: number }[];
  cancelled: number;
}

const share = fc.nat(100);
const step = fc.oneof(
  fc.record({ what: fc.constant('stay' as const), nights: fc.constantFrom(2, 5, 40), earns: share }),
  fc.record({ what: fc.constant('earn' as const), which: fc.nat(9), earns: share }),
  fc.record({ what: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 900 }) }),
  fc.constant({ what: 'send' as const }),
  // A worker that dies between sending off and telling Stripe, or before it hears the answer.
  fc.constant({ what: 'sendOff' as const }),
  fc.record({ what: fc.constant('silence' as const), calls: fc.integer({ min: 1, max: 4 }) }),
  // The client repeats a call by itself, so that with two answers lost the job fails, and is done again.
  fc.record({ what: fc.constant('sendUnheard' as const), hours: fc.constantFrom(0, 100) }),
  fc.constant({ what: 'jobs' as const }),
  fc.constant({ what: 'closeAccount' as const }),
  fc.constant({ what: 'openAccount' as const }),
  fc.constant({ what: 'takeAllOut' as const }),
  fc.record({ what: fc.constant('penalty' as const), amount: fc.integer({ min: 1, max: 30_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const earned = ({ total }: PaidStay, percent: number) => Math.floor((total * percent) / 100);
const later = (hours: number) =>
  server.goTo(new Date(server.clock.at.getTime() + hours * HOUR_MS).toISOString());
const tomorrow = () => addDays(server.clock.at.toISOString().slice(0, 10), 2);
const isOpen = async ({ call }: Host) => (await call('GET', '/v1/payout-account')).body.status === 'enabled';

const doing: {
  [What in Step['what']]: (world: World, told: Extract<Step, { what: What }>) => Promise<unknown>;
} = {
  async stay(world, { nights, earns }) {
    const stay = await server.paidStay(world.host, { checkIn: tomorrow(), nights });
    world.stays.push({ stay, earns: earned(stay, earns) });
    await server.earn(stay, earned(stay, earns));
  },
  async earn({ stays }, { which, earns }) {
    const one = stays[which % Math.max(1, stays.length)];
    if (!one) return;
    one.earns = earned(one.stay, earns);
    await server.earn(one.stay, one.earns);
  },
  wait: async (_world, { hours }) => later(hours),
  send: () => server.send(),
  sendOff: () => sendDue(server.ctx, server.signal),
  silence: (_world, { calls }) => server.control('faults', { dropNext: calls, 'paths[0]': '/v1/transfers' }),
  async sendUnheard(_world, { hours }) {
    later(hours);
    await server.control('faults', { dropNext: 2, 'paths[0]': '/v1/transfers' });
    await server.send();
    await server.runJobs();
  },
  jobs: () => server.runJobs(),
  async closeAccount({ host }) {
    if (await isOpen(host)) await server.control(`accounts/${await server.accountOf(host)}/close`);
  },
  openAccount: ({ host }) => server.enable(host),
  async takeAllOut({ host }) {
    if (await isOpen(host)) await server.control(`accounts/${await server.accountOf(host)}/pay_out`);
  },
  async penalty(world, { amount }) {
    await server.cancelled(await server.paidStay(world.host, { checkIn: tomorrow() }), amount);
    world.cancelled += amount;
  },
};

/** Lets everything come to an end, with an account that takes all that is due. */
async function comeToRest(host: Host) {
  await server.control('faults');
  for (let day = 0; day < 4; day++) {
    later(24 * 30);
    await sweepSilent(server.ctx, server.signal);
    await server.runJobs();
    if (!(await isOpen(host))) await server.enable(host);
    for (let round = 0; round < 4; round++) await server.send();
  }
}

test('in the end a host has got what they earned less what they owe, and Stripe, ledger and balance agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 18 }), async (steps) => {
      server.goTo(new Date(START).toISOString());
      const world: World = { host: await server.newHost(), stays: [], cancelled: 0 };
      await server.enable(world.host);
      for (const told of steps) await doing[told.what](world, told as never);
      await comeToRest(world.host);
      await expectAllInItsPlace(world);
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 120_000);

async function expectAllInItsPlace({ host, stays, cancelled }: World) {
  const earns = stays.reduce((sum, one) => sum + one.earns, 0);
  const [balance] = await server.balance(host);
  const { upcoming, onHold, inTransit, paid, owed } = balance ?? nothing;
  expect([upcoming.amount, onHold.amount, inTransit.amount]).toEqual([0, 0, 0]);
  expect(paid.amount - owed.amount).toBe(earns - cancelled);
  expect(owed.amount + ((await server.payable(host)).EUR ?? 0)).toBe(0);
  expect(await server.missing()).toEqual({});
  await expectSentOnce(host, paid.amount);
}

const zero = { amount: 0 };
const nothing = { upcoming: zero, onHold: zero, inTransit: zero, paid: zero, owed: zero };

/** Of each payout there is one transfer at Stripe, and all that is left of them is what the host was paid. */
async function expectSentOnce(host: Host, paid: number) {
  const transfers = [];
  for await (const transfer of server.ctx.stripe.client.transfers.list({ limit: 100 }))
    transfers.push(transfer);
  const known = new Set((await server.payouts(host)).map(({ id }: { id: string }) => id));
  const own = transfers.filter(({ metadata }) => known.has(metadata.payout));
  expect(new Set(own.map(({ metadata }) => metadata.payout)).size).toBe(own.length);
  expect(own.reduce((sum, { amount, amount_reversed }) => sum + amount - amount_reversed, 0)).toBe(paid);
}
