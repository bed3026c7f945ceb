import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulated, openEmulated, refusalOf } from '../test/emulated.ts';

let emulated: Emulated;
beforeAll(async () => {
  emulated = await openEmulated();
});
afterAll(() => emulated.close());
beforeEach(() => emulated.heard());

const open = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  emulated.stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      {
        quantity: 2,
        price_data: {
          currency: 'eur',
          unit_amount: 7550,
          product_data: { name: 'A <b>night</b>', description: 'By the sea' },
        },
      },
    ],
    success_url: 'https://example.com/thanks?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://example.com/back',
    ...more,
  });
const payWith = (url: string, card: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ payment_method: card }), redirect: 'manual' });
const again = (id: string) => emulated.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });

describe('a checkout', () => {
  test('shows what is paid for, and is paid on its page', async () => {
    const session = await open({
      client_reference_id: 'b1',
      metadata: { a: '1' },
      payment_intent_data: { metadata: { b: '2' }, transfer_group: 'b1', setup_future_usage: 'off_session' },
      customer_email: 'guest@example.com',
    });
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 15_100,
      payment_intent: null,
    });
    const page = await (await fetch(session.url!)).text();
    expect(page).toContain('A &lt;b&gt;night&lt;/b&gt;');
    expect(page).toContain('€151.00');
    const answer = await payWith(session.url!, 'pm_card_visa');
    expect(answer.headers.get('location')).toBe(`https://example.com/thanks?session=${session.id}`);
    const done = await again(session.id);
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer: expect.stringMatching(/^cus_/),
      customer_details: { email: 'guest@example.com' },
      payment_intent: {
        status: 'succeeded',
        amount: 15_100,
        currency: 'eur',
        metadata: { b: '2' },
        transfer_group: 'b1',
      },
    });
    expect(await emulated.heard()).toEqual([
      'customer.created',
      'payment_intent.created',
      'payment_method.attached',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
  });

  test('holds the money when told so', async () => {
    const session = await open({ payment_intent_data: { capture_method: 'manual' } });
    await payWith(session.url!, 'pm_card_visa');
    expect(await again(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      payment_intent: { status: 'requires_capture' },
    });
  });

  test('tells that a card was declined, and takes another', async () => {
    const session = await open();
    const declined = await payWith(session.url!, 'pm_card_visa_chargeDeclined');
    expect(declined.status).toBe(402);
    expect(await declined.text()).toContain('Your card was declined.');
    expect(await again(session.id)).toMatchObject({ status: 'open', payment_intent: null });
    await payWith(session.url!, 'pm_card_visa');
    expect((await again(session.id)).status).toBe('complete');
    const intents = await emulated.stripe.paymentIntents.list({ limit: 1 });
    const charges = await emulated.stripe.charges.list({ payment_intent: intents.data[0]!.id });
    expect(charges.data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  test.each([
    ['complete', 'complete'],
    ['fail', 'open'],
  ])('leads through the authentication: %s', async (outcome, status) => {
    const session = await open();
    const asked = (await payWith(session.url!, 'pm_card_authenticationRequired')).headers.get('location')!;
    const back = await fetch(asked, {
      method: 'POST',
      body: new URLSearchParams({ outcome }),
      redirect: 'manual',
    });
    const end = await fetch(back.headers.get('location')!, { redirect: 'manual' });
    expect((await again(session.id)).status).toBe(status);
    if (status === 'complete') expect(end.headers.get('location')).toContain('https://example.com/thanks');
    else expect(await end.text()).toContain('unable to authenticate');
  });

  test('expires, by itself or when told', async () => {
    const { stripe, now, pass } = emulated;
    const told = await open();
    expect((await stripe.checkout.sessions.expire(told.id)).status).toBe('expired');
    await refusalOf(stripe.checkout.sessions.expire(told.id));
    expect(await (await fetch(told.url!)).text()).toContain('has expired');
    const short = await open({ expires_at: now() + 1800 });
    await emulated.heard();
    pass(1800);
    expect((await again(short.id)).status).toBe('expired');
    expect(await emulated.heard()).toEqual(['checkout.session.expired']);
    expect((await payWith(short.url!, 'pm_card_visa')).status).toBe(200);
    expect((await again(short.id)).payment_intent).toBeNull();
  });

  test('that expired while somebody authenticates is not paid', async () => {
    const { stripe } = emulated;
    const session = await open();
    const asked = (await payWith(session.url!, 'pm_card_authenticationRequired')).headers.get('location')!;
    await stripe.checkout.sessions.expire(session.id);
    await fetch(asked, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'complete' }),
      redirect: 'manual',
    });
    const [intent] = (await stripe.paymentIntents.list({ limit: 1 })).data;
    expect(intent).toMatchObject({ status: 'canceled', cancellation_reason: 'expired', latest_charge: null });
  });

  test('is not opened for too little, or for too short', async () => {
    const item = { price_data: { currency: 'usd', unit_amount: 49, product_data: { name: 'x' } } };
    expect((await refusalOf(open({ line_items: [item] }))).code).toBe('amount_too_small');
    expect((await refusalOf(open({ expires_at: emulated.now() + 60 }))).param).toBe('expires_at');
  });
});
