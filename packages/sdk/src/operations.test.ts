import { beforeAll, expect, test } from 'vitest';
import document from '../../api/openapi.json' with { type: 'json' };
import { sendJson, startServer } from '../test/server.ts';
import { Sojourn } from './client.ts';
import type { OperationId } from './contract.ts';

// One call of every operation; ids that must be escaped show that each becomes one segment of the path.
const ID = 'a/../b?c#d e';
const VERSION = { ifMatch: '"1"' };
/** For Prometheus, and for Stripe: not for whoever uses a client. */
const NOT_FOR_CLIENTS = ['getMetrics', 'receiveStripeEvent'] as const satisfies OperationId[];
const CALLS: Record<
  Exclude<OperationId, (typeof NOT_FOR_CLIENTS)[number]>,
  (sojourn: Sojourn) => Promise<unknown>
> = {
  getWelcome: ({ meta }) => meta.get(),
  getHealth: ({ meta }) => meta.health(),
  getReadiness: ({ meta }) => meta.readiness(),
  getSigningKeys: ({ meta }) => meta.signingKeys(),
  register: ({ auth }) => auth.register({ email: 'e', password: 'p', displayName: 'd' }),
  login: ({ auth }) => auth.login({ email: 'e', password: 'p' }),
  refreshSession: ({ auth }) => auth.refresh({ refreshToken: 'r' }),
  verifyEmail: ({ auth }) => auth.verifyEmail({ token: 't' }),
  sendVerification: ({ auth }) => auth.sendVerification(),
  forgotPassword: ({ auth }) => auth.forgotPassword({ email: 'e' }),
  resetPassword: ({ auth }) => auth.resetPassword({ token: 't', password: 'p' }),
  logout: ({ auth }) => auth.logout(),
  listSessions: ({ sessions }) => sessions.list().page(),
  revokeSession: ({ sessions }) => sessions.revoke(ID),
  listApiKeys: ({ apiKeys }) => apiKeys.list().page(),
  createApiKey: ({ apiKeys }) => apiKeys.create({ name: 'n', scopes: [] }),
  revokeApiKey: ({ apiKeys }) => apiKeys.revoke(ID),
  getMe: ({ me }) => me.get(),
  updateMe: ({ me }) => me.update({}),
  deleteMe: ({ me }) => me.delete({ password: 'p' }),
  exportMe: ({ me }) => me.export(),
  getUser: ({ users }) => users.get(ID),
  createListing: ({ listings }) => listings.create({ title: 't', roomType: 'entirePlace' }),
  listListings: ({ listings }) => listings.list().page(),
  getListing: ({ listings }) => listings.get(ID),
  updateListing: ({ listings }) => listings.update(ID, {}, VERSION),
  deleteListing: ({ listings }) => listings.delete(ID, VERSION),
  publishListing: ({ listings }) => listings.publish(ID, VERSION),
  pauseListing: ({ listings }) => listings.pause(ID, VERSION),
  archiveListing: ({ listings }) => listings.archive(ID, VERSION),
  listPhotos: ({ listings }) => listings.photos.list(ID),
  addPhoto: ({ listings }) => listings.photos.add(ID, { url: 'https://example.com/a.jpg' }, VERSION),
  removePhoto: ({ listings }) => listings.photos.remove(ID, ID, VERSION),
  upsertListings: ({ listings }) => listings.upsert({ listings: [] }),
  exportListings: ({ listings }) => listings.export().next(),
  getCalendar: ({ calendar }) => calendar.get(ID),
  updateCalendar: ({ calendar }) => calendar.put(ID, { ranges: [] }, VERSION),
  updateCalendars: ({ calendar }) => calendar.apply({ select: { all: true }, ranges: [] }),
  getSeasons: ({ seasons }) => seasons.get(ID),
  replaceSeasons: ({ seasons }) => seasons.replace(ID, { seasons: [] }, VERSION),
  listBlocks: ({ blocks }) => blocks.list(ID).page(),
  createCalendarFeed: ({ calendarFeeds }) =>
    calendarFeeds.create(ID, { name: 'n', url: 'https://example.com/a.ics' }),
  listCalendarFeeds: ({ calendarFeeds }) => calendarFeeds.list(ID),
  getCalendarFeed: ({ calendarFeeds }) => calendarFeeds.get(ID, ID),
  updateCalendarFeed: ({ calendarFeeds }) => calendarFeeds.update(ID, ID, {}),
  deleteCalendarFeed: ({ calendarFeeds }) => calendarFeeds.remove(ID, ID, { nights: 'keep' }),
  syncCalendarFeed: ({ calendarFeeds }) => calendarFeeds.sync(ID, ID),
  listCalendarConflicts: ({ calendarFeeds }) => calendarFeeds.conflicts(ID, ID),
  shareCalendar: ({ calendarExport }) => calendarExport.share(ID),
  rotateCalendarShare: ({ calendarExport }) => calendarExport.rotate(ID),
  unshareCalendar: ({ calendarExport }) => calendarExport.revoke(ID),
  exportCalendar: ({ calendarExport }) => calendarExport.read(ID, 't'),
  listWebhookEndpoints: ({ webhookEndpoints }) => webhookEndpoints.list().page(),
  createWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.create({ url: 'https://example.com' }),
  getWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.get(ID),
  updateWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.update(ID, {}),
  deleteWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.delete(ID),
  rotateWebhookSecret: ({ webhookEndpoints }) => webhookEndpoints.rotateSecret(ID),
  testWebhookEndpoint: ({ webhookEndpoints }) => webhookEndpoints.test(ID),
  listWebhookDeliveries: ({ webhookEndpoints }) => webhookEndpoints.deliveries(ID).page(),
  redeliverWebhook: ({ webhookEndpoints }) => webhookEndpoints.redeliver(ID, ID),
  replayWebhooks: ({ webhookEndpoints }) => webhookEndpoints.replay(ID, { fromSequence: 1 }),
  listEvents: ({ events }) => events.list().page(),
  getEvent: ({ events }) => events.get(ID),
  listEventTypes: ({ events }) => events.listTypes(),
  listQueues: ({ admin }) => admin.queues.list(),
  getQueue: ({ admin }) => admin.queues.get(ID),
  retryQueue: ({ admin }) => admin.queues.retry(ID, { reason: 'why' }),
  pauseQueue: ({ admin }) => admin.queues.pause(ID, { reason: 'why' }),
  resumeQueue: ({ admin }) => admin.queues.resume(ID, { reason: 'why' }),
  drainQueue: ({ admin }) => admin.queues.drain(ID, { reason: 'why' }),
  listMails: ({ admin }) => admin.mail.list().page(),
  getMail: ({ admin }) => admin.mail.get(ID),
  listMailTemplates: ({ admin }) => admin.mail.templates(),
  previewMail: ({ admin }) => admin.mail.preview(ID),
  listFeeSchedules: ({ admin }) => admin.feeSchedules.list().page(),
  createFeeSchedule: ({ admin }) =>
    admin.feeSchedules.create({ name: 'n', mode: 'hostOnly', hostFeeBps: 1, guestFeeBps: 0, reason: 'why' }),
  listPolicies: ({ admin }) => admin.policies.list().page(),
  createPolicy: ({ admin }) =>
    admin.policies.create({
      key: 'moderate',
      name: 'n',
      rules: {
        steps: [],
        late: { nights: 1, percentOfRest: 50 },
        during: { nights: 1, percentOfRest: 50 },
        grace: null,
      },
      reason: 'why',
    }),
  listTaxRules: ({ admin }) => admin.taxRules.list().page(),
  createTaxRule: ({ admin }) =>
    admin.taxRules.create({ name: 'n', country: 'PT', kind: 'percent', bps: 600, reason: 'why' }),
  endTaxRule: ({ admin }) => admin.taxRules.end(ID, { reason: 'why' }),
  listAuditLog: ({ admin }) => admin.auditLog.list().page(),
  createQuote: ({ quotes }) =>
    quotes.create({ listingId: ID, checkIn: '2027-05-01', checkOut: '2027-05-05', guests: 2 }),
  getQuote: ({ quotes }) => quotes.get(ID),
  createBooking: ({ bookings }) => bookings.create({ quoteId: ID }),
  listBookings: ({ bookings }) => bookings.list().page(),
  getBooking: ({ bookings }) => bookings.get(ID),
  acceptBooking: ({ bookings }) => bookings.accept(ID),
  declineBooking: ({ bookings }) => bookings.decline(ID),
  previewCancellation: ({ bookings }) => bookings.previewCancellation(ID),
  cancelBooking: ({ bookings }) => bookings.cancel(ID),
  checkInBooking: ({ bookings }) => bookings.checkIn(ID),
  checkOutBooking: ({ bookings }) => bookings.checkOut(ID),
  markNoShow: ({ bookings }) => bookings.markNoShow(ID),
  getBookingPayment: ({ bookings }) => bookings.payment.get(ID),
  confirmBookingPayment: ({ bookings }) => bookings.payment.confirm(ID, { paymentMethod: 'pm_card_visa' }),
  createBookingCheckout: ({ bookings }) =>
    bookings.payment.checkout(ID, { successUrl: 'https://example.com', cancelUrl: 'https://example.com' }),
  refundBooking: ({ bookings }) =>
    bookings.refund(ID, { amount: { amount: 1, currency: 'EUR' }, reason: 'why', paidBy: 'host' }),
  getPayoutAccount: ({ payoutAccount }) => payoutAccount.get(),
  openPayoutAccount: ({ payoutAccount }) => payoutAccount.open(),
  listPayouts: ({ payouts }) => payouts.list().page(),
  getPayout: ({ payouts }) => payouts.get(ID),
  getBalance: ({ balance }) => balance.get(),
  listBalanceEntries: ({ balance }) => balance.entries().page(),
  getClock: ({ admin }) => admin.clock.get(),
  moveClock: ({ admin }) => admin.clock.move({ advance: '3d' }),
  listMaintenanceTasks: ({ admin }) => admin.maintenance.tasks(),
  startMaintenance: ({ admin }) => admin.maintenance.start(ID),
  listMaintenanceRuns: ({ admin }) => admin.maintenance.list().page(),
  getMaintenanceRun: ({ admin }) => admin.maintenance.get(ID),
  createAlteration: ({ bookings }) => bookings.alterations.create(ID, {}),
  listAlterations: ({ bookings }) => bookings.alterations.list(ID),
  acceptAlteration: ({ bookings }) => bookings.alterations.accept(ID, ID),
  declineAlteration: ({ bookings }) => bookings.alterations.decline(ID, ID),
  withdrawAlteration: ({ bookings }) => bookings.alterations.withdraw(ID, ID),
  searchListings: ({ search }) => search.list().page(),
  listNotifications: ({ notifications }) => notifications.list().page(),
  readNotification: ({ notifications }) => notifications.read(ID),
  readNotifications: ({ notifications }) => notifications.readAll(),
  getNotificationPreferences: ({ notificationPreferences }) => notificationPreferences.get(),
  updateNotificationPreferences: ({ notificationPreferences }) =>
    notificationPreferences.update({ preferences: [] }),
  unsubscribeFromNotification: ({ notificationPreferences }) => notificationPreferences.unsubscribe(ID),
};

interface Operation {
  operationId: string;
  requestBody?: unknown;
  parameters?: { in: string; name: string }[];
}

const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
);

let called: Map<
  string,
  { method: string; url: string; headers: NodeJS.Dict<string | string[]>; body: string }
>;

beforeAll(async () => {
  called = new Map();
  await using server = await startServer((_, response) =>
    sendJson(response, 200, { data: [], nextCursor: null }),
  );
  const sojourn = new Sojourn({ baseUrl: server.url });
  for (const [operationId, call] of Object.entries(CALLS)) {
    await call(sojourn);
    called.set(operationId, server.seen.at(-1)!);
  }
});

test('every operation of the document has a method', () => {
  expect(
    operations
      .map(({ operationId }) => operationId)
      .filter((id) => !NOT_FOR_CLIENTS.some((name) => name === id))
      .sort(),
  ).toEqual(Object.keys(CALLS).sort());
});

test.each(operations.filter(({ operationId }) => operationId in CALLS))(
  '$operationId is $method $path',
  ({ operationId, method, path, requestBody, parameters }) => {
    const call = called.get(operationId)!;
    expect(call.method).toBe(method);
    expect(call.url.split('?')[0]).toBe(path.replaceAll(/\{\w+\}/g, encodeURIComponent(ID)));
    expect(call.body !== '').toBe(requestBody !== undefined);
    expect(call.headers['idempotency-key'] !== undefined).toBe(method !== 'GET');
    const isConditional = parameters?.some(({ name }) => name === 'If-Match');
    expect(call.headers['if-match']).toBe(isConditional ? '"1"' : undefined);
  },
);
