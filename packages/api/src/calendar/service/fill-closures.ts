import type { Tx } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { applyClosureChanges, diffClosures, lockCalendars } from '../repository/occupied-nights.ts';

/** Each look fails only when a new stay took nights between the look and the write; so many in a row do not happen. */
const LOOKS = 10;

/**
 * Makes the taken nights of a listing what they should be: everything that its host's blocks and its feeds wish closed,
 * without the nights of stays. For whatever changes a wish or ends a stay.
 */
export const fillClosures = (tx: Tx, listingId: string, now: Date): Promise<void> =>
  fillClosuresOf(tx, [listingId], now);

/** The same for many listings at once. */
export async function fillClosuresOf(tx: Tx, listingIds: readonly string[], now: Date): Promise<void> {
  await lockCalendars(tx, listingIds);
  for (let look = 0; look < LOOKS; look++) {
    const changes = await diffClosures(tx, listingIds);
    if (await applyClosureChanges(tx, changes, () => newUuid(now))) return;
  }
  throw new Error('new stays keep coming in between');
}
