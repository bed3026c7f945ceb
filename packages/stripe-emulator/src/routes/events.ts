import { newId, randomText } from '../ids.ts';
import { page, paging, pagingByTime } from '../lists.ts';
import { list, metadata, required, text, url, type Values } from '../params.ts';
import { found, route } from '../route.ts';
import type { Work } from '../work.ts';

const creation = {
  url: required(url()),
  enabled_events: required(list(text())),
  api_version: text(),
  description: text(),
  metadata: metadata(),
};

function createEndpoint(work: Work, given: Values<typeof creation>): object {
  return work.put('webhook_endpoint', {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: given.api_version ?? null,
    application: null,
    created: work.now,
    description: given.description ?? null,
    enabled_events: given.enabled_events,
    livemode: false,
    metadata: given.metadata ?? {},
    secret: `whsec_${randomText(32)}`,
    status: 'enabled',
    url: given.url,
  });
}

export const eventRoutes = [
  route('GET', '/v1/events', { ...pagingByTime, type: text(), types: list(text()) }, (work, given) => {
    const wanted = given.types ?? (given.type === undefined ? undefined : [given.type]);
    const all = work.all('event').filter(({ type }) => !wanted || matches(wanted, type));
    return page(all, given, '/v1/events');
  }),
  route('GET', '/v1/events/:id', {}, (work, _given, id) => found(work, 'event', id)),
  route('POST', '/v1/webhook_endpoints', creation, createEndpoint),
  route('GET', '/v1/webhook_endpoints', paging, (work, given) =>
    // Their secrets are told once, when they are made.
    page(
      work.all('webhook_endpoint').map(({ secret: _secret, ...endpoint }) => endpoint),
      given,
      '/v1/webhook_endpoints',
    ),
  ),
  route('DELETE', '/v1/webhook_endpoints/:id', {}, (work, _given, id) => {
    found(work, 'webhook_endpoint', id);
    work.remove('webhook_endpoint', id);
    for (const delivery of work.all('delivery')) {
      if (delivery.endpoint === id) work.remove('delivery', delivery.id);
    }
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];

/** `*` is everything, `charge.*` everything of charges. */
export const matches = (wanted: string[], type: string): boolean =>
  wanted.some(
    (one) => one === '*' || one === type || (one.endsWith('.*') && type.startsWith(one.slice(0, -1))),
  );
