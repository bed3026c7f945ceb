import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PaymentServer, startPaymentServer } from '../../test/payment-server.ts';
import { transaction } from '../platform/context.ts';
import { capturePayment } from './service/capture-payment.ts';
import { chargeAgain } from './service/charge-again.ts';
import { clientSecretOf, openCheckout } from './service/pay-in-browser.ts';
import { settleAttempt } from './service/settle-attempt.ts';

let server: PaymentServer;
beforeAll(async () => {
  server = await startPaymentServer();
});
afterAll(() => server.stop());
beforeEach(() => server.control('webhooks', {}));

const PAGES = { successUrl: 'https://app.example/paid', cancelUrl: 'https://app.example/back' };
const checkout = (reference: string) =>
  openCheckout(server.ctx, { reference, title: 'Sunny loft', ...PAGES });
const sessionOf = async (reference: string) => {
  const [row] = await server.rows(reference);
  return row!.checkout_session_id!;
};
/** 2.9 % and 30 of 20,000. */
const FEE = 610;
const TAKEN = { stripeBalance: 20_000 - FEE, guestPayments: -20_000, stripeFees: FEE };

describe('an attempt to pay', () => {
  test('takes the money at once, books it with the fee, and is the same when it is heard of again', async () => {
    const reference = await server.open();
    expect(await server.pay(reference)).toEqual({ outcome: 'succeeded' });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({
      status: 'succeeded',
      captured: 20_000,
      failure: null,
    });
    expect(await server.ledger(reference)).toEqual(TAKEN);
    expect(await server.news(reference)).toEqual(['payment.captured']);
  });

  test('reserves the money where it is taken later; capturing takes it', async () => {
    const reference = await server.open(20_000, 'manual');
    expect(await server.pay(reference)).toEqual({ outcome: 'authorised' });
    expect(await server.read(reference)).toMatchObject({ status: 'requiresCapture', captured: 0 });
    expect(await server.ledger(reference)).toEqual({});
    await transaction(server.ctx, (tx) => capturePayment(server.ctx, tx, reference));
    expect(await server.read(reference)).toMatchObject({ status: 'processing' });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 20_000 });
    expect(await server.ledger(reference)).toEqual(TAKEN);
    expect(await server.news(reference)).toEqual(['payment.authorised', 'payment.captured']);
  });

  test('that is declined says why and leaves the payment open for another card', async () => {
    const reference = await server.open();
    expect(await server.pay(reference, 'pm_card_visa_chargeDeclined')).toEqual({
      outcome: 'declined',
      reason: 'generic_decline',
    });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({
      status: 'requiresPaymentMethod',
      failure: 'generic_decline',
    });
    expect(await server.pay(reference, 'pm_card_chargeDeclinedInsufficientFunds')).toEqual({
      outcome: 'declined',
      reason: 'insufficient_funds',
    });
    expect(await server.pay(reference)).toEqual({ outcome: 'succeeded' });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', failure: null });
    expect(await server.news(reference)).toEqual(['payment.failed', 'payment.failed', 'payment.captured']);
    const { intents, charges } = await server.atStripe(reference);
    expect([intents.length, charges.length]).toEqual([1, 1]);
  });

  test('with 3-D Secure leads to the bank, and is paid when the payer has proved it', async () => {
    const reference = await server.open();
    const attempted = await server.pay(reference, 'pm_card_threeDSecure2Required');
    expect(attempted).toEqual({ outcome: 'requiresAction', url: expect.stringContaining('http') });
    expect(await server.read(reference)).toMatchObject({ status: 'requiresAction' });
    await server.control(
      `payment_intents/${(await server.rows(reference))[0]!.stripe_intent_id}/authenticate`,
      {
        succeed: true,
      },
    );
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 20_000 });
    expect(await server.news(reference)).toEqual(['payment.actionRequired', 'payment.captured']);
  });

  test('whose payer does not prove it is declined, and another can be made', async () => {
    const reference = await server.open();
    await server.pay(reference, 'pm_card_threeDSecure2Required');
    await server.control(
      `payment_intents/${(await server.rows(reference))[0]!.stripe_intent_id}/authenticate`,
      {
        succeed: false,
      },
    );
    await server.settle();
    expect(await server.read(reference)).toMatchObject({
      status: 'requiresPaymentMethod',
      failure: 'payment_intent_authentication_failure',
    });
    expect(await server.pay(reference)).toEqual({ outcome: 'succeeded' });
  });

  test('with what is no payment method is refused as such, and the payment stays open', async () => {
    const reference = await server.open();
    await expect(server.pay(reference, 'pm_nobody')).rejects.toMatchObject({
      definition: { code: 'unknown_payment_method', status: 422 },
    });
    expect(await server.read(reference)).toMatchObject({ status: 'requiresPaymentMethod' });
    expect(await server.pay(reference)).toEqual({ outcome: 'succeeded' });
  });

  test('at a sum that cards do not take is refused with what to do, and nothing else is charged', async () => {
    const small = await server.open(10);
    await expect(server.pay(small)).rejects.toMatchObject({ definition: { code: 'payment_not_possible' } });
    expect((await server.atStripe(small)).intents).toEqual([]);
    const fils = await server.open(12_345, 'automatic', 'KWD');
    await expect(server.start(fils, 'pm_card_visa')).rejects.toThrow('last digit of 12345');
    const kronur = await server.open(12_300, 'automatic', 'ISK');
    expect(await server.pay(kronur)).toEqual({ outcome: 'succeeded' });
    expect((await server.atStripe(kronur)).charges[0]).toMatchObject({ amount: 1_230_000, currency: 'isk' });
    expect(await server.read(kronur)).toMatchObject({ captured: 12_300 });
  });

  test('of nothing is paid by being asked for', async () => {
    const reference = await server.open(0);
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 0 });
    expect(await server.news(reference)).toEqual(['payment.captured']);
  });

  test('that is under way is not made twice: whoever comes gets the same', async () => {
    const reference = await server.open();
    const [first, second] = [
      await server.start(reference, 'pm_card_visa'),
      await server.start(reference, 'pm_card_mastercard'),
    ];
    expect(second).toBe(first);
    const outcomes = await Promise.all([settleAttempt(server.ctx, first), settleAttempt(server.ctx, first)]);
    expect(outcomes.filter(({ outcome }) => outcome === 'succeeded').length).toBeGreaterThan(0);
    expect((await server.atStripe(reference)).charges).toHaveLength(1);
  });
});

describe('what is charged later', () => {
  const chargeMore = (reference: string) =>
    transaction(server.ctx, (tx) =>
      chargeAgain(server.ctx, tx, {
        reference,
        payerId: server.payerId,
        amount: { amount: 5_000, currency: 'EUR' },
      }),
    );

  test('goes to the card that was paid with', async () => {
    const reference = await server.open();
    await server.pay(reference, 'pm_card_mastercard');
    await chargeMore(reference);
    expect(await server.read(reference)).toMatchObject({ status: 'processing', amount: 25_000 });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 25_000 });
    const methods = (await server.rows(reference)).map(({ payment_method }) => payment_method);
    expect(methods[1]).toBe(methods[0]);
  });

  test('and is declined since nobody is there stays open for the payer', async () => {
    const reference = await server.open();
    await server.pay(reference, 'pm_card_authenticationRequired');
    await server.control(
      `payment_intents/${(await server.rows(reference))[0]!.stripe_intent_id}/authenticate`,
      {
        succeed: true,
      },
    );
    await server.settle();
    await chargeMore(reference);
    await server.settle();
    expect(await server.read(reference)).toMatchObject({
      status: 'requiresPaymentMethod',
      failure: 'authentication_required',
      captured: 20_000,
    });
    expect(await server.pay(reference)).toEqual({ outcome: 'succeeded' });
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 25_000 });
  });

  test('of who left no card stays open, and says so', async () => {
    const reference = await server.open(0);
    await chargeMore(reference);
    expect(await server.read(reference)).toMatchObject({
      status: 'requiresPaymentMethod',
      failure: 'no_payment_method',
    });
  });
});

describe('in a browser', () => {
  test('the secret of the intent pays, and what the browser does is heard', async () => {
    const reference = await server.open();
    const secret = await clientSecretOf(server.ctx, reference);
    expect(await clientSecretOf(server.ctx, reference)).toBe(secret);
    const intentId = secret!.split('_secret_')[0]!;
    const paying = { payment_method: 'pm_card_visa', return_url: 'https://app.example' };
    await server.stripe.paymentIntents
      .confirm(intentId, { ...paying, payment_method: 'pm_card_visa_chargeDeclined' })
      .catch(() => undefined);
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ failure: 'generic_decline' });
    await server.stripe.paymentIntents.confirm(intentId, paying);
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 20_000 });
    expect(await server.news(reference)).toEqual(['payment.failed', 'payment.captured']);
    expect(await clientSecretOf(server.ctx, reference)).toBeNull();
  });

  test('a page of Stripe pays; asked for again it is the same page', async () => {
    const reference = await server.open(20_000, 'manual');
    const page = await checkout(reference);
    expect(await checkout(reference)).toEqual(page);
    expect(page.expiresAt.getTime()).toBeGreaterThan(Date.now());
    await server.control(`checkout/sessions/${await sessionOf(reference)}/pay`, {
      payment_method: 'pm_card_visa',
    });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'requiresCapture' });
    await expect(checkout(reference)).rejects.toMatchObject({ definition: { code: 'payment_not_open' } });
  });

  test('a page on which is paid after a card was declined is all that there is of the payment', async () => {
    const reference = await server.open();
    await server.pay(reference, 'pm_card_visa_chargeDeclined');
    await checkout(reference);
    await server.control(`checkout/sessions/${await sessionOf(reference)}/pay`, {
      payment_method: 'pm_card_visa',
    });
    await server.settle();
    const { charges } = await server.atStripe(reference);
    expect(charges).toHaveLength(1);
    expect(await server.rows(reference)).toMatchObject([
      { status: 'succeeded', captured: 20_000, stripe_charge_id: charges[0]!.id },
    ]);
  });

  test('another page for the same closes the first, and each can be come back to', async () => {
    const reference = await server.open();
    const there = await checkout(reference);
    const first = await sessionOf(reference);
    const other = await openCheckout(server.ctx, {
      reference,
      title: 'Sunny loft',
      ...PAGES,
      successUrl: 'https://app.example/other',
    });
    await server.settle();
    expect((await server.stripe.checkout.sessions.retrieve(first)).status).toBe('expired');
    const again = await checkout(reference);
    expect(new Set([there.url, other.url, again.url]).size).toBe(3);
  });

  test('who pays on the page and with a card has paid twice, and each is there to be given back', async () => {
    const reference = await server.open();
    await checkout(reference);
    expect(await server.pay(reference)).toEqual({ outcome: 'succeeded' });
    await server.control(`checkout/sessions/${await sessionOf(reference)}/pay`, {
      payment_method: 'pm_card_visa',
    });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 40_000 });
    expect(await server.ledger(reference)).toEqual({
      stripeBalance: 2 * (20_000 - FEE),
      guestPayments: -40_000,
      stripeFees: 2 * FEE,
    });
    expect((await server.rows(reference)).length).toBe(2);
  });
});
