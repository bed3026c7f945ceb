import { BOOKING_STATUSES, type BookingStatus } from '@sojourn/shared/vocabulary';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import type { Answer, Caller } from '../../test/caller.ts';
import { uuidOf } from '../platform/id.ts';
import { LIVE } from './model/booking.ts';
import { type Act, after, mayDo, TRANSITIONS } from './model/transitions.ts';

// Every state × everything that can be done to a booking, by the guest, by the host and by an admin, through the API:
// what the table allows happens, all else is refused and changes nothing.

const NOW = '2027-03-01T10:00:00Z';
const STAY = { checkIn: '2027-05-01', checkOut: '2027-05-05' };
/** When what the clock allows at all can be done: within the stay, or while a hold may be paid. */
const DURING = '2027-05-02T10:00:00Z';

let server: BookingServer;
let guest: Caller;
let instant: string;
let onRequest: string;
beforeAll(async () => {
  server = await startBookingServer();
  guest = (await server.person()).call;
  instant = await server.home();
  onRequest = await server.home({ instantBook: false });
});
afterAll(() => server.stop());

interface Made {
  id: string;
  listingId: string;
}
const at = (time: string) => {
  server.clock.at = new Date(time);
};
const post = (call: Caller, { id }: Made, verb: string, body?: unknown): Promise<Answer> =>
  call('POST', `/v1/bookings/${id}/${verb}`, body === undefined ? {} : { body });

const held = async (listingId = instant): Promise<Made> => {
  at(NOW);
  return server.hold(guest, listingId, STAY);
};
const requested = async () => server.pay(guest, await held(onRequest));
const confirmed = async () => server.pay(guest, await held());

/** How a booking comes into each state, the clock where most can be done with it. */
const INTO: Record<BookingStatus, () => Promise<Made>> = {
  held: () => held(),
  requested,
  confirmed: async () => {
    const made = await confirmed();
    at(DURING);
    return made;
  },
  checkedIn: async () => {
    const made = await confirmed();
    at(DURING);
    await post(server.host, made, 'check-in');
    return made;
  },
  completed: async () => {
    const made = await INTO.checkedIn();
    await post(server.host, made, 'check-out');
    return made;
  },
  noShow: async () => {
    const made = await INTO.confirmed();
    await post(server.host, made, 'no-show');
    return made;
  },
  declined: async () => {
    const made = await requested();
    await post(server.host, made, 'decline', {});
    return made;
  },
  expired: async () => {
    const made = await held();
    at('2027-03-01T10:15:00Z');
    await server.tick();
    return made;
  },
  cancelled: async () => {
    const made = await held();
    await post(guest, made, 'cancel', {});
    return made;
  },
};

type OfPeople = Exclude<Act, 'expire' | 'complete' | 'giveUp' | 'payForRequest'>;
const BY_API: Record<OfPeople, (call: Caller, booking: Made) => Promise<Answer>> = {
  payInstantly: (call, booking) => post(call, booking, 'payment/confirm', { paymentMethod: 'pm_card_visa' }),
  accept: (call, booking) => post(call, booking, 'accept'),
  decline: (call, booking) => post(call, booking, 'decline', {}),
  cancel: (call, booking) => post(call, booking, 'cancel', { reason: 'a test' }),
  checkIn: (call, booking) => post(call, booking, 'check-in'),
  checkOut: (call, booking) => post(call, booking, 'check-out'),
  markNoShow: (call, booking) => post(call, booking, 'no-show'),
  alter: (call, booking) => post(call, booking, 'alterations', { guests: 3 }),
};
/** Paying what is paid is not refused: it changes nothing. */
const PAID: readonly BookingStatus[] = ['requested', 'confirmed', 'checkedIn', 'completed', 'noShow'];

const cases = BOOKING_STATUSES.flatMap((status) =>
  (Object.keys(BY_API) as OfPeople[]).flatMap((act) =>
    (['guest', 'host', 'admin'] as const).map((party) => [status, act, party] as const),
  ),
);

test('the table has a way to do everything that people do', () => {
  expect([...Object.keys(BY_API), 'payForRequest', 'expire', 'complete', 'giveUp'].sort()).toEqual(
    Object.keys(TRANSITIONS).sort(),
  );
});

test.each(BOOKING_STATUSES)(
  'everything that is done to a booking that is %s',
  async (status) => {
    let booking: Made | undefined;
    for (const [, act, party] of cases.filter(([from]) => from === status)) {
      booking ??= await INTO[status]();
      const call = { guest, host: server.host, admin: server.admin }[party];
      const before = await read(booking);
      expect(before.status, 'the state to begin with').toBe(status);
      const answer = await BY_API[act](call, booking);
      const now = await read(booking);
      const told = `${party}: ${act} from ${status}: ${answer.text}`;
      const to = after(act, status);
      const refused = refusal(party, act, status);
      if (refused) {
        expect([answer.status, answer.body.code], told).toEqual(refused);
        expect(now, told).toEqual(before);
      } else if (to === undefined) {
        expect([answer.status, answer.body], told).toEqual([200, before]);
      } else {
        expect(answer.status, told).toBeLessThan(300);
        expect(now.status, told).toBe(to);
      }
      await assertNights(booking, now.status);
      if (refused || to === undefined) continue;
      await giveUp(booking, now.status);
      booking = undefined;
    }
    if (booking) await giveUp(booking, status);
  },
  60_000,
);

const read = async ({ id }: Made) => (await guest('GET', `/v1/bookings/${id}`)).body;

function refusal(party: 'guest' | 'host' | 'admin', act: OfPeople, status: BookingStatus) {
  if (!mayDo(party, act)) return [403, 'not_your_part'];
  if (after(act, status) !== undefined || (act === 'payInstantly' && PAID.includes(status))) return undefined;
  return [409, 'booking_state_conflict'];
}

/** A booking has nights while it lives, and only then; but for a stay that the clock completed. */
async function assertNights(booking: Made, status: BookingStatus, completed = false) {
  const rows = await server.resources.db
    .selectFrom('occupied_nights')
    .select('id')
    .where('booking_id', '=', uuidOf('bkg', booking.id)!)
    .execute();
  expect(rows).toHaveLength(LIVE.includes(status) || completed ? 1 : 0);
}

/** Makes room for the next. */
async function giveUp(booking: Made, status: BookingStatus) {
  if (LIVE.includes(status)) await post(server.admin, booking, 'cancel', { reason: 'a test' });
  await server.resources.db.deleteFrom('blocks').execute();
  await server.resources.db.deleteFrom('occupied_nights').where('kind', '=', 'block').execute();
}

test('what the clock does to every state', async () => {
  for (const status of BOOKING_STATUSES) {
    const booking = await INTO[status]();
    at('2027-06-01T00:00:00Z');
    await server.tick();
    const now = await read(booking);
    expect(now.status, status).toBe(after('expire', status) ?? after('complete', status) ?? status);
    await assertNights(booking, now.status, after('complete', status) !== undefined);
    await server.resources.db
      .deleteFrom('occupied_nights')
      .where('booking_id', '=', uuidOf('bkg', booking.id)!)
      .execute();
  }
  expect(server.breaches).toEqual([]);
});
