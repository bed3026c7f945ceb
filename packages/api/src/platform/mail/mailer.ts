import type { Mailbox } from './mailbox.ts';

/** One mail to one person. */
export interface OutgoingMail {
  /** The same whenever the same mail is sent again: its `Message-ID` comes from it, so that a repeat can be recognised. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The name of its template. */
  kind: string;
  /** Where a mail program ends mail of this sort with one click (RFC 8058), for mail that can be switched off. */
  unsubscribeUrl?: string | undefined;
}

/** The way that mail leaves. */
export interface Mailer {
  /**
   * Hands a mail over. What may pass by itself fails as any error and is tried again by its job; what will not (the
   * address is none, or the recipient's server refuses the mail for good) fails in a way that ends the job at once.
   */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<void>;
  /** What was sent, when it is kept rather than sent. */
  mailbox: Mailbox | undefined;
}

/** Closed by whoever opened it. */
export type OpenedMailer = Mailer & { close(): void };

/**
 * How jobs that send mail are tried: twelve times over about four hours, because a server that makes strangers wait
 * (greylisting) takes them after minutes, and one that is down is back after hours.
 */
export const MAIL_TRIES = { queue: 'mail', attempts: 12, backoffMs: 5_000, timeoutMs: 60_000 } as const;
