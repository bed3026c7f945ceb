import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulated, openEmulated, pay, refusalOf } from '../test/emulated.ts';

let emulated: Emulated;
beforeAll(async () => {
  emulated = await openEmulated();
});
afterAll(() => emulated.close());
beforeEach(() => emulated.heard());

const balance = async () =>
  (await emulated.stripe.balance.retrieve()).available.find(({ currency }) => currency === 'usd')!.amount;

describe('a refund', () => {
  test('gives back in parts, and never more than was paid', async () => {
    const { stripe } = emulated;
    const { id } = await pay(stripe);
    await emulated.heard();
    const first = await stripe.refunds.create({
      payment_intent: id,
      amount: 4000,
      reason: 'requested_by_customer',
      metadata: { a: '1' },
      expand: ['balance_transaction'],
    });
    expect(first).toMatchObject({
      status: 'succeeded',
      reason: 'requested_by_customer',
      metadata: { a: '1' },
      balance_transaction: { type: 'refund', amount: -4000, fee: 0, net: -4000 },
    });
    expect(await emulated.heard()).toEqual(['refund.created', 'charge.refunded']);
    const more = await refusalOf(stripe.refunds.create({ payment_intent: id, amount: 6001 }));
    expect(more.message).toBe('Refund amount ($60.01) is greater than unrefunded amount on charge ($60.00)');
    await stripe.refunds.create({ payment_intent: id });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: id }))).code).toBe(
      'charge_already_refunded',
    );
    const { latest_charge } = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(latest_charge).toMatchObject({ refunded: true, amount_refunded: 10_000 });
    expect((await stripe.refunds.list({ payment_intent: id })).data.map(({ amount }) => amount)).toEqual([
      6000, 4000,
    ]);
  });

  test('is not made of what was not captured', async () => {
    const { stripe } = emulated;
    const held = await pay(stripe, { capture_method: 'manual' });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: held.id }))).code).toBe(
      'charge_not_refundable',
    );
    const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: open.id }))).message).toContain(
      'does not have a successful charge',
    );
  });

  test('gives back no more than what was captured', async () => {
    const { stripe } = emulated;
    const held = await pay(stripe, { capture_method: 'manual' });
    await stripe.paymentIntents.capture(held.id, { amount_to_capture: 3000 });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: held.id, amount: 3001 }))).param).toBe(
      'amount',
    );
    expect((await stripe.refunds.create({ payment_intent: held.id })).amount).toBe(3000);
  });

  test('of some cards succeeds and fails afterwards', async () => {
    const { stripe } = emulated;
    const { id } = await pay(stripe, { payment_method: 'pm_card_refundFail' });
    const before = await balance();
    const refund = await stripe.refunds.create({ payment_intent: id });
    expect(refund.status).toBe('succeeded');
    const failed = await stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] });
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
      failure_balance_transaction: { type: 'refund_failure', net: 10_000 },
    });
    expect(await balance()).toBe(before);
    expect(await emulated.heard()).toContain('refund.failed');
  });

  test('of some cards takes its time', async () => {
    const { stripe } = emulated;
    const { id } = await pay(stripe, { payment_method: 'pm_card_pendingRefund' });
    const refund = await stripe.refunds.create({ payment_intent: id });
    expect(refund.status).toBe('pending');
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
  });

  test('fails when told to, and cannot be cancelled', async () => {
    const { stripe, control } = emulated;
    const { id } = await pay(stripe);
    const refund = await stripe.refunds.create({ payment_intent: id });
    await refusalOf(stripe.refunds.cancel(refund.id));
    expect(await control(`refunds/${refund.id}/fail`)).toMatchObject({ status: 'failed' });
    expect((await stripe.refunds.create({ payment_intent: id })).amount).toBe(10_000);
  });
});

describe('a dispute', () => {
  test('takes the money and a fee, and bars refunds', async () => {
    const { stripe } = emulated;
    const { id, latest_charge } = await pay(stripe, { payment_method: 'pm_card_createDispute' });
    const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data;
    expect(dispute).toMatchObject({
      charge: latest_charge,
      status: 'needs_response',
      reason: 'fraudulent',
      balance_transactions: [{ type: 'adjustment', amount: -10_000, fee: 1500, net: -11_500 }],
    });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: id }))).code).toBe('charge_disputed');
    expect((await stripe.charges.retrieve(latest_charge as string)).disputed).toBe(true);
    expect(await emulated.heard()).toEqual(
      expect.arrayContaining(['charge.dispute.created', 'charge.dispute.funds_withdrawn']),
    );
  });

  test('is won or lost by the words of its evidence', async () => {
    const { stripe } = emulated;
    for (const [text, status] of [
      ['winning_evidence', 'won'],
      ['losing_evidence', 'lost'],
    ] as const) {
      const { id } = await pay(stripe, { payment_method: 'pm_card_createDisputeProductNotReceived' });
      const dispute = (await stripe.disputes.list({ payment_intent: id })).data[0]!;
      await emulated.heard();
      const before = await balance();
      const submitted = await stripe.disputes.update(dispute.id, {
        evidence: { uncategorized_text: text },
        submit: true,
      });
      expect(submitted).toMatchObject({
        status: 'under_review',
        evidence_details: { has_evidence: true, submission_count: 1 },
      });
      expect((await stripe.disputes.retrieve(dispute.id)).status).toBe(status);
      expect((await balance()) - before).toBe(status === 'won' ? 10_000 : 0);
      const heard = await emulated.heard();
      expect(heard).toContain('charge.dispute.closed');
      expect(heard.includes('charge.dispute.funds_reinstated')).toBe(status === 'won');
      const refund = stripe.refunds.create({ payment_intent: id });
      if (status === 'won') expect((await refund).status).toBe('succeeded');
      else expect((await refusalOf(refund)).code).toBe('charge_disputed');
    }
  });

  test('is opened and decided by the control, once', async () => {
    const { stripe, control } = emulated;
    const { latest_charge } = await pay(stripe);
    const dispute = await control(`charges/${latest_charge}/dispute`, { amount: 2500, reason: 'duplicate' });
    expect(dispute).toMatchObject({ amount: 2500, reason: 'duplicate' });
    await expect(control(`charges/${latest_charge}/dispute`)).rejects.toThrow('disputed already');
    expect(await control(`disputes/${dispute.id}/decide`, { won: true })).toMatchObject({ status: 'won' });
    await expect(control(`disputes/${dispute.id}/decide`, { won: false })).rejects.toThrow('already closed');
  });

  test('is given up by closing it', async () => {
    const { stripe, control } = emulated;
    const { latest_charge } = await pay(stripe);
    const { id } = await control(`charges/${latest_charge}/dispute`);
    expect((await stripe.disputes.close(id as string)).status).toBe('lost');
  });
});
