import type { ServerResponse } from 'node:http';

/** What the requests of one server share. */
export interface Floor {
  /** Requests that are at work. */
  running: number;
  closing: boolean;
  /** How to end each wait. */
  paused: Set<() => void>;
}

const FLOOR = Symbol('floor');
const PAUSED = Symbol('paused');
type Served = ServerResponse & { [FLOOR]?: Floor; [PAUSED]?: boolean };

export const openFloor = (): Floor => ({ running: 0, closing: false, paused: new Set() });

/** Counts a request among those that run, until it is over. */
export function enterFloor(floor: Floor, res: Served): void {
  floor.running += 1;
  res[FLOOR] = floor;
  res.once('close', () => {
    if (!res[PAUSED]) floor.running -= 1;
  });
}

/** No more waits: whoever waits goes on at once with what there is. */
export function closeFloor(floor: Floor): void {
  floor.closing = true;
  for (const goOn of floor.paused) goOn();
}

/** Lets a request wait for news. The signal ends the wait: the caller is gone, or the server is to stop. */
export type Pause = <T>(wait: (over: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Waits on behalf of a request. A request that waits holds its connection and nothing else, so that meanwhile it does not
 * count among those that run.
 */
export async function pause<T>(res: Served, wait: (over: AbortSignal) => Promise<T>): Promise<T> {
  const floor = res[FLOOR];
  const over = new AbortController();
  const goOn = () => over.abort();
  if (res.closed || !floor) return wait(res.closed ? AbortSignal.abort() : over.signal);
  if (floor.closing) goOn();
  res.once('close', goOn);
  floor.paused.add(goOn);
  floor.running -= 1;
  res[PAUSED] = true;
  try {
    return await wait(over.signal);
  } finally {
    res.off('close', goOn);
    floor.paused.delete(goOn);
    res[PAUSED] = false;
    if (!res.closed) floor.running += 1;
    // It came when nobody thought of stopping: its connection must not be used again.
    if (floor.closing && !res.headersSent) res.setHeader('Connection', 'close');
  }
}
