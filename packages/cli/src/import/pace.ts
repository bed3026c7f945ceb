/** How many batches may be under way at once, as the server takes them. */
export interface Pace {
  /** Waits for a free place. Rejects when the signal is aborted. */
  enter(signal: AbortSignal): Promise<void>;
  leave(): void;
  /** A batch went through: after a while of that, one more at once. */
  faster(): void;
  /** The server asked for less: half as many, and none before `waitMs` have passed. Answers how many that are. */
  slower(waitMs: number): number;
  /** Milliseconds until the server wants to hear from us again. */
  restMs(): number;
}

/** Successes in a row, per place, before one more is tried. */
const PATIENCE = 8;

export function createPace(most: number, now: () => number = () => performance.now()): Pace {
  let places = most;
  let taken = 0;
  let successes = 0;
  let restUntil = 0;
  const waiting: (() => void)[] = [];
  const wake = () => {
    while (taken < places && waiting.length > 0) {
      taken += 1;
      waiting.shift()!();
    }
  };
  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (taken < places) {
        taken += 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const go = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = () => {
          waiting.splice(waiting.indexOf(go), 1);
          reject(signal.reason);
        };
        waiting.push(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    },
    leave() {
      taken -= 1;
      wake();
    },
    faster() {
      successes += 1;
      if (places >= most || successes < places * PATIENCE) return;
      successes = 0;
      places += 1;
      wake();
    },
    slower(waitMs) {
      // Batches that were under way together are told off together: that counts once.
      if (now() >= restUntil) places = Math.max(1, Math.floor(places / 2));
      restUntil = Math.max(restUntil, now() + waitMs);
      successes = 0;
      return places;
    },
    restMs: () => Math.max(0, restUntil - now()),
  };
}
