import { problem } from '../platform/problem.ts';
import { NotBookableMembers } from './reason-schema.ts';

export const notBookable = problem({
  code: 'not_bookable',
  status: 422,
  title: 'The stay cannot be booked',
  help: '`reasons` lists all that speaks against the stay, each by a `code` and in words. `alternatives` are the nearest stays that can be booked, with their totals: ask for a quote of one of them. There are none when other dates would not help, such as for too many guests.',
  members: NotBookableMembers,
});
export const quoteNotFound = problem({
  code: 'quote_not_found',
  status: 404,
  title: 'There is no such quote',
  help: 'The id is unknown or mistyped (quote ids start with `qte_`), the quote expired more than a week ago, or it was made for somebody else. Ask for a new one with `POST /v1/quotes`.',
});
export const quoteExpired = problem({
  code: 'quote_expired',
  status: 409,
  title: 'The quote has expired',
  help: 'A quote binds for 15 minutes, until its `expiresAt`. Ask for a new one with `POST /v1/quotes`: the price or the free nights may have changed since.',
});
export const feeScheduleConflict = problem({
  code: 'fee_schedule_conflict',
  status: 409,
  title: 'Another fee schedule takes effect at this very moment',
  help: 'Of two schedules that begin at one instant neither would be the one that holds. Choose another `effectiveFrom`.',
});
export const policyConflict = problem({
  code: 'policy_conflict',
  status: 409,
  title: 'Another version of the policy takes effect at this very moment',
  help: 'Of two versions that begin at one instant neither would be the one that holds. Choose another `effectiveFrom`.',
});
export const taxRuleNotFound = problem({
  code: 'tax_rule_not_found',
  status: 404,
  title: 'There is no such tax rule',
  help: 'The id is unknown or mistyped: ids of tax rules start with `tax_`. `GET /v1/admin/tax-rules` lists them.',
});
export const taxRuleEnded = problem({
  code: 'tax_rule_ended',
  status: 409,
  title: 'The tax rule has an end already',
  help: 'What was agreed while it held keeps it. Make a new rule if the tax goes on: `POST /v1/admin/tax-rules`.',
});
