import { invalid, missingParam, Refusal } from '../errors.ts';
import { newId, randomText } from '../ids.ts';
import { page, pagingByTime } from '../lists.ts';
import { currencyOf } from '../money.ts';
import { type Account, activate, type CapabilityName, newAccount } from '../objects/account.ts';
import {
  bool,
  email,
  type Field,
  ignored,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  required,
  text,
  url,
  type Values,
} from '../params.ts';
import { route } from '../route.ts';
import type { Work } from '../work.ts';

const CURRENCIES: Record<string, string> = {
  US: 'usd',
  GB: 'gbp',
  CA: 'cad',
  AU: 'aud',
  NZ: 'nzd',
  JP: 'jpy',
  CH: 'chf',
  SE: 'sek',
  NO: 'nok',
  DK: 'dkk',
  PL: 'pln',
  CZ: 'czk',
  HU: 'huf',
  RO: 'ron',
  BG: 'bgn',
  MX: 'mxn',
  BR: 'brl',
  SG: 'sgd',
  HK: 'hkd',
  AE: 'aed',
  TH: 'thb',
  MY: 'myr',
  IN: 'inr',
};
const EURO = 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'.split(' ');

const country: Field<string | undefined> = {
  read(value, name) {
    const code = text().read(value, name);
    if (code !== undefined && !CURRENCIES[code] && !EURO.includes(code)) {
      throw invalid(
        `Country '${code}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US'.`,
        {
          code: 'country_unsupported',
          param: name,
        },
      );
    }
    return code;
  },
};

const requested = object({ requested: bool() });
const details = {
  email: email(),
  business_type: oneOf('individual', 'company', 'non_profit', 'government_entity'),
  business_profile: object({
    mcc: text(),
    name: text(),
    product_description: text(),
    url: url(),
    support_email: ignored(),
  }),
  capabilities: object({ transfers: requested, card_payments: requested }),
  default_currency: text(),
  individual: ignored(),
  company: ignored(),
  settings: ignored(),
  tos_acceptance: ignored(),
  metadata: metadata(),
};
const creation = {
  ...details,
  type: oneOf('express', 'custom', 'standard'),
  country,
  controller: object({
    fees: object({ payer: oneOf('account', 'application') }),
    losses: object({ payments: oneOf('application', 'stripe') }),
    requirement_collection: oneOf('application', 'stripe'),
    stripe_dashboard: object({ type: oneOf('express', 'full', 'none') }),
  }),
};

function create(work: Work, given: Values<typeof creation>): object {
  if (given.type && given.controller) {
    throw invalid('You may only provide one of `type` and `controller` when creating an account.', {
      param: 'type',
    });
  }
  const where = given.country ?? 'US';
  const account = newAccount(work.now, where, CURRENCIES[where] ?? 'eur', typeOf(given));
  work.put('account', account);
  const { controller: chosen } = given;
  const { controller } = account;
  controller.fees.payer = chosen?.fees?.payer ?? controller.fees.payer;
  controller.losses.payments = chosen?.losses?.payments ?? controller.losses.payments;
  controller.requirement_collection = chosen?.requirement_collection ?? controller.requirement_collection;
  controller.stripe_dashboard.type = chosen?.stripe_dashboard?.type ?? controller.stripe_dashboard.type;
  apply(account, given);
  return account;
}

function typeOf({ type, controller }: Values<typeof creation>) {
  if (type) return type;
  return controller?.stripe_dashboard?.type === 'express' ? 'express' : 'none';
}

function apply(account: Account, given: Values<typeof details>): void {
  account.email = given.email ?? account.email;
  account.business_type = given.business_type ?? account.business_type;
  account.metadata = mergeMetadata(account.metadata, given.metadata);
  if (given.default_currency) account.default_currency = currencyOf(given.default_currency);
  const { support_email: _ignored, ...profile } = given.business_profile ?? { support_email: undefined };
  const known = Object.entries(profile).filter(([, value]) => value !== undefined);
  account.business_profile = { ...account.business_profile, ...Object.fromEntries(known) };
  for (const [name, wish] of Object.entries(given.capabilities ?? {})) {
    if (wish?.requested === true) account.capabilities[name as CapabilityName] ??= 'inactive';
    if (wish?.requested === false) delete account.capabilities[name as CapabilityName];
  }
  activate(account);
}

/** As Stripe says it: a platform cannot tell an account that is gone from one that is not its own. */
function accountOf(work: Work, id: string): Account {
  const account = work.get('account', id);
  if (account) return account;
  throw new Refusal(403, {
    type: 'invalid_request_error',
    code: 'account_invalid',
    message: `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
  });
}

const linking = {
  account: required(text()),
  type: required(oneOf('account_onboarding', 'account_update')),
  refresh_url: required(url()),
  return_url: required(url()),
  collect: ignored(),
  collection_options: ignored(),
};
const LINK_SECONDS = 300;

function link(work: Work, given: Values<typeof linking>): object {
  if (!work.get('account', given.account)) throw missingParam('account', given.account, 'account');
  const id = randomText(24);
  const expires = work.now + LINK_SECONDS;
  work.put('account_link', {
    id,
    account: given.account,
    expires,
    returnUrl: given.return_url,
    refreshUrl: given.refresh_url,
  });
  const address = `${work.baseUrl}/pages/setup/${given.account}/${id}`;
  return { object: 'account_link', created: work.now, expires_at: expires, url: address };
}

export const accountRoutes = [
  route('POST', '/v1/accounts', creation, create),
  route('GET', '/v1/accounts', pagingByTime, (work, given) =>
    page(work.all('account'), given, '/v1/accounts'),
  ),
  route('GET', '/v1/accounts/:id', {}, (work, _given, id) => accountOf(work, id)),
  route('POST', '/v1/accounts/:id', details, (work, given, id) => {
    accountOf(work, id);
    const account = work.edit('account', id);
    apply(account, given);
    work.emit('account.updated', account);
    return account;
  }),
  route('DELETE', '/v1/accounts/:id', {}, (work, _given, id) => {
    accountOf(work, id);
    work.remove('account', id);
    return { id, object: 'account', deleted: true };
  }),
  route('POST', '/v1/account_links', linking, link),
  route('POST', '/v1/accounts/:id/login_links', {}, (work, _given, id) => ({
    object: 'login_link',
    created: work.now,
    url: `${work.baseUrl}/pages/accounts/${accountOf(work, id).id}?${newId('lael')}`,
  })),
];
