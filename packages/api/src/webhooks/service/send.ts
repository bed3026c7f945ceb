import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { toEventView } from '../../platform/events/view.ts';
import type { OutboundAnswer } from '../../platform/http/outbound.ts';
import { OutboundError } from '../../platform/http/outbound-error.ts';
import { type LoggedAttempt, shownAnswer } from '../model/delivery.ts';
import { signatureHeaders } from '../model/signature.ts';

/** An event as it goes to an endpoint: it has no number when it is a test. */
export type SentEvent = Omit<StoredEvent, 'sequence'> & { sequence: number | null };

export interface Target {
  url: string;
  /** At least one; none means that they cannot be read any more. */
  keys: readonly Buffer[];
}

type Outcome = Pick<LoggedAttempt, 'status' | 'reason' | 'detail' | 'answer'>;

const GONE = 410;

/** Sends an event to an endpoint once, and tells what came of it. Undefined when the server stopped before. */
export async function send(
  ctx: Context,
  { url, keys }: Target,
  event: SentEvent,
  { attempt, signal }: { attempt: number; signal?: AbortSignal },
): Promise<LoggedAttempt | undefined> {
  const at = ctx.clock.now().toISOString();
  const started = performance.now();
  const outcome = keys.length === 0 ? UNREADABLE : await post(ctx, { url, keys }, event, attempt, signal);
  return outcome && { at, milliseconds: Math.round(performance.now() - started), ...outcome };
}

async function post(
  { outbound }: Context,
  { url, keys }: Target,
  event: SentEvent,
  attempt: number,
  signal: AbortSignal | undefined,
): Promise<Outcome | undefined> {
  const view = toEventView({ ...event, sequence: event.sequence ?? 0 });
  const body = JSON.stringify(view);
  // Receivers hold the time of signing against their own clock, so it is that of the machine, not of the marketplace.
  const signature = signatureHeaders({ id: view.id, signedAt: systemClock.now(), body }, keys);
  const headers = { 'content-type': 'application/json', ...signature, 'webhook-attempt': String(attempt) };
  try {
    const request = { url, method: 'POST', headers, body, ...(signal ? { signal } : {}) } as const;
    return outcomeOf(await outbound.send(request));
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.reason === 'aborted') return undefined;
    return { status: null, reason: error.reason, detail: error.message, answer: null };
  }
}

function outcomeOf({ status, body }: OutboundAnswer): Outcome {
  if (status >= 200 && status < 300) return { status, reason: null, detail: null, answer: null };
  return { status, ...refusalOf(status), answer: shownAnswer(body) };
}

function refusalOf(status: number): { reason: string; detail: string } {
  if (status === GONE)
    return { reason: 'gone', detail: 'It answered 410 Gone, which asks for no more deliveries.' };
  if (status >= 300 && status < 400)
    return { reason: 'redirect', detail: `It answered ${status}, and redirects are not followed.` };
  return { reason: 'http_error', detail: `It answered ${status}; only 200 to 299 count as received.` };
}

const UNREADABLE: Outcome = {
  status: null,
  reason: 'secret_unreadable',
  detail: 'The secret of the endpoint cannot be read any more, so nothing was sent: rotate it.',
  answer: null,
};

export const isGone = ({ reason }: Pick<LoggedAttempt, 'reason'>): boolean => reason === 'gone';
