import { newId } from '../ids.ts';

const NEEDED = [
  'business_profile.url',
  'business_type',
  'external_account',
  'individual.dob.day',
  'individual.first_name',
  'individual.last_name',
  'tos_acceptance.date',
  'tos_acceptance.ip',
];

type Capability = 'active' | 'inactive' | 'pending';
export type CapabilityName = 'transfers' | 'card_payments';
type AccountType = 'express' | 'custom' | 'standard' | 'none';
export type Account = ReturnType<typeof newAccount>;

export function newAccount(created: number, country: string, currency: string, type: AccountType) {
  return {
    id: `acct_${newId('').slice(1, 17)}`,
    object: 'account' as const,
    business_profile: {
      annual_revenue: null,
      estimated_worker_count: null,
      mcc: null as string | null,
      minority_owned_business_designation: null,
      name: null as string | null,
      product_description: null as string | null,
      support_address: null,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null as string | null,
    },
    business_type: null as string | null,
    capabilities: {} as Partial<Record<CapabilityName, Capability>>,
    charges_enabled: false,
    controller: {
      fees: { payer: 'application' },
      is_controller: true,
      losses: { payments: 'application' },
      requirement_collection: 'stripe',
      stripe_dashboard: { type: 'express' },
      type: 'application',
    },
    country,
    created,
    default_currency: currency,
    details_submitted: false,
    email: null as string | null,
    external_accounts: emptyList('external_accounts'),
    future_requirements: requirements([]),
    metadata: {} as Record<string, string>,
    payouts_enabled: false,
    requirements: requirements(NEEDED),
    settings: settings(),
    tos_acceptance: { date: null as number | null, ip: null as string | null, user_agent: null },
    type,
    _: {
      /** Its own balance, by currency: what was transferred to it and neither reversed nor paid out. */
      balance: {} as Record<string, number>,
      closed: false,
    },
  };
}

const requirements = (due: string[]) => ({
  alternatives: [],
  current_deadline: null,
  currently_due: due,
  disabled_reason: (due.length > 0 ? 'requirements.past_due' : null) as string | null,
  errors: [],
  eventually_due: due,
  past_due: due,
  pending_verification: [] as string[],
});

const emptyList = (name: string) => ({
  object: 'list',
  data: [],
  has_more: false,
  url: `/v1/accounts/${name}`,
});

const settings = () => ({
  bacs_debit_payments: { display_name: null, service_user_number: null },
  branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
  card_issuing: { tos_acceptance: { date: null, ip: null } },
  card_payments: {
    decline_on: { avs_failure: false, cvc_failure: false },
    statement_descriptor_prefix: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  dashboard: { display_name: null, timezone: 'Etc/UTC' },
  invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
  payments: {
    statement_descriptor: null,
    statement_descriptor_kana: null,
    statement_descriptor_kanji: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  payouts: {
    debit_negative_balances: true,
    schedule: { delay_days: 2, interval: 'daily' },
    statement_descriptor: null,
  },
  sepa_debit_payments: {},
});

/** The owner has told all that Stripe wanted to know. */
export function completeOnboarding(account: Account, now: number): void {
  account.details_submitted = true;
  account.payouts_enabled = true;
  account.charges_enabled = 'card_payments' in account.capabilities || 'transfers' in account.capabilities;
  account.requirements = requirements([]);
  account.tos_acceptance = { date: now, ip: '127.0.0.1', user_agent: null };
  account.business_type ??= 'individual';
  activate(account);
}

/** Capabilities that are asked for are had as soon as nothing is due. */
export function activate(account: Account): void {
  if (!account.details_submitted || account._.closed) return;
  for (const name of Object.keys(account.capabilities) as CapabilityName[])
    account.capabilities[name] = 'active';
}

/** Stripe has turned the account away: it stays, and can do nothing more. */
export function rejectAccount(account: Account): void {
  account._.closed = true;
  account.payouts_enabled = false;
  account.charges_enabled = false;
  account.requirements = { ...account.requirements, disabled_reason: 'rejected.other' };
  for (const name of Object.keys(account.capabilities) as CapabilityName[])
    account.capabilities[name] = 'inactive';
}
