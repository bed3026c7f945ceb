import type { Nights } from '../../calendar/model/nights.ts';

/** Something that a feed says and that could not be taken as it stands. */
export interface FeedWarning {
  code: string;
  detail: string;
  /** The event it is about, as the feed names it; null when it is about the whole. */
  uid: string | null;
}

/** Why a feed could not be fetched or read. */
export interface FeedFailure {
  code: string;
  detail: string;
}

/** The calendar of another channel. Its URL is a secret of the host's: only the host of it is told. */
export interface Feed {
  id: string;
  listingId: string;
  name: string;
  urlHost: string;
  paused: boolean;
  lastFetchedAt: Date | null;
  lastSucceededAt: Date | null;
  /** When what it says last changed. */
  lastChangedAt: Date | null;
  lastError: FeedFailure | null;
  /** Fetches in a row that failed. */
  failures: number;
  /** Since when the feed says that almost nothing is taken any more, which is not believed yet. */
  emptiedAt: Date | null;
  /** Whether the host said that it is true. */
  emptyAccepted: boolean;
  warnings: FeedWarning[];
  nextFetchAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

/** A feed with what is in it, from today on. */
export interface CountedFeed extends Feed {
  events: number;
  nights: number;
  conflicts: number;
}

/** Nights that a feed says are taken. */
export interface FeedEvent {
  /** Names the event within its feed. */
  key: string;
  nights: Nights;
  summary: string | null;
}

/** Nights of a feed where one of our stays is. */
export interface Conflict {
  bookingId: string;
  stay: Nights;
  nights: Nights;
  summary: string | null;
  foundAt: Date;
}

export const FEED_STATUSES = ['active', 'paused', 'failing', 'suspicious'] as const;
export type FeedStatus = (typeof FEED_STATUSES)[number];

/** A single failure is nothing yet, unless the feed has never worked. */
const FAILING_AFTER = 3;

export const isFailing = ({
  failures,
  lastSucceededAt,
}: Pick<Feed, 'failures' | 'lastSucceededAt'>): boolean =>
  failures >= (lastSucceededAt === null ? 1 : FAILING_AFTER);

export function statusOf(feed: Feed): FeedStatus {
  if (feed.paused) return 'paused';
  if (feed.emptiedAt) return 'suspicious';
  return isFailing(feed) ? 'failing' : 'active';
}

const MINUTE_MS = 60_000;
const FETCH_EVERY_MS = 30 * MINUTE_MS;
const FIRST_RETRY_MS = 5 * MINUTE_MS;
const LAST_RETRY_MS = 6 * 60 * MINUTE_MS;
/** By so much at most the next fetch is put off by chance, so that feeds of one channel do not all come at once. */
const JITTER = 0.1;

/** @param chance from 0 to 1 */
export function nextFetchAfter(failures: number, now: Date, chance: number): Date {
  const wait =
    failures === 0 ? FETCH_EVERY_MS : Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS);
  return new Date(now.getTime() + wait * (1 + JITTER * chance));
}
