import type { DebtKind, Payout } from './payout.ts';

/** What keeps a payout from being sent. */
export const BLOCKS = ['payoutAccount', 'dispute'] as const;
export type Block = (typeof BLOCKS)[number];

/** The stay that a payout is for. */
export interface PaidStay {
  listingTitle: string;
  checkIn: string;
  checkOut: string;
}

/** A payout as its host sees it. */
export interface SeenPayout {
  payout: Payout;
  stay: PaidStay;
  blockedBy: Block | null;
}

/** What of a payout paid a debt. */
export interface SeenDeduction {
  kind: DebtKind;
  /** The booking for which it was owed. */
  bookingId: string;
  amount: number;
}

export interface SeenPayoutDetails extends SeenPayout {
  deductions: readonly SeenDeduction[];
}

/** What keeps a payout that waits from being sent when its time comes. */
export function blockOf(
  { status }: Pick<Payout, 'status'>,
  { accountEnabled, disputed }: { accountEnabled: boolean; disputed: boolean },
): Block | null {
  if (status !== 'scheduled' && status !== 'failed') return null;
  if (disputed) return 'dispute';
  return accountEnabled ? null : 'payoutAccount';
}
