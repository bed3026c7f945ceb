import type { Card } from '../cards.ts';
import { newId } from '../ids.ts';
import { noBillingDetails } from './billing.ts';

export type PaymentMethod = ReturnType<typeof newPaymentMethod>;

export function newPaymentMethod(created: number, card: Card) {
  return {
    id: newId('pm'),
    object: 'payment_method' as const,
    allow_redisplay: 'unspecified',
    billing_details: noBillingDetails(),
    card: {
      brand: card.brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: null as string | null,
      },
      country: 'US',
      display_brand: card.brand,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: `fp${card.brand}${card.last4}`,
      funding: card.funding ?? 'credit',
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created,
    customer: null as string | null,
    customer_account: null,
    livemode: false,
    metadata: {} as Record<string, string>,
    type: 'card' as const,
    _: {
      card,
      /** Used for a payment without being attached, or detached: it can never be used again. */
      spent: false,
      /** Its holder has agreed to payments in their absence. */
      setUp: false,
    },
  };
}
