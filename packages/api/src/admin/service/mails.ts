import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { KeptMail, Mailbox, MailSummary } from '../../platform/mail/mailbox.ts';
import { type MailTemplate, type RenderedMail, renderMail } from '../../platform/mail/template.ts';
import { mailboxNotAvailable, mailNotFound, mailTemplateNotFound } from '../mail-problems.ts';

const LIST = ['listMails'];
const Position = z.tuple([z.string().max(100)]);

function mailboxOf({ mailer }: Context): Mailbox {
  if (!mailer.mailbox) throw mailboxNotAvailable();
  return mailer.mailbox;
}

/** The mails that were kept, newest first. */
export async function listMails(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: MailSummary[]; nextCursor: string | null }> {
  const mailbox = mailboxOf(ctx);
  const below = cursor === undefined ? undefined : decodeCursor(LIST, cursor, Position)[0];
  return pageFrom(
    await mailbox.list(limit + 1, below),
    limit,
    (mail) => mail,
    ({ id }) => encodeCursor(LIST, [id]),
  );
}

/** One mail that was kept, whole. */
export async function getMail(ctx: Context, id: string): Promise<KeptMail> {
  const mail = await mailboxOf(ctx).get(id);
  if (!mail) throw mailNotFound();
  return mail;
}

/** How a mail looks, with the data that its template has for examples. */
export async function previewMail(
  { config }: Context,
  templates: readonly MailTemplate[],
  name: string,
): Promise<RenderedMail & Pick<MailTemplate, 'name' | 'summary'>> {
  const template = templates.find((candidate) => candidate.name === name);
  if (!template) throw mailTemplateNotFound();
  return { name, summary: template.summary, ...renderMail(template, template.example, config) };
}
