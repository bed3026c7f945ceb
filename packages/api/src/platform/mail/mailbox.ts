import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import PostalMime, { type Email } from 'postal-mime';

/** A mail that was kept, without its content. */
export interface MailSummary {
  id: string;
  kind: string;
  to: string;
  subject: string;
  sentAt: Date;
}

export interface KeptMail extends MailSummary {
  from: string;
  text: string;
  html: string;
}

/** Mail that nobody got: what a server without SMTP keeps, for whoever develops with it. */
export interface Mailbox {
  /** The newest first, below a mail (by its id) when told. An id that is not there any more begins at the top. */
  list(limit: number, below?: string): Promise<MailSummary[]>;
  get(id: string): Promise<KeptMail | undefined>;
}

const FILE = /^(\d{8}T\d{9}Z)\.([\w-]{1,100})\.eml$/;

/** `20261125T093000123Z.eml_01j….eml`: in the order of time, and found by the id of the mail. */
export const fileNameOf = (id: string, now: Date) =>
  `${now.toISOString().replaceAll(/[-:.]/g, '')}.${id}.eml`;

export interface MailFile {
  name: string;
  id: string;
}

/** The mails of a folder, oldest first; none while it does not exist. */
export async function listMailFiles(folder: string): Promise<MailFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .sort()
    .map((name) => ({ name, id: FILE.exec(name)?.[2] }))
    .filter((file): file is MailFile => file.id !== undefined);
}

export function openMailbox(folder: string): Mailbox {
  async function read({ name, id }: MailFile): Promise<KeptMail | undefined> {
    const bytes = await readFile(path.join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Sent again or cleared away since the folder was listed.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return bytes && toMail(id, await PostalMime.parse(bytes));
  }
  return {
    async list(limit, below) {
      const files = (await listMailFiles(folder)).reverse();
      const start = files.findIndex(({ id }) => id === below) + 1;
      const mails = await Promise.all(files.slice(start, start + limit).map(read));
      return mails.filter((mail) => mail !== undefined);
    },
    async get(id) {
      const file = (await listMailFiles(folder)).find((candidate) => candidate.id === id);
      return file && read(file);
    },
  };
}

const toMail = (id: string, { from, to, subject, date, headers, text, html }: Email): KeptMail => ({
  id,
  kind: headers.find(({ key }) => key === 'x-mail-kind')?.value ?? '',
  from: from?.address ?? '',
  to: to?.[0]?.address ?? '',
  subject: subject ?? '',
  sentAt: new Date(date ?? 0),
  text: (text ?? '').trimEnd(),
  html: html ?? '',
});
