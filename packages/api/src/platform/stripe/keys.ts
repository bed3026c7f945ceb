import type { Context } from '../context.ts';

/** Stripe keeps the keys of calls for a day. Well before that nobody relies on them any more. */
const RELIED_ON_MS = 12 * 3_600_000;

/** Whether something was asked of Stripe so long ago that the key of the call may be forgotten: then it is looked for first. */
export const isKeyOld = ({ clock }: Pick<Context, 'clock'>, askedAt: Date): boolean =>
  clock.now().getTime() - askedAt.getTime() > RELIED_ON_MS;
