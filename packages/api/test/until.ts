import { setTimeout as wait } from 'node:timers/promises';

/** Waits until something is so, and fails when it is not after a while: for what happens in the background. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 15_000) {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline)
      throw new Error(`After ${withinMs} ms it was still not so that ${what}.`);
    await wait(20);
  }
}
