/** The only source of "now": a test or the sandbox may stand it still or move it. */
export interface Clock {
  now(): Date;
}

/** The machine's. For what is between machines rather than of the marketplace: signatures, rate limits, repeats of requests. */
export const systemClock: Clock = { now: () => new Date() };

/** The clock of a sandbox, which goes so far ahead of the system's. */
export class MovableClock implements Clock {
  /** In milliseconds. */
  aheadMs = 0;

  now(): Date {
    return new Date(systemClock.now().getTime() + this.aheadMs);
  }
}

export const movableClock = (): MovableClock => new MovableClock();
