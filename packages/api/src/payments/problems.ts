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
  help: 'The payment method is unknown. In the sandbox, `pm_card_visa` always succeeds and `pm_card_visa_chargeDeclined` is always declined.',
});
export const paymentsNotConfigured = problem({
  code: 'payments_not_configured',
  status: 503,
  title: 'This server takes no payments',
  help: 'Payments are not set up on this server, so nothing can be paid on it. The sandbox (`SOJOURN_MODE=sandbox`) pays with test cards.',
});
