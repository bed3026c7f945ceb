// The cards of tests by Stripe's own names: https://docs.stripe.com/testing. No numbers: Stripe takes those from browsers.

interface Decline {
  code: string;
  decline_code: string;
  message: string;
}

export interface Card {
  brand: string;
  last4: string;
  funding?: 'debit' | 'prepaid';
  /** Every charge is refused so. */
  decline?: Decline;
  /** It cannot be attached to a customer either. */
  unattachable?: true;
  /** When the holder has to prove who they are: at each payment, or until the card is set up. */
  authentication?: 'always' | 'untilSetUp';
  /** Its holder complains right after the charge. */
  dispute?: 'fraudulent' | 'product_not_received';
  /** Its money is there at once, whatever is pending else. */
  isImmediate?: true;
  /** What becomes of its refunds. */
  refund?: 'fails' | 'pending';
}

const declined = (decline_code: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
});
const refused = (code: string, message: string): Decline => ({ code, decline_code: code, message });

const GENERIC = declined('generic_decline');
const INSUFFICIENT = declined('insufficient_funds', 'Your card has insufficient funds.');
const LOST = declined('lost_card');
const STOLEN = declined('stolen_card');
const EXPIRED = refused('expired_card', 'Your card has expired.');
const CVC = refused('incorrect_cvc', "Your card's security code is incorrect.");
const PROCESSING = refused(
  'processing_error',
  'An error occurred while processing your card. Try again in a little bit.',
);
export const AUTHENTICATION_REQUIRED = refused(
  'authentication_required',
  'Your card was declined. This transaction requires authentication.',
);
export const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  decline_code: '',
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

const visa = (last4: string, more: Partial<Card> = {}): Card => ({ brand: 'visa', last4, ...more });
const refusing = (last4: string, decline: Decline): Card => visa(last4, { decline, unattachable: true });

const CARDS: Record<string, Card> = {
  visa: visa('4242'),
  visa_debit: visa('5556', { funding: 'debit' }),
  mastercard: { brand: 'mastercard', last4: '4444' },
  mastercard_debit: { brand: 'mastercard', last4: '3222', funding: 'debit' },
  mastercard_prepaid: { brand: 'mastercard', last4: '5100', funding: 'prepaid' },
  amex: { brand: 'amex', last4: '8431' },
  discover: { brand: 'discover', last4: '1117' },
  diners: { brand: 'diners', last4: '0004' },
  jcb: { brand: 'jcb', last4: '0505' },
  unionpay: { brand: 'unionpay', last4: '0005' },
  bypassPending: visa('0077', { isImmediate: true }),
  chargeDeclined: refusing('0002', GENERIC),
  chargeDeclinedInsufficientFunds: refusing('9995', INSUFFICIENT),
  chargeDeclinedLostCard: refusing('9987', LOST),
  chargeDeclinedStolenCard: refusing('9979', STOLEN),
  chargeDeclinedExpiredCard: refusing('0069', EXPIRED),
  chargeDeclinedIncorrectCvc: refusing('0127', CVC),
  chargeDeclinedProcessingError: refusing('0119', PROCESSING),
  chargeDeclinedFraudulent: refusing('0019', declined('fraudulent')),
  radarBlock: refusing('0019', declined('fraudulent')),
  chargeCustomerFail: visa('0341', { decline: GENERIC }),
  authenticationRequired: visa('3184', { authentication: 'always' }),
  authenticationRequiredOnSetup: visa('3155', { authentication: 'untilSetUp' }),
  threeDSecure2Required: visa('3220', { authentication: 'always' }),
  threeDSecureRequired: visa('3063', { authentication: 'always' }),
  createDispute: visa('0259', { dispute: 'fraudulent' }),
  createDisputeProductNotReceived: visa('2685', { dispute: 'product_not_received' }),
  refundFail: visa('5126', { refund: 'fails' }),
  pendingRefund: visa('7726', { refund: 'pending' }),
};

/** `pm_card_visa_chargeDeclined` and `pm_card_chargeDeclined` are the same card. */
export function cardNamed(paymentMethod: string): Card | undefined {
  const name = /^pm_card_(?:visa_(?=chargeDeclined))?(\w+)$/.exec(paymentMethod)?.[1];
  return name !== undefined && Object.hasOwn(CARDS, name) ? CARDS[name] : undefined;
}

export const cardOfToken = (token: string): Card | undefined => cardNamed(token.replace(/^tok_/, 'pm_card_'));
