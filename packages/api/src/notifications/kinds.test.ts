import { randomUUID } from 'node:crypto';
import { addDays } from '@sojourn/shared/nights';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NotificationServer, startNotificationServer } from '../../test/notification-server.ts';
import { transaction } from '../platform/context.ts';
import { emit } from '../platform/events/emit.ts';
import { eventTypes } from '../surface.ts';
import { endpointDisabled } from '../webhooks/events.ts';
import { notificationKinds } from './kinds.ts';

const PASSWORD = 'harbour-lantern-42';
const PUBLISHABLE = {
  title: 'Sunny loft',
  roomType: 'privateRoom',
  description: 'Quiet.',
  capacity: 2,
  location: { latitude: 38.72, longitude: -9.14 },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 5_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
};

let server: NotificationServer;
beforeAll(async () => {
  server = await startNotificationServer();
});
afterAll(() => server.stop());

test('every kind is about an event that the server tells of, and has a name of its own', () => {
  const types = new Set(eventTypes.map(({ type }) => type));
  for (const { on } of notificationKinds) expect(types).toContain(on);
  expect(new Set(notificationKinds.map(({ kind }) => kind)).size).toBe(notificationKinds.length);
});

describe('each kind comes from what really happens', () => {
  test('an account is opened and its address verified', async () => {
    const { call, email } = await server.person({ verified: false });
    await server.settled();
    const { mailer } = server.resources;
    const mail = (await mailer.mailbox!.list(100)).find(
      ({ to, kind }) => to === email && kind === 'verifyEmail',
    )!;
    const { text } = (await mailer.mailbox!.get(mail.id))!;
    const token = /#token=(\S+)/.exec(text)![1]!;
    expect((await call('POST', '/v1/auth/verify-email', { body: { token } })).status).toBeLessThan(300);
    await server.notificationsOf(call, 1);
    const { body } = await call('GET', '/v1/notifications');
    expect(body.data.map(({ kind }: { kind: string }) => kind)).toEqual(['emailVerified', 'welcome']);
    expect(await server.mailTo(email)).toEqual([]);
  });

  test('a password is changed: told in the list, and by one mail, which identity writes', async () => {
    const { call, email } = await server.person();
    await call('PATCH', '/v1/me', { body: { password: 'another-lantern-43', currentPassword: PASSWORD } });
    expect(await server.notificationsOf(call, 1)).toMatchObject([
      { kind: 'passwordChanged', category: 'security', text: expect.stringContaining('with the old one') },
    ]);
    await server.settled();
    const mails = await server.resources.mailer.mailbox!.list(1_000);
    expect(mails.filter(({ to }) => to === email).map(({ kind }) => kind)).toContain('passwordChanged');
    expect(await server.mailTo(email)).toEqual([]);
  });

  test('an API key is made and revoked', async () => {
    const { call, email } = await server.person();
    const { body: key } = await call('POST', '/v1/api-keys', {
      body: { name: 'k', scopes: ['listings:read'] },
    });
    await call('DELETE', `/v1/api-keys/${key.id}`);
    expect(await server.notificationsOf(call, 2)).toMatchObject([
      { kind: 'apiKeyRevoked', subject: { type: 'apiKey', id: key.id }, count: 1, readAt: null },
      { kind: 'apiKeyCreated', subject: { type: 'apiKey', id: key.id } },
    ]);
    await server.settled();
    const [mail, ...others] = await server.mailTo(email);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ subject: 'The API key “k” was made' });
    expect(mail!.text).toContain(key.id);
    expect(mail!.text).toContain('cannot be switched off');
  });

  test('a listing is published, paused and archived', async () => {
    const { call, email } = await server.person();
    const { body: listing } = await call('POST', '/v1/listings', { body: PUBLISHABLE });
    for (const verb of ['publish', 'pause', 'archive'])
      await call('POST', `/v1/listings/${listing.id}/${verb}`);
    const told = await server.notificationsOf(call, 3);
    expect(told.map(({ title }: { title: string }) => title).sort()).toEqual([
      '“Sunny loft” was archived',
      '“Sunny loft” was paused',
      '“Sunny loft” was published',
    ]);
    await server.settled();
    expect(await server.mailTo(email)).toEqual([]);
  });

  test('a stay is asked for, accepted and cancelled: each side in words of its own', async () => {
    const [owner, visitor] = [await server.person(), await server.person()];
    const listing = await owner.call('POST', '/v1/listings', { body: PUBLISHABLE });
    await owner.call('POST', `/v1/listings/${listing.body.id}/publish`);
    const checkIn = addDays(server.clock.now().toISOString().slice(0, 10), 60);
    const stay = { listingId: listing.body.id, checkIn, checkOut: addDays(checkIn, 3), guests: 2 };
    const quote = await visitor.call('POST', '/v1/quotes', { body: stay });
    const { body: booking } = await visitor.call('POST', '/v1/bookings', {
      body: { quoteId: quote.body.id },
    });
    const path = `/v1/bookings/${booking.id}`;
    await visitor.call('POST', `${path}/payment/confirm`, { body: { paymentMethod: 'pm_card_visa' } });
    await owner.call('POST', `${path}/accept`);
    await visitor.call('POST', `${path}/cancel`, { body: {} });
    const kindsOf = async ({ call }: typeof owner, count: number) =>
      (await server.notificationsOf(call, count)).map(({ kind }: { kind: string }) => kind);
    expect(await kindsOf(visitor, 3)).toEqual([
      'bookingCancelledForGuest',
      'bookingConfirmedForGuest',
      'bookingRequestedByGuest',
    ]);
    expect(await kindsOf(owner, 4)).toEqual([
      'bookingCancelledForHost',
      'bookingConfirmedForHost',
      'bookingRequestedOfHost',
      'listingPublished',
    ]);
    await server.settled();
    expect(await server.mailTo(visitor.email)).toHaveLength(2);
    expect(await server.mailTo(owner.email)).toHaveLength(3);
  });

  test('a webhook endpoint is given up', async () => {
    const { call, email, uuid } = await server.person();
    const data = {
      host: 'hooks.example.com',
      description: '',
      types: ['*'],
      allEvents: false,
      enabled: false,
    };
    await transaction(server.ctx, (tx) =>
      emit(server.ctx, tx, endpointDisabled, {
        subjectId: randomUUID(),
        audience: [uuid],
        data: { ...data, reason: 'failing', failingSince: null },
      }),
    );
    expect(await server.notificationsOf(call, 1)).toMatchObject([
      { kind: 'webhookDisabled', title: 'The webhook endpoint at hooks.example.com was switched off' },
    ]);
    await server.settled();
    expect(await server.mailTo(email)).toHaveLength(1);
  });
});
