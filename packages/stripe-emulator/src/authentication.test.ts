import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulated, openEmulated, pay, refusalOf } from '../test/emulated.ts';

let emulated: Emulated;
beforeAll(async () => {
  emulated = await openEmulated();
});
afterAll(() => emulated.close());
beforeEach(() => emulated.heard());

const customer = async () => (await emulated.stripe.customers.create({ email: 'guest@example.com' })).id;

describe('authentication', () => {
  const asked = () =>
    pay(emulated.stripe, {
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://example.com/back?a=1',
    });

  test('is asked for on a page, and then the card is charged', async () => {
    const intent = await asked();
    expect(intent).toMatchObject({
      status: 'requires_action',
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { return_url: 'https://example.com/back?a=1' },
      },
    });
    const { url } = intent.next_action!.redirect_to_url!;
    expect(await (await fetch(url!)).text()).toContain('Complete authentication');
    const answer = await fetch(url!, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'complete' }),
      redirect: 'manual',
    });
    const back = new URL(answer.headers.get('location')!);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      a: '1',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    });
    expect((await emulated.stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
    expect(await emulated.heard()).toContain('payment_intent.requires_action');
  });

  test('does not show its page without the secret of the intent', async () => {
    const intent = await asked();
    const { origin, pathname } = new URL(intent.next_action!.redirect_to_url!.url!);
    expect((await fetch(`${origin}${pathname}`)).status).toBe(404);
  });

  test('that fails leaves the payment open', async () => {
    const intent = await asked();
    expect(
      await emulated.control(`payment_intents/${intent.id}/authenticate`, { succeed: false }),
    ).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  test('declines a payment when nobody is there', async () => {
    const { stripe, control } = emulated;
    const once = await pay(stripe, {
      payment_method: 'pm_card_authenticationRequired',
      customer: await customer(),
      setup_future_usage: 'off_session',
    });
    expect(once.next_action?.type).toBe('use_stripe_sdk');
    await control(`payment_intents/${once.id}/authenticate`, { succeed: true });
    const kept = { customer: once.customer as string, payment_method: once.payment_method as string };
    expect(await refusalOf(pay(stripe, { ...kept, off_session: true }))).toMatchObject({
      code: 'authentication_required',
      decline_code: 'authentication_required',
    });
  });

  test('is asked for once by a card that is set up', async () => {
    const { stripe, control } = emulated;
    const once = await pay(stripe, {
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      customer: await customer(),
      setup_future_usage: 'off_session',
    });
    expect(once.status).toBe('requires_action');
    await control(`payment_intents/${once.id}/authenticate`, { succeed: true });
    const kept = { customer: once.customer as string, payment_method: once.payment_method as string };
    expect((await pay(stripe, { ...kept, off_session: true })).status).toBe('succeeded');
  });
});
