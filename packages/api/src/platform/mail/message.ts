import type { SendMailOptions } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { endOfTries } from '../jobs/job.ts';
import type { OutgoingMail } from './mailer.ts';

/** Who all mail comes from. */
export interface Sender {
  name: string;
  address: string;
}

const ADDRESS = /^[^\s<>@,;:"()\p{Cc}]+@[a-z\d.-]+$/iu;
const ID = /^[\w-]{1,100}$/;
const KIND = /^[\w.-]{1,60}$/;
const SUBJECT_MAX = 200;

const emailAddress = z.email().max(254);

/** The one address of the setting MAIL_FROM, such as `Sojourn <no-reply@example.com>`. */
export function senderOf(mailFrom: string): Sender {
  const [sender, ...others] = addressparser(mailFrom, { flatten: true });
  if (!sender || others.length > 0 || !ADDRESS.test(sender.address))
    throw new ConfigError(
      'The settings are not valid:\n  - MAIL_FROM: must be one address, such as Sojourn <no-reply@example.com>',
    );
  return { name: oneLine(sender.name), address: sender.address };
}

/** Text without anything that could end a line, or turn the direction in which the rest of it is read. */
export const oneLine = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim();

/** What the mail library is told. Every value of a header is made safe here, whatever the library does. */
export function composed(mail: OutgoingMail, sender: Sender, now: Date): SendMailOptions {
  const { id, to, kind, text, html } = mail;
  if (!ID.test(id)) throw new TypeError('the id of a mail has letters, digits, - and _ only');
  if (!KIND.test(kind)) throw new TypeError('the kind of a mail is the name of a template');
  if (!emailAddress.safeParse(to).success) throw endOfTries('The address of the recipient is not valid.');
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  return {
    from: sender,
    // As an object: a text would be read as a list of addresses.
    to: { name: '', address: to },
    subject: oneLine(mail.subject).slice(0, SUBJECT_MAX).toWellFormed(),
    text,
    html,
    date: now,
    messageId: `<${id}@${domain}>`,
    headers: {
      // No machine answers a machine (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Mail-Kind': kind,
      ...(mail.unsubscribeUrl === undefined ? {} : unsubscribing(mail.unsubscribeUrl)),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Mail programs show a button of their own, which sends a POST to the address (RFC 2369 §3.2, RFC 8058 §3.1). */
const unsubscribing = (url: string) => ({
  'List-Unsubscribe': `<${new URL(url).href}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});
