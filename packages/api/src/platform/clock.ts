/** The only source of "now": a test or the sandbox may stand it still or move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
