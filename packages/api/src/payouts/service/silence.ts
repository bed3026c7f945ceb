import type { Context } from '../../platform/context.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** After so long without a word from Stripe the sweep asks. */
const SILENT_MS = 5 * MINUTE_MS;
const ACCOUNT_SILENT_MS = HOUR_MS;

const before = ({ clock }: Context, milliseconds: number) => new Date(clock.now().getTime() - milliseconds);

export const silentSince = (ctx: Context): Date => before(ctx, SILENT_MS);
export const accountSilentSince = (ctx: Context): Date => before(ctx, ACCOUNT_SILENT_MS);
