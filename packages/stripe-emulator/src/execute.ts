import { keepDeadlines } from './deadlines.ts';
import type { Kinds } from './kinds.ts';
import { newEvent } from './objects/event.ts';
import { render } from './render.ts';
import { matches } from './routes/events.ts';
import type { Draft, Store } from './store.ts';
import type { Work } from './work.ts';

/** The version of the API whose shapes these are: that of the client 23.1.0. */
export const API_VERSION = '2026-10-28.endive';
/** The endpoint that the emulator was started with, among those that were made by requests. */
export const MAIN = 'main';

export interface Emulation {
  store: Store<Kinds>;
  clock: { now(): Date };
  baseUrl: string;
  pendingDays: number;
  /** Whether anybody is told at all, apart from endpoints made by requests. */
  hasListener: boolean;
}

interface Asking {
  requestId: string | null;
  idempotencyKey: string | null;
  apiVersion: string;
}

const NOBODY: Asking = { requestId: null, idempotencyKey: null, apiVersion: API_VERSION };

/** Opens the state for one request. What it emits is part of its draft: there with the rest, or not at all. */
export function begin(emulation: Emulation, asking: Asking = NOBODY): Work {
  const draft = emulation.store.draft();
  const now = Math.floor(emulation.clock.now().getTime() / 1000);
  return {
    ...draft,
    now,
    baseUrl: emulation.baseUrl,
    pendingDays: emulation.pendingDays,
    emit(type, object, previous) {
      const shown = structuredClone(render(draft, object));
      const event = newEvent(now, asking.apiVersion, type, shown, previous);
      event.request = { id: asking.requestId, idempotency_key: asking.idempotencyKey };
      const listeners = listenersOf(draft, emulation.hasListener, type);
      event.pending_webhooks = listeners.length;
      draft.put('event', event);
      for (const endpoint of listeners) {
        draft.put('delivery', {
          id: `${event.id} ${endpoint}`,
          event: event.id,
          endpoint,
          since: Date.now(),
        });
      }
    },
  };
}

function listenersOf(draft: Draft<Kinds>, main: boolean, type: string): string[] {
  const endpoints = draft
    .all('webhook_endpoint')
    .filter(({ enabled_events }) => matches(enabled_events, type));
  return [...(main ? [MAIN] : []), ...endpoints.map(({ id }) => id)];
}

/** Lets happen what the clock has reached since the last request. */
export function catchUp(emulation: Emulation): void {
  if (!isAnythingDue(emulation)) return;
  const work = begin(emulation);
  keepDeadlines(work);
  work.commit();
}

/** Without copying anything: this is asked with every request, and much may be waiting for its time. */
function isAnythingDue({ store, clock }: Emulation): boolean {
  const now = Math.floor(clock.now().getTime() / 1000);
  for (const { at } of store.committed('deadline').values()) if (at <= now) return true;
  return false;
}
