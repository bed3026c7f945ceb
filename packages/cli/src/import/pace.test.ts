import { describe, expect, it } from 'vitest';
import { createPace } from './pace.ts';

const never = new AbortController().signal;

function paceAt(most: number) {
  let time = 0;
  const pace = createPace(most, () => time);
  const pass = (ms: number) => {
    time += ms;
  };
  return { pace, pass };
}

/** How many get in without waiting. */
async function places(pace: ReturnType<typeof createPace>, tries: number): Promise<number> {
  let entered = 0;
  for (let i = 0; i < tries; i += 1) void pace.enter(never).then(() => (entered += 1));
  await new Promise((resolve) => setImmediate(resolve));
  return entered;
}

describe('the pace', () => {
  it('lets so many in, and the next when one leaves', async () => {
    const { pace } = paceAt(3);
    expect(await places(pace, 5)).toBe(3);
    let next = false;
    void pace.enter(never).then(() => (next = true));
    pace.leave();
    pace.leave();
    pace.leave();
    await new Promise((resolve) => setImmediate(resolve));
    expect(next).toBe(true);
  });

  it('halves when asked, once for all that were under way, and grows back slowly', () => {
    const { pace, pass } = paceAt(8);
    expect([pace.slower(1_000), pace.slower(500)]).toEqual([4, 4]);
    expect(pace.restMs()).toBe(1_000);
    pass(1_000);
    expect(pace.restMs()).toBe(0);
    expect(pace.slower(100)).toBe(2);
    pass(100);
    expect(pace.slower(100)).toBe(1);
    pass(100);
    expect(pace.slower(100)).toBe(1);
    for (let i = 0; i < 8; i += 1) pace.faster();
    pass(100);
    expect(pace.slower(0)).toBe(1);
  });

  it('grows by one place after a while without complaints, up to where it was', async () => {
    const { pace, pass } = paceAt(3);
    pace.slower(10);
    pass(10);
    for (let i = 0; i < 8; i += 1) pace.faster();
    for (let i = 0; i < 16; i += 1) pace.faster();
    for (let i = 0; i < 99; i += 1) pace.faster();
    expect(await places(pace, 9)).toBe(3);
  });

  it('lets go of those who wait when it is over', async () => {
    const { pace } = paceAt(1);
    await pace.enter(never);
    const stop = new AbortController();
    const waiting = pace.enter(stop.signal);
    stop.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(pace.enter(stop.signal)).rejects.toThrow('over');
    pace.leave();
    await pace.enter(never);
  });
});
