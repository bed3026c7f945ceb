import type { ExportSection } from '../../identity/service/export-me.ts';
import { actorOf } from '../../platform/context.ts';
import { listPayoutsOf } from '../repository/payouts.ts';
import { ExportedPayouts, toPayoutView } from '../schema/payout.ts';

/** What this feature adds to the export of a person's data. */
export const PAYOUT_SECTIONS: readonly ExportSection[] = [
  {
    name: 'payouts',
    schema: ExportedPayouts,
    read: async (ctx) => (await listPayoutsOf(ctx.db, actorOf(ctx).userId)).map(toPayoutView),
  },
];
