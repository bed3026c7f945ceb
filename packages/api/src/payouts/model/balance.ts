import type { Currency } from '@sojourn/shared/money';
import type { EntryKind } from '../../ledger/model/entry.ts';

/**
 * How a host's money of one currency stands, in minor units: `upcoming + onHold + inTransit - owed` is what the ledger
 * says is the host's.
 */
export interface Balance {
  currency: Currency;
  /** Scheduled for later. */
  upcoming: number;
  /** Due, but it cannot go: there is no account to take it, the last attempt failed, or the booking is disputed. */
  onHold: number;
  /** Sent off, and not answered yet. */
  inTransit: number;
  /** What the host got, less what was taken back. */
  paid: number;
  /** What the host owes, or what is being taken back. */
  owed: number;
}

/** One line of a host's statement: what changed what the marketplace owes the host. */
export interface StatementLine {
  /** Its place in the order of all that was written. */
  place: number;
  occurredAt: Date;
  kind: EntryKind;
  bookingId: string | null;
  listingTitle: string | null;
  currency: Currency;
  /** In minor units; below nothing when it makes what is owed to the host less, as when it is sent. */
  amount: number;
  /** What is owed to the host after it. */
  balance: number;
}
