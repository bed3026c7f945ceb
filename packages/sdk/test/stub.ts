import type { ServerResponse } from 'node:http';
import { type Seen, sendJson, sendProblem, startServer, type TestServer } from './server.ts';

const listing = {
  id: 'lst_1',
  status: 'draft',
  externalId: 'loft-12',
  title: 'Sunny loft by the park',
  roomType: 'entirePlace',
  amenities: ['wifi'],
  basePrice: { amount: 12_000, currency: 'USD' },
};
const stay = { id: 'lst_1', title: 'Sunny loft by the park', distanceKm: 1.2 };
const money = { amount: 48_000, currency: 'EUR' };
const quote = { id: 'qte_1', lineItems: [{ description: '4 nights', amount: money }], total: money };
const booking = { id: 'bkg_1', status: 'held', checkIn: '2027-05-01', freeCancellationUntil: null };
const session = { user: { id: 'usr_1' }, accessToken: 'a.b.c', refreshToken: 'r', expiresIn: 900 };

const ANSWERS: Record<string, (response: ServerResponse, request: Seen, url: URL) => void> = {
  'GET /': (response) => sendJson(response, 200, { name: 'Sojourn' }),
  'GET /v1/me': (response) => sendJson(response, 200, { displayName: 'Host' }),
  'POST /v1/auth/login': (response) => sendJson(response, 200, session),
  'GET /v1/search': (response, _, url) =>
    sendJson(response, 200, { ...pageOf(url, stay), total: { count: 3, capped: false }, facets: {} }),
  'GET /v1/listings': (response, _, url) => sendJson(response, 200, pageOf(url, listing)),
  'POST /v1/listings': (response) => sendJson(response, 201, listing, { etag: '"1"' }),
  'GET /v1/listings/lst_1': (response) => sendJson(response, 200, listing, { etag: '"1"' }),
  'PATCH /v1/listings/lst_1': (response, { headers }) =>
    headers['if-match'] === '"1"'
      ? sendJson(response, 200, listing)
      : sendProblem(response, 412, 'precondition_failed'),
  'POST /v1/listings/lst_1/publish': (response) =>
    sendJson(response, 200, { ...listing, status: 'published' }),
  'POST /v1/listings/lst_1/pause': (response) => sendJson(response, 200, { ...listing, status: 'paused' }),
  'POST /v1/listings/lst_incomplete/publish': (response) =>
    sendJson(response, 422, {
      code: 'listing_not_publishable',
      errors: [
        {
          pointer: '/timeZone',
          code: 'required_to_publish',
          message: 'A published listing needs a time zone.',
        },
      ],
    }),
  'POST /v1/listings/batch': (response, { body }) =>
    sendJson(response, 200, {
      results: JSON.parse(body).listings.map(({ externalId }: { externalId: string }) => ({
        externalId,
        outcome: 'created',
        listingId: 'lst_1',
        status: 'draft',
        errors: [],
        gaps: [],
      })),
    }),
  'GET /v1/listings/lst_1/calendar': (response) =>
    sendJson(response, 200, { from: '2027-07-01', days: [{ date: '2027-07-01', available: true }] }),
  'PUT /v1/listings/lst_1/calendar': (response) =>
    sendJson(response, 200, { dryRun: false, version: 2, changedDays: 53, skipped: [] }),
  'PUT /v1/calendar': (response) =>
    sendJson(response, 200, { dryRun: true, matched: 1, changed: 1, listings: [] }),
  'POST /v1/listings/lst_1/calendar-feeds': (response) =>
    sendJson(response, 201, { id: 'feed_1', name: 'Airbnb', status: 'active' }),
  'POST /v1/listings/lst_1/calendar-export': (response) =>
    sendJson(response, 200, { url: 'https://example.com/calendar.ics?token=t' }),
  'POST /v1/quotes': (response) => sendJson(response, 201, quote),
  'POST /v1/bookings': (response) => sendJson(response, 201, booking),
  'GET /v1/bookings': (response, _, url) => sendJson(response, 200, pageOf(url, booking)),
  'POST /v1/bookings/bkg_1/payment/confirm': (response) =>
    sendJson(response, 200, { ...booking, status: 'confirmed' }),
  'POST /v1/bookings/bkg_1/payment/checkout': (response) =>
    sendJson(response, 201, { url: 'https://checkout.example/1', expiresAt: '2027-03-20T10:00:00.000Z' }),
  'GET /v1/bookings/bkg_1/payment': (response) => sendJson(response, 200, { captured: money, refunds: [] }),
  'POST /v1/bookings/bkg_1/refunds': (response) => sendJson(response, 200, booking),
  'POST /v1/payout-account': (response) =>
    sendJson(response, 200, { status: 'pending', onboardingUrl: 'https://connect.example/1' }),
  'GET /v1/payouts': (response, _, url) => sendJson(response, 200, pageOf(url, { id: 'pyo_1' })),
  'GET /v1/balance/entries': (response, _, url) => sendJson(response, 200, pageOf(url, { id: 'line' })),
  'GET /v1/bookings/bkg_1/cancellation-preview': (response) =>
    sendJson(response, 200, { refund: money, until: null }),
  'POST /v1/bookings/bkg_1/cancel': (response) =>
    sendJson(response, 200, { ...booking, status: 'cancelled', cancellation: { refund: money } }),
  'GET /v1/listings/export': (response) => {
    response
      .writeHead(200, { 'content-type': 'application/x-ndjson' })
      .end(`${JSON.stringify(listing)}\n`.repeat(3));
  },
};

/** Three pages of one item. */
function pageOf(url: URL, item: { id: string }) {
  const number = Number(url.searchParams.get('cursor') ?? 1);
  return { data: [{ ...item, id: `lst_${number}` }], nextCursor: number < 3 ? String(number + 1) : null };
}

/** Answers what the examples of the documentation ask for. */
export const startStub = (): Promise<TestServer> =>
  startServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const answer = ANSWERS[`${request.method} ${url.pathname}`];
    if (answer) answer(response, request, url);
    else sendProblem(response, 404, 'route_not_found');
  });
