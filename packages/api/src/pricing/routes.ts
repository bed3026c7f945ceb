import { listingNotFound } from '../listings/problems.ts';
import { open, type Route, route } from '../platform/http/route.ts';
import { notBookable, quoteNotFound } from './problems.ts';
import { QuoteBody, QuoteParams, QuoteView, toQuoteView } from './schema.ts';
import { createQuote, getQuote } from './service/quotes.ts';

const tag = 'Quotes';

export const pricingRoutes: Route[] = [
  route(
    {
      operationId: 'createQuote',
      method: 'post',
      path: '/v1/quotes',
      tag,
      summary: 'Get a binding price',
      description:
        'The price of a stay with every line, and what comes back to a guest who cancels. It binds for 15 minutes: a booking made from it costs exactly that, whatever changes meanwhile. The nights are not held. A stay that cannot be booked is refused with all the reasons and the nearest stays that can.',
      access: open,
      idempotent: true,
      request: { body: QuoteBody },
      status: 201,
      response: QuoteView,
      problems: [listingNotFound, notBookable],
    },
    async (ctx, { body }) => toQuoteView(await createQuote(ctx, body)),
  ),
  route(
    {
      operationId: 'getQuote',
      method: 'get',
      path: '/v1/quotes/{quoteId}',
      tag,
      summary: 'Read a quote',
      description:
        'As it was made, also for a week after it expired. A quote made with credentials is for that guest, the host and staff; one made without is for whoever has its id.',
      access: open,
      request: { params: QuoteParams },
      status: 200,
      response: QuoteView,
      problems: [quoteNotFound],
    },
    async (ctx, { params }) => toQuoteView(await getQuote(ctx, params.quoteId)),
  ),
];
