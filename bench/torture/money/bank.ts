import { faultsOfMoney } from '../../../packages/api/test/money/checker.ts';
import type { StripeProcess } from '../../lab.ts';
import { type Ask, wait } from '../stays/world.ts';

export type Control = (path: string, body?: Record<string, string | string[]>) => Promise<unknown>;

/** Turns something at the emulator that no client of Stripe can. */
export const controlling =
  ({ url, secretKey }: StripeProcess): Control =>
  async (path, body = {}) => {
    const answer = await fetch(`${url}/_emulator/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secretKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };

/** All that there is of something at Stripe, the newest first. */
export async function listAtStripe<T extends { id: string }>(
  { url, secretKey }: StripeProcess,
  path: string,
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const after = all.length > 0 ? `&starting_after=${all.at(-1)!.id}` : '';
    const answer = await fetch(`${url}/v1/${path}?limit=100${after}`, {
      headers: { Authorization: `Bearer ${secretKey}` },
    });
    const page = (await answer.json()) as { data: T[]; has_more: boolean };
    all.push(...page.data);
    if (!page.has_more) return all;
  }
}

export interface Bank {
  admin: Ask;
  databaseUrl: string;
  stripe: StripeProcess;
}

/** Waits until nothing is wrong any more, and tells what is wrong if it stays so. */
export async function faultsAtRest(
  { admin, databaseUrl, stripe }: Bank,
  withinMs: number,
): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    // The sweeps ask about what stayed silent for a while, some of it only after an hour.
    await admin('POST', '/v1/admin/clock', { advance: '65m', wait: true });
    // What was left undone while processes died is done first: more would only come on top of it.
    while (performance.now() < deadline && !(await admin('GET', '/v1/admin/clock')).body.settled)
      await wait(500);
    const faults = await faultsOfMoney({ databaseUrl, stripeUrl: stripe.url, secretKey: stripe.secretKey });
    if (faults.length === 0 || performance.now() > deadline) return faults;
  }
}
