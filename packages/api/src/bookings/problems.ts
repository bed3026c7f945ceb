import { problem } from '../platform/problem.ts';

export const bookingNotFound = problem({
  code: 'booking_not_found',
  status: 404,
  title: 'There is no such booking',
  help: 'The id is unknown or mistyped (booking ids start with `bkg_`), or you are neither its guest nor its host. `GET /v1/bookings` lists yours.',
});
export const bookingStateConflict = problem({
  code: 'booking_state_conflict',
  status: 409,
  title: 'The state of the booking does not allow this',
  help: 'A booking goes from `held` to `confirmed`, or by way of `requested` when the host answers first, then to `checkedIn` and `completed`; it can end as `declined`, `expired`, `cancelled` or `noShow`. `detail` names the state of this one and those in which the act is possible. Read the booking again: the other side, or the clock, may have been quicker.',
});
export const notYourPart = problem({
  code: 'not_your_part',
  status: 403,
  title: 'This is for the other side of the booking to do',
  help: 'The guest pays; the host accepts, declines and says that a guest did not come; only the side that was asked answers an alteration, and only the side that asked withdraws it. `detail` says whose part it is.',
});
export const datesUnavailable = problem({
  code: 'dates_unavailable',
  status: 409,
  title: 'The nights are taken',
  help: 'Somebody else took some of the nights, or the host closed them. Nothing was charged, or all of it is given back: `detail` says so. `POST /v1/quotes` for the same stay names the nearest dates that can be booked.',
});
export const holdExpired = problem({
  code: 'hold_expired',
  status: 409,
  title: 'The hold has expired',
  help: 'The nights were held for 15 minutes and it is too late to pay for them. Nothing was charged. Ask for a new quote and book again.',
});
export const quoteAlreadyBooked = problem({
  code: 'quote_already_booked',
  status: 409,
  title: 'The quote was booked before',
  help: 'A quote makes one booking. `detail` names it when it is yours: pay for that one, or ask for a new quote.',
});
export const ownListing = problem({
  code: 'own_listing',
  status: 422,
  title: 'The listing is your own',
  help: 'Hosts do not book their own homes. To keep nights for yourself, block them: `PUT /v1/listings/{listingId}/calendar`.',
});
export const listingNotBookable = problem({
  code: 'listing_not_bookable',
  status: 409,
  title: 'The listing takes no bookings any more',
  help: 'Since the quote was made, the listing was paused, archived or suspended, or its host closed the account. Look for another home: `GET /v1/search`.',
});
export const tooEarly = problem({
  code: 'too_early',
  status: 409,
  title: 'The time for this has not come',
  help: 'A guest is checked in from the beginning of the check-in day, and can be missing only after the check-in time. `detail` names the instant.',
});
export const alterationNotFound = problem({
  code: 'alteration_not_found',
  status: 404,
  title: 'The booking has no such alteration',
  help: 'The id is unknown or mistyped (alteration ids start with `alt_`), or it belongs to another booking. `GET /v1/bookings/{bookingId}/alterations` lists them.',
});
export const alterationPending = problem({
  code: 'alteration_pending',
  status: 409,
  title: 'Another alteration waits for an answer',
  help: 'A booking has one open alteration at a time. Accept, decline or withdraw it first; `detail` names it.',
});
export const alterationStateConflict = problem({
  code: 'alteration_state_conflict',
  status: 409,
  title: 'The alteration does not wait for an answer any more',
  help: 'It was answered, withdrawn, or it expired: `detail` says which. Ask for a new one.',
});
export const alterationNotPossible = problem({
  code: 'alteration_not_possible',
  status: 422,
  title: 'The stay cannot be altered like this',
  help: 'Each entry of `errors` names one value and what stands against it: more guests than the home takes, a check-in that has already been, a stay that would be over, or nothing that differs.',
});
export const refundTooLarge = problem({
  code: 'refund_too_large',
  status: 422,
  title: 'That is more than can be given back',
  help: 'A host gives back of the own share of what was paid, and both sides together never more than was paid. `detail` says how much that is at most. Of a stay that is not paid, nothing can be given back.',
});
export const bookingDisputed = problem({
  code: 'booking_disputed',
  status: 409,
  title: 'A bank decides about the money',
  help: 'The guest asked the bank for the money back. Until that is decided it changes hands neither way: the event `payment.disputeClosed` tells when it is.',
});
