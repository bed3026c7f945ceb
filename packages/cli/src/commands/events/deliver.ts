import type { SojournEvent } from '@sojourn/sdk';
import { signWebhook } from '@sojourn/sdk/webhooks';

/** What became of one attempt to hand an event over. */
export interface Attempt {
  attempt: number;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  milliseconds: number;
  /** Why it does not count as received; null when it does. */
  error: string | null;
}

/** How long the program may take to answer, in milliseconds: as long as somebody may look at a breakpoint. */
const TIMEOUT = 60_000;

/** POSTs an event once, as the server would: signed, redirects not followed, any 2xx is good. */
export async function deliver(
  event: SojournEvent,
  { url, secret, attempt, signal }: { url: string; secret: string; attempt: number; signal: AbortSignal },
): Promise<Attempt> {
  const body = JSON.stringify(event);
  const started = performance.now();
  const told = (status: number | null, error: string | null): Attempt => ({
    attempt,
    status,
    milliseconds: Math.round(performance.now() - started),
    error,
  });
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'sojourn-cli',
        ...signWebhook({ id: event.id, body, secret }),
        'webhook-attempt': String(attempt),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    await answer.body?.cancel();
    return told(answer.status, answer.ok ? null : refusal(answer.status));
  } catch (error) {
    signal.throwIfAborted();
    return told(null, reasonOf(error as Error));
  }
}

const refusal = (status: number) =>
  status >= 300 && status < 400 ? 'redirects are not followed' : 'only 200 to 299 count as received';

function reasonOf({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT / 1_000} seconds`;
  const { code, message: why } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? why ?? message;
}
