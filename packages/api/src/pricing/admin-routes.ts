import { type Access, type Route, route } from '../platform/http/route.ts';
import {
  FeeScheduleBody,
  FeeSchedulePage,
  FeeScheduleView,
  ListQuery,
  PolicyBody,
  PolicyPage,
  PolicyView,
  TaxRuleBody,
  TaxRuleEndBody,
  TaxRulePage,
  TaxRuleParams,
  TaxRuleView,
  toFeeScheduleView,
  toPolicyView,
  toTaxRuleView,
} from './admin-schema.ts';
import { feeScheduleConflict, policyConflict, taxRuleEnded, taxRuleNotFound } from './problems.ts';
import { createFeeSchedule, listFeeSchedules } from './service/fee-schedules.ts';
import { createPolicy, listPolicies } from './service/policies.ts';
import { createTaxRule, endTaxRule, listTaxRules } from './service/tax-rules.ts';

const admins: Access = { kind: 'scope', scope: 'admin', roles: ['admin'] };
const listing = {
  method: 'get',
  tag: 'Admin',
  access: admins,
  request: { query: ListQuery },
  status: 200,
} as const;
const making = { method: 'post', tag: 'Admin', access: admins, idempotent: true, status: 201 } as const;

const KEEPS = 'What was quoted or booked before keeps what held then.';

const feeRoutes: Route[] = [
  route(
    {
      ...listing,
      operationId: 'listFeeSchedules',
      path: '/v1/admin/fee-schedules',
      summary: 'List the fee schedules',
      description:
        'Newest first. The one that holds is that whose `effectiveFrom` is the latest that is past.',
      response: FeeSchedulePage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listFeeSchedules(ctx, query);
      return { data: data.map(toFeeScheduleView), nextCursor };
    },
  ),
  route(
    {
      ...making,
      operationId: 'createFeeSchedule',
      path: '/v1/admin/fee-schedules',
      summary: 'Change what the marketplace takes',
      description: `The schedule takes over from the one before at its \`effectiveFrom\`. ${KEEPS}`,
      request: { body: FeeScheduleBody },
      response: FeeScheduleView,
      problems: [feeScheduleConflict],
    },
    async (ctx, { body }) => toFeeScheduleView(await createFeeSchedule(ctx, body)),
  ),
];

const policyRoutes: Route[] = [
  route(
    {
      ...listing,
      operationId: 'listPolicies',
      path: '/v1/admin/policies',
      summary: 'List the cancellation policies',
      description:
        'Every version, newest first. Of one key, that holds whose `effectiveFrom` is the latest that is past.',
      response: PolicyPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listPolicies(ctx, query);
      return { data: data.map(toPolicyView), nextCursor };
    },
  ),
  route(
    {
      ...making,
      operationId: 'createPolicy',
      path: '/v1/admin/policies',
      summary: 'Change a cancellation policy',
      description: `A version takes over from the one before at its \`effectiveFrom\`. Rules that could give more back at a later instant are refused. ${KEEPS}`,
      request: { body: PolicyBody },
      response: PolicyView,
      problems: [policyConflict],
    },
    async (ctx, { body }) => toPolicyView(await createPolicy(ctx, body)),
  ),
];

const taxRoutes: Route[] = [
  route(
    {
      ...listing,
      operationId: 'listTaxRules',
      path: '/v1/admin/tax-rules',
      summary: 'List the tax rules',
      description: 'Newest first, also those that have ended.',
      response: TaxRulePage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listTaxRules(ctx, query);
      return { data: data.map(toTaxRuleView), nextCursor };
    },
  ),
  route(
    {
      ...making,
      operationId: 'createTaxRule',
      path: '/v1/admin/tax-rules',
      summary: 'Add a tax',
      description: `Of stays in listings of a country, or of a region or city of it as their addresses name it, in any case. Several rules may hold for one stay. ${KEEPS}`,
      request: { body: TaxRuleBody },
      response: TaxRuleView,
    },
    async (ctx, { body }) => toTaxRuleView(await createTaxRule(ctx, body)),
  ),
  route(
    {
      ...making,
      operationId: 'endTaxRule',
      path: '/v1/admin/tax-rules/{taxRuleId}/end',
      summary: 'End a tax',
      description: `The rule holds no more from \`effectiveUntil\` on. ${KEEPS}`,
      request: { params: TaxRuleParams, body: TaxRuleEndBody },
      status: 200,
      response: TaxRuleView,
      problems: [taxRuleNotFound, taxRuleEnded],
    },
    async (ctx, { params, body }) => toTaxRuleView(await endTaxRule(ctx, params.taxRuleId, body)),
  ),
];

export const pricingAdminRoutes: Route[] = [...feeRoutes, ...policyRoutes, ...taxRoutes];
