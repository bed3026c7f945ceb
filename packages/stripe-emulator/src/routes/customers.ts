import { page, pagingByTime } from '../lists.ts';
import type { Customer } from '../objects/customer.ts';
import { newCustomer } from '../objects/customer.ts';
import { email, list, mergeMetadata, metadata, object, text, unsettable, type Values } from '../params.ts';
import { found, route } from '../route.ts';
import type { Work } from '../work.ts';

const optional = unsettable(text());
const details = {
  email: unsettable(email()),
  name: optional,
  phone: optional,
  description: optional,
  metadata: metadata(),
  preferred_locales: list(text()),
  invoice_settings: object({ default_payment_method: optional }),
  address: object({
    city: optional,
    country: optional,
    line1: optional,
    line2: optional,
    postal_code: optional,
    state: optional,
  }),
};

function apply(customer: Customer, given: Values<typeof details>): void {
  for (const name of ['email', 'name', 'phone', 'description'] as const) {
    const value = given[name];
    if (value !== undefined) customer[name] = value;
  }
  customer.metadata = mergeMetadata(customer.metadata, given.metadata);
  customer.preferred_locales = given.preferred_locales ?? customer.preferred_locales;
  if (given.address) {
    const { city, country, line1, line2, postal_code, state } = given.address;
    customer.address = {
      city: city ?? null,
      country: country ?? null,
      line1: line1 ?? null,
      line2: line2 ?? null,
      postal_code: postal_code ?? null,
      state: state ?? null,
    };
  }
  const method = given.invoice_settings?.default_payment_method;
  if (method !== undefined) customer.invoice_settings.default_payment_method = method;
}

function create(work: Work, given: Values<typeof details>): Customer {
  const customer = work.put('customer', newCustomer(work.now));
  apply(customer, given);
  work.emit('customer.created', customer);
  return customer;
}

export const customerRoutes = [
  route('POST', '/v1/customers', details, create),
  route('GET', '/v1/customers', { ...pagingByTime, email: text() }, (work, given) => {
    const all = work.all('customer').filter((customer) => !given.email || customer.email === given.email);
    return page(all, given, '/v1/customers');
  }),
  route('GET', '/v1/customers/:id', {}, (work, _given, id) => found(work, 'customer', id)),
  route('POST', '/v1/customers/:id', details, (work, given, id) => {
    found(work, 'customer', id);
    const customer = work.edit('customer', id);
    apply(customer, given);
    work.emit('customer.updated', customer);
    return customer;
  }),
];
