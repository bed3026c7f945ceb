import { z } from 'zod';
import { open, type Route, route } from '../platform/http/route.ts';
import { invalidSignature, paymentsNotConfigured, wrongStripeMode } from './problems.ts';
import { receiveStripeEvent } from './service/receive-event.ts';

const BODY_LIMIT = 1024 * 1024;

const StripeReceipt = z
  .object({ received: z.literal(true) })
  .meta({ id: 'StripeReceipt', description: 'What Stripe told is kept.', examples: [{ received: true }] });

export const paymentRoutes: Route[] = [
  route(
    {
      operationId: 'receiveStripeEvent',
      method: 'post',
      path: '/v1/stripe/webhook',
      tag: 'Payments',
      summary: 'Hear what Stripe tells',
      description:
        'For Stripe itself: the URL of a webhook endpoint in its dashboard. Each event is kept once, however often it comes, and applied a moment later. Only what Stripe signed within the last five minutes is believed, and nothing but the id of what changed: how it stands is read anew.',
      access: open,
      request: {},
      signedBy: 'Stripe-Signature',
      bodyLimit: BODY_LIMIT,
      status: 200,
      response: StripeReceipt,
      problems: [invalidSignature, wrongStripeMode, paymentsNotConfigured],
    },
    (ctx, { signed }) => receiveStripeEvent(ctx, signed),
  ),
];
