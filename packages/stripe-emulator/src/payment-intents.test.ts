import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Emulated, openEmulated, pay, refusalOf } from '../test/emulated.ts';

const DAY = 86_400;
let emulated: Emulated;
beforeAll(async () => {
  emulated = await openEmulated();
});
afterAll(() => emulated.close());
beforeEach(() => emulated.heard());

const customer = async () => (await emulated.stripe.customers.create({ email: 'guest@example.com' })).id;

describe('a payment', () => {
  test('is charged at once', async () => {
    const intent = await pay(emulated.stripe, {
      metadata: { booking: 'b1' },
      transfer_group: 'b1',
      expand: ['latest_charge.balance_transaction'],
    });
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 10_000,
      latest_charge: {
        captured: true,
        metadata: { booking: 'b1' },
        transfer_group: 'b1',
        balance_transaction: { type: 'charge', amount: 10_000, fee: 320, net: 9680 },
      },
    });
    expect(await emulated.heard()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  test('goes through its states one by one', async () => {
    const { stripe } = emulated;
    const made = await stripe.paymentIntents.create({ amount: 500, currency: 'EUR' });
    expect(made).toMatchObject({ status: 'requires_payment_method', currency: 'eur' });
    expect(made.client_secret).toMatch(new RegExp(`^${made.id}_secret_`));
    const updated = await stripe.paymentIntents.update(made.id, {
      payment_method: 'pm_card_mastercard',
      amount: 700,
    });
    expect(updated).toMatchObject({ status: 'requires_confirmation', amount: 700 });
    const confirmed = await stripe.paymentIntents.confirm(made.id, {
      return_url: 'https://example.com/back',
    });
    expect(confirmed.status).toBe('succeeded');
    const again = await refusalOf(
      stripe.paymentIntents.confirm(made.id, { return_url: 'https://example.com' }),
    );
    expect(again).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id: made.id, status: 'succeeded' },
    });
    expect((await refusalOf(stripe.paymentIntents.cancel(made.id))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect((await refusalOf(stripe.paymentIntents.update(made.id, { amount: 1000 }))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect(await stripe.paymentIntents.update(made.id, { metadata: { a: '1' } })).toMatchObject({
      metadata: { a: '1' },
    });
  });

  test('that might redirect needs somewhere to come back to', async () => {
    const refusal = await refusalOf(
      emulated.stripe.paymentIntents.create({
        amount: 500,
        currency: 'usd',
        confirm: true,
        payment_method: 'pm_card_visa',
      }),
    );
    expect(refusal).toMatchObject({ type: 'StripeInvalidRequestError', param: 'return_url' });
  });

  test.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('by %s is declined: %s, %s', async (card, code, declineCode) => {
    const refusal = await refusalOf(pay(emulated.stripe, { payment_method: card }));
    expect(refusal).toMatchObject({ statusCode: 402, code, decline_code: declineCode });
    const intent = await emulated.stripe.paymentIntents.retrieve(refusal.payment_intent!.id, {
      expand: ['latest_charge'],
    });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code, decline_code: declineCode },
      latest_charge: { status: 'failed', paid: false, balance_transaction: null },
    });
    expect(await emulated.heard()).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ]);
    const second = await emulated.stripe.paymentIntents.confirm(intent.id, {
      payment_method: 'pm_card_visa',
    });
    expect(second).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  test('can be paid later by a card that was kept', async () => {
    const { stripe } = emulated;
    const first = await pay(stripe, { customer: await customer(), setup_future_usage: 'off_session' });
    const kept = first.payment_method as string;
    expect(
      (await stripe.customers.listPaymentMethods(first.customer as string)).data.map(({ id }) => id),
    ).toEqual([kept]);
    const second = await pay(stripe, {
      customer: first.customer as string,
      payment_method: kept,
      off_session: true,
    });
    expect(second.status).toBe('succeeded');
    expect((await refusalOf(pay(stripe, { payment_method: kept }))).message).toContain(
      'belongs to a customer',
    );
    expect((await refusalOf(pay(stripe, { payment_method: kept, customer: await customer() }))).param).toBe(
      'payment_method',
    );
  });

  test('uses up a card that is not kept', async () => {
    const { stripe } = emulated;
    const { payment_method: used } = await pay(stripe);
    expect((await refusalOf(pay(stripe, { payment_method: used as string }))).message).toContain(
      'may not be used again',
    );
  });
});

describe('a hold', () => {
  test('is captured, in part too, and the rest is let go', async () => {
    const { stripe } = emulated;
    const held = await pay(stripe, { capture_method: 'manual' });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 10_000, amount_received: 0 });
    expect(await emulated.heard()).toContain('payment_intent.amount_capturable_updated');
    expect(
      (await refusalOf(stripe.paymentIntents.capture(held.id, { amount_to_capture: 10_001 }))).code,
    ).toBe('amount_too_large');
    const captured = await stripe.paymentIntents.capture(held.id, {
      amount_to_capture: 6000,
      expand: ['latest_charge.balance_transaction'],
    });
    expect(captured).toMatchObject({
      status: 'succeeded',
      amount_received: 6000,
      latest_charge: { amount_captured: 6000, balance_transaction: { amount: 6000 } },
    });
    expect(await emulated.heard()).toEqual(['charge.captured', 'payment_intent.succeeded']);
    expect((await refusalOf(stripe.paymentIntents.capture(held.id))).code).toBe(
      'payment_intent_unexpected_state',
    );
  });

  test('is let go', async () => {
    const { stripe } = emulated;
    const held = await pay(stripe, { capture_method: 'manual' });
    const canceled = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      amount_capturable: 0,
    });
    expect((await stripe.balanceTransactions.list({ source: held.latest_charge as string })).data).toEqual(
      [],
    );
  });

  test('ends also when nobody asks for it', async () => {
    await pay(emulated.stripe, { capture_method: 'manual' });
    await emulated.heard();
    emulated.pass(7 * DAY);
    await vi.waitFor(
      () => expect(emulated.receiver.events.map(({ type }) => type)).toContain('payment_intent.canceled'),
      { timeout: 5000 },
    );
  });

  test('ends by itself after seven days', async () => {
    const { stripe, pass } = emulated;
    const held = await pay(stripe, { capture_method: 'manual' });
    pass(7 * DAY - 1);
    expect((await stripe.paymentIntents.retrieve(held.id)).status).toBe('requires_capture');
    await emulated.heard();
    pass(1);
    expect(await stripe.paymentIntents.retrieve(held.id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
    });
    expect(await emulated.heard()).toEqual(['charge.refunded', 'payment_intent.canceled']);
    expect((await refusalOf(stripe.paymentIntents.capture(held.id))).code).toBe(
      'payment_intent_unexpected_state',
    );
  });
});

describe('amounts', () => {
  test.each([
    [49, 'usd', 'amount_too_small'],
    [29, 'gbp', 'amount_too_small'],
    [49, 'jpy', 'amount_too_small'],
    [100_000_000, 'usd', 'amount_too_large'],
    [1005, 'kwd', 'parameter_invalid_integer'],
    [0, 'usd', 'parameter_invalid_integer'],
  ])('%i %s is refused: %s', async (amount, currency, code) => {
    expect(await refusalOf(emulated.stripe.paymentIntents.create({ amount, currency }))).toMatchObject({
      code,
      param: 'amount',
    });
  });

  test.each([
    [50, 'usd', 31],
    [50, 'jpy', 1],
    [1000, 'kwd', 329],
    [500, 'usd', 44],
    [1500, 'usd', 74],
  ])('%i %s costs a fee of %i', async (amount, currency, fee) => {
    const intent = await pay(emulated.stripe, {
      amount,
      currency,
      expand: ['latest_charge.balance_transaction'],
    });
    expect(intent).toMatchObject({ latest_charge: { balance_transaction: { fee, net: amount - fee } } });
  });

  test('of a currency that does not exist are refused', async () => {
    expect(
      (await refusalOf(emulated.stripe.paymentIntents.create({ amount: 500, currency: 'xyz' }))).param,
    ).toBe('currency');
  });
});
