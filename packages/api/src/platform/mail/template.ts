import type { z } from 'zod';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { Block } from './block.ts';
import { htmlOf } from './html.ts';
import type { OutgoingMail } from './mailer.ts';
import { oneLine, senderOf } from './message.ts';
import { textOf } from './text.ts';

/** A kind of mail: what it is told, and what it says. */
export interface MailTemplate<Data extends z.ZodType = z.ZodType> {
  /** `verifyEmail`: what `sojourn admin mail preview` takes. */
  name: string;
  summary: string;
  data: Data;
  /** For previews. */
  example: z.input<Data>;
  // Methods, so that a template of some data is a template.
  subject(data: z.output<Data>): string;
  blocks(data: z.output<Data>): readonly Block[];
}

export const mailTemplate = <Data extends z.ZodType>(definition: MailTemplate<Data>): MailTemplate<Data> =>
  definition;

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** The words of a mail. Whatever its data holds stays text: it can neither add HTML nor a line to a header. */
export function renderMail<Data extends z.ZodType>(
  template: MailTemplate<Data>,
  data: z.input<Data>,
  { mailFrom }: Pick<Config, 'mailFrom'>,
): RenderedMail {
  const parsed = template.data.parse(data);
  const subject = oneLine(template.subject(parsed));
  const blocks = template.blocks(parsed).map(safe);
  const brand = senderOf(mailFrom).name || 'Sojourn';
  return { subject, text: textOf(blocks, brand), html: htmlOf(blocks, { subject, brand }) };
}

export interface WantedMail<Data extends z.ZodType>
  extends Pick<OutgoingMail, 'id' | 'to' | 'unsubscribeUrl'> {
  data: z.input<Data>;
  signal?: AbortSignal;
}

/** Sends one person a mail of a kind. The id is the same whenever the same mail is sent again. */
export async function sendMail<Data extends z.ZodType>(
  { mailer, config }: Context,
  template: MailTemplate<Data>,
  { id, to, data, unsubscribeUrl, signal }: WantedMail<Data>,
): Promise<void> {
  const rendered = renderMail(template, data, config);
  await mailer.send({ id, to, kind: template.name, unsubscribeUrl, ...rendered }, signal);
}

function safe(block: Block): Block {
  switch (block.kind) {
    case 'button':
      return { kind: 'button', label: oneLine(block.label), url: webAddress(block.url) };
    case 'list':
      return { kind: 'list', items: block.items.map(oneLine) };
    default:
      return { ...block, text: oneLine(block.text) };
  }
}

/** @throws when it is not an address of a web page: no mail of ours runs a script or opens a program */
function webAddress(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError('a button of a mail leads to a web page');
  return href;
}
