import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import { KIND_NAMES, kindNamed, notificationKinds } from './kinds.ts';
import { CATEGORIES, CHANNELS, type Channel, type Decision, isWanted, type Notification } from './model.ts';

const NOTIFICATION_ID = 'ntf_01j9z6t8v2e4m8q0r5s7x3y1kg';
const LISTING_ID = 'lst_01j9z6t8v2e4m8q0r5s7x3y1ka';
const WHEN = '2026-11-25T09:30:00.000Z';

const instant = z.iso.datetime();
const count = (max = 2_147_483_647) => z.int().min(0).max(max);

export const NotificationParams = z.strictObject({
  notificationId: z
    .string()
    .max(100)
    .meta({ description: 'The notification.', examples: [NOTIFICATION_ID] }),
});
export const NotificationsQuery = z.strictObject({
  unread: z
    .preprocess(
      (value) => (value === 'true' ? true : value === 'false' ? false : value),
      z.boolean('must be true or false'),
    )
    .optional()
    .meta({ description: '`true`: only those that were not read.', override: { examples: [true] } }),
  ...pageQuery,
});
export const ReadBody = z
  .strictObject({
    upTo: z
      .string()
      .max(100)
      .optional()
      .meta({
        description: 'The newest that was seen: it and all before are read. Leave it out to read all.',
        examples: [NOTIFICATION_ID],
      }),
  })
  .meta({ id: 'NotificationReading', examples: [{ upTo: NOTIFICATION_ID }] });

const NOTIFICATION = {
  id: NOTIFICATION_ID,
  kind: 'listingPublished',
  category: 'listings' as const,
  title: '“Sunny loft by the park” was published',
  text: 'Guests find it from now on.',
  count: 1,
  subject: { type: 'listing', id: LISTING_ID },
  occurredAt: WHEN,
  createdAt: WHEN,
  readAt: null,
};
export const NotificationView = z
  .object({
    id: z.string(),
    kind: z.string().meta({ description: '`GET /v1/notification-preferences` lists all kinds.' }),
    category: z.enum(CATEGORIES),
    title: z.string().meta({ description: 'In one line.' }),
    text: z.string().meta({ description: 'In a sentence or two, without markup.' }),
    count: count().min(1).meta({ description: 'How many events it tells of.' }),
    subject: z
      .object({ type: z.string(), id: z.string() })
      .meta({ description: 'What it is about: the newest of them when it tells of several.' }),
    occurredAt: instant.meta({ description: 'When the newest event happened.' }),
    createdAt: instant,
    readAt: instant.nullable(),
  })
  .meta({ id: 'Notification', examples: [NOTIFICATION] });
export const NotificationPage = pageOf(NotificationView)
  .extend({ unreadCount: count().meta({ description: 'How many of all of them are unread.' }) })
  .meta({ id: 'NotificationPage' });
export const NotificationsRead = z
  .object({
    marked: count().meta({ description: 'How many were unread until now.' }),
    unreadCount: count().meta({ description: 'How many still are.' }),
  })
  .meta({ id: 'NotificationsRead', examples: [{ marked: 3, unreadCount: 0 }] });
export const ExportedNotifications = z.array(NotificationView);

const ChannelPreference = z
  .object({
    enabled: z.boolean(),
    changeable: z.boolean().meta({ description: 'False for what protects your account.' }),
  })
  .meta({ id: 'ChannelPreference', examples: [{ enabled: true, changeable: true }] });
const on = { enabled: true, changeable: true };
const off = { enabled: false, changeable: true };
export const NotificationPreferences = z
  .object({
    data: z.array(
      z
        .object({
          kind: z.string(),
          category: z.enum(CATEGORIES),
          summary: z.string().meta({ description: 'When it is told.' }),
          channels: z.object({ inApp: ChannelPreference, mail: ChannelPreference }),
        })
        .meta({
          id: 'NotificationPreference',
          examples: [
            {
              kind: 'listingPublished',
              category: 'listings',
              summary: 'A listing of yours was published.',
              channels: { inApp: on, mail: off },
            },
          ],
        }),
    ),
  })
  .meta({ id: 'NotificationPreferences', description: 'Every kind of notification, and how you get it.' });

/** Names what was given, so that several wrong ones of a list are told apart. */
const named = <const T extends readonly [string, ...string[]]>(what: string, names: T) =>
  z.enum(names, {
    error: ({ input }) =>
      typeof input === 'string'
        ? `${JSON.stringify(input.slice(0, 100))} is no ${what}: there are ${names.join(', ')}`
        : `must be the name of a ${what}`,
  });

const Choice = z
  .strictObject({
    kind: named('kind of notification', KIND_NAMES),
    channel: named('channel', CHANNELS),
    enabled: z.boolean('must be true or false'),
  })
  .refine(({ kind, channel, enabled }) => enabled || !kindNamed(kind)?.mandatory.includes(channel), {
    path: ['enabled'],
    error: ({ input }) => {
      const { kind, channel } = input as Decision;
      return `${kind} by ${channel} protects your account and cannot be switched off`;
    },
  });
export const PreferencesBody = z
  .strictObject({
    preferences: z
      .array(Choice)
      .min(1)
      .max(200)
      .superRefine((choices, ctx) => {
        const taken = new Set<string>();
        for (const [index, { kind, channel }] of choices.entries()) {
          const name = `${kind}/${channel}`;
          if (taken.has(name))
            ctx.addIssue({
              code: 'custom',
              path: [index],
              message: `${kind} by ${channel} was chosen further up`,
            });
          taken.add(name);
        }
      }),
  })
  .meta({
    id: 'NotificationChoices',
    examples: [{ preferences: [{ kind: 'listingPublished', channel: 'mail', enabled: true }] }],
  });

export const UnsubscribeParams = z.strictObject({
  token: z
    .string()
    .max(500)
    .meta({ description: 'From the mail.', examples: ['q8Zk3vT1nW5yB7dF9hJ2mP4rS6uX0aC1'] }),
});

const iso = (date: Date) => date.toISOString();

export function toNotificationView({ id, kind, told, count: events, createdAt, readAt }: Notification) {
  const known = kindNamed(kind);
  return {
    id: publicId('ntf', id),
    kind,
    // One of a newer version, while a fleet is between two: it is told plainly rather than not at all.
    category: known?.category ?? ('account' as const),
    title: known?.title(told, events) ?? kind,
    text: known?.text(told, events) ?? '',
    count: events,
    subject: told.subject,
    occurredAt: told.occurredAt,
    createdAt: iso(createdAt),
    readAt: readAt && iso(readAt),
  };
}

/** Every kind as somebody has it who decided this. */
export function toPreferences(decisions: readonly Decision[]) {
  const decided = new Map(decisions.map(({ kind, channel, enabled }) => [`${kind}/${channel}`, enabled]));
  return {
    data: notificationKinds.map((kind) => {
      const channel = (name: Channel) => ({
        enabled: isWanted(kind, name, decided.get(`${kind.kind}/${name}`)),
        changeable: !kind.mandatory.includes(name),
      });
      return {
        kind: kind.kind,
        category: kind.category,
        summary: kind.summary,
        channels: { inApp: channel('inApp'), mail: channel('mail') },
      };
    }),
  };
}
