import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import type { StripeSettings } from '../config.ts';

/** After this long a call counts as unanswered, in milliseconds: it may have been done all the same. */
const TIMEOUT_MS = 20_000;
/** Calls that are not answered are repeated at once with the same idempotency key; after that a job tries again. */
const RETRIES = 1;

/** Whom the money is moved by, and with which secret they sign what they tell. */
export interface StripeConnection {
  client: Stripe;
  webhookSecret: string | undefined;
}

/** Stripe's own client, pointed at Stripe or at whatever stands in for it. */
export const openStripe = (settings: StripeSettings): StripeConnection => ({
  client: clientFor(settings),
  webhookSecret: settings.webhookSecret,
});

function clientFor({ secretKey, apiBase }: StripeSettings): Stripe {
  const options = { timeout: TIMEOUT_MS, maxNetworkRetries: RETRIES, telemetry: false };
  if (apiBase === undefined) return new Stripe(secretKey, options);
  const { protocol, hostname, port } = new URL(apiBase);
  return new Stripe(secretKey, {
    ...options,
    protocol: protocol === 'https:' ? 'https' : 'http',
    host: hostname.replaceAll(/[[\]]/g, ''),
    ...(port === '' ? {} : { port }),
  });
}

/** The settings of a sandbox whose money is moved by the emulator beside it: all processes that share the secret agree. */
export function emulatedStripe(secret: string, emulatorUrl: string): StripeSettings {
  const derived = (name: string) => createHmac('sha256', secret).update(name).digest('hex');
  return {
    secretKey: `sk_test_${derived('key of the stripe emulator')}`,
    webhookSecret: `whsec_${derived('webhooks of the stripe emulator')}`,
    apiBase: emulatorUrl,
  };
}
