import {
  apiKeyCreated,
  apiKeyRevoked,
  userEmailVerified,
  userPasswordChanged,
  userRegistered,
} from '../identity/events.ts';
import { listingArchived, listingPaused, listingPublished } from '../listings/events.ts';
import { endpointDisabled } from '../webhooks/events.ts';
import { bookingKinds } from './booking-kinds.ts';
import { feedKinds } from './feed-kinds.ts';
import { type NotificationKind, notificationKind } from './model.ts';
import { moneyKinds } from './money-kinds.ts';

const ONLY_IN_APP = { inApp: true, mail: false };
const BOTH = { inApp: true, mail: true };

const HOW = {
  changed: 'It was changed with the old one.',
  reset: 'It was replaced by a link that went to your address.',
  operator: 'Those who run the server set it.',
};

const identityKinds = [
  notificationKind({
    kind: 'welcome',
    on: userRegistered,
    category: 'account',
    summary: 'You opened your account.',
    channels: ONLY_IN_APP,
    title: () => 'Welcome',
    text: () => 'Your account is open. Verify your address to get mail, and publish your first listing.',
  }),
  notificationKind({
    kind: 'emailVerified',
    on: userEmailVerified,
    category: 'account',
    summary: 'You proved that an address is yours.',
    channels: ONLY_IN_APP,
    title: () => 'Your address is verified',
    text: () => 'Mail of the marketplace reaches you there from now on.',
  }),
  notificationKind({
    kind: 'passwordChanged',
    on: userPasswordChanged,
    category: 'security',
    summary: 'The password of your account was changed.',
    channels: BOTH,
    mandatory: ['mail'],
    // Identity writes it: with a link to a new password, for whoever did not change it.
    mailedElsewhere: true,
    title: () => 'Your password was changed',
    text: ({ data: { how } }) =>
      `${HOW[how]} All other sessions were signed out. If it was not you, reset your password at once and revoke API keys that you do not know.`,
  }),
  notificationKind({
    kind: 'apiKeyCreated',
    on: apiKeyCreated,
    category: 'security',
    summary: 'An API key was made for your account.',
    channels: BOTH,
    mandatory: ['mail'],
    title: ({ data: { name } }) => `The API key ${quoted(name)} was made`,
    text: ({ subject, data: { scopes } }) =>
      `The key ${subject.id} has the scopes ${scopes.join(', ')}. If it was not you, revoke it and change your password.`,
  }),
  notificationKind({
    kind: 'apiKeyRevoked',
    on: apiKeyRevoked,
    category: 'security',
    summary: 'An API key of your account was revoked.',
    channels: ONLY_IN_APP,
    title: ({ data: { name } }) => `The API key ${quoted(name)} was revoked`,
    text: ({ subject }) => `Whatever used the key ${subject.id} no longer gets in.`,
  }),
];

const listingKinds = [
  notificationKind({
    kind: 'listingPublished',
    on: listingPublished,
    category: 'listings',
    summary: 'A listing of yours was published.',
    channels: ONLY_IN_APP,
    collapses: true,
    title: ({ data }, count) => `${oneOrMany(data.title, count)} published`,
    text: (_told, count) => (count === 1 ? 'Guests find it from now on.' : 'Guests find them from now on.'),
  }),
  notificationKind({
    kind: 'listingPaused',
    on: listingPaused,
    category: 'listings',
    summary: 'A listing of yours was paused.',
    channels: ONLY_IN_APP,
    collapses: true,
    title: ({ data }, count) => `${oneOrMany(data.title, count)} paused`,
    text: (_told, count) =>
      count === 1 ? 'Guests no longer find it by searching.' : 'Guests no longer find them by searching.',
  }),
  notificationKind({
    kind: 'listingArchived',
    on: listingArchived,
    category: 'listings',
    summary: 'A listing of yours was put away for good.',
    channels: ONLY_IN_APP,
    collapses: true,
    title: ({ data }, count) => `${oneOrMany(data.title, count)} archived`,
    text: (_told, count) => `Guests no longer find ${count === 1 ? 'it' : 'them'}, and that stays so.`,
  }),
];

const webhookKinds = [
  notificationKind({
    kind: 'webhookDisabled',
    on: endpointDisabled,
    category: 'webhooks',
    summary: 'A webhook endpoint of yours was switched off because it kept failing.',
    channels: BOTH,
    title: ({ data: { host } }) => `The webhook endpoint at ${host} was switched off`,
    text: ({ data: { reason } }) =>
      `${reason === 'gone' ? 'It answered that it is gone for good.' : 'It failed for days on end.'} Mend it, switch it on again, and replay what it missed: nothing of the last 90 days is lost.`,
  }),
];

/** Every kind of notification. What is not in this list is told to nobody. */
export const notificationKinds: readonly NotificationKind[] = [
  ...identityKinds,
  ...listingKinds,
  ...bookingKinds,
  ...moneyKinds,
  ...feedKinds,
  ...webhookKinds,
];

const byName = new Map(notificationKinds.map((kind) => [kind.kind, kind]));

/** Undefined for one that this version does not know. */
export const kindNamed = (name: string): NotificationKind | undefined => byName.get(name);

export const KIND_NAMES = notificationKinds.map(({ kind }) => kind) as [string, ...string[]];

const TITLE_MAX = 80;
const quoted = (name: string) =>
  `“${name.length > TITLE_MAX ? `${name.slice(0, TITLE_MAX - 1).toWellFormed()}…` : name}”`;
const oneOrMany = (title: string, count: number) =>
  count === 1 ? `${quoted(title)} was` : `${count.toLocaleString('en-US')} listings were`;
