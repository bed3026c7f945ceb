import { z } from 'zod';
import { button, note, paragraph } from '../platform/mail/block.ts';
import { mailTemplate } from '../platform/mail/template.ts';

/** Every notification that goes out by mail: its words are those of the list. */
export const notificationMail = mailTemplate({
  name: 'notification',
  summary: 'A notification, for whoever wants it by mail too.',
  data: z.object({
    title: z.string(),
    text: z.string(),
    url: z.url().meta({ description: 'Where the list of notifications is.' }),
    preferencesUrl: z.url().nullable().meta({ description: 'Null for what cannot be switched off.' }),
  }),
  example: {
    title: '“Sunny loft by the park” was published',
    text: 'Guests find it from now on.',
    url: 'https://stays.example.com/notifications',
    preferencesUrl: 'https://stays.example.com/notification-preferences',
  },
  subject: ({ title }) => title,
  blocks: ({ title, text, url, preferencesUrl }) => [
    paragraph(title),
    paragraph(text),
    button('See your notifications', url),
    note(
      preferencesUrl === null
        ? 'This mail keeps your account safe, so it cannot be switched off.'
        : `You choose what comes by mail: ${preferencesUrl}`,
    ),
  ],
});

export const notificationMails = [notificationMail];
