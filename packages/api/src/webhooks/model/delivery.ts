export const DELIVERY_KINDS = ['event', 'redelivery', 'replay', 'test'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];
export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one endpoint. */
export interface Delivery {
  id: string;
  kind: DeliveryKind;
  eventId: string;
  /** Its place in the log; null for a test, which is not in the log. */
  eventSequence: number | null;
  eventType: string;
  state: DeliveryState;
  attempts: LoggedAttempt[];
  /** Null once it ended. */
  nextAttemptAt: Date | null;
  createdAt: Date;
  endedAt: Date | null;
}

/** What became of one attempt, as it is stored with its delivery. */
export interface LoggedAttempt {
  /** ISO 8601. */
  at: string;
  /** The HTTP status of the answer; null when there was none. */
  status: number | null;
  /** Why it does not count as delivered, for programs; null when it does. */
  reason: string | null;
  /** The same for people. */
  detail: string | null;
  milliseconds: number;
  /** The beginning of the answer to an attempt that failed. */
  answer: string | null;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The wait after each failed attempt in milliseconds: some 75 hours in all. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
export const MAX_ATTEMPTS = WAITS_MS.length + 1;
const JITTER = 0.1;

/**
 * When a delivery whose attempt failed is tried again; null when it has been tried as often as it may.
 *
 * @param attempts how many were made, with this one
 * @param chance from 0 to 1: adds up to a tenth, so that what failed together does not come back together
 */
export function nextAttemptAfter(attempts: number, now: Date, chance: number): Date | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : new Date(now.getTime() + Math.round(wait * (1 + chance * JITTER)));
}

const SHOWN_ANSWER_BYTES = 1_024;

/** The beginning of an answer as text that can be stored and shown: whatever is not text is a replacement character. */
export const shownAnswer = (body: Buffer): string =>
  new TextDecoder()
    .decode(body.subarray(0, SHOWN_ANSWER_BYTES))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be stored or printed.
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
