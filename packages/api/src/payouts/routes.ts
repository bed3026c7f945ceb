import { paymentsUnavailable } from '../payments/problems.ts';
import { type Route, route, scope } from '../platform/http/route.ts';
import { insufficientScope } from '../platform/problems.ts';
import { payoutAccountRefused, payoutNotFound } from './problems.ts';
import { PayoutAccountBody, PayoutAccountView, toPayoutAccountView } from './schema/account.ts';
import {
  BalanceList,
  BalanceQuery,
  EntriesQuery,
  EntryPage,
  toBalanceList,
  toLineView,
} from './schema/balance.ts';
import {
  PayoutDetails,
  PayoutPage,
  PayoutParams,
  PayoutsQuery,
  toPayoutDetails,
  toPayoutView,
} from './schema/payout.ts';
import { getBalances, listEntries } from './service/get-balance.ts';
import { getPayout, listPayouts } from './service/list-payouts.ts';
import { getAccount, openAccount } from './service/open-account.ts';

const tag = 'Payouts';
const read = scope('payouts:read');
const write = scope('payouts:write');

export const payoutRoutes: Route[] = [
  route(
    {
      operationId: 'getPayoutAccount',
      method: 'get',
      path: '/v1/payout-account',
      tag,
      summary: 'Read your payout account',
      description: 'Whether payouts can go to your account at Stripe, and what Stripe still wants to know.',
      access: read,
      request: {},
      status: 200,
      response: PayoutAccountView,
    },
    async (ctx) => toPayoutAccountView(await getAccount(ctx)),
  ),
  route(
    {
      operationId: 'openPayoutAccount',
      method: 'post',
      path: '/v1/payout-account',
      tag,
      summary: 'Open your payout account',
      description:
        'Opens an account at Stripe for you, once, and answers a link to the page on which you tell Stripe who you are and where your bank is. Ask again for a new link: the last one works once and for a few minutes. After a `closed` account another one is opened.',
      access: write,
      request: { body: PayoutAccountBody },
      status: 200,
      response: PayoutAccountView,
      problems: [payoutAccountRefused, paymentsUnavailable],
    },
    async (ctx, { body }) => {
      const { account, link } = await openAccount(ctx, body);
      return toPayoutAccountView(account, link);
    },
  ),
  route(
    {
      operationId: 'listPayouts',
      method: 'get',
      path: '/v1/payouts',
      tag,
      summary: 'List your payouts',
      description:
        'Newest first: what you get of the stays in your homes, a day after the check-in; of stays of 28 nights or more by the month.',
      access: read,
      request: { query: PayoutsQuery },
      status: 200,
      response: PayoutPage,
      problems: [insufficientScope],
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listPayouts(ctx, query);
      return { data: data.map(toPayoutView), nextCursor };
    },
  ),
  route(
    {
      operationId: 'getPayout',
      method: 'get',
      path: '/v1/payouts/{payoutId}',
      tag,
      summary: 'Read a payout',
      description: 'For its host and staff, with what was deducted from it.',
      access: read,
      request: { params: PayoutParams },
      status: 200,
      response: PayoutDetails,
      problems: [payoutNotFound],
    },
    async (ctx, { params }) => toPayoutDetails(await getPayout(ctx, params.payoutId)),
  ),
  route(
    {
      operationId: 'getBalance',
      method: 'get',
      path: '/v1/balance',
      tag,
      summary: 'Read your balance',
      description: 'What is to come, on its way, paid and owed, by currency.',
      access: read,
      request: { query: BalanceQuery },
      status: 200,
      response: BalanceList,
      problems: [insufficientScope],
    },
    async (ctx, { query }) => toBalanceList(await getBalances(ctx, query)),
  ),
  route(
    {
      operationId: 'listBalanceEntries',
      method: 'get',
      path: '/v1/balance/entries',
      tag,
      summary: 'Read your statement',
      description:
        'Everything that changed what the marketplace owes you, from the ledger, in the order in which it was written: lines are added, and none is ever changed.',
      access: read,
      request: { query: EntriesQuery },
      status: 200,
      response: EntryPage,
      problems: [insufficientScope],
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listEntries(ctx, query);
      return { data: data.map(toLineView), nextCursor };
    },
  ),
];
