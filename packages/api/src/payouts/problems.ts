import { problem } from '../platform/problem.ts';

export const payoutNotFound = problem({
  code: 'payout_not_found',
  status: 404,
  title: 'There is no such payout',
  help: 'The id is unknown or mistyped (payout ids start with `pyo_`), or the payout is somebody else’s. `GET /v1/payouts` lists yours.',
});
export const payoutAccountRefused = problem({
  code: 'payout_account_refused',
  status: 422,
  title: 'Stripe does not open such an account',
  help: '`detail` says what Stripe has against it, such as a country that it does not pay out in. Send `POST /v1/payout-account` again with another `country`.',
});
