import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulated, openEmulated, pay, refusalOf } from '../test/emulated.ts';

let emulated: Emulated;
beforeAll(async () => {
  emulated = await openEmulated();
});
afterAll(() => emulated.close());
beforeEach(() => emulated.heard());

const balanceOf = async (account: string) => emulated.control(`accounts/${account}/balance`, {}, 'GET');

describe('a connected account', () => {
  test('begins with everything to be told, and is set up on its page', async () => {
    const { stripe } = emulated;
    const account = await stripe.accounts.create({
      controller: {
        fees: { payer: 'application' },
        losses: { payments: 'application' },
        stripe_dashboard: { type: 'express' },
      },
      country: 'DE',
      email: 'host@example.com',
      business_type: 'individual',
      capabilities: { transfers: { requested: true } },
      metadata: { host: 'h1' },
    });
    expect(account).toMatchObject({
      type: 'express',
      country: 'DE',
      default_currency: 'eur',
      details_submitted: false,
      payouts_enabled: false,
      capabilities: { transfers: 'inactive' },
      requirements: { currently_due: expect.arrayContaining(['external_account']) },
    });
    const link = await stripe.accountLinks.create({
      account: account.id,
      type: 'account_onboarding',
      refresh_url: 'https://example.com/refresh',
      return_url: 'https://example.com/return',
    });
    expect(await (await fetch(link.url)).text()).toContain('host@example.com');
    const done = await fetch(link.url, { method: 'POST', redirect: 'manual' });
    expect(done.headers.get('location')).toBe('https://example.com/return');
    expect(await stripe.accounts.retrieve(account.id)).toMatchObject({
      details_submitted: true,
      payouts_enabled: true,
      capabilities: { transfers: 'active' },
      requirements: { currently_due: [], disabled_reason: null },
    });
    expect(await emulated.heard()).toEqual(['account.updated']);
    expect((await fetch(link.url)).status).toBe(404);
  });

  test('is sent for a new link when its link is old', async () => {
    const { stripe, pass } = emulated;
    const { id: account } = await stripe.accounts.create({ type: 'express' });
    const link = await stripe.accountLinks.create({
      account,
      type: 'account_onboarding',
      refresh_url: 'https://example.com/refresh',
      return_url: 'https://example.com/return',
    });
    pass(300);
    const answer = await fetch(link.url, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe('https://example.com/refresh');
  });

  test('that was deleted is no longer accessible', async () => {
    const { stripe } = emulated;
    const account = await emulated.openAccount();
    expect(await stripe.accounts.del(account)).toMatchObject({ deleted: true });
    expect(await refusalOf(stripe.accounts.retrieve(account))).toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
    });
    await pay(stripe);
    expect(
      await refusalOf(stripe.transfers.create({ amount: 1, currency: 'usd', destination: account })),
    ).toMatchObject({
      code: 'resource_missing',
      param: 'destination',
    });
  });
});

describe('a transfer', () => {
  test('moves money, and is reversed in parts', async () => {
    const { stripe } = emulated;
    await pay(stripe);
    const destination = await emulated.openAccount();
    await emulated.heard();
    const transfer = await stripe.transfers.create({
      amount: 5000,
      currency: 'usd',
      destination,
      transfer_group: 'b1',
      metadata: { payout: 'p1' },
      expand: ['destination_payment', 'balance_transaction'],
    });
    expect(transfer).toMatchObject({
      transfer_group: 'b1',
      destination_payment: { object: 'charge', amount: 5000, source_transfer: transfer.id },
      balance_transaction: { type: 'transfer', net: -5000 },
      reversals: { object: 'list', data: [] },
    });
    expect(await emulated.heard()).toEqual(['transfer.created']);
    expect(await balanceOf(destination)).toEqual({ usd: 5000 });
    const reversal = await stripe.transfers.createReversal(transfer.id, {
      amount: 2000,
      metadata: { a: '1' },
    });
    expect(await emulated.heard()).toEqual(['transfer.reversed']);
    expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 2000,
      reversed: false,
      reversals: { data: [{ id: reversal.id, metadata: { a: '1' } }] },
    });
    expect((await refusalOf(stripe.transfers.createReversal(transfer.id, { amount: 3001 }))).param).toBe(
      'amount',
    );
    await stripe.transfers.createReversal(transfer.id);
    expect((await stripe.transfers.retrieve(transfer.id)).reversed).toBe(true);
    await refusalOf(stripe.transfers.createReversal(transfer.id));
    expect((await stripe.transfers.listReversals(transfer.id)).data.map(({ amount }) => amount)).toEqual([
      3000, 2000,
    ]);
  });

  test('needs an account that may receive', async () => {
    const { stripe, control } = emulated;
    const { id } = await stripe.accounts.create({
      type: 'express',
      capabilities: { transfers: { requested: true } },
    });
    const send = () => stripe.transfers.create({ amount: 100, currency: 'usd', destination: id });
    expect((await refusalOf(send())).code).toBe('insufficient_capabilities_for_transfer');
    await control(`accounts/${id}/complete`);
    await pay(stripe);
    await send();
    expect(await control(`accounts/${id}/close`)).toMatchObject({
      requirements: { disabled_reason: 'rejected.other' },
    });
    expect((await refusalOf(send())).code).toBe('insufficient_capabilities_for_transfer');
    expect((await stripe.accounts.retrieve(id)).payouts_enabled).toBe(false);
  });

  test('needs money, or a charge that it comes from', async () => {
    const { stripe } = emulated;
    const destination = await emulated.openAccount();
    const send = (amount: number, source?: string) =>
      stripe.transfers.create({
        amount,
        currency: 'sek',
        destination,
        ...(source && { source_transaction: source }),
      });
    expect((await refusalOf(send(1))).code).toBe('balance_insufficient');
    const paid = await pay(stripe, { currency: 'sek', transfer_group: 'b2' });
    const charge = paid.latest_charge as string;
    expect((await refusalOf(send(10_000))).code).toBe('balance_insufficient');
    expect((await send(9999, charge)).transfer_group).toBe('b2');
    expect((await refusalOf(send(2, charge))).param).toBe('amount');
    await send(1, charge);
  });

  test('cannot be reversed when the account has paid its money out', async () => {
    const { stripe, control } = emulated;
    await pay(stripe);
    const destination = await emulated.openAccount();
    const transfer = await stripe.transfers.create({ amount: 1000, currency: 'usd', destination });
    expect(await control(`accounts/${destination}/pay_out`)).toEqual({ paid_out: { usd: 1000 } });
    expect((await refusalOf(stripe.transfers.createReversal(transfer.id))).code).toBe('balance_insufficient');
  });
});

describe('the balance', () => {
  test('has what is pending apart', async () => {
    const slow = await openEmulated({ pendingDays: 2 });
    await pay(slow.stripe);
    const usd = async (part: 'available' | 'pending') =>
      (await slow.stripe.balance.retrieve())[part][0]!.amount;
    expect([await usd('available'), await usd('pending')]).toEqual([0, 9680]);
    expect((await slow.stripe.balanceTransactions.list()).data[0]!.status).toBe('pending');
    await pay(slow.stripe, { payment_method: 'pm_card_bypassPending' });
    expect([await usd('available'), await usd('pending')]).toEqual([9680, 9680]);
    slow.pass(2 * 86_400);
    expect([await usd('available'), await usd('pending')]).toEqual([19_360, 0]);
    await slow.close();
  });

  const step = fc.oneof(
    fc.record({ do: fc.constant('pay' as const), amount: fc.integer({ min: 50, max: 99_999_999 }) }),
    fc.record({
      do: fc.constantFrom('refund', 'transfer', 'reverse', 'dispute', 'win', 'fail'),
      amount: fc.integer({ min: 1, max: 1_000_000 }),
    }),
  );

  /** Charges less fees, refunds, transfers and disputes: whatever is done, this is what must be there. */
  test('is what came in less what went out, whatever was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        const own = await openEmulated();
        const destination = await own.openAccount();
        for (const { do: what, amount } of steps) await act(own, destination, what, amount);
        const list = own.stripe.balanceTransactions.list({ limit: 100 });
        const transactions = await list.autoPagingToArray({ limit: 1000 });
        const balance = (await own.stripe.balance.retrieve()).available[0]!.amount;
        expect(balance).toBe(transactions.reduce((sum, { net }) => sum + net, 0));
        expect(balance).toBe(await expectedOf(own));
        await own.close();
      }),
      { numRuns: 15 },
    );
  });

  async function act(own: Emulated, destination: string, what: string, amount: number): Promise<void> {
    const { stripe, control } = own;
    const newest = (await stripe.paymentIntents.list({ limit: 1 })).data[0];
    const attempts: Record<string, () => Promise<unknown>> = {
      pay: () => pay(stripe, { amount }),
      refund: () => stripe.refunds.create({ payment_intent: newest?.id ?? 'pi_none', amount }),
      transfer: () => stripe.transfers.create({ amount, currency: 'usd', destination }),
      reverse: async () =>
        stripe.transfers.createReversal((await stripe.transfers.list()).data[0]?.id ?? 'tr_none', { amount }),
      dispute: () => control(`charges/${newest?.latest_charge}/dispute`),
      win: async () =>
        control(`disputes/${(await stripe.disputes.list()).data[0]?.id}/decide`, { won: true }),
      fail: async () => control(`refunds/${(await stripe.refunds.list()).data[0]?.id}/fail`),
    };
    // What is refused must leave the balance alone, too.
    await attempts[what]!().catch(() => undefined);
  }

  async function expectedOf({ stripe }: Emulated): Promise<number> {
    const sum = <T>(items: T[], value: (item: T) => number) =>
      items.reduce((total, item) => total + value(item), 0);
    const all = { limit: 100 };
    const [charges, refunds, transfers, disputes] = await Promise.all([
      stripe.charges.list(all),
      stripe.refunds.list(all),
      stripe.transfers.list(all),
      stripe.disputes.list(all),
    ]);
    return (
      sum(charges.data, ({ amount }) => amount - (Math.round((amount * 29) / 1000) + 30) + tie(amount)) -
      sum(refunds.data, ({ amount, status }) => (status === 'failed' ? 0 : amount)) -
      sum(transfers.data, ({ amount, amount_reversed }) => amount - amount_reversed) -
      sum(disputes.data, ({ amount, status }) => 1500 + (status === 'won' ? 0 : amount))
    );
  }

  /** `Math.round` takes ties up; the fee takes them to the even number. */
  const tie = (amount: number) =>
    (amount * 29) % 1000 === 500 && Math.floor((amount * 29) / 1000) % 2 === 0 ? 1 : 0;
});
