import manifest from '../package.json' with { type: 'json' };
import { identityHandlers } from './identity/handlers.ts';
import { identityJobs } from './identity/jobs.ts';
import { identityRoutes } from './identity/routes.ts';
import { listingRoutes } from './listings/routes.ts';
import { housekeepingHandlers, housekeepingJobs } from './platform/housekeeping.ts';
import { allowedProblems, openApiDocument } from './platform/http/openapi.ts';
import type { Route } from './platform/http/route.ts';
import { systemRoutes } from './platform/http/system.ts';
import { workOf } from './platform/jobs/registry.ts';
import type { Problem } from './platform/problem.ts';
import * as generalProblems from './platform/problems.ts';
import { searchRoutes } from './search/routes.ts';

export const info = { name: 'Sojourn', version: manifest.version };

/** Every operation of the API. What is not in this list is neither served nor documented. */
export const routes: readonly Route[] = [
  ...identityRoutes,
  ...listingRoutes,
  ...searchRoutes,
  ...systemRoutes(info),
];

/** All background work: what is not in this list is never done. */
export const work = workOf(
  [...housekeepingJobs, ...identityJobs],
  [...housekeepingHandlers, ...identityHandlers],
  [],
);

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
  { name: 'Search', description: 'What guests find.' },
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
  });
