import { addDays } from '@sojourn/shared/nights';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sequenceOutbox } from '../src/platform/events/sequence.ts';
import { newUuid, publicId, uuidOf } from '../src/platform/id.ts';
import { routes } from '../src/surface.ts';
import { startTestServer } from './server.ts';

// Every operation that takes an id or needs credentials × everybody who may come: the owner, another host, nobody,
// and credentials that are no longer good. The rows are held against the document: a new route without a row
// fails. What a caller may not see must answer exactly like what does not exist.

interface World {
  draftId: string;
  publishedId: string;
  quoteId: string;
  feedId: string;
  /** Asked for by a guest in the published listing; only where a booking is needed. */
  bookingId: string;
  photoId: string;
  sessionId: string;
  notificationId: string;
  endpointId: string;
  deliveryId: string;
  keyId: string;
  ownerId: string;
  eventId: string;
}
interface Row {
  path: (world: World) => string;
  body?: unknown;
  owner: number;
  /** Another host. 404 must be the very answer of an id that does not exist; 403 is for what everybody may see. */
  other: number;
  /** 401 unless the operation is open to everybody. */
  anonymous?: number;
}

const draft = { title: 'A room', roomType: 'privateRoom' };
const NOBODYS = '00000000000000000000000000';

// Nothing listens there.
const ENDPOINT_URL = 'http://127.0.0.1:9/hooks';
const endpointPath = ({ endpointId }: World) => `/v1/webhook-endpoints/${endpointId}`;

const FEED_URL = 'http://127.0.0.1:9/calendar.ics';
const feedPath = ({ draftId, feedId }: World) => `/v1/listings/${draftId}/calendar-feeds/${feedId}`;

const bookingPath = ({ bookingId }: World) => `/v1/bookings/${bookingId}`;
const alterationPath = (world: World) => `${bookingPath(world)}/alterations/alt_${NOBODYS}`;

const quotedStay = () => {
  const checkIn = addDays(new Date().toISOString().slice(0, 10), 30);
  return { checkIn, checkOut: addDays(checkIn, 3), guests: 1 };
};

const calendarRanges = () => {
  const from = new Date().toISOString().slice(0, 10);
  return [{ from, to: addDays(from, 3), minNights: 2 }];
};

const rows: Record<string, Row> = {
  logout: { path: () => '/v1/auth/logout', owner: 204, other: 204 },
  sendVerification: { path: () => '/v1/auth/send-verification', owner: 202, other: 202 },
  listSessions: { path: () => '/v1/sessions', owner: 200, other: 200 },
  revokeSession: { path: ({ sessionId }) => `/v1/sessions/${sessionId}`, owner: 204, other: 404 },
  listApiKeys: { path: () => '/v1/api-keys', owner: 200, other: 200 },
  createApiKey: {
    path: () => '/v1/api-keys',
    body: { name: 'k', scopes: ['listings:read'] },
    owner: 201,
    other: 201,
  },
  revokeApiKey: { path: ({ keyId }) => `/v1/api-keys/${keyId}`, owner: 204, other: 404 },
  getMe: { path: () => '/v1/me', owner: 200, other: 200 },
  updateMe: { path: () => '/v1/me', body: { displayName: 'New name' }, owner: 200, other: 200 },
  deleteMe: { path: () => '/v1/me', body: { password: 'not the password' }, owner: 422, other: 422 },
  exportMe: { path: () => '/v1/me/export', owner: 200, other: 200 },
  getUser: { path: ({ ownerId }) => `/v1/users/${ownerId}`, owner: 200, other: 200, anonymous: 200 },
  createListing: { path: () => '/v1/listings', body: draft, owner: 201, other: 201 },
  listListings: { path: () => '/v1/listings', owner: 200, other: 200 },
  exportListings: { path: () => '/v1/listings/export', owner: 200, other: 200 },
  upsertListings: {
    path: () => '/v1/listings/batch',
    body: { listings: [{ ...draft, externalId: 'matrix' }] },
    owner: 200,
    other: 200,
  },
  getListing: { path: ({ draftId }) => `/v1/listings/${draftId}`, owner: 200, other: 404, anonymous: 404 },
  updateListing: {
    path: ({ draftId }) => `/v1/listings/${draftId}`,
    body: { title: 'Changed' },
    owner: 200,
    other: 404,
  },
  deleteListing: { path: ({ draftId }) => `/v1/listings/${draftId}`, owner: 204, other: 404 },
  publishListing: { path: ({ draftId }) => `/v1/listings/${draftId}/publish`, owner: 422, other: 404 },
  pauseListing: { path: ({ publishedId }) => `/v1/listings/${publishedId}/pause`, owner: 200, other: 403 },
  archiveListing: { path: ({ draftId }) => `/v1/listings/${draftId}/archive`, owner: 200, other: 404 },
  listPhotos: {
    path: ({ draftId }) => `/v1/listings/${draftId}/photos`,
    owner: 200,
    other: 404,
    anonymous: 404,
  },
  addPhoto: {
    path: ({ draftId }) => `/v1/listings/${draftId}/photos`,
    body: { url: 'https://images.example.com/b.jpg' },
    owner: 201,
    other: 404,
  },
  getCalendar: {
    path: ({ draftId }) => `/v1/listings/${draftId}/calendar`,
    owner: 200,
    other: 404,
    anonymous: 404,
  },
  updateCalendar: {
    path: ({ draftId }) => `/v1/listings/${draftId}/calendar`,
    body: { ranges: calendarRanges() },
    owner: 200,
    other: 404,
  },
  updateCalendars: {
    path: () => '/v1/calendar',
    body: { select: { all: true }, ranges: calendarRanges() },
    owner: 200,
    other: 200,
  },
  getSeasons: { path: ({ draftId }) => `/v1/listings/${draftId}/seasons`, owner: 200, other: 404 },
  replaceSeasons: {
    path: ({ publishedId }) => `/v1/listings/${publishedId}/seasons`,
    body: { seasons: [] },
    owner: 200,
    other: 403,
  },
  createCalendarFeed: {
    path: ({ draftId }) => `/v1/listings/${draftId}/calendar-feeds`,
    body: { name: 'Airbnb', url: FEED_URL },
    owner: 201,
    other: 404,
  },
  listCalendarFeeds: {
    path: ({ publishedId }) => `/v1/listings/${publishedId}/calendar-feeds`,
    owner: 200,
    other: 403,
  },
  getCalendarFeed: { path: feedPath, owner: 200, other: 404 },
  updateCalendarFeed: { path: feedPath, body: { paused: true }, owner: 200, other: 404 },
  deleteCalendarFeed: { path: (world) => `${feedPath(world)}?nights=free`, owner: 204, other: 404 },
  syncCalendarFeed: { path: (world) => `${feedPath(world)}/sync`, body: {}, owner: 202, other: 404 },
  listCalendarConflicts: { path: (world) => `${feedPath(world)}/conflicts`, owner: 200, other: 404 },
  shareCalendar: {
    path: ({ draftId }) => `/v1/listings/${draftId}/calendar-export`,
    owner: 200,
    other: 404,
  },
  rotateCalendarShare: {
    path: ({ publishedId }) => `/v1/listings/${publishedId}/calendar-export/rotate`,
    owner: 200,
    other: 403,
  },
  unshareCalendar: {
    path: ({ draftId }) => `/v1/listings/${draftId}/calendar-export`,
    owner: 204,
    other: 404,
  },
  // Whoever has the secret of the URL may read; this is none.
  exportCalendar: {
    path: ({ publishedId }) => `/v1/listings/${publishedId}/calendar.ics?token=none`,
    owner: 404,
    other: 404,
    anonymous: 404,
  },
  listBlocks: { path: ({ draftId }) => `/v1/listings/${draftId}/blocks`, owner: 200, other: 404 },
  getQuote: { path: ({ quoteId }) => `/v1/quotes/${quoteId}`, owner: 200, other: 404, anonymous: 404 },
  // A quote is nobody's secret but its guest's: this is none.
  createBooking: { path: () => '/v1/bookings', body: { quoteId: `qte_${NOBODYS}` }, owner: 404, other: 404 },
  listBookings: { path: () => '/v1/bookings?role=host', owner: 200, other: 200 },
  // The owner is the host of a stay that a guest asks for: not all is the host's to do, nor to do yet.
  getBooking: { path: bookingPath, owner: 200, other: 404 },
  getBookingPayment: { path: (world) => `${bookingPath(world)}/payment`, owner: 200, other: 404 },
  confirmBookingPayment: {
    path: (world) => `${bookingPath(world)}/payment/confirm`,
    body: { paymentMethod: 'pm_card_visa' },
    owner: 403,
    other: 404,
  },
  createBookingCheckout: {
    path: (world) => `${bookingPath(world)}/payment/checkout`,
    body: { successUrl: 'https://app.example.com/paid', cancelUrl: 'https://app.example.com/back' },
    owner: 403,
    other: 404,
  },
  // Nothing was taken yet, so there is nothing to give back.
  refundBooking: {
    path: (world) => `${bookingPath(world)}/refunds`,
    body: { amount: { amount: 1, currency: 'EUR' }, reason: 'Sorry.', paidBy: 'host' },
    owner: 422,
    other: 404,
  },
  acceptBooking: { path: (world) => `${bookingPath(world)}/accept`, owner: 200, other: 404 },
  declineBooking: { path: (world) => `${bookingPath(world)}/decline`, body: {}, owner: 200, other: 404 },
  previewCancellation: {
    path: (world) => `${bookingPath(world)}/cancellation-preview`,
    owner: 200,
    other: 404,
  },
  cancelBooking: { path: (world) => `${bookingPath(world)}/cancel`, body: {}, owner: 200, other: 404 },
  checkInBooking: { path: (world) => `${bookingPath(world)}/check-in`, owner: 409, other: 404 },
  checkOutBooking: { path: (world) => `${bookingPath(world)}/check-out`, owner: 409, other: 404 },
  markNoShow: { path: (world) => `${bookingPath(world)}/no-show`, owner: 409, other: 404 },
  createAlteration: {
    path: (world) => `${bookingPath(world)}/alterations`,
    body: { guests: 2 },
    owner: 409,
    other: 404,
  },
  listAlterations: { path: (world) => `${bookingPath(world)}/alterations`, owner: 200, other: 404 },
  acceptAlteration: { path: (world) => `${alterationPath(world)}/accept`, owner: 404, other: 404 },
  declineAlteration: { path: (world) => `${alterationPath(world)}/decline`, owner: 404, other: 404 },
  withdrawAlteration: { path: (world) => `${alterationPath(world)}/withdraw`, owner: 404, other: 404 },
  // Of admins: the rules about money are no secret, and others cannot change them.
  listFeeSchedules: { path: () => '/v1/admin/fee-schedules', owner: 403, other: 403 },
  createFeeSchedule: { path: () => '/v1/admin/fee-schedules', body: {}, owner: 403, other: 403 },
  listPolicies: { path: () => '/v1/admin/policies', owner: 403, other: 403 },
  createPolicy: { path: () => '/v1/admin/policies', body: {}, owner: 403, other: 403 },
  listTaxRules: { path: () => '/v1/admin/tax-rules', owner: 403, other: 403 },
  createTaxRule: { path: () => '/v1/admin/tax-rules', body: {}, owner: 403, other: 403 },
  endTaxRule: {
    path: () => `/v1/admin/tax-rules/tax_${NOBODYS}/end`,
    body: {},
    owner: 403,
    other: 403,
  },
  createWebhookEndpoint: {
    path: () => '/v1/webhook-endpoints',
    body: { url: ENDPOINT_URL },
    owner: 201,
    other: 201,
  },
  listWebhookEndpoints: { path: () => '/v1/webhook-endpoints', owner: 200, other: 200 },
  getWebhookEndpoint: { path: endpointPath, owner: 200, other: 404 },
  updateWebhookEndpoint: { path: endpointPath, body: { description: 'mine' }, owner: 200, other: 404 },
  deleteWebhookEndpoint: { path: endpointPath, owner: 204, other: 404 },
  rotateWebhookSecret: {
    path: (world) => `${endpointPath(world)}/rotate-secret`,
    body: {},
    owner: 200,
    other: 404,
  },
  testWebhookEndpoint: { path: (world) => `${endpointPath(world)}/test`, owner: 200, other: 404 },
  listWebhookDeliveries: { path: (world) => `${endpointPath(world)}/deliveries`, owner: 200, other: 404 },
  // A test is not kept to be sent again, which only its owner is told.
  redeliverWebhook: {
    path: (world) => `${endpointPath(world)}/deliveries/${world.deliveryId}/redeliver`,
    owner: 409,
    other: 404,
  },
  replayWebhooks: {
    path: (world) => `${endpointPath(world)}/replay`,
    body: { fromSequence: 1 },
    owner: 202,
    other: 404,
  },
  // Of admins, whoever the caller is: to others the queues are no secret, and nothing of theirs is told.
  listQueues: { path: () => '/v1/admin/queues', owner: 403, other: 403 },
  getQueue: { path: () => '/v1/admin/queues/mail', owner: 403, other: 403 },
  retryQueue: {
    path: () => '/v1/admin/queues/mail/retry',
    body: { reason: 'a test' },
    owner: 403,
    other: 403,
  },
  pauseQueue: {
    path: () => '/v1/admin/queues/mail/pause',
    body: { reason: 'a test' },
    owner: 403,
    other: 403,
  },
  resumeQueue: {
    path: () => '/v1/admin/queues/mail/resume',
    body: { reason: 'a test' },
    owner: 403,
    other: 403,
  },
  drainQueue: {
    path: () => '/v1/admin/queues/mail/drain',
    body: { reason: 'a test' },
    owner: 403,
    other: 403,
  },
  getClock: { path: () => '/v1/admin/clock', owner: 403, other: 403 },
  moveClock: { path: () => '/v1/admin/clock', body: { advance: '1d' }, owner: 403, other: 403 },
  listMaintenanceTasks: { path: () => '/v1/admin/maintenance', owner: 403, other: 403 },
  startMaintenance: { path: () => '/v1/admin/maintenance/reconcile', body: {}, owner: 403, other: 403 },
  listMaintenanceRuns: { path: () => '/v1/admin/maintenance-runs', owner: 403, other: 403 },
  getMaintenanceRun: { path: () => `/v1/admin/maintenance-runs/run_${NOBODYS}`, owner: 403, other: 403 },
  listMails: { path: () => '/v1/admin/mails', owner: 403, other: 403 },
  getMail: { path: () => '/v1/admin/mails/eml_1', owner: 403, other: 403 },
  listMailTemplates: { path: () => '/v1/admin/mail-templates', owner: 403, other: 403 },
  previewMail: { path: () => '/v1/admin/mail-templates/verifyEmail', owner: 403, other: 403 },
  listAuditLog: { path: () => '/v1/admin/audit-log', owner: 403, other: 403 },
  removePhoto: {
    path: ({ draftId, photoId }) => `/v1/listings/${draftId}/photos/${photoId}`,
    owner: 204,
    other: 404,
  },
  listEvents: { path: () => '/v1/events', owner: 200, other: 200 },
  getEvent: { path: ({ eventId }) => `/v1/events/${eventId}`, owner: 200, other: 404 },
  getPayoutAccount: { path: () => '/v1/payout-account', owner: 200, other: 200 },
  openPayoutAccount: { path: () => '/v1/payout-account', body: { country: 'PT' }, owner: 200, other: 200 },
  // Of other hosts' money their own tests tell: src/payouts.
  listPayouts: { path: () => '/v1/payouts', owner: 200, other: 200 },
  getPayout: { path: () => `/v1/payouts/pyo_${NOBODYS}`, owner: 404, other: 404 },
  getBalance: { path: () => '/v1/balance', owner: 200, other: 200 },
  listBalanceEntries: { path: () => '/v1/balance/entries', owner: 200, other: 200 },
  listNotifications: { path: () => '/v1/notifications', owner: 200, other: 200 },
  readNotification: {
    path: ({ notificationId }) => `/v1/notifications/${notificationId}/read`,
    owner: 200,
    other: 404,
  },
  readNotifications: { path: () => '/v1/notifications/read', body: {}, owner: 200, other: 200 },
  getNotificationPreferences: { path: () => '/v1/notification-preferences', owner: 200, other: 200 },
  updateNotificationPreferences: {
    path: () => '/v1/notification-preferences',
    body: { preferences: [{ kind: 'welcome', channel: 'mail', enabled: true }] },
    owner: 200,
    other: 200,
  },
  // Whoever has the link may follow it; this is none.
  unsubscribeFromNotification: {
    path: () => '/v1/notification-preferences/unsubscribe/none',
    owner: 404,
    other: 404,
  },
};

const guarded = routes
  .map(({ contract }) => contract)
  .filter(({ path, access }) => path.includes('{') || access.kind !== 'open');

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const json = { 'Content-Type': 'application/json' };
async function call(method: string, path: string, credential: string | undefined, body?: unknown) {
  return fetch(`${server.url}${path}`, {
    method: method.toUpperCase(),
    headers: { ...json, ...(credential ? { Authorization: `Bearer ${credential}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
async function register(name: string) {
  const answer = await call('post', '/v1/auth/register', undefined, {
    email: `${name}-${Math.random()}@example.com`,
    password: 'harbour-lantern-42',
    displayName: name,
  });
  return (await answer.json()) as { user: { id: string }; accessToken: string };
}
const PUBLISHABLE = {
  ...draft,
  description: 'Quiet.',
  capacity: 2,
  location: { latitude: 38.72, longitude: -9.14 },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 5_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
  photos: [{ url: 'https://images.example.com/a.jpg' }],
};

const made = async (answer: Promise<Response>) =>
  (await (await answer).json()) as { id: string; key: string };
const idsIn = async (answer: Promise<Response>) =>
  ((await (await answer).json()) as { data: { id: string }[] }).data.map(({ id }) => id);
const problemOf = async (answer: Response) =>
  (await answer.json()) as Record<string, unknown> & { errors?: { pointer: string }[] };

/** One as the worker makes them, of whatever. */
async function notificationFor(userId: string): Promise<string> {
  const now = new Date();
  const id = newUuid(now);
  await server.resources.db
    .insertInto('notifications')
    .values({
      id,
      user_id: uuidOf('usr', userId)!,
      kind: 'welcome',
      slot: 'event:0',
      events: '{[0,0]}',
      data: JSON.stringify({
        subject: { type: 'user', id: userId },
        occurredAt: now.toISOString(),
        data: {},
      }),
      in_app: true,
      created_at: now,
    })
    .execute();
  return publicId('ntf', id);
}

/** A stay that a guest asks for. */
async function requestIn(listingId: string): Promise<string> {
  const { accessToken } = await register('guest');
  const quote = await made(call('post', '/v1/quotes', accessToken, { listingId, ...quotedStay() }));
  const booking = await made(call('post', '/v1/bookings', accessToken, { quoteId: quote.id }));
  await call('post', `/v1/bookings/${booking.id}/payment/confirm`, accessToken, {
    paymentMethod: 'pm_card_visa',
  });
  return booking.id;
}

/** A new owner with one of everything, so that no row depends on another. */
async function newWorld({ booked = false } = {}) {
  const owner = await register('owner');
  const token = owner.accessToken;
  const draftListing = await made(call('post', '/v1/listings', token, PUBLISHABLE));
  const published = await made(call('post', '/v1/listings', token, PUBLISHABLE));
  await call('post', `/v1/listings/${published.id}/publish`, token);
  const quote = await made(call('post', '/v1/quotes', token, { listingId: published.id, ...quotedStay() }));
  const feed = await made(
    call('post', `/v1/listings/${draftListing.id}/calendar-feeds`, token, { name: 'Airbnb', url: FEED_URL }),
  );
  const [photoId] = await idsIn(call('get', `/v1/listings/${draftListing.id}/photos`, token));
  // Publishing the draft must be refused for what it lacks, not for who asks.
  const [sessionId] = await idsIn(call('get', '/v1/sessions', token));
  const key = await made(call('post', '/v1/api-keys', token, { name: 'a', scopes: ['listings:read'] }));
  const unscoped = await made(call('post', '/v1/api-keys', token, { name: 'b', scopes: ['listings:read'] }));
  await call('patch', `/v1/listings/${draftListing.id}`, token, { description: '' });
  const endpoint = await made(call('post', '/v1/webhook-endpoints', token, { url: ENDPOINT_URL }));
  const delivery = await made(call('post', `/v1/webhook-endpoints/${endpoint.id}/test`, token));
  await sequenceOutbox(server.resources.db, 1_000);
  const [eventId] = await idsIn(call('get', '/v1/events', token));
  const world: World = {
    draftId: draftListing.id,
    publishedId: published.id,
    quoteId: quote.id,
    feedId: feed.id,
    bookingId: booked ? await requestIn(published.id) : `bkg_${NOBODYS}`,
    photoId: photoId!,
    sessionId: sessionId!,
    notificationId: await notificationFor(owner.user.id),
    keyId: key.id,
    ownerId: owner.user.id,
    eventId: eventId!,
    endpointId: endpoint.id,
    deliveryId: delivery.id,
  };
  return { world, token, unscoped: unscoped.key };
}

async function revokedKey(): Promise<string> {
  const { accessToken } = await register('revoked');
  const key = await made(
    call('post', '/v1/api-keys', accessToken, { name: 'gone', scopes: ['listings:read', 'listings:write'] }),
  );
  await call('get', '/v1/listings', key.key);
  await call('delete', `/v1/api-keys/${key.id}`, accessToken);
  return key.key;
}

/** Who has nothing to do with any world: made once, since nothing is let them do. */
let strangers: { other: string; third: string; revoked: string };
beforeAll(async () => {
  const [other, third] = [await register('other'), await register('third')];
  strangers = { other: other.accessToken, third: third.accessToken, revoked: await revokedKey() };
});

/** Whoever may do it does it to something of their own, and is another person each time. */
const otherFor = async (status: number): Promise<string> =>
  status < 400 ? (await register('other')).accessToken : strangers.other;

/** The same kinds of things, of which there is none. */
const nobodysWorld = (world: World): World =>
  Object.fromEntries(
    Object.entries(world).map(([name, id]) => [name, id.replace(/_.*/, `_${NOBODYS}`)]),
  ) as unknown as World;

/** What tells one problem from another, without what names the request itself. */
const told = ({ requestId: _requestId, instance: _instance, ...rest }: Record<string, unknown>) => rest;

describe('who may do what', () => {
  test('every operation with an id or a need for credentials has a row', () => {
    expect(Object.keys(rows).sort()).toEqual(guarded.map(({ operationId }) => operationId).sort());
  });

  test.each(guarded.map((contract) => [contract.operationId, contract] as const))(
    '%s',
    async (operationId, contract) => {
      const row = rows[operationId]!;
      const { world, token, unscoped } = await newWorld({ booked: contract.path.includes('{bookingId}') });
      const callAs = (credential: string | undefined, of: World = world) =>
        call(contract.method, row.path(of), credential, row.body);
      const statusFor = async (credential: string | undefined) => (await callAs(credential)).status;
      // Whoever may not do it comes first: should one of them be let in, the owner does not find it as it was.
      const other = await callAs(await otherFor(row.other));
      expect(other.status, 'another host').toBe(row.other);
      if (row.other === 404) {
        const missing = await callAs(strangers.third, nobodysWorld(world));
        expect(told(await problemOf(other)), 'like what does not exist').toEqual(
          told(await problemOf(missing)),
        );
      }
      expect(await statusFor(undefined), 'nobody').toBe(
        contract.access.kind === 'open' ? (row.anonymous ?? row.other) : 401,
      );
      expect(await statusFor(`${token.slice(0, -4)}AAAA`), 'a bad token').toBe(401);
      expect(await statusFor(strangers.revoked), 'a revoked key').toBe(401);
      if (contract.access.kind === 'scope' && contract.access.scope !== 'listings:read')
        expect(await statusFor(unscoped), 'a key without the scope').toBe(403);
      expect(await statusFor(token), 'the owner').toBe(row.owner);
    },
  );
});

describe('fields that are not the caller’s to set', () => {
  test.each([
    ['id', 'lst_01j9z6t8v2e4m8q0r5s7x3y1ka'],
    ['status', 'published'],
    ['hostId', 'usr_01j9z6t8v2e4m8q0r5s7x3y1ka'],
    ['rating', 5],
    ['reviewCount', 9],
    ['version', 7],
    ['createdAt', '2020-01-01T00:00:00.000Z'],
    ['role', 'admin'],
    ['suspended', false],
  ])('%s is refused by name in every write', async (field, value) => {
    const { world, token } = await newWorld();
    const before = await (await call('get', `/v1/listings/${world.draftId}`, token)).json();
    for (const [method, path, body] of [
      ['post', '/v1/listings', PUBLISHABLE],
      ['patch', `/v1/listings/${world.draftId}`, {}],
      ['patch', '/v1/me', {}],
      [
        'post',
        '/v1/auth/register',
        { email: 'x@example.com', password: 'harbour-lantern-42', displayName: 'x' },
      ],
    ] as const) {
      const answer = await call(method, path, token, { ...body, [field]: value });
      const problem = await problemOf(answer);
      expect([answer.status, problem.errors?.map(({ pointer }) => pointer)]).toEqual([422, [`/${field}`]]);
    }
    const answer = await call('post', '/v1/listings/batch', token, {
      listings: [{ ...PUBLISHABLE, externalId: 'x', [field]: value }],
    });
    const batch = (await answer.json()) as { results: { outcome: string }[] };
    if (!['id', 'status'].includes(field)) expect(batch.results[0]!.outcome).toBe('failed');
    expect(await (await call('get', `/v1/listings/${world.draftId}`, token)).json()).toEqual(before);
  });
});

describe('what each caller reads of a published listing', () => {
  test('is the same set of keys as ever', async () => {
    const { world, token } = await newWorld();
    const keysFor = async (credential: string | undefined) => {
      const answer = await call('get', `/v1/listings/${world.publishedId}`, credential);
      const listing = (await answer.json()) as { location: { address: object } };
      return { keys: Object.keys(listing), address: Object.keys(listing.location.address) };
    };
    const views = {
      owner: await keysFor(token),
      guest: await keysFor((await register('guest')).accessToken),
      anonymous: await keysFor(undefined),
    };
    expect(views.guest).toEqual(views.anonymous);
    expect(views).toMatchSnapshot();
  });
});
