import { randomText } from '../ids.ts';

export interface IntentData {
  capture_method?: 'automatic' | 'automatic_async' | 'manual' | undefined;
  description?: string | undefined;
  metadata?: Record<string, string> | null | undefined;
  receipt_email?: string | undefined;
  setup_future_usage?: 'off_session' | 'on_session' | undefined;
  transfer_group?: string | undefined;
  statement_descriptor?: string | undefined;
  statement_descriptor_suffix?: string | undefined;
}

export interface LineItem {
  name: string;
  description: string | undefined;
  quantity: number;
  unit_amount: number;
}

export type CheckoutSession = ReturnType<typeof newCheckoutSession>;

export function newCheckoutSession(
  created: number,
  amount: number,
  currency: string,
  items: LineItem[],
  intentData: IntentData,
) {
  return {
    id: `cs_test_${randomText(58)}`,
    object: 'checkout.session' as const,
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null as string[] | null,
    amount_subtotal: amount,
    amount_total: amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: null as string | null,
    client_reference_id: null as string | null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null as string | null,
    customer_account: null,
    customer_creation: null as 'always' | 'if_required' | null,
    customer_details: null as object | null,
    customer_email: null as string | null,
    discounts: [],
    expires_at: created,
    integration_identifier: null,
    invoice: null,
    invoice_creation: {
      enabled: false,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: null,
        footer: null,
        issuer: null,
        metadata: {},
        rendering_options: null,
      },
    },
    livemode: false,
    locale: null as string | null,
    managed_payments: { enabled: false },
    metadata: {} as Record<string, string>,
    mode: 'payment' as const,
    origin_context: null,
    payment_intent: null as string | null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: 'unpaid' as 'unpaid' | 'paid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open' as 'open' | 'complete' | 'expired',
    submit_type: null,
    subscription: null,
    success_url: null as string | null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: null as string | null,
    wallet_options: null,
    _: { items, intentData, intent: null as string | null },
  };
}
