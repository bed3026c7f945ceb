import { type Money, toDecimal } from '@sojourn/shared/money';
import {
  alterationAccepted,
  alterationDeclined,
  alterationExpired,
  alterationRequested,
  bookingAltered,
  bookingCancelled,
  bookingCheckedIn,
  bookingCheckedOut,
  bookingConfirmed,
  bookingDeclined,
  bookingExpired,
  bookingNoShow,
  bookingPaidTooLate,
  bookingRefunded,
  bookingRequested,
} from '../bookings/events.ts';
import type { StoredEvent } from '../platform/events/event.ts';
import { uuidOf } from '../platform/id.ts';
import { notificationKind } from './model.ts';

// What guests and hosts are told of stays: of one event, each in the words of their side.

const ONLY_IN_APP = { inApp: true, mail: false };
const BOTH = { inApp: true, mail: true };
const category = 'bookings';

interface Stay {
  checkIn: string;
  checkOut: string;
}

const shown = (money: Money) => `${toDecimal(money)} ${money.currency}`;
const dates = ({ checkIn, checkOut }: Stay) => `${checkIn} to ${checkOut}`;
const people = ({ guests }: { guests: number }) => (guests === 1 ? 'one guest' : `${guests} guests`);

type Member = 'guestId' | 'hostId';
const personIn = ({ data }: StoredEvent, member: Member): string[] => {
  const id = uuidOf('usr', String(data[member]));
  return id === undefined ? [] : [id];
};
const toGuest = (event: StoredEvent) => personIn(event, 'guestId');
const toHost = (event: StoredEvent) => personIn(event, 'hostId');
/** A hold that nobody paid is no news to the host. */
const ofRequest = (event: StoredEvent) => event.data.respondBy !== null;
const toAsker = (event: StoredEvent) => (event.data.askedBy === 'guest' ? toGuest(event) : toHost(event));
const toAsked = (event: StoredEvent) => (event.data.askedBy === 'guest' ? toHost(event) : toGuest(event));

const requestKinds = [
  notificationKind({
    kind: 'bookingRequestedOfHost',
    on: bookingRequested,
    category,
    summary: 'A guest asks for a stay in your home.',
    channels: BOTH,
    recipients: toHost,
    title: ({ data }) => `A guest asks to stay from ${dates(data)}`,
    text: ({ subject, data }) =>
      `${people(data)}, for ${shown(data.total)}. Accept or decline the booking ${subject.id} until ${data.respondBy}: then the request expires.`,
  }),
  notificationKind({
    kind: 'bookingRequestedByGuest',
    on: bookingRequested,
    category,
    summary: 'Your request for a stay was sent to the host.',
    channels: ONLY_IN_APP,
    recipients: toGuest,
    title: ({ data }) => `You asked for a stay from ${dates(data)}`,
    text: ({ data }) =>
      `${shown(data.total)} are reserved, and charged only if the host accepts, until ${data.respondBy}.`,
  }),
  notificationKind({
    kind: 'bookingDeclinedForGuest',
    on: bookingDeclined,
    category,
    summary: 'A host declined your request.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `The host cannot take you from ${dates(data)}`,
    text: () => 'You were not charged. Look for another home: there are more for these dates.',
  }),
  notificationKind({
    kind: 'bookingExpiredForGuest',
    on: bookingExpired,
    category,
    summary: 'A host did not answer your request in time.',
    channels: BOTH,
    recipients: (event) => (ofRequest(event) ? toGuest(event) : []),
    title: ({ data }) => `Your request for ${dates(data)} expired`,
    text: () => 'The host did not answer in time. You were not charged.',
  }),
  notificationKind({
    kind: 'bookingExpiredForHost',
    on: bookingExpired,
    category,
    summary: 'You did not answer a request in time.',
    channels: BOTH,
    recipients: (event) => (ofRequest(event) ? toHost(event) : []),
    title: ({ data }) => `A request for ${dates(data)} expired`,
    text: () => 'It was not answered in time, and the nights are free again.',
  }),
];

const stayKinds = [
  notificationKind({
    kind: 'bookingConfirmedForGuest',
    on: bookingConfirmed,
    category,
    summary: 'Your stay is confirmed.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `Your stay from ${dates(data)} is confirmed`,
    text: ({ subject, data }) =>
      `You paid ${shown(data.total)}. The booking ${subject.id} tells where exactly the home is. Check-in is from ${data.checkInAt} on.`,
  }),
  notificationKind({
    kind: 'bookingConfirmedForHost',
    on: bookingConfirmed,
    category,
    summary: 'A stay in your home is confirmed.',
    channels: BOTH,
    recipients: toHost,
    title: ({ data }) => `You have a booking from ${dates(data)}`,
    text: ({ subject, data }) =>
      `${people(data)} booked for ${shown(data.total)}: the booking ${subject.id}. The nights are taken.`,
  }),
  notificationKind({
    kind: 'bookingCancelledForGuest',
    on: bookingCancelled,
    category,
    summary: 'A stay of yours was cancelled.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `Your stay from ${dates(data)} was cancelled`,
    text: ({ data }) => `${BY_TO_GUEST[data.by]} You get back ${shown(data.refund)}.`,
  }),
  notificationKind({
    kind: 'bookingCancelledForHost',
    on: bookingCancelled,
    category,
    summary: 'A stay in your home was cancelled.',
    channels: BOTH,
    recipients: toHost,
    title: ({ data }) => `The stay from ${dates(data)} was cancelled`,
    text: ({ data }) => BY_TO_HOST[data.by],
  }),
  notificationKind({
    kind: 'bookingPaidTooLateForGuest',
    on: bookingPaidTooLate,
    category,
    summary: 'You paid for a stay when its nights were taken.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `Your payment for ${dates(data)} came too late`,
    text: () =>
      'The nights were no longer held for you, and somebody else has them. You get everything back that you were charged.',
  }),
  notificationKind({
    kind: 'bookingRefundedForGuest',
    on: bookingRefunded,
    category,
    summary: 'You get money back for a stay.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `You get back ${shown(data.refund)} for your stay from ${dates(data)}`,
    text: ({ data }) => `${data.by === 'host' ? 'The host' : 'The marketplace'} says why: ${data.reason}`,
  }),
  notificationKind({
    kind: 'bookingRefundedForHost',
    on: bookingRefunded,
    category,
    summary: 'A guest gets money back of your share.',
    channels: BOTH,
    recipients: (event) => (event.data.by === 'admin' && event.data.paidBy === 'host' ? toHost(event) : []),
    title: ({ data }) => `Your guest of ${dates(data)} gets back ${shown(data.refund)}`,
    text: ({ data }) => `The marketplace gives it of your share, and says why: ${data.reason}`,
  }),
  notificationKind({
    kind: 'bookingCheckedInForHost',
    on: bookingCheckedIn,
    category,
    summary: 'A guest arrived.',
    channels: ONLY_IN_APP,
    recipients: toHost,
    title: ({ data }) => `Your guests of ${dates(data)} have arrived`,
    text: ({ data }) => `They check out by ${data.checkOutAt}.`,
  }),
  notificationKind({
    kind: 'bookingCheckedOutForHost',
    on: bookingCheckedOut,
    category,
    summary: 'A guest left.',
    channels: ONLY_IN_APP,
    recipients: toHost,
    title: ({ data }) => `Your guests of ${dates(data)} have left`,
    text: () => 'The stay is over, and nights that were left of it are free.',
  }),
  notificationKind({
    kind: 'bookingNoShowForGuest',
    on: bookingNoShow,
    category,
    summary: 'A host says that you did not come.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `You were missed at your stay from ${dates(data)}`,
    text: () => 'The host says that you did not come, and the stay is over. If you are there, write to us.',
  }),
];

const BY_TO_GUEST = {
  guest: 'You cancelled it.',
  host: 'The host cancelled it.',
  admin: 'The marketplace cancelled it.',
  marketplace: 'The marketplace cancelled it: your payment could not be taken, and you are charged nothing.',
};
const BY_TO_HOST = {
  guest: 'The guest cancelled it. The nights are free again.',
  host: 'You cancelled it. The guest gets everything back, and the nights stay blocked.',
  admin: 'The marketplace cancelled it. The nights are free again.',
  marketplace:
    'The payment of the guest could not be taken, so the marketplace cancelled it. The nights are free again.',
};

const alterationKinds = [
  notificationKind({
    kind: 'alterationRequested',
    on: alterationRequested,
    category,
    summary: 'The other side of a stay asks to alter it.',
    channels: BOTH,
    recipients: toAsked,
    title: ({ data }) => `The ${data.askedBy} asks to alter the stay from ${dates(data)}`,
    text: ({ subject, data }) =>
      `It would be from ${dates(data.wanted)}, for ${people(data.wanted)}, and cost ${shown(data.wanted.total)} instead of ${shown(data.total)}. Answer ${data.alterationId} of the booking ${subject.id} until ${data.expiresAt}.`,
  }),
  notificationKind({
    kind: 'bookingAltered',
    on: bookingAltered,
    category,
    summary: 'The dates or guests of a stay were altered.',
    channels: BOTH,
    title: ({ data }) => `The stay is from ${dates(data)} now`,
    text: ({ data }) => `For ${people(data)}. It costs ${shown(data.total)}; the difference is settled.`,
  }),
  notificationKind({
    kind: 'alterationAcceptedForGuest',
    on: alterationAccepted,
    category,
    summary: 'An alteration of your stay was agreed on, and is charged.',
    channels: BOTH,
    recipients: toGuest,
    title: ({ data }) => `Your stay from ${dates(data)} will be altered`,
    text: ({ subject, data }) =>
      `It will be from ${dates(data.wanted)}, for ${people(data.wanted)}, and cost ${shown(data.wanted.total)} instead of ${shown(data.total)}. The difference is charged now. Should that be declined, pay for the booking ${subject.id} until ${data.expiresAt}.`,
  }),
  notificationKind({
    kind: 'alterationDeclined',
    on: alterationDeclined,
    category,
    summary: 'The other side declined to alter a stay.',
    channels: BOTH,
    recipients: toAsker,
    title: ({ data }) => `Your stay from ${dates(data)} remains as it is`,
    text: () => 'The other side declined the alteration that you asked for.',
  }),
  notificationKind({
    kind: 'alterationExpired',
    on: alterationExpired,
    category,
    summary: 'An alteration that you asked for was not answered, or not paid for.',
    channels: ONLY_IN_APP,
    recipients: toAsker,
    title: ({ data }) => `Your stay from ${dates(data)} remains as it is`,
    text: () => 'The alteration that you asked for was not answered, or not paid for, in time.',
  }),
];

export const bookingKinds = [...requestKinds, ...stayKinds, ...alterationKinds];
