/** The only source of "now": a test or the sandbox may stand it still or move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** The clock of a sandbox, which goes so far ahead of the system's. */
export interface MovableClock extends Clock {
  /** In milliseconds. */
  aheadMs: number;
}

export const movableClock = (): MovableClock => ({
  aheadMs: 0,
  now() {
    return new Date(systemClock.now().getTime() + this.aheadMs);
  },
});
