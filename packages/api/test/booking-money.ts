import { uuidOf } from '../src/platform/id.ts';
import type { BookingServer } from './booking-server.ts';
import type { Caller } from './caller.ts';

interface Named {
  id: string;
}

/** What tests of money look at and turn, at Stripe and in the ledger. */
export const moneyOf = (server: BookingServer, guest: Caller) => {
  const { ctx } = server;
  const { client } = ctx.stripe;

  /** The newest intent of a booking, as Stripe has it. */
  async function intentOf({ id }: Named) {
    const { stripe_intent_id } = await ctx.db
      .selectFrom('payments')
      .select('stripe_intent_id')
      .where('reference', '=', uuidOf('bkg', id)!)
      .where('stripe_intent_id', 'is not', null)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    return client.paymentIntents.retrieve(stripe_intent_id!, { expand: ['latest_charge'] });
  }

  async function chargeOf(booking: Named) {
    const { latest_charge: charge } = await intentOf(booking);
    if (charge === null || typeof charge === 'string') throw new Error('There is no charge.');
    return charge;
  }

  const events = ({ id }: Named) =>
    ctx.db
      .selectFrom('events')
      .select(['type', 'data'])
      .where('subject_id', '=', uuidOf('bkg', id)!)
      .orderBy('sequence')
      .execute();

  return {
    intentOf,
    chargeOf,
    /** The guest proves to the bank who they are, or fails to. */
    authenticate: async (booking: Named, succeed = true) =>
      server.controlStripe(`payment_intents/${(await intentOf(booking)).id}/authenticate`, { succeed }),
    /** What Stripe gave back for a booking, in all. */
    async givenBack({ id }: Named): Promise<number> {
      const charges = await client.charges.list({ limit: 100 });
      const booking = charges.data.filter(({ transfer_group }) => transfer_group === id);
      return booking.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
    },
    post: (call: Caller, { id }: Named, verb: string, body: object = {}) =>
      call('POST', `/v1/bookings/${id}/${verb}`, { body }),
    confirm: ({ id }: Named, paymentMethod: string) =>
      guest('POST', `/v1/bookings/${id}/payment/confirm`, { body: { paymentMethod } }),
    read: async ({ id }: Named, call = guest) => (await call('GET', `/v1/bookings/${id}`)).body,
    paymentOf: async ({ id }: Named, call = guest) => (await call('GET', `/v1/bookings/${id}/payment`)).body,
    events,
    typesOf: async (booking: Named) => (await events(booking)).map(({ type }) => type),
  };
};
