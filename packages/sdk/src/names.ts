import type { Answer, Body, Item, Query } from './contract.ts';
import type { webhooks } from './generated/openapi.ts';

// Short names for what the operations take and give.

/** A listing as its host sees it. */
export type Listing = Answer<'createListing'>;
/** A listing as its host writes it. */
export type ListingInput = Body<'createListing'>;
/** The fields of a listing to change. */
export type ListingPatch = Body<'updateListing'>;
/** Listings to create or update by `externalId`. */
export type ListingBatch = Body<'upsertListings'>;
/** What became of one row of a batch. */
export type UpsertResult = Answer<'upsertListings'>['results'][number];
/** What to search for. */
export type SearchQuery = Query<'searchListings'>;
/** A stay that was found. */
export type SearchResult = Item<'searchListings'>;
/** What holds for a date of a calendar, and for the night that begins on it. */
export type CalendarDay = Answer<'getCalendar'>['days'][number];
/** Ranges of dates to change. */
export type CalendarChanges = Body<'updateCalendar'>;
/** A part of the year with terms of its own. */
export type Season = Answer<'getSeasons'>['seasons'][number];
/** A calendar of another channel that is taken in. */
export type CalendarFeed = Answer<'getCalendarFeed'>;
/** The binding price of a stay. */
export type Quote = Answer<'createQuote'>;
/** A stay, as its guest or its host sees it. */
export type Booking = Answer<'getBooking'>;
/** Other dates or guests that one side of a booking asked for. */
export type Alteration = Answer<'createAlteration'>;
/** What is paid for a stay, and what is given back. */
export type PaymentDetails = Answer<'getBookingPayment'>;
/** What a host gets of a stay, or of a month of a long one. */
export type Payout = Item<'listPayouts'>;
/** The same with what was deducted from it. */
export type PayoutDetails = Answer<'getPayout'>;
/** Where a host's money goes. */
export type PayoutAccount = Answer<'getPayoutAccount'>;
/** How a host's money of one currency stands. */
export type Balance = Item<'getBalance'>;
/** One line of a host's statement. */
export type BalanceEntry = Item<'listBalanceEntries'>;
/** One run of maintenance: how far it is, and what came of it. */
export type MaintenanceRun = Answer<'getMaintenanceRun'>;
/** The user whose credentials these are. */
export type User = Answer<'getMe'>;
/** A user as everybody sees them. */
export type PublicUser = Answer<'getUser'>;
/** The tokens of a new session, and whose it is. */
export type SignedIn = Answer<'login'>;
/** Something that happened and concerns the user. */
export type Notification = Item<'listNotifications'>;
/** How the user is told of one kind of thing. */
export type NotificationPreference = Answer<'getNotificationPreferences'>['data'][number];

/** Something that happened: `type` says what, and with it what `data` holds. A newer server may tell of further types. */
export type SojournEvent = webhooks[keyof webhooks]['post']['requestBody']['content']['application/json'];
