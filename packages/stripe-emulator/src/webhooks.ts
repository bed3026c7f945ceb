import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from './execute.ts';
import type { Kinds } from './kinds.ts';
import { render } from './render.ts';
import { signatureOf } from './signature.ts';
import type { Store } from './store.ts';

/** How the deliveries misbehave, for tests. */
export interface WebhookFaults {
  delayMs: number;
  /** How many times each event is sent again although it was acknowledged. */
  duplicates: number;
  shuffle: boolean;
  paused: boolean;
}

export interface Webhooks {
  faults: WebhookFaults;
  sendTo(url: string, secret: string): void;
  /** Looks for what is to be sent. */
  wake(): void;
  /** Sends all that waits, paused or not, and answers how much was delivered and how much still waits. */
  flush(): Promise<{ delivered: number; pending: number }>;
  stop(): Promise<void>;
}

const AT_ONCE = 8;
const BACKOFF_MS = [200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const ANSWER_MS = 10_000;
const FLUSH_MS = 30_000;
const FLUSH_RETRY_MS = 200;
/** After this an event that nobody took is given up, as at Stripe. */
const GIVE_UP_MS = 3 * 86_400_000;

type Delivery = Kinds['delivery'];

export function startWebhooks(store: Store<Kinds>): Webhooks {
  const faults: WebhookFaults = { delayMs: 0, duplicates: 0, shuffle: false, paused: false };
  const tries = new Map<string, { count: number; next: number }>();
  const flying = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let main: { url: string; secret: string } | undefined;
  let pending: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  let flushing = 0;
  let delivered = 0;

  const endpointOf = ({ endpoint }: Delivery) =>
    endpoint === MAIN ? main : store.committed('webhook_endpoint').get(endpoint);

  function wake(): void {
    if (!stopped.signal.aborted) pending ??= setImmediate(pump);
  }

  /** Oldest first; looked at one by one, because many may wait. */
  function waiting(): Iterable<Delivery> {
    const all = store.committed('delivery').values();
    return faults.shuffle ? [...all].toSorted(() => Math.random() - 0.5) : all;
  }

  function pump(): void {
    pending = undefined;
    clearTimeout(timer);
    if (stopped.signal.aborted || (faults.paused && flushing === 0)) return;
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const delivery of waiting()) {
      if (flying.size >= AT_ONCE) return;
      if (flying.has(delivery.id) || !endpointOf(delivery)) continue;
      const at = flushing > 0 ? now : (tries.get(delivery.id)?.next ?? 0);
      if (at <= now) launch(delivery);
      else next = Math.min(next, at);
    }
    if (next < Number.POSITIVE_INFINITY) timer = setTimeout(wake, next - now).unref();
  }

  function launch(delivery: Delivery): void {
    const landing = deliver(delivery).finally(() => {
      flying.delete(delivery.id);
      wake();
    });
    flying.set(delivery.id, landing);
  }

  async function deliver(delivery: Delivery): Promise<void> {
    try {
      if (faults.delayMs > 0) await sleep(faults.delayMs, undefined, { signal: stopped.signal });
      for (let copy = 0; copy <= faults.duplicates; copy += 1) await send(delivery);
      settle(delivery);
      delivered += 1;
    } catch {
      if (Date.now() - delivery.since > GIVE_UP_MS) settle(delivery);
      else await tryLater(delivery);
    }
  }

  async function send(delivery: Delivery): Promise<void> {
    const endpoint = endpointOf(delivery);
    const draft = store.draft();
    const event = draft.get('event', delivery.event);
    if (!endpoint || !event) return;
    const payload = JSON.stringify(render(draft, event), undefined, 2);
    const response = await fetch(endpoint.url, {
      method: 'POST',
      body: payload,
      redirect: 'manual',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureOf(payload, endpoint.secret),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`Answered ${response.status}`);
  }

  function settle(delivery: Delivery): void {
    const draft = store.draft();
    draft.remove('delivery', delivery.id);
    if (draft.get('event', delivery.event)) draft.edit('event', delivery.event).pending_webhooks -= 1;
    draft.commit();
    tries.delete(delivery.id);
  }

  async function tryLater({ id }: Delivery): Promise<void> {
    const count = (tries.get(id)?.count ?? 0) + 1;
    const pause = BACKOFF_MS[Math.min(count, BACKOFF_MS.length) - 1]!;
    tries.set(id, { count, next: Date.now() + pause });
    if (flushing > 0)
      await sleep(FLUSH_RETRY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  function isAnyDeliverable(): boolean {
    for (const delivery of store.committed('delivery').values()) if (endpointOf(delivery)) return true;
    return false;
  }

  async function flush() {
    const [before, until] = [delivered, Date.now() + FLUSH_MS];
    flushing += 1;
    try {
      while (isAnyDeliverable() && Date.now() < until && !stopped.signal.aborted) {
        pump();
        await Promise.race([...flying.values(), sleep(FLUSH_RETRY_MS)]);
      }
    } finally {
      flushing -= 1;
    }
    return { delivered: delivered - before, pending: store.committed('delivery').size };
  }

  return {
    faults,
    wake,
    flush,
    sendTo(url, secret) {
      main = { url, secret };
      wake();
    },
    async stop() {
      stopped.abort();
      clearTimeout(timer);
      clearImmediate(pending);
      await Promise.all(flying.values());
    },
  };
}
