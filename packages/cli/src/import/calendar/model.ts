import type { Readable } from 'node:stream';
import type { Currency, Money } from '@sojourn/shared/money';
import type { RowProblem } from '../model.ts';

/** A listing of the host, as far as the rows of a calendar meet it. */
export interface KnownListing {
  id: string;
  externalId: string;
  basePrice: Money | null;
  weekendPrice: Money | null;
  minNights: number;
  maxNights: number;
  /** Shortest stays by weekday of arrival, such as `{ friday: 2 }`. */
  arrivalMinNights: Readonly<Record<string, number | undefined>> | null;
  timeZone: string | null;
}

/** What a row says of a night. Where it says nothing, the calendar stays as it is. Equal wishes are one object. */
export interface NightWish {
  blocked: boolean;
  price: Money | undefined;
  minNights: number | undefined;
  maxNights: number | undefined;
  /** The row has a price, and the listing none to go by: its currency is not known. */
  priceLeftOut: boolean;
}

/** Wishes for the nights of `[from, to)` as the API takes them: null gives a night back to the listing's own terms. */
export interface RangeWish {
  from: string;
  to: string;
  blocked: boolean;
  price?: Money | null;
  minNights?: number | null;
  maxNights?: number | null;
}

/** What became of the ranges of a listing. */
export interface PutOutcome {
  changed: boolean;
  /** Nights that are sold and were to be blocked: they stay sold. */
  taken: number;
}

/** Where calendars come from and go to. What the server has against one listing is thrown as `CalendarRefused`. */
export interface CalendarSink {
  listings(): AsyncIterable<KnownListing>;
  /** Today where the listing is, by the server's clock. */
  today(listing: KnownListing): Promise<string>;
  /** Ranges of the year for which the listing has terms of their own. */
  seasons(listing: KnownListing): Promise<readonly { from: string; to: string }[]>;
  put(listing: KnownListing, ranges: readonly RangeWish[]): Promise<PutOutcome>;
}

export class CalendarRefused extends Error {
  override readonly name = 'CalendarRefused';
}

export interface CalendarImportOptions {
  file: string;
  stdin: Readable;
  /** Of the prices in the file; otherwise they are taken to be in the currency of each listing. */
  currency: Currency | undefined;
  /** Calendars under way at once, at most. */
  concurrency: number;
  /** Read only so many rows. */
  limit: number | undefined;
  /** Nights that are held at most before the first of them are sent. Default: 100,000. */
  heldNights?: number | undefined;
  /** For what comes through a pipe. */
  stateDir: string;
  signal: AbortSignal;
}

export interface CalendarProgress {
  /** Read so far. */
  rows: number;
  /** Of these, all whose nights do not wait to be sent any more. */
  done: number;
  bytes: number;
  totalBytes: number;
  rejected: number;
}

export interface RejectedCalendarRow {
  line: number;
  externalId: string;
  problem: RowProblem;
}

export interface CalendarReport {
  file: string;
  status: 'finished' | 'interrupted' | 'stopped';
  /** Why it stopped early; null otherwise. */
  stopped: string | null;
  rows: number;
  listings: { changed: number; unchanged: number; failed: number; unknown: number };
  /** Nights of the file that were sent. */
  nights: { blocked: number; open: number };
  /** Rows that are right and were left out. */
  skipped: { past: number };
  /** Rows whose price was left out, because the listing has no base price. The rest of them was taken. */
  pricesLeftOut: number;
  /** Nights that the file has as blocked and that a guest has booked: they stay booked. */
  taken: number;
  rejected: number;
  /** The first thousand; `rejected` counts all. */
  rejections: RejectedCalendarRow[];
  /** Own ids that no listing has, the first thousand. */
  unknownListings: { externalId: string; line: number; rows: number }[];
  /** Listings whose calendar the server refused. */
  failures: { externalId: string; listingId: string; message: string }[];
  startedAt: string;
  finishedAt: string;
}
