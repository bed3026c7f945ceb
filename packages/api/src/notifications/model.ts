import type { z } from 'zod';
import { type EventType, type StoredEvent, SUBJECTS } from '../platform/events/event.ts';
import { publicId } from '../platform/id.ts';

export const CHANNELS = ['inApp', 'mail'] as const;
/** How a person hears of something: in the list of the marketplace, or by mail. */
export type Channel = (typeof CHANNELS)[number];

export const CATEGORIES = [
  'security',
  'account',
  'listings',
  'calendar',
  'bookings',
  'payouts',
  'webhooks',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** What a notification tells of: the newest of its events, and how many there are. */
export interface Told<Data = Record<string, unknown>> {
  /** By its id outside. */
  subject: { type: string; id: string };
  occurredAt: string;
  data: Data;
}

/** A kind of notification: the event it tells of, to whom, how, and in which words. */
export interface NotificationKind<Data = Record<string, unknown>> {
  kind: string;
  /** The type of the event. */
  on: string;
  category: Category;
  /** When it is told, as a person who chooses reads it. */
  summary: string;
  /** The channels that it takes unless somebody decides otherwise. */
  channels: Readonly<Record<Channel, boolean>>;
  /** Channels that nobody can switch off: what protects an account reaches its owner. */
  mandatory: readonly Channel[];
  /** Whether the feature that it is about sends the mail itself; then this one does not. */
  mailedElsewhere: boolean;
  /** Comes in thousands: what happens within some minutes is told in one. */
  collapses: boolean;
  title(told: Told<Data>, count: number): string;
  text(told: Told<Data>, count: number): string;
  /** The users to tell. */
  recipients(event: StoredEvent): readonly string[];
}

type Definition<E extends EventType> = { on: E } & Pick<
  NotificationKind<z.output<E['data']>>,
  'kind' | 'category' | 'summary' | 'channels' | 'title' | 'text'
> &
  Partial<Pick<NotificationKind, 'mandatory' | 'mailedElsewhere' | 'collapses' | 'recipients'>>;

/** @param definition everybody to whose world the event belongs is told, unless it says otherwise. */
export const notificationKind = <E extends EventType>({ on, ...words }: Definition<E>): NotificationKind => ({
  mandatory: [],
  mailedElsewhere: false,
  collapses: false,
  recipients: ({ audience }) => audience,
  ...(words as Pick<NotificationKind, 'kind' | 'category' | 'summary' | 'channels' | 'title' | 'text'>),
  on: on.type,
});

/** What one person decided of one channel of a kind. */
export interface Decision {
  kind: string;
  channel: Channel;
  enabled: boolean;
}

/** @param decided undefined when the person never chose */
export const isWanted = (
  { channels, mandatory }: NotificationKind,
  channel: Channel,
  decided: boolean | undefined,
): boolean => mandatory.includes(channel) || (decided ?? channels[channel]);

/** For how long events of a kind that collapses are added to one notification, in milliseconds. */
const WINDOW_MS = 10 * 60_000;
/** Mail about such a kind waits for the end of its window and for transactions that began before it, in milliseconds. */
const MAIL_AFTER_WINDOW_MS = 30_000;

const windowEnd = (now: Date) => new Date((Math.floor(now.getTime() / WINDOW_MS) + 1) * WINDOW_MS);

/** When the mail of a kind goes out: at once, or when its window is over and the count is whole. */
export const mailDueAt = ({ collapses }: NotificationKind, now: Date): Date =>
  collapses ? new Date(windowEnd(now).getTime() + MAIL_AFTER_WINDOW_MS) : now;

/**
 * What an event is told by: a person has one notification of a kind for each slot. That is the event itself, or the
 * window in which it is handled.
 */
const slotOf = ({ collapses }: NotificationKind, sequence: number, now: Date): string =>
  collapses ? `${WINDOW_SLOT}${windowEnd(now).toISOString()}` : `event:${sequence}`;

/** How slots of windows begin. Reading a notification closes its window: what comes later is told anew. */
export const WINDOW_SLOT = 'until:';

/** What one person is to be told by one notification. */
export interface News {
  userId: string;
  kind: NotificationKind;
  slot: string;
  sequences: number[];
  told: Told;
}

/** What these events say to whom: one piece of news for each person, kind and slot. */
export function newsOf(
  kinds: readonly NotificationKind[],
  events: readonly StoredEvent[],
  now: Date,
): News[] {
  const news = new Map<string, News>();
  for (const event of events)
    for (const kind of kinds.filter(({ on }) => on === event.type))
      for (const userId of new Set(kind.recipients(event))) {
        const slot = slotOf(kind, event.sequence, now);
        const key = `${userId}/${kind.kind}/${slot}`;
        const sequences = [...(news.get(key)?.sequences ?? []), event.sequence];
        news.set(key, { userId, kind, slot, sequences, told: toldOf(event) });
      }
  return [...news.values()];
}

const toldOf = ({ subjectType, subjectId, occurredAt, data }: StoredEvent): Told => ({
  subject: { type: subjectType, id: publicId(SUBJECTS[subjectType], subjectId) },
  occurredAt: occurredAt.toISOString(),
  data,
});

export interface Notification {
  id: string;
  userId: string;
  /** By name: one that a newer version wrote may be unknown here. */
  kind: string;
  told: Told;
  /** How many events it tells of. */
  count: number;
  createdAt: Date;
  readAt: Date | null;
}
