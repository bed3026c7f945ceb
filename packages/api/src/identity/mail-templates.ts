import { z } from 'zod';
import { button, list, note, paragraph } from '../platform/mail/block.ts';
import { mailTemplate } from '../platform/mail/template.ts';

// No name of a person is in these: whoever opens an account chooses both the name and the address, and could have us
// deliver the words of their choice to anybody.

export const verifyEmail = mailTemplate({
  name: 'verifyEmail',
  summary: 'Asks whoever opened an account to prove that the address is theirs.',
  data: z.object({ url: z.url(), days: z.int().min(1).max(30) }),
  example: { url: 'https://stay.example.com/verify-email#token=em_example', days: 3 },
  subject: () => 'Verify your email address',
  blocks: ({ url, days }) => [
    paragraph('An account was opened with this address. Please verify that the address is yours:'),
    button('Verify this address', url),
    note(`The link works once, for ${days} days.`),
    note(
      'You did not open an account? Then do not use the link. Without it, the address does not belong to that account.',
    ),
  ],
});

export const resetPassword = mailTemplate({
  name: 'resetPassword',
  summary: 'Lets somebody choose a new password who cannot sign in.',
  data: z.object({ url: z.url(), minutes: z.int().min(1).max(1_440) }),
  example: { url: 'https://stay.example.com/reset-password#token=em_example', minutes: 60 },
  subject: () => 'Choose a new password',
  blocks: ({ url, minutes }) => [
    paragraph('Somebody, we hope you, asked for a new password of your account. Choose it here:'),
    button('Choose a new password', url),
    note(`The link works once, for ${minutes} minutes.`),
    note('It was not you? Then do nothing: the password stays as it is. Never pass the link on.'),
  ],
});

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export const passwordChanged = mailTemplate({
  name: 'passwordChanged',
  summary: 'Tells somebody that their password was changed.',
  data: z.object({ changedAt: z.iso.datetime(), url: z.url() }),
  example: { changedAt: '2026-11-23T09:30:00.000Z', url: 'https://stay.example.com/reset-password' },
  subject: () => 'Your password was changed',
  blocks: ({ changedAt, url }) => [
    paragraph(`The password of your account was changed on ${WHEN.format(new Date(changedAt))} UTC.`),
    paragraph('If that was you, there is nothing to do. If not, somebody else was in your account:'),
    button('Choose a new password', url),
    list([
      'A new password ends all other sessions.',
      'API keys stay. Look through them, and revoke those that you do not know.',
    ]),
  ],
});

export const identityMailTemplates = [verifyEmail, resetPassword, passwordChanged];
