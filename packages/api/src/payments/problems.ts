import { problem } from '../platform/problem.ts';

export const paymentDeclined = problem({
  code: 'payment_declined',
  status: 402,
  title: 'The payment was declined',
  help: 'The bank of the payer refused the payment method, and nothing was charged. Pay again with another one, before `holdExpiresAt` of the booking.',
});
export const unknownPaymentMethod = problem({
  code: 'unknown_payment_method',
  status: 422,
  title: 'There is no such payment method',
  help: 'The payment method is unknown, or another payer has it. In the sandbox, `pm_card_visa` always succeeds and `pm_card_visa_chargeDeclined` is always declined.',
});
export const paymentNotPossible = problem({
  code: 'payment_not_possible',
  status: 422,
  title: 'This sum cannot be charged',
  help: 'Cards cannot be charged this sum in this currency: it is under or over what Stripe takes, or, in a currency with three decimals, its last digit is not 0. `detail` says which. Nothing was charged. Change the price, or the dates or guests of the stay, so that the total is another.',
});
export const paymentsNotConfigured = problem({
  code: 'payments_not_configured',
  status: 503,
  title: 'This server takes no payments',
  help: 'Payments are not set up on this server: its operator sets `STRIPE_SECRET_KEY` and `STRIPE_WEBHOOK_SECRET`.',
});
export const paymentsUnavailable = problem({
  code: 'payments_unavailable',
  status: 503,
  title: 'Stripe does not answer',
  help: 'Payments are moved by Stripe, which does not answer at the moment. Nothing was charged. Try again after `Retry-After` seconds.',
});
export const paymentNotOpen = problem({
  code: 'payment_not_open',
  status: 409,
  title: 'There is nothing to pay',
  help: 'The payment was made, is being made, or was given up. Read the booking again.',
});
export const invalidSignature = problem({
  code: 'invalid_signature',
  status: 400,
  title: 'The signature is not valid',
  help: 'The request does not carry a signature of Stripe, made with the secret of this very endpoint within the last five minutes. Check that `STRIPE_WEBHOOK_SECRET` is the signing secret of the endpoint in the dashboard of Stripe, that nothing on the way changes the body, and that the clock of the server is right.',
});
export const wrongStripeMode = problem({
  code: 'wrong_stripe_mode',
  status: 400,
  title: 'The event is of the other mode of Stripe',
  help: 'A sandbox takes events of test mode only, and a live server events of live mode only. Send each to the server that it belongs to.',
});
