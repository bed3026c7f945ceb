import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import type { Clock } from '../clock.ts';
import { fileNameOf, listMailFiles, openMailbox } from './mailbox.ts';
import type { OpenedMailer } from './mailer.ts';
import { composed, type Sender } from './message.ts';

/** So many mails are kept; the oldest go. */
const KEPT = 1_000;

/** Keeps every mail as a file (RFC 5322) that mail programs open, in a folder that only the server's user reads. */
export function openFileMailer({
  dataDir,
  sender,
  clock,
}: {
  dataDir: string;
  sender: Sender;
  clock: Clock;
}): OpenedMailer {
  const folder = path.join(dataDir, 'mailbox');
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    mailbox: openMailbox(folder),
    async send(mail) {
      const now = clock.now();
      const { message } = await composer.sendMail(composed(mail, sender, now));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const kept = await listMailFiles(folder);
      // Sent again, it takes its own place.
      const name = kept.find(({ id }) => id === mail.id)?.name ?? fileNameOf(mail.id, now);
      await writeWhole(path.join(folder, name), message as Buffer);
      const old = kept.slice(0, Math.max(0, kept.length - KEPT + 1));
      await Promise.all(old.map((file) => rm(path.join(folder, file.name), { force: true })));
    },
    close: () => composer.close(),
  };
}

/** Nobody ever reads half of it. */
async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, bytes, { mode: 0o600 });
  await rename(temporary, file);
}
