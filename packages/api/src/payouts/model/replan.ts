import type { Payout } from './payout.ts';
import type { Instalment } from './plan.ts';

/** What must be written so that the payouts that wait are those that are planned. */
export interface Replan {
  changed: (Instalment & { id: string })[];
  added: Instalment[];
  cancelled: string[];
}

/**
 * Payouts that wait keep their place in the order: the first becomes the first that is planned.
 *
 * @param waiting by when they are due
 */
export function replan(waiting: readonly Payout[], planned: readonly Instalment[]): Replan {
  return {
    changed: waiting.flatMap(({ id, amount, dueAt }, index) => {
      const wanted = planned[index];
      if (!wanted || (wanted.amount === amount && wanted.dueAt.getTime() === dueAt.getTime())) return [];
      return [{ id, ...wanted }];
    }),
    added: planned.slice(waiting.length),
    cancelled: waiting.slice(planned.length).map(({ id }) => id),
  };
}
