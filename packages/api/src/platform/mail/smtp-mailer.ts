import { createTransport, type NodemailerError } from 'nodemailer';
import type { Clock } from '../clock.ts';
import { endOfTries } from '../jobs/job.ts';
import type { OpenedMailer } from './mailer.ts';
import { composed, type Sender } from './message.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** A few connections to one server, kept for the next mail. Encrypted from the start (smtps), else as soon as it can be. */
export function openSmtpMailer({
  smtpUrl,
  sender,
  clock,
}: {
  smtpUrl: string;
  sender: Sender;
  clock: Clock;
}): OpenedMailer {
  const { username, hostname } = new URL(smtpUrl);
  const transport = createTransport({
    // Options in its query go before those here: smtp://user:password@host?requireTLS=false
    url: smtpUrl,
    pool: true,
    maxConnections: 4,
    // A mail whose connection broke may have arrived. Its job sends it again, and says so by the same Message-ID.
    maxRequeues: 0,
    // A password is not shown to whoever listens, and so neither to whoever takes STARTTLS out of the server's answer.
    requireTLS: username !== '' && !LOCAL.test(hostname),
    dnsTimeout: CONNECT_MS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
  return {
    mailbox: undefined,
    async send(mail, signal) {
      const options = composed(mail, sender, clock.now());
      try {
        await transport.sendMail({ ...options, ...(signal && { signal }) });
      } catch (error) {
        throw isRefusedForGood(error as NodemailerError)
          ? endOfTries(`The mail was refused: ${(error as NodemailerError).response}`)
          : error;
      }
    },
    close: () => transport.close(),
  };
}

/**
 * A reply of 5yz to the recipient or to the content is about this very mail, and would be the same tomorrow (RFC 5321
 * §4.2.1). To anything before, such as the password, it is about our settings, which somebody mends.
 */
const isRefusedForGood = ({ responseCode = 0, command = '' }: NodemailerError): boolean =>
  responseCode >= 500 && responseCode <= 599 && (command === 'RCPT TO' || command === 'DATA');
