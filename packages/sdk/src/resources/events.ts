import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller, Query } from '../contract.ts';
import type { SojournEvent } from '../names.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';
import { AbortError, ApiError, ConnectionError, retryAfterOf } from '../problem.ts';
import { retryDelay } from '../retry.ts';

/** One page of events. */
export type EventPage = Omit<Answer<'listEvents'>, 'data'> & { data: SojournEvent[] };

export interface TailOptions {
  /** Begin after the event with this sequence, with the `oldest` that is kept, or (the default) after the `latest`. */
  after?: number | 'oldest' | 'latest' | undefined;
  /** Only these: `listing.published`, or `listing.*` for all that begin so. */
  types?: string | readonly string[] | undefined;
  /** The events of everybody: for admins. */
  all?: boolean | undefined;
  /** Ends the tail with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Told each time that the server cannot be read from; it is tried again after so many milliseconds. */
  onInterruption?: ((error: Error, retryIn: number) => void) | undefined;
}

/** Seconds that a request waits for news: less than proxies give a silent connection. */
const WAIT_SECONDS = 25;
/** Milliseconds for an answer beyond that. */
const GRACE = 15_000;
const PAGE = 100;
/** An empty answer that came sooner, in milliseconds, comes from a server that does not wait. */
const SOON = 1_000;
/** No wait after a failure is longer, whatever the server asks for. Milliseconds. */
const LONGEST_WAIT = 60_000;

/** What happened, in the one order of all events. Needs the scope `events:read`. */
export class Events {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * What happened so far, oldest first, for 90 days. Each page tells `lastSequence`: give it as `after` to go on later.
   *
   * ```ts
   * for await (const event of sojourn.events.list({ types: 'listing.*' })) console.log(event.sequence, event.type);
   * ```
   */
  list(query: Query<'listEvents'> = {}, options?: RequestOptions): List<SojournEvent, EventPage> {
    return new List(
      (cursor) =>
        this.#caller.request(
          'GET',
          '/v1/events',
          { query: { ...query, cursor } },
          options,
        ) as ApiPromise<EventPage>,
      query.cursor,
    );
  }

  get(eventId: string, options?: RequestOptions): ApiPromise<SojournEvent> {
    const event = this.#caller.request('GET', '/v1/events/{eventId}', { path: { eventId } }, options);
    return event as ApiPromise<SojournEvent>;
  }

  /** Every type of event that the server tells of, with the JSON Schema of its data. Needs no credentials. */
  listTypes(options?: RequestOptions): ApiPromise<Answer<'listEventTypes'>> {
    return this.#caller.request('GET', '/v1/event-types', {}, options);
  }

  /**
   * Each event as it happens, until you stop. Lost connections and restarts of the server are overcome: no event is
   * missed or given twice. To go on after your own restart, keep the `sequence` of the last event that you are done with,
   * and give it as `after`.
   *
   * ```ts
   * for await (const event of sojourn.events.tail({ after: lastSequence, types: 'listing.*' })) {
   *   if (event.type === 'listing.published') console.log(event.data.title);
   * }
   * ```
   *
   * It fails with an `ApiError` of code `events_expired` when what comes after `after` is no longer kept.
   */
  async *tail({
    after = 'latest',
    types,
    all,
    signal,
    onInterruption,
  }: TailOptions = {}): AsyncGenerator<SojournEvent, void, undefined> {
    let position = after === 'oldest' ? undefined : after;
    for (let failures = 0; ; ) {
      // Where the end is must be known before anything is waited for: what happens during a lost wait would be missed.
      const wait = position === 'latest' ? 0 : WAIT_SECONDS;
      const startedAt = performance.now();
      let page: EventPage;
      try {
        const query = { after: position, types: listed(types), all, limit: PAGE, wait };
        page = await this.list(query, { signal, timeout: wait * 1_000 + GRACE, maxRetries: 0 }).page();
      } catch (error) {
        if (!mayPass(error)) throw error;
        failures += 1;
        const retryIn = waitAfter(error, failures);
        onInterruption?.(error, retryIn);
        await rest(retryIn, signal);
        continue;
      }
      failures = 0;
      yield* page.data;
      position = page.lastSequence;
      const idle = page.data.length === 0 && page.nextCursor === null && wait > 0;
      if (idle && performance.now() - startedAt < SOON) await rest(SOON * (0.5 + Math.random() / 2), signal);
    }
  }
}

const listed = (types: TailOptions['types']): string | undefined =>
  typeof types === 'object' ? types.join(',') : types;

/** Whether the same request may be answered later. */
const mayPass = (error: unknown): error is ApiError | ConnectionError =>
  error instanceof ConnectionError ||
  (error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 408));

function waitAfter(error: ApiError | ConnectionError, failures: number): number {
  const asked = error instanceof ApiError ? retryAfterOf(error.headers) : undefined;
  return retryDelay(failures, asked, Math.random()) ?? LONGEST_WAIT;
}

async function rest(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal ? { signal } : {});
  } catch {
    throw new AbortError('The call was aborted.', { cause: signal?.reason });
  }
}
