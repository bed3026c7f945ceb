import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { openFileMailer } from './file-mailer.ts';
import type { OpenedMailer } from './mailer.ts';
import { senderOf } from './message.ts';
import { openSmtpMailer } from './smtp-mailer.ts';

/** By SMTP when there is a server for it, else into files of the data folder. */
export function openMailer({ smtpUrl, mailFrom, dataDir }: Config, clock: Clock): OpenedMailer {
  const sender = senderOf(mailFrom);
  return smtpUrl === undefined
    ? openFileMailer({ dataDir, sender, clock })
    : openSmtpMailer({ smtpUrl, sender, clock });
}
