import manifest from '../package.json' with { type: 'json' };
import { adminClockRoutes } from './admin/clock-routes.ts';
import { adminEvents } from './admin/events.ts';
import { adminHandlers } from './admin/handlers.ts';
import { adminJobs } from './admin/jobs.ts';
import { adminMailRoutes } from './admin/mail-routes.ts';
import { adminMaintenanceRoutes } from './admin/maintenance-routes.ts';
import { adminRoutes } from './admin/routes.ts';
import { bookingEvents } from './bookings/events.ts';
import { bookingConsumers, bookingHandlers } from './bookings/handlers.ts';
import { bookingJobs } from './bookings/jobs.ts';
import { bookingRoutes } from './bookings/routes.ts';
import { BOOKING_SECTIONS } from './bookings/service/export-sections.ts';
import { calendarEvents } from './calendar/events.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { feedEvents } from './feeds/events.ts';
import { feedHandlers } from './feeds/handlers.ts';
import { feedJobs } from './feeds/jobs.ts';
import { feedRoutes } from './feeds/routes.ts';
import { identityEvents } from './identity/events.ts';
import { identityConsumers, identityHandlers } from './identity/handlers.ts';
import { identityJobs } from './identity/jobs.ts';
import { identityMailTemplates } from './identity/mail-templates.ts';
import { exportRoute, identityRoutes } from './identity/routes.ts';
import { IDENTITY_SECTIONS } from './identity/service/export-me.ts';
import { listingEvents } from './listings/events.ts';
import { listingRoutes } from './listings/routes.ts';
import { listingInvalidations } from './listings/service/recent-listings.ts';
import { notificationConsumers, notificationHandlers } from './notifications/handlers.ts';
import { notificationJobs } from './notifications/jobs.ts';
import { notificationMails } from './notifications/mail.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { NOTIFICATION_SECTIONS } from './notifications/service/export-sections.ts';
import { paymentEvents } from './payments/events.ts';
import { paymentHandlers } from './payments/handlers.ts';
import { paymentJobs } from './payments/jobs.ts';
import { paymentRoutes } from './payments/routes.ts';
import { payoutEvents } from './payouts/events.ts';
import { payoutConsumers, payoutHandlers } from './payouts/handlers.ts';
import { payoutJobs } from './payouts/jobs.ts';
import { payoutRoutes } from './payouts/routes.ts';
import { PAYOUT_SECTIONS } from './payouts/service/export-sections.ts';
import type { InvalidationRule } from './platform/cache/invalidation.ts';
import type { EventType } from './platform/events/event.ts';
import { eventViewOf } from './platform/events/view.ts';
import { housekeepingHandlers, housekeepingJobs } from './platform/housekeeping.ts';
import { allowedProblems, openApiDocument } from './platform/http/openapi.ts';
import type { Route } from './platform/http/route.ts';
import { systemRoutes } from './platform/http/system.ts';
import { workOf } from './platform/jobs/registry.ts';
import type { MailTemplate } from './platform/mail/template.ts';
import type { Problem } from './platform/problem.ts';
import * as generalProblems from './platform/problems.ts';
import { pricingAdminRoutes } from './pricing/admin-routes.ts';
import { pricingEvents } from './pricing/events.ts';
import { pricingHandlers } from './pricing/handlers.ts';
import { pricingJobs } from './pricing/jobs.ts';
import { pricingRoutes } from './pricing/routes.ts';
import { searchRoutes } from './search/routes.ts';
import { webhookEvents } from './webhooks/events.ts';
import { webhookConsumers, webhookHandlers } from './webhooks/handlers.ts';
import { webhookJobs } from './webhooks/jobs.ts';
import { webhookRoutes } from './webhooks/routes.ts';

export const info = { name: 'Sojourn', version: manifest.version };

/** Every kind of news that the server tells of. */
export const eventTypes: readonly EventType[] = [
  ...identityEvents,
  ...listingEvents,
  ...paymentEvents,
  ...calendarEvents,
  ...feedEvents,
  ...pricingEvents,
  ...bookingEvents,
  ...payoutEvents,
  ...webhookEvents,
  ...adminEvents,
];

/** Every kind of mail. */
const mailTemplates: readonly MailTemplate[] = [...identityMailTemplates, ...notificationMails];

/** Every operation of the API. What is not in this list is neither served nor documented. */
export const routes: readonly Route[] = [
  ...identityRoutes,
  exportRoute([...IDENTITY_SECTIONS, ...BOOKING_SECTIONS, ...PAYOUT_SECTIONS, ...NOTIFICATION_SECTIONS]),
  ...listingRoutes,
  ...paymentRoutes,
  ...calendarRoutes,
  ...feedRoutes,
  ...searchRoutes,
  ...pricingRoutes,
  ...bookingRoutes,
  ...payoutRoutes,
  ...eventRoutes(eventTypes),
  ...webhookRoutes(eventTypes),
  ...notificationRoutes,
  ...pricingAdminRoutes,
  ...adminRoutes,
  ...adminClockRoutes,
  ...adminMaintenanceRoutes,
  ...adminMailRoutes(mailTemplates),
  ...systemRoutes(info),
];

/** All background work: what is not in this list is never done. */
export const work = workOf(
  [
    ...housekeepingJobs,
    ...identityJobs,
    ...webhookJobs,
    ...paymentJobs,
    ...feedJobs,
    ...pricingJobs,
    ...bookingJobs,
    ...payoutJobs,
    ...notificationJobs,
    ...adminJobs,
  ],
  [
    ...housekeepingHandlers,
    ...identityHandlers,
    ...webhookHandlers,
    ...paymentHandlers,
    ...feedHandlers,
    ...pricingHandlers,
    ...bookingHandlers,
    ...payoutHandlers,
    ...notificationHandlers,
    ...adminHandlers,
  ],
  [
    ...identityConsumers,
    ...webhookConsumers,
    ...bookingConsumers,
    ...payoutConsumers,
    ...notificationConsumers,
  ],
);

/** Which events make a process forget what it remembers. */
export const invalidations: readonly InvalidationRule[] = [...listingInvalidations];

/** Every failure that a caller may be told, by code. */
export const problems: readonly Problem[] = [
  ...new Map(
    [...Object.values(generalProblems), ...routes.flatMap(({ contract }) => allowedProblems(contract))].map(
      (problem) => [problem.code, problem],
    ),
  ).values(),
].sort((a, b) => a.code.localeCompare(b.code));

const tags = [
  { name: 'Auth', description: 'Accounts, sessions and API keys.' },
  { name: 'Users', description: 'Your account and the public profiles of others.' },
  { name: 'Listings', description: 'What hosts offer.' },
  { name: 'Calendar', description: 'Prices, rules and blocks of dates, and which nights are free.' },
  { name: 'Feeds', description: 'Calendars of other channels, in and out.' },
  { name: 'Search', description: 'What guests find.' },
  { name: 'Quotes', description: 'Binding prices of stays.' },
  { name: 'Bookings', description: 'Stays, from the hold to the check-out.' },
  { name: 'Payouts', description: 'What hosts get, and where it goes.' },
  { name: 'Payments', description: 'What moves between guests, the marketplace and Stripe.' },
  { name: 'Notifications', description: 'What people are told, and how.' },
  { name: 'Events', description: 'What happened, in order.' },
  { name: 'Webhooks', description: 'What the server tells your program of by itself.' },
  { name: 'Admin', description: 'For those who run the marketplace.' },
  { name: 'Meta', description: 'The server itself.' },
];

const description = `The API of a Sojourn marketplace: listings, their search, and the accounts behind them.

Lists page by \`limit\` and \`cursor\`. Money is in minor units of its currency. Every POST takes an \`Idempotency-Key\`.
Failures are \`application/problem+json\`; branch on \`code\`. Enums are open: take values you do not know as they are.`;

/** The published document, the same on every server. */
export const apiDocument = () =>
  openApiDocument(routes, {
    title: info.name,
    version: info.version,
    description,
    problemsUrl: '/problems',
    tags,
    webhooks: Object.fromEntries(
      eventTypes.map((event) => [event.type, { summary: event.summary, body: eventViewOf(event) }]),
    ),
  });
