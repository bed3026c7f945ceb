import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import type { KeptMail, MailSummary } from '../platform/mail/mailbox.ts';

const ID = 'eml_01j9z6t8v2e4m8q0r5s7x3y1ka';
const TEMPLATE = {
  name: 'verifyEmail',
  summary: 'Asks whoever opened an account to prove that the address is theirs.',
};
const MAIL = {
  id: ID,
  kind: 'verifyEmail',
  to: 'ada@example.com',
  subject: 'Verify your email address',
  sentAt: '2026-11-23T09:30:00.000Z',
};
const WORDS = {
  subject: 'Verify your email address',
  text: 'An account was opened with this address.',
  html: '<!doctype html><title>Verify your email address</title>',
};

export const MailParams = z.strictObject({
  mailId: z
    .string()
    .max(100)
    .meta({ description: 'The mail.', examples: [ID] }),
});
export const MailTemplateParams = z.strictObject({
  name: z
    .string()
    .max(100)
    .meta({ description: 'The template.', examples: [TEMPLATE.name] }),
});
export const MailQuery = z.strictObject(pageQuery);

export const MailTemplateView = z
  .object({ name: z.string(), summary: z.string().meta({ description: 'What such a mail is for.' }) })
  .meta({ id: 'MailTemplate', examples: [TEMPLATE] });
export const MailTemplateList = z
  .object({ data: z.array(MailTemplateView) })
  .meta({ id: 'MailTemplateList', examples: [{ data: [TEMPLATE] }] });
export const MailPreview = MailTemplateView.extend({
  subject: z.string(),
  text: z.string(),
  html: z.string().meta({ description: 'The whole page.' }),
}).meta({
  id: 'MailPreview',
  description: 'A mail as it looks with made-up data.',
  examples: [{ ...TEMPLATE, ...WORDS }],
});

export const MailSummaryView = z
  .object({
    id: z.string(),
    kind: z.string().meta({ description: 'The name of its template.' }),
    to: z.string(),
    subject: z.string(),
    sentAt: z.iso.datetime().meta({ description: 'To the second.' }),
  })
  .meta({ id: 'MailSummary', examples: [MAIL] });
export const MailPage = pageOf(MailSummaryView).meta({ id: 'MailPage' });
export const MailView = MailSummaryView.extend({ from: z.string(), text: z.string(), html: z.string() }).meta(
  {
    id: 'Mail',
    description: 'A mail that was kept rather than sent.',
    examples: [{ ...MAIL, ...WORDS, from: 'no-reply@localhost' }],
  },
);

export const toMailSummary = ({ id, kind, to, subject, sentAt }: MailSummary) => ({
  id,
  kind,
  to,
  subject,
  sentAt: sentAt.toISOString(),
});

export const toMailView = ({ from, text, html, ...summary }: KeptMail) => ({
  ...toMailSummary(summary),
  from,
  text,
  html,
});
