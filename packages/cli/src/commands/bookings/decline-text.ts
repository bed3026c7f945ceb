import { oneLine } from '../../controls.ts';

/** Stripe's `insufficient_funds` as `insufficient funds`, and a few that say too little by themselves in more words. */
export const declineText = (code: string): string => WORDS[code] ?? oneLine(code).replaceAll('_', ' ');

const WORDS: Readonly<Record<string, string>> = {
  generic_decline: 'the bank declined the card',
  card_declined: 'the bank declined the card',
  do_not_honor: 'the bank declined the card',
  insufficient_funds: 'there is not enough money behind the card',
  expired_card: 'the card has expired',
  incorrect_cvc: 'the security code of the card is wrong',
  lost_card: 'the bank declined the card',
  stolen_card: 'the bank declined the card',
  processing_error: 'the bank could not process it: try again',
  authentication_required: 'the bank wants the guest to prove who they are',
  payment_intent_authentication_failure: 'the guest did not prove to the bank who they are',
};
