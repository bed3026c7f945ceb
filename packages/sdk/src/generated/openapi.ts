// Generated from packages/api/openapi.json by packages/sdk/codegen/generate.mjs. Do not edit.
export interface paths {
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an account
         * @description Opens an account and signs in. The answer is the same whether or not the address has an account already: an address belongs to an account only once it is verified.
         *
         *     Open to everybody.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Answers with an access token for 15 minutes and a refresh token for 30 days. After ten wrong passwords in a row for an address, further attempts are refused for a time that grows up to 15 minutes.
         *
         *     Open to everybody.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew the tokens
         * @description Each refresh token works once and is answered with the next. Showing one again ends its session, but for a repeat within ten seconds (a lost answer) while the next has not been used.
         *
         *     Open to everybody.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the access token that asks. With an API key it does nothing.
         *
         *     Needs credentials of any scope.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify an email address
         * @description With the token of the mail that registering sends. It works once, for three days. An address belongs to the first account that verifies it.
         *
         *     Open to everybody.
         */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/send-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get another verification mail
         * @description Sends the mail again by which you verify your address; at most five go to an address within an hour. None is sent to an address that another account has verified.
         *
         *     Needs the scope `profile:write`.
         */
        post: operations["sendVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new password
         * @description Mails a link to the account that has verified this address, if there is one: the answer is the same either way. At most three mails go to an address within an hour.
         *
         *     Open to everybody.
         */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password
         * @description With the token of the mail, which works once, for an hour. Ends all sessions of the account; API keys stay. A password that is refused as too weak does not use the token up.
         *
         *     Open to everybody.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your sessions
         * @description Where you are signed in, newest first.
         *
         *     Needs the scope `profile:read`.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Its tokens stop working within a second.
         *
         *     Needs the scope `profile:write`.
         */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your API keys
         * @description Those that were not revoked, newest first. The keys themselves are never shown again.
         *
         *     Needs the scope `keys:write`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description The key acts for you, within its scopes, until it expires or is revoked. `key` is shown this once.
         *
         *     Needs the scope `keys:write`.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It stops working within a second, for good. A key may always revoke itself; any other needs the scope `keys:write`.
         *
         *     Needs credentials of any scope.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your account
         * @description Read your account.
         *
         *     Needs the scope `profile:read`.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /**
         * Close your account
         * @description For good: your personal data is removed, sessions and API keys end, and the address may be used again. Bookings must be over or cancelled first.
         *
         *     Needs the scope `profile:write`.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        /**
         * Change your account
         * @description What is left out stays. A new password needs the current one, and ends all your other sessions; API keys stay.
         *
         *     Needs the scope `profile:write`.
         */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a public profile
         * @description Read a public profile.
         *
         *     Open to everybody.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the signing keys
         * @description The public keys that verify access tokens.
         *
         *     Open to everybody.
         */
        get: operations["getSigningKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export your data
         * @description Everything that is held about you, in one document.
         *
         *     Needs the scope `profile:read`.
         */
        get: operations["exportMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your listings
         * @description Newest first, in any state.
         *
         *     Needs the scope `listings:read`.
         */
        get: operations["listListings"];
        put?: never;
        /**
         * Create a listing
         * @description A new draft of yours. Whoever has a listing is a host; nothing else is needed to become one.
         *
         *     Needs the scope `listings:write`.
         */
        post: operations["createListing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export your listings
         * @description All of them, in any state, oldest first, one JSON object a line (NDJSON). Each line is a `ListingInput` with `id` and `status` beside it, so that sending the lines back in a batch changes nothing. Each listing is whole; what changes meanwhile may be in the export or not. A connection that is cut before its end means that the export is not complete.
         *
         *     Needs the scope `listings:read`.
         */
        get: operations["exportListings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create or update many listings
         * @description Up to 1,000 listings by their `externalId`: new ones are created as drafts, those that differ are updated, and those that do not differ are not touched. Each row is checked and answered by itself: a row that is wrong fails alone.
         *
         *     A listing keeps its state: what is paused, archived or suspended is updated and stays so. With `publish`, drafts that lack nothing are published. A row that would take from a published listing what it must have fails, and nothing of it is written. Photos are replaced as a whole.
         *
         *     The `id` and `status` that the lines of an export have are let through and mean nothing here.
         *
         *     Needs the scope `listings:write`.
         */
        post: operations["upsertListings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a listing
         * @description Its host and staff see all of it, in any state. Everybody else sees published and paused listings, without `externalId`, with the point rounded to about 100 m and the address without street and postal code.
         *
         *     Open to everybody.
         */
        get: operations["getListing"];
        put?: never;
        post?: never;
        /**
         * Delete a listing
         * @description For good, with its photos. Only drafts and archived listings can be deleted.
         *
         *     Needs the scope `listings:write`.
         */
        delete: operations["deleteListing"];
        options?: never;
        head?: never;
        /**
         * Change a listing
         * @description Changes the fields that are sent and leaves the others. An object or a list is replaced as a whole: send all of `location`, `houseRules` or `photos`. A published listing must keep what it needs to be published.
         *
         *     Needs the scope `listings:write`.
         */
        patch: operations["updateListing"];
        trace?: never;
    };
    "/v1/listings/{listingId}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a listing
         * @description A draft or a paused listing is found by guests from now on. It needs a description, a location, a time zone, a capacity, a base price and a cancellation policy, and, where the marketplace asks for them, photos: `errors` names all that is missing.
         *
         *     Needs the scope `listings:write`.
         */
        post: operations["publishListing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a listing
         * @description A published listing is no longer found by searching. Links to it go on working.
         *
         *     Needs the scope `listings:write`.
         */
        post: operations["pauseListing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a listing
         * @description From any state, for good: guests no longer see it, and it cannot be published again.
         *
         *     Needs the scope `listings:write`.
         */
        post: operations["archiveListing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/photos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the photos of a listing
         * @description All of them in their order, for whoever may see the listing.
         *
         *     Open to everybody.
         */
        get: operations["listPhotos"];
        put?: never;
        /**
         * Add a photo to a listing
         * @description After the others. To order them anew, send all `photos` to `PATCH /v1/listings/{listingId}`: those that stay keep their ids.
         *
         *     Needs the scope `listings:write`.
         */
        post: operations["addPhoto"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/photos/{photoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a photo from a listing
         * @description Remove a photo from a listing.
         *
         *     Needs the scope `listings:write`.
         */
        delete: operations["removePhoto"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stripe/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hear what Stripe tells
         * @description For Stripe itself: the URL of a webhook endpoint in its dashboard. Each event is kept once, however often it comes, and applied a moment later. Only what Stripe signed within the last five minutes is believed, and nothing but the id of what changed: how it stands is read anew.
         *
         *     Open to everybody.
         */
        post: operations["receiveStripeEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the calendar of a listing
         * @description Every date with its price, its rules and whether its night can be booked: up to two years in one answer. Whoever may see the listing may read it; its host, and staff, are also told what takes a night.
         *
         *     Open to everybody.
         */
        get: operations["getCalendar"];
        /**
         * Change the calendar of a listing
         * @description Sets prices, rules, blocks and notes of ranges of dates; all other dates stay as they are. `If-Match` takes the `ETag` of the calendar: what the host changed meanwhile makes it stale, a booking does not.
         *
         *     Needs the scope `calendar:write`.
         */
        put: operations["updateCalendar"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the calendars of many listings
         * @description The same ranges for all listings of yours that are selected. A listing to which they cannot be applied, such as one with another currency, is left as it is and says why; the others go on.
         *
         *     Needs the scope `calendar:write`.
         */
        put: operations["updateCalendars"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/seasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the seasons of a listing
         * @description In the order of their dates.
         *
         *     Needs the scope `calendar:read`.
         */
        get: operations["getSeasons"];
        /**
         * Set the seasons of a listing
         * @description All of them at once. What the calendar says of a date itself goes before its season.
         *
         *     Needs the scope `calendar:write`.
         */
        put: operations["replaceSeasons"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the blocks of a listing
         * @description The nights that its host does not sell, in their order.
         *
         *     Needs the scope `calendar:read`.
         */
        get: operations["listBlocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar-feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the feeds of a listing
         * @description All of them, oldest first, with how old what they say is and whether they work.
         *
         *     Needs the scope `calendar:read`.
         */
        get: operations["listCalendarFeeds"];
        put?: never;
        /**
         * Take in the calendar of another channel
         * @description It is fetched at once, and then every half hour. What is taken there is not sold here; a stay that is booked here is never overwritten, see `conflicts`.
         *
         *     Needs the scope `calendar:write`.
         */
        post: operations["createCalendarFeed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar-feeds/{feedId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a feed
         * @description Read a feed.
         *
         *     Needs the scope `calendar:read`.
         */
        get: operations["getCalendarFeed"];
        put?: never;
        post?: never;
        /**
         * Remove a feed
         * @description `nights` says what becomes of the nights that it takes.
         *
         *     Needs the scope `calendar:write`.
         */
        delete: operations["deleteCalendarFeed"];
        options?: never;
        head?: never;
        /**
         * Change a feed
         * @description What is left out stays. A new URL, or going on after a pause, fetches it at once.
         *
         *     Needs the scope `calendar:write`.
         */
        patch: operations["updateCalendarFeed"];
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar-feeds/{feedId}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch a feed now
         * @description In a moment: `lastFetchedAt` tells when it was. The answer is the feed before that.
         *
         *     Needs the scope `calendar:write`.
         */
        post: operations["syncCalendarFeed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar-feeds/{feedId}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the conflicts of a feed
         * @description Events of the other channel on nights where one of your stays is, nearest first.
         *
         *     Needs the scope `calendar:read`.
         */
        get: operations["listCalendarConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar-export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get the secret URL of the exported calendar
         * @description It is made when there is none yet, and stays the same until it is replaced or revoked.
         *
         *     Needs the scope `calendar:write`.
         */
        post: operations["shareCalendar"];
        /**
         * Revoke the secret URL of the exported calendar
         * @description Nobody can read the calendar by it any more.
         *
         *     Needs the scope `calendar:write`.
         */
        delete: operations["unshareCalendar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar-export/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret URL of the exported calendar
         * @description The one before it is no longer valid.
         *
         *     Needs the scope `calendar:write`.
         */
        post: operations["rotateCalendarShare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{listingId}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the exported calendar of a listing
         * @description For other channels, by its secret URL: which nights are taken from 30 days ago on, and nothing of who took them. Send `If-None-Match` to be answered 304 while it is the same.
         *
         *     Open to everybody.
         */
        get: operations["exportCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search published listings
         * @description Listings that match everything that is asked: where (`bbox`, or `near` with `radiusKm`, or `place`; everywhere when none is given), what (all other filters), in the order of `sort`.
         *
         *     With `checkIn` and `checkOut` only what can be booked for those nights is found: free, within the host's rules about lengths, arrivals and notice. Prices then mean the total of the stay, exactly as a quote for so many guests has it.
         *
         *     Points are rounded to three decimals for guests, and boxes and distances work on the rounded points: an address cannot be found out by searching around it. A changed listing is found as it now is from the next request on. Pages follow each other without gap or repeat while listings come and go; a cursor continues only the very same search.
         *
         *     Open to everybody.
         */
        get: operations["searchListings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a binding price
         * @description The price of a stay with every line, and what comes back to a guest who cancels. It binds for 15 minutes: a booking made from it costs exactly that, whatever changes meanwhile. The nights are not held. A stay that cannot be booked is refused with all the reasons and the nearest stays that can.
         *
         *     Open to everybody.
         */
        post: operations["createQuote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes/{quoteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a quote
         * @description As it was made, also for a week after it expired. A quote made with credentials is for that guest, the host and staff; one made without is for whoever has its id.
         *
         *     Open to everybody.
         */
        get: operations["getQuote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your bookings
         * @description Newest first: your own stays, or with `role=host` the stays in your homes.
         *
         *     Needs the scope `bookings:read`.
         */
        get: operations["listBookings"];
        put?: never;
        /**
         * Book a quote
         * @description Holds the nights for 15 minutes, until `holdExpiresAt`, while you pay with `POST …/payment/confirm`. It costs exactly what the quote says. Of all who want the same nights one gets them; the others are answered `dates_unavailable`.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["createBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a booking
         * @description For its guest, its host and staff. The guest reads the exact address once the stay is confirmed.
         *
         *     Needs the scope `bookings:read`.
         */
        get: operations["getBooking"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/payment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the payment of a booking
         * @description All that is paid for it, together, what is given back, and for the host whose the money is. The guest gets the `clientSecret` with which a browser pays (Stripe.js) while there is something to pay.
         *
         *     Needs the scope `bookings:read`.
         */
        get: operations["getBookingPayment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/payment/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay on a page of Stripe
         * @description As the guest: a page on which the nights that are held, or an alteration that both sides agreed on, is paid. The booking follows a moment after the payment. A page that is open already is answered again.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["createBookingCheckout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/payment/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay for a booking
         * @description The stay is confirmed at once, or, where the host answers first, the money is reserved and the host is asked. When `payment.status` is `requiresAction`, the guest goes to `payment.nextActionUrl`; when it is `processing`, the bank has yet to answer: both are told by events. Paying again for what is paid changes nothing, so that it can be repeated without harm. It also pays an alteration that is `awaitingPayment`. After the hold expired, a payment goes through for another hour while the nights are free; otherwise nothing is charged.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["confirmBookingPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give money back
         * @description Beyond what the rules say, before or after the stay: as its host, of your share (`paidBy: host`); as an admin, of anybody’s. It adds to what a cancellation gives back.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["refundBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept a request
         * @description As its host, until `respondBy`: the stay is confirmed, and what was reserved is charged a moment later. Should it not be there any more, the marketplace cancels the stay.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["acceptBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline a request
         * @description As its host: the nights are free again, and the guest is charged nothing.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["declineBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/cancellation-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what cancelling would do
         * @description Exactly what `POST …/cancel` does at the instant `asOf`, for whoever asks.
         *
         *     Needs the scope `bookings:read`.
         */
        get: operations["previewCancellation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a booking
         * @description As its guest: the policy of the booking says what comes back. As its host: everything comes back, the nights stay blocked, and a penalty is noted. Of what is not confirmed nothing was taken. Admins give a reason, and may decide `refund` and `penalty` themselves.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["cancelBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/check-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the guest in
         * @description As guest or host, from the beginning of the check-in day where the home is.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["checkInBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/check-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the guest out
         * @description As guest or host. A stay that nobody checks out is completed by itself at its check-out time.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["checkOutBooking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/no-show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the guest did not come
         * @description As its host, from the check-in time to the check-out. The nights are free again; nothing comes back.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["markNoShow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/alterations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the alterations of a stay
         * @description The last hundred that were asked for, newest first.
         *
         *     Needs the scope `bookings:read`.
         */
        get: operations["listAlterations"];
        put?: never;
        /**
         * Ask to alter a stay
         * @description Other dates or guests, as guest or host. The price is told at once, and holds until the other side answers: two days at most. Nights that are kept cost what they did.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["createAlteration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/alterations/{alterationId}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an alteration
         * @description As the side that was asked. What the stay costs less is given back, and it is another at once. What it costs more is charged first: the alteration is `awaitingPayment`, and the stay is another when that went through. A charge that is declined stays open for the guest to pay with `POST …/payment/confirm`. When some of the new nights were taken meanwhile, all stays as it was, and nothing is charged.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["acceptAlteration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/alterations/{alterationId}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline an alteration
         * @description As the side that was asked, also while it is yet to be paid for: the stay remains as it is.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["declineAlteration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bookings/{bookingId}/alterations/{alterationId}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw an alteration
         * @description As the side that asked, also while it is yet to be paid for.
         *
         *     Needs the scope `bookings:write`.
         */
        post: operations["withdrawAlteration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your payout account
         * @description Whether payouts can go to your account at Stripe, and what Stripe still wants to know.
         *
         *     Needs the scope `payouts:read`.
         */
        get: operations["getPayoutAccount"];
        put?: never;
        /**
         * Open your payout account
         * @description Opens an account at Stripe for you, once, and answers a link to the page on which you tell Stripe who you are and where your bank is. Ask again for a new link: the last one works once and for a few minutes. After a `closed` account another one is opened.
         *
         *     Needs the scope `payouts:write`.
         */
        post: operations["openPayoutAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your payouts
         * @description Newest first: what you get of the stays in your homes, a day after the check-in; of stays of 28 nights or more by the month.
         *
         *     Needs the scope `payouts:read`.
         */
        get: operations["listPayouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payouts/{payoutId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a payout
         * @description For its host and staff, with what was deducted from it.
         *
         *     Needs the scope `payouts:read`.
         */
        get: operations["getPayout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your balance
         * @description What is to come, on its way, paid and owed, by currency.
         *
         *     Needs the scope `payouts:read`.
         */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/balance/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your statement
         * @description Everything that changed what the marketplace owes you, from the ledger, in the order in which it was written: lines are added, and none is ever changed.
         *
         *     Needs the scope `payouts:read`.
         */
        get: operations["listBalanceEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened
         * @description What happened in your own world, in the one order of all events, kept for 90 days.
         *
         *     To follow it, send `lastSequence` of each answer as `after` of the next request, with `wait=30`: the answer comes as soon as something happened. So no event is missed or read twice, however long the reader was away. `after=latest` begins at the end. When events above `after` are no longer kept, the answer is 410 `events_expired`.
         *
         *     Needs the scope `events:read`.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an event
         * @description Get an event.
         *
         *     Needs the scope `events:read`.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the types of events
         * @description Every type of event that this server tells of, with the JSON Schema of its `data` and `previous`.
         *
         *     Open to everybody.
         */
        get: operations["listEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your webhook endpoints
         * @description Newest first, without their secrets.
         *
         *     Needs the scope `webhooks:read`.
         */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description From now on, events of these types are sent there by POST, signed by Standard Webhooks. `secret` is shown this once.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{endpointId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook endpoint
         * @description How it is set up, and whether it works.
         *
         *     Needs the scope `webhooks:read`.
         */
        get: operations["getWebhookEndpoint"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook endpoint
         * @description For good, with its secret and its log. What waits is not sent any more.
         *
         *     Needs the scope `webhooks:write`.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        /**
         * Change a webhook endpoint
         * @description What is left out stays. A disabled endpoint gets no new deliveries; enabling it sends what waited, and a replay what happened meanwhile.
         *
         *     Needs the scope `webhooks:write`.
         */
        patch: operations["updateWebhookEndpoint"];
        trace?: never;
    };
    "/v1/webhook-endpoints/{endpointId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new secret
         * @description The new `secret` is shown this once. Until the overlap is over, deliveries carry a signature of each of the two.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{endpointId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test
         * @description Sends an event of the type `webhook.test` now, once, even to a disabled endpoint, and answers what came of it. Its `sequence` is 0.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["testWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{endpointId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the delivery log
         * @description Newest first, each with its attempts. Deliveries are kept for 30 days after they ended.
         *
         *     Needs the scope `webhooks:read`.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description A delivery that waits is tried now; of one that ended, a new one is made. The `webhook-id` stays that of the event.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["redeliverWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{endpointId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send past events again
         * @description All events of your world from a number on, whether or not they were delivered: those of the last 90 days. The `webhook-id` of each is that of its first delivery, so that receivers can tell what they know.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: operations["replayWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your notifications
         * @description What happened that concerns you, newest first. What happens to many listings within ten minutes is told in one, which grows until it is read. They are kept for 180 days.
         *
         *     Needs the scope `notifications:read`.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{notificationId}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a notification as read
         * @description One that was read already stays as it is.
         *
         *     Needs the scope `notifications:write`.
         */
        post: operations["readNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark notifications as read
         * @description All of them, or with `upTo` that one and all before it, so that what came since you looked stays unread.
         *
         *     Needs the scope `notifications:write`.
         */
        post: operations["readNotifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how you are notified
         * @description Every kind of notification with its channels. Mail goes to your verified address only; what protects your account cannot be switched off there.
         *
         *     Needs the scope `notifications:read`.
         */
        get: operations["getNotificationPreferences"];
        /**
         * Choose how you are notified
         * @description What is not named stays. All choices are kept, or none when one of them is wrong.
         *
         *     Needs the scope `notifications:write`.
         */
        put: operations["updateNotificationPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notification-preferences/unsubscribe/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unsubscribe from a kind of mail
         * @description What mail programs call when somebody clicks their button to unsubscribe (RFC 8058): no credentials, any body. It switches off the mail of the one kind that the link is for.
         *
         *     Open to everybody.
         */
        post: operations["unsubscribeFromNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/fee-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the fee schedules
         * @description Newest first. The one that holds is that whose `effectiveFrom` is the latest that is past.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listFeeSchedules"];
        put?: never;
        /**
         * Change what the marketplace takes
         * @description The schedule takes over from the one before at its `effectiveFrom`. What was quoted or booked before keeps what held then.
         *
         *     Needs the scope `admin`.
         */
        post: operations["createFeeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the cancellation policies
         * @description Every version, newest first. Of one key, that holds whose `effectiveFrom` is the latest that is past.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listPolicies"];
        put?: never;
        /**
         * Change a cancellation policy
         * @description A version takes over from the one before at its `effectiveFrom`. Rules that could give more back at a later instant are refused. What was quoted or booked before keeps what held then.
         *
         *     Needs the scope `admin`.
         */
        post: operations["createPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/tax-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tax rules
         * @description Newest first, also those that have ended.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listTaxRules"];
        put?: never;
        /**
         * Add a tax
         * @description Of stays in listings of a country, or of a region or city of it as their addresses name it, in any case. Several rules may hold for one stay. What was quoted or booked before keeps what held then.
         *
         *     Needs the scope `admin`.
         */
        post: operations["createTaxRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/tax-rules/{taxRuleId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a tax
         * @description The rule holds no more from `effectiveUntil` on. What was quoted or booked before keeps what held then.
         *
         *     Needs the scope `admin`.
         */
        post: operations["endTaxRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how the background work goes
         * @description Every queue with what waits, works and failed in it, and how far events have come. Payloads, dead jobs and what is wrong with them: `GET /v1/admin/queues/{queue}`.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look into a queue
         * @description Its jobs by state, dead ones first, each with its payload and its last error.
         *
         *     Needs the scope `admin`.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who did what
         * @description Everything that somebody brought about, newest first. What the marketplace does by itself is in `GET /v1/events`.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry dead jobs
         * @description Lets up to 5,000 dead jobs be tried again from their first attempt, the longest dead first; of the queue `events`, all events that were set aside. `count` says how many.
         *
         *     Needs the scope `admin`.
         */
        post: operations["retryQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop the work at a queue
         * @description In all processes. Jobs at work end; what comes meanwhile waits, and nothing is lost.
         *
         *     Needs the scope `admin`.
         */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the work at a queue go on
         * @description Does nothing when it is not paused.
         *
         *     Needs the scope `admin`.
         */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove what waits in a queue
         * @description For good: jobs that wait for their turn, for their next attempt or for their time are never done. Jobs at work, dead jobs and schedules stay. Of the queue `events` only wakings are removed: no event is ever lost.
         *
         *     Needs the scope `admin`.
         */
        post: operations["drainQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the time of the marketplace
         * @description And whether everything that is due by it is done.
         *
         *     Needs the scope `admin`.
         */
        get: operations["getClock"];
        put?: never;
        /**
         * Move time
         * @description Sandbox only. Forward by a span or to an instant, for everything: holds expire, requests lapse, stays begin and end, payouts go out. Never back, and ten years at most in all. Sessions may end, since they live in the same time; API keys end only by a date of their own. With `wait` the answer comes when what became due is done.
         *
         *     Needs the scope `admin`.
         */
        post: operations["moveClock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the kinds of maintenance
         * @description List the kinds of maintenance.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listMaintenanceTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/maintenance/{task}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start maintenance
         * @description Answers at once with a run, which a worker does: `GET /v1/admin/maintenance-runs/{runId}` tells how far it is and what came of it. It only looks unless it is told to `apply`, with a reason.
         *
         *     Needs the scope `admin`.
         */
        post: operations["startMaintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/maintenance-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what maintenance was done
         * @description Newest first, also what the marketplace does daily by itself.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listMaintenanceRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/maintenance-runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how maintenance goes
         * @description See how maintenance goes.
         *
         *     Needs the scope `admin`.
         */
        get: operations["getMaintenanceRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/mail-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the kinds of mail
         * @description Everything that this server writes to people.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listMailTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/mail-templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how a mail looks
         * @description Its subject, text and HTML with made-up data.
         *
         *     Needs the scope `admin`.
         */
        get: operations["previewMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the mail that was kept
         * @description Of a server without `SMTP_URL`, which keeps the newest thousand as files: newest first.
         *
         *     Needs the scope `admin`.
         */
        get: operations["listMails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/mails/{mailId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a mail that was kept
         * @description Read a mail that was kept.
         *
         *     Needs the scope `admin`.
         */
        get: operations["getMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this server is
         * @description What this server is.
         *
         *     Open to everybody.
         */
        get: operations["getWelcome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process is alive
         * @description Whether the process is alive.
         *
         *     Open to everybody.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process takes requests
         * @description Asks the database. 503 while it does not answer, while the process starts, and once it was asked to stop.
         *
         *     Open to everybody.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Measurements for Prometheus
         * @description Measurements for Prometheus.
         *
         *     Open to everybody.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "user.registered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody opened an account. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserRegisteredEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The name or the role of an account changed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserUpdatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.emailVerified": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody proved that the address of their account is theirs. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserEmailVerifiedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.passwordChanged": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An account has a new password. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserPasswordChangedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.closed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An account was closed for good. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserClosedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "session.started": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody signed in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SessionStartedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "session.ended": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A session was ended, by signing out or otherwise. One that merely expires is not told. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SessionEndedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "apiKey.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody made an API key. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApiKeyCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "apiKey.revoked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An API key was revoked for good. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApiKeyRevokedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "listing.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A host made a listing, or an import brought it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListingCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "listing.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a host wrote of a listing changed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListingUpdatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "listing.published": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Guests find a listing from now on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListingPublishedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "listing.paused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Guests no longer find a listing by searching. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListingPausedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "listing.archived": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A listing was put away for good. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListingArchivedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "listing.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A listing was removed with all that belonged to it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListingDeletedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.authorised": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The money of a payment is reserved. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentAuthorisedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.captured": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The money of a payment was taken. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentCapturedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An attempt to pay was declined, or what was reserved could not be taken. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentFailedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.refunded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The payer gets money back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentRefundedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.voided": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A payment was given up, and nothing is charged by it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentVoidedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.actionRequired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The bank of the payer wants to know that it is them who pay. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentActionRequiredEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.refundFailed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Money that was given back did not reach the payer. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentRefundFailedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.disputed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The payer asks their bank for the money back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentDisputedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.disputeClosed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is decided who gets the money that the payer asked back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaymentDisputeClosedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "calendar.changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A host changed prices, rules, seasons or blocks of dates. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CalendarChangedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feed.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The calendar of another channel is taken in from now on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeedCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feed.removed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The calendar of another channel is no longer taken in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeedRemovedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feed.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The calendar of another channel cannot be fetched or read, time and again. Its nights stay as they were. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeedFailedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feed.recovered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A calendar that failed before can be read again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeedRecoveredEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feed.suspicious": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A calendar suddenly says that nothing, or almost nothing, is taken. Its nights stay taken until it has said so for six hours, or its host says that it is true. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeedSuspiciousEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feed.conflict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another channel sold or closed nights on which a stay of ours is booked. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeedConflictEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "feeSchedule.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin made a fee schedule. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FeeScheduleCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "policy.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin made a version of a cancellation policy. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PolicyCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "taxRule.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin made a tax rule. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TaxRuleCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "taxRule.ended": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin set the end of a tax rule. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TaxRuleEndedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The nights of a stay are held while the guest pays. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingHeldEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.requested": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A guest asks the host for a stay. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingRequestedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.confirmed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A stay is agreed and paid. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingConfirmedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.declined": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The host declined the request for a stay. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingDeclinedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A hold was not paid in time, or a request not answered in time. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingExpiredEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.cancelled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A stay does not take place, or ends early. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingCancelledEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.checkedIn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The guest arrived. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingCheckedInEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.checkedOut": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The guest left, and the stay is over. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingCheckedOutEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.completed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A stay is over: its check-out time has passed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingCompletedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.noShow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The guest did not come. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingNoShowEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.paidTooLate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A guest paid when the hold had expired and the nights were taken: everything is given back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingPaidTooLateEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.refunded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The guest gets back more than the rules say. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingRefundedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.settled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whose the money for a stay is, from now on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingSettledEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.altered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The dates or guests of a stay are others from now on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingAlteredEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.alterationRequested": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One side of a stay asks to alter it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingAlterationRequestedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.alterationAccepted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Both sides agree to alter a stay: it takes effect when the difference is paid. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingAlterationAcceptedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.alterationDeclined": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The other side declined to alter a stay. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingAlterationDeclinedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.alterationWithdrawn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Who asked to alter a stay no longer does. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingAlterationWithdrawnEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "booking.alterationExpired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Nobody answered in time whether to alter a stay, or it was not paid for. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingAlterationExpiredEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payout.paid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A host got the money of a stay. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PayoutPaidEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payout.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The money of a stay could not be sent to its host; it is tried again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PayoutFailedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payout.reversed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Money was taken back from a host, after a refund to the guest. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PayoutReversedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payout.reversalFailed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Money could not be taken back from a host, who owes it now: the next payouts pay it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PayoutReversalFailedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payoutAccount.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The account that a host’s payouts go to stands otherwise than before. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PayoutAccountUpdatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhookEndpoint.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A webhook endpoint was made. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookEndpointCreatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhookEndpoint.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The owner of a webhook endpoint changed it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookEndpointUpdatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhookEndpoint.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A webhook endpoint was removed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookEndpointDeletedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhookEndpoint.secretRotated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A webhook endpoint got a new secret. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookEndpointSecretRotatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhookEndpoint.disabled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The server gave a webhook endpoint up: it answered 410 Gone, or failed for five days. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookEndpointDisabledEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "queue.paused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin stopped the work at a queue. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QueuePausedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "queue.resumed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin let the work at a queue go on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QueueResumedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "queue.drained": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin removed what waited in a queue. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QueueDrainedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "queue.retried": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin let dead jobs of a queue be tried again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QueueRetriedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "queue.operated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin asked the board for a change of a queue or of a job. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QueueOperatedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "clock.moved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin moved the time of the sandbox. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ClockMovedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "maintenance.started": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An admin asked for maintenance. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MaintenanceStartedEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "marketplace.moneyDiffers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The ledger and Stripe do not agree. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MarketplaceMoneyDiffersEvent"];
                };
            };
            responses: {
                /** @description Received; every other answer is tried again. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "harbour-lantern-42",
         *       "displayName": "Ada"
         *     }
         */
        Registration: {
            /**
             * Format: email
             * @description Letters of either case are the same.
             * @example ada@example.com
             */
            email: string;
            /**
             * @description 8 to 128 characters of any kind. Refused when it is known from breaches, or is close to the address, the name or "sojourn".
             * @example harbour-lantern-42
             */
            password: string;
            /**
             * @description What other people see.
             * @example Ada
             */
            displayName: string;
        };
        /**
         * @example {
         *       "email": "ada@example.com",
         *       "password": "harbour-lantern-42"
         *     }
         */
        Login: {
            /**
             * Format: email
             * @description Letters of either case are the same.
             * @example ada@example.com
             */
            email: string;
            /** @example harbour-lantern-42 */
            password: string;
        };
        /**
         * @example {
         *       "refreshToken": "rt_6v0k3d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3j6k8m2n4p7q9r"
         *     }
         */
        Refresh: {
            /**
             * @description Works once: each use answers with the next one.
             * @example rt_6v0k3d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3j6k8m2n4p7q9r
             */
            refreshToken: string;
        };
        /**
         * @example {
         *       "token": "em_Yk3v0d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3"
         *     }
         */
        EmailVerification: {
            /**
             * @description The `token` behind the `#` of the link in the mail.
             * @example em_Yk3v0d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3
             */
            token: string;
        };
        /**
         * @example {
         *       "email": "ada@example.com"
         *     }
         */
        ForgottenPassword: {
            /**
             * Format: email
             * @description Letters of either case are the same.
             * @example ada@example.com
             */
            email: string;
        };
        /**
         * @example {
         *       "token": "em_Yk3v0d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3",
         *       "password": "harbour-lantern-42"
         *     }
         */
        PasswordReset: {
            /**
             * @description The `token` behind the `#` of the link in the mail.
             * @example em_Yk3v0d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3
             */
            token: string;
            /**
             * @description 8 to 128 characters of any kind. Refused when it is known from breaches, or is close to the address, the name or "sojourn".
             * @example harbour-lantern-42
             */
            password: string;
        };
        /**
         * @example {
         *       "name": "nightly import",
         *       "scopes": [
         *         "listings:read",
         *         "listings:write"
         *       ]
         *     }
         */
        NewApiKey: {
            /**
             * @description By which you tell your keys apart.
             * @example nightly import
             */
            name: string;
            /** @description What the key may do: some of what you may do yourself. */
            scopes: ("listings:read" | "listings:write" | "calendar:read" | "calendar:write" | "bookings:read" | "bookings:write" | "payouts:read" | "payouts:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
            /**
             * @description When it stops working; never, unless told.
             * @example 2026-11-23T09:30:00.000Z
             */
            expiresAt?: (string | null) | undefined;
        };
        /**
         * @example {
         *       "displayName": "Ada L."
         *     }
         */
        AccountChanges: {
            /**
             * @description What other people see.
             * @example Ada
             */
            displayName?: string | undefined;
            /**
             * @description 8 to 128 characters of any kind. Refused when it is known from breaches, or is close to the address, the name or "sojourn".
             * @example harbour-lantern-42
             */
            password?: string | undefined;
            /**
             * @description Needed to change the password.
             * @example harbour-lantern-42
             */
            currentPassword?: string | undefined;
        };
        /**
         * @example {
         *       "password": "harbour-lantern-42"
         *     }
         */
        AccountClosing: {
            /**
             * @description Your current password.
             * @example harbour-lantern-42
             */
            password: string;
        };
        /**
         * @description A listing as its host writes it.
         * @example {
         *       "externalId": "loft-12",
         *       "title": "Sunny loft by the park",
         *       "description": "Two quiet rooms under the roof, five minutes from the lake.",
         *       "propertyType": "loft",
         *       "roomType": "entirePlace",
         *       "capacity": 4,
         *       "bedrooms": 2,
         *       "beds": 3,
         *       "bathrooms": 1.5,
         *       "amenities": [
         *         "wifi",
         *         "kitchen"
         *       ],
         *       "location": {
         *         "latitude": 40.758,
         *         "longitude": -73.9855,
         *         "address": {
         *           "line1": "20 W 34th St",
         *           "city": "New York",
         *           "region": "NY",
         *           "postalCode": "10001",
         *           "country": "US"
         *         }
         *       },
         *       "timeZone": "America/New_York",
         *       "basePrice": {
         *         "amount": 12000,
         *         "currency": "USD"
         *       },
         *       "cleaningFee": {
         *         "amount": 4000,
         *         "currency": "USD"
         *       },
         *       "weeklyDiscountPercent": 10,
         *       "minNights": 2,
         *       "maxNights": 30,
         *       "arrivalMinNights": {
         *         "friday": 3
         *       },
         *       "cancellationPolicy": "moderate",
         *       "instantBook": true,
         *       "photos": [
         *         {
         *           "url": "https://images.example.com/loft.jpg",
         *           "caption": "Living room"
         *         }
         *       ]
         *     }
         */
        ListingInput: {
            /**
             * @description The host's own id, unique per host; the listing's own id unless given. Always text: ids above 2^53 survive to the digit.
             * @default null
             * @example 1279846646046615122
             */
            externalId?: (string | null) | undefined;
            /** @example Sunny loft by the park */
            title: string;
            /** @default  */
            description?: string | undefined;
            /**
             * @default other
             * @enum {string}
             */
            propertyType?: ("apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other") | undefined;
            /** @enum {string} */
            roomType: "entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom";
            /**
             * @description Guests at most.
             * @default null
             */
            capacity?: (number | null) | undefined;
            /** @default null */
            bedrooms?: (number | null) | undefined;
            /** @default null */
            beds?: (number | null) | undefined;
            /** @default null */
            bathrooms?: (number | null) | undefined;
            /** @default [] */
            amenities?: ("wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv")[] | undefined;
            /**
             * @description The host's own words beside the fixed amenities.
             * @default []
             */
            tags?: string[] | undefined;
            /** @default {} */
            houseRules?: components["schemas"]["HouseRules"] | undefined;
            /** @default null */
            location?: (components["schemas"]["Location"] | null) | undefined;
            /**
             * @default null
             * @example America/New_York
             */
            timeZone?: (string | null) | undefined;
            /**
             * @description Per night. Null while the host has not decided: such a draft cannot be published.
             * @default null
             */
            basePrice?: (components["schemas"]["Money"] | null) | undefined;
            /**
             * @description Per Friday and Saturday night; null means the base price.
             * @default null
             */
            weekendPrice?: (components["schemas"]["Money"] | null) | undefined;
            /**
             * @description Per stay.
             * @default null
             */
            cleaningFee?: (components["schemas"]["Money"] | null) | undefined;
            /**
             * @description Per night and guest above `includedGuests`.
             * @default null
             */
            extraGuestFee?: (components["schemas"]["Money"] | null) | undefined;
            /**
             * @description Per stay.
             * @default null
             */
            petFee?: (components["schemas"]["Money"] | null) | undefined;
            /**
             * @description Guests covered by the base price; null means all.
             * @default null
             */
            includedGuests?: (number | null) | undefined;
            /**
             * @description Off the nights of stays of 7 nights and more.
             * @default 0
             */
            weeklyDiscountPercent?: number | undefined;
            /**
             * @description Off the nights of stays of 28 nights and more, instead of the weekly discount.
             * @default 0
             */
            monthlyDiscountPercent?: number | undefined;
            /**
             * @description Guests who book at least so many days before check-in get `earlyBirdPercent` off.
             * @default null
             */
            earlyBirdDays?: (number | null) | undefined;
            /**
             * @description Set together with `earlyBirdDays`, or not at all.
             * @default null
             */
            earlyBirdPercent?: (number | null) | undefined;
            /**
             * @description Guests who book at most so many days before check-in get `lastMinutePercent` off.
             * @default null
             */
            lastMinuteDays?: (number | null) | undefined;
            /**
             * @description Set together with `lastMinuteDays`, or not at all.
             * @default null
             */
            lastMinutePercent?: (number | null) | undefined;
            /**
             * @description What guests save who give up refunds; null means that they have no such choice.
             * @default null
             */
            nonRefundableDiscountPercent?: (number | null) | undefined;
            /** @default 1 */
            minNights?: number | undefined;
            /** @default 365 */
            maxNights?: number | undefined;
            /** @default {} */
            arrivalMinNights?: components["schemas"]["ArrivalMinNights"] | undefined;
            /**
             * @description How many hours before the check-in time a stay must be booked at the latest.
             * @default 0
             */
            advanceNoticeHours?: number | undefined;
            /**
             * @description How many days ahead of today a stay may reach.
             * @default 730
             */
            bookingWindowDays?: number | undefined;
            /**
             * @description Nights after each stay in which nobody else can stay.
             * @default 0
             */
            preparationNights?: number | undefined;
            /** @default 15:00 */
            checkInFrom?: components["schemas"]["ClockTime"] | undefined;
            /** @default null */
            checkInUntil?: (components["schemas"]["ClockTime"] | null) | undefined;
            /** @default 11:00 */
            checkOutBy?: components["schemas"]["ClockTime"] | undefined;
            /** @default [] */
            languages?: string[] | undefined;
            /** @default null */
            licenceNumber?: (string | null) | undefined;
            /** @default null */
            cancellationPolicy?: (("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable" | "vrboRelaxed" | "vrboModerate" | "vrboFirm" | "vrboStrict") | null) | undefined;
            /**
             * @description What guests get back of stays of 28 nights and more, instead of `cancellationPolicy`.
             * @default firmLongTerm
             * @enum {string}
             */
            longStayPolicy?: ("firmLongTerm" | "strictLongTerm") | undefined;
            /** @default false */
            instantBook?: boolean | undefined;
            /** @default [] */
            photos?: components["schemas"]["Photo"][] | undefined;
        };
        /** @description What guests may do; null where the host has not said. */
        HouseRules: {
            /** @default null */
            pets?: (boolean | null) | undefined;
            /** @default null */
            smoking?: (boolean | null) | undefined;
            /** @default null */
            events?: (boolean | null) | undefined;
            /** @default  */
            notes?: string | undefined;
        };
        /** @description WGS 84 degrees. Exact here; guests see a rounded point until their stay is confirmed. */
        Location: {
            latitude: number;
            longitude: number;
            /** @default {} */
            address?: components["schemas"]["Address"] | undefined;
        };
        /**
         * @example {
         *       "line1": "20 W 34th St",
         *       "city": "New York",
         *       "region": "NY",
         *       "postalCode": "10001",
         *       "country": "US"
         *     }
         */
        Address: {
            /** @default null */
            line1?: (string | null) | undefined;
            /** @default null */
            neighbourhood?: (string | null) | undefined;
            /** @default null */
            city?: (string | null) | undefined;
            /** @default null */
            region?: (string | null) | undefined;
            /** @default null */
            postalCode?: (string | null) | undefined;
            /**
             * @description ISO 3166-1 alpha-2.
             * @default null
             * @example US
             */
            country?: (string | null) | undefined;
        };
        /**
         * @description An amount in minor units of its currency.
         * @example {
         *       "amount": 12345,
         *       "currency": "EUR"
         *     }
         */
        Money: {
            /** @description In minor units: 12345 is 123.45 EUR, 12345 JPY, 12.345 KWD. */
            amount: number;
            currency: components["schemas"]["Currency"];
        };
        /**
         * @description ISO 4217 currency code.
         * @example EUR
         * @enum {string}
         */
        Currency: "AED" | "ARS" | "AUD" | "BGN" | "BHD" | "BRL" | "CAD" | "CHF" | "CLP" | "CNY" | "COP" | "CZK" | "DKK" | "EGP" | "EUR" | "GBP" | "HKD" | "HUF" | "IDR" | "ILS" | "INR" | "ISK" | "JOD" | "JPY" | "KES" | "KRW" | "KWD" | "MAD" | "MXN" | "MYR" | "NOK" | "NZD" | "OMR" | "PEN" | "PHP" | "PLN" | "RON" | "RSD" | "SAR" | "SEK" | "SGD" | "THB" | "TND" | "TRY" | "TWD" | "UAH" | "UGX" | "USD" | "UYU" | "VND" | "XAF" | "XOF" | "ZAR";
        /**
         * @description The shortest stay by the weekday on which it begins; on days left out `minNights` holds. Seasons and dates may say otherwise.
         * @example {
         *       "friday": 3,
         *       "saturday": 2
         *     }
         */
        ArrivalMinNights: {
            monday?: number | undefined;
            tuesday?: number | undefined;
            wednesday?: number | undefined;
            thursday?: number | undefined;
            friday?: number | undefined;
            saturday?: number | undefined;
            sunday?: number | undefined;
        };
        /**
         * @description Time of day in the listing's time zone, 24 hours.
         * @example 15:00
         */
        ClockTime: string;
        /**
         * @example {
         *       "url": "https://images.example.com/loft.jpg",
         *       "caption": "Living room"
         *     }
         */
        Photo: {
            /** Format: uri */
            url: string;
            /** @default null */
            caption?: (string | null) | undefined;
        };
        /**
         * @description Only published listings are found by searching; paused ones can still be read.
         * @example published
         * @enum {string}
         */
        ListingStatus: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
        /**
         * @example {
         *       "listings": [
         *         {
         *           "externalId": "loft-12",
         *           "title": "Sunny loft by the park",
         *           "description": "Two quiet rooms under the roof, five minutes from the lake.",
         *           "propertyType": "loft",
         *           "roomType": "entirePlace",
         *           "capacity": 4,
         *           "bedrooms": 2,
         *           "beds": 3,
         *           "bathrooms": 1.5,
         *           "amenities": [
         *             "wifi",
         *             "kitchen"
         *           ],
         *           "location": {
         *             "latitude": 40.758,
         *             "longitude": -73.9855,
         *             "address": {
         *               "line1": "20 W 34th St",
         *               "city": "New York",
         *               "region": "NY",
         *               "postalCode": "10001",
         *               "country": "US"
         *             }
         *           },
         *           "timeZone": "America/New_York",
         *           "basePrice": {
         *             "amount": 12000,
         *             "currency": "USD"
         *           },
         *           "cleaningFee": {
         *             "amount": 4000,
         *             "currency": "USD"
         *           },
         *           "weeklyDiscountPercent": 10,
         *           "minNights": 2,
         *           "maxNights": 30,
         *           "arrivalMinNights": {
         *             "friday": 3
         *           },
         *           "cancellationPolicy": "moderate",
         *           "instantBook": true,
         *           "photos": [
         *             {
         *               "url": "https://images.example.com/loft.jpg",
         *               "caption": "Living room"
         *             }
         *           ]
         *         }
         *       ],
         *       "publish": true
         *     }
         */
        ListingBatch: {
            /** @description Each needs an `externalId`, by which it is created or updated. */
            listings: (components["schemas"]["ListingInput"] & {
                externalId: string;
            })[];
            /**
             * @description Publish drafts that lack nothing. The others stay drafts, and `gaps` says why.
             * @default false
             */
            publish?: boolean | undefined;
        };
        /**
         * @description The fields to change; what is left out stays as it is.
         * @example {
         *       "title": "Sunny loft with a terrace",
         *       "minNights": 3
         *     }
         */
        ListingPatch: {
            externalId?: (string | null) | undefined;
            /** @example Sunny loft by the park */
            title?: string | undefined;
            description?: string | undefined;
            /** @enum {string} */
            propertyType?: ("apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other") | undefined;
            /** @enum {string} */
            roomType?: ("entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom") | undefined;
            capacity?: (number | null) | undefined;
            bedrooms?: (number | null) | undefined;
            beds?: (number | null) | undefined;
            bathrooms?: (number | null) | undefined;
            amenities?: ("wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv")[] | undefined;
            tags?: string[] | undefined;
            houseRules?: components["schemas"]["HouseRules"] | undefined;
            location?: (components["schemas"]["Location"] | null) | undefined;
            timeZone?: (string | null) | undefined;
            basePrice?: (components["schemas"]["Money"] | null) | undefined;
            weekendPrice?: (components["schemas"]["Money"] | null) | undefined;
            cleaningFee?: (components["schemas"]["Money"] | null) | undefined;
            extraGuestFee?: (components["schemas"]["Money"] | null) | undefined;
            petFee?: (components["schemas"]["Money"] | null) | undefined;
            includedGuests?: (number | null) | undefined;
            weeklyDiscountPercent?: number | undefined;
            monthlyDiscountPercent?: number | undefined;
            earlyBirdDays?: (number | null) | undefined;
            earlyBirdPercent?: (number | null) | undefined;
            lastMinuteDays?: (number | null) | undefined;
            lastMinutePercent?: (number | null) | undefined;
            nonRefundableDiscountPercent?: (number | null) | undefined;
            minNights?: number | undefined;
            maxNights?: number | undefined;
            arrivalMinNights?: components["schemas"]["ArrivalMinNights"] | undefined;
            advanceNoticeHours?: number | undefined;
            bookingWindowDays?: number | undefined;
            preparationNights?: number | undefined;
            checkInFrom?: components["schemas"]["ClockTime"] | undefined;
            checkInUntil?: (components["schemas"]["ClockTime"] | null) | undefined;
            checkOutBy?: components["schemas"]["ClockTime"] | undefined;
            languages?: string[] | undefined;
            licenceNumber?: (string | null) | undefined;
            cancellationPolicy?: (("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable" | "vrboRelaxed" | "vrboModerate" | "vrboFirm" | "vrboStrict") | null) | undefined;
            /** @enum {string} */
            longStayPolicy?: ("firmLongTerm" | "strictLongTerm") | undefined;
            instantBook?: boolean | undefined;
            photos?: components["schemas"]["Photo"][] | undefined;
        };
        /**
         * Format: date
         * @description A calendar date in the listing's time zone.
         * @example 2027-05-01
         */
        LocalDate: string;
        /**
         * @example {
         *       "ranges": [
         *         {
         *           "from": "2027-07-01",
         *           "to": "2027-08-16",
         *           "price": {
         *             "amount": 14000,
         *             "currency": "EUR"
         *           },
         *           "minNights": 4
         *         },
         *         {
         *           "from": "2027-09-01",
         *           "to": "2027-09-08",
         *           "blocked": true,
         *           "note": "New bathroom"
         *         }
         *       ]
         *     }
         */
        CalendarChanges: {
            /** @description In their order: where two overlap, the later holds. From a year ago to three years ahead. */
            ranges: components["schemas"]["CalendarRange"][];
            /**
             * @description Answers what would change, and changes nothing.
             * @default false
             */
            dryRun?: boolean | undefined;
        };
        /**
         * @description What is to hold for the dates `[from, to)`. A member that is left out stays as it is; null means that the season, or else the listing, says.
         * @example {
         *       "from": "2027-07-01",
         *       "to": "2027-08-16",
         *       "price": {
         *         "amount": 14000,
         *         "currency": "EUR"
         *       },
         *       "minNights": 4
         *     }
         */
        CalendarRange: {
            /** @description The first date. */
            from: components["schemas"]["LocalDate"];
            /** @description The date after the last. */
            to: components["schemas"]["LocalDate"];
            price?: (components["schemas"]["NightlyPrice"] | null) | undefined;
            /** @description For stays that begin on the dates. */
            minNights?: (number | null) | undefined;
            maxNights?: (number | null) | undefined;
            closedToArrival?: (boolean | null) | undefined;
            closedToDeparture?: (boolean | null) | undefined;
            /** @description True takes the nights off sale, false offers them again. A stay or the calendar of another channel that is there stays. */
            blocked?: boolean | undefined;
            /** @description Seen by the host only; of the block when `blocked` is true, else of the dates. */
            note?: (string | null) | undefined;
        };
        /**
         * @description More than nothing, in minor units of the currency of the listing.
         * @example {
         *       "amount": 14000,
         *       "currency": "EUR"
         *     }
         */
        NightlyPrice: {
            amount: number;
            currency: components["schemas"]["Currency"];
        };
        /**
         * @example {
         *       "select": {
         *         "tags": [
         *           "beach"
         *         ]
         *       },
         *       "ranges": [
         *         {
         *           "from": "2027-07-01",
         *           "to": "2027-08-16",
         *           "price": {
         *             "amount": 14000,
         *             "currency": "EUR"
         *           },
         *           "minNights": 4
         *         }
         *       ],
         *       "dryRun": true
         *     }
         */
        CalendarsChanges: {
            select: components["schemas"]["ListingSelection"];
            /** @description In their order: where two overlap, the later holds. From a year ago to three years ahead. */
            ranges: components["schemas"]["CalendarRange"][];
            /**
             * @description Answers what would change, and changes nothing.
             * @default false
             */
            dryRun?: boolean | undefined;
        };
        /**
         * @description Listings of yours that fit all that is named, but for archived ones; at most 500.
         * @example {
         *       "tags": [
         *         "beach"
         *       ]
         *     }
         */
        ListingSelection: {
            /**
             * @description All of your listings.
             * @constant
             */
            all?: true | undefined;
            /** @description Ids that are not of listings of yours select nothing. */
            listingIds?: string[] | undefined;
            /** @description Listings that have any of these tags. */
            tags?: string[] | undefined;
            /** @description As in the address of the listing, in upper or lower case. */
            place?: {
                city?: string | undefined;
                region?: string | undefined;
                country?: string | undefined;
            } | undefined;
            /** @enum {string} */
            roomType?: ("entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom") | undefined;
        };
        /**
         * @example {
         *       "seasons": [
         *         {
         *           "name": "Summer",
         *           "from": "2027-06-15",
         *           "to": "2027-09-15",
         *           "price": {
         *             "amount": 14000,
         *             "currency": "EUR"
         *           },
         *           "weekendPrice": null,
         *           "minNights": 3,
         *           "maxNights": null
         *         }
         *       ]
         *     }
         */
        SeasonsChanges: {
            /** @description All seasons of the listing: those that are left out go. */
            seasons: components["schemas"]["Season"][];
        };
        /**
         * @description What holds for the dates `[from, to)` of which the calendar says nothing else.
         * @example {
         *       "name": "Summer",
         *       "from": "2027-06-15",
         *       "to": "2027-09-15",
         *       "price": {
         *         "amount": 14000,
         *         "currency": "EUR"
         *       },
         *       "weekendPrice": null,
         *       "minNights": 3,
         *       "maxNights": null
         *     }
         */
        Season: {
            name: string;
            /** @description The first date. */
            from: components["schemas"]["LocalDate"];
            /** @description The date after the last. */
            to: components["schemas"]["LocalDate"];
            /**
             * @description Of its nights. Null leaves them to the prices of the listing.
             * @default null
             */
            price?: (components["schemas"]["NightlyPrice"] | null) | undefined;
            /**
             * @description Of the nights that begin on a Friday or a Saturday, when they have another.
             * @default null
             */
            weekendPrice?: (components["schemas"]["NightlyPrice"] | null) | undefined;
            /** @default null */
            minNights?: (number | null) | undefined;
            /** @default null */
            maxNights?: (number | null) | undefined;
        };
        /**
         * @example {
         *       "name": "Airbnb",
         *       "url": "https://www.airbnb.com/calendar/ical/12345.ics?s=0123456789abcdef"
         *     }
         */
        NewCalendarFeed: {
            /**
             * @description By which you tell your feeds apart, such as the name of the channel.
             * @example Airbnb
             */
            name: string;
            /**
             * @description Where the other channel exports its calendar in iCalendar format: public and `https`. The sandbox also takes this machine itself. It is kept secret and not shown again.
             * @example https://www.airbnb.com/calendar/ical/12345.ics?s=0123456789abcdef
             */
            url: string;
        };
        /**
         * @example {
         *       "paused": true
         *     }
         */
        CalendarFeedChanges: {
            /**
             * @description By which you tell your feeds apart, such as the name of the channel.
             * @example Airbnb
             */
            name?: string | undefined;
            /**
             * @description Where the other channel exports its calendar in iCalendar format: public and `https`. The sandbox also takes this machine itself. It is kept secret and not shown again.
             * @example https://www.airbnb.com/calendar/ical/12345.ics?s=0123456789abcdef
             */
            url?: string | undefined;
            /** @description A paused feed is not fetched; its nights stay as they are. */
            paused?: boolean | undefined;
        };
        /**
         * @example {
         *       "acceptEmpty": false
         *     }
         */
        CalendarFeedSync: {
            /**
             * @description Says that a calendar which is suddenly empty is true, and frees its nights.
             * @default false
             */
            acceptEmpty?: boolean | undefined;
        };
        /**
         * @example {
         *       "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0zb",
         *       "checkIn": "2027-05-01",
         *       "checkOut": "2027-05-05",
         *       "guests": 2
         *     }
         */
        QuoteRequest: {
            /**
             * @description The listing.
             * @example lst_01k9q2v7n8e6xrd5w3m4h1t0zb
             */
            listingId: string;
            checkIn: components["schemas"]["LocalDate"];
            /** @description The day of departure; its night is not part of the stay. */
            checkOut: components["schemas"]["LocalDate"];
            guests: number;
            /** @default 0 */
            pets?: number | undefined;
            /**
             * @description The lower price without any refund, where the host offers one.
             * @default false
             */
            nonRefundable?: boolean | undefined;
        };
        /**
         * @example {
         *       "quoteId": "qte_01k9q2v7n8e6xrd5w3m4h1t0zb"
         *     }
         */
        NewBooking: {
            /**
             * @description A quote that you were made. The booking costs exactly what it says.
             * @example qte_01k9q2v7n8e6xrd5w3m4h1t0zb
             */
            quoteId: string;
            /**
             * @description For the host.
             * @default null
             * @example We arrive late, around ten.
             */
            message?: (string | null) | undefined;
        };
        /**
         * @description `held`: the nights are kept while the guest pays; `requested`: paid, and the host is to answer; the first four occupy the nights.
         * @example confirmed
         * @enum {string}
         */
        BookingStatus: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
        /**
         * @example {
         *       "successUrl": "https://app.example.com/paid",
         *       "cancelUrl": "https://app.example.com/booking"
         *     }
         */
        NewCheckout: {
            /**
             * Format: uri
             * @description Where the guest goes after paying.
             * @example https://app.example.com/paid
             */
            successUrl: string;
            /**
             * Format: uri
             * @description Where the guest goes who does not pay.
             * @example https://app.example.com/booking
             */
            cancelUrl: string;
        };
        /**
         * @example {
         *       "paymentMethod": "pm_card_visa"
         *     }
         */
        PaymentConfirmation: {
            /**
             * @description A payment method of Stripe. In the sandbox `pm_card_visa`, or another name of a test card such as `pm_card_visa_chargeDeclined`.
             * @example pm_card_visa
             */
            paymentMethod: string;
        };
        /**
         * @example {
         *       "amount": {
         *         "amount": 5000,
         *         "currency": "EUR"
         *       },
         *       "reason": "The heating was broken.",
         *       "paidBy": "host"
         *     }
         */
        NewRefund: {
            /**
             * @description In the currency of the booking.
             * @example {
             *       "amount": 12345,
             *       "currency": "EUR"
             *     }
             */
            amount: components["schemas"]["Money"];
            /** @description The guest reads it. */
            reason: string;
            /**
             * @description Of whose share it is. A host gives of the own one; an admin decides.
             * @enum {string}
             */
            paidBy: "host" | "marketplace";
        };
        /**
         * @example {
         *       "reason": "The heating is broken."
         *     }
         */
        BookingDecline: {
            /**
             * @description The guest reads it.
             * @default null
             */
            reason?: (string | null) | undefined;
        };
        /**
         * @example {
         *       "reason": "Our flight was cancelled."
         *     }
         */
        BookingCancel: {
            /**
             * @description The other side reads it. An admin must give one.
             * @default null
             */
            reason?: (string | null) | undefined;
            /** @description For admins: what the guest gets back, instead of everything. */
            refund?: components["schemas"]["Money"] | undefined;
            /** @description For admins: what the host owes, instead of nothing. */
            penalty?: components["schemas"]["Money"] | undefined;
        };
        /**
         * @description What is left out stays as it is.
         * @example {
         *       "checkOut": "2027-05-07"
         *     }
         */
        NewAlteration: {
            checkIn?: components["schemas"]["LocalDate"] | undefined;
            checkOut?: components["schemas"]["LocalDate"] | undefined;
            guests?: number | undefined;
            pets?: number | undefined;
            /** @default null */
            message?: (string | null) | undefined;
        };
        /**
         * @example {
         *       "country": "PT"
         *     }
         */
        NewPayoutAccount: {
            /**
             * @description ISO 3166-1: where the host is at home for the tax office. That of the newest listing when left out. It stays what it was once the account is open.
             * @example PT
             */
            country?: string | undefined;
            /**
             * Format: uri
             * @description Where Stripe leads the host when it is done.
             * @example https://example.com/hosting/payouts
             */
            returnUrl?: string | undefined;
            /**
             * Format: uri
             * @description Where Stripe leads the host when the link is too old.
             * @example https://example.com/hosting/payouts
             */
            refreshUrl?: string | undefined;
        };
        /**
         * @example {
         *       "url": "https://hooks.example.com/sojourn",
         *       "types": [
         *         "listing.*"
         *       ]
         *     }
         */
        NewWebhookEndpoint: {
            /**
             * @description Public and `https`. The sandbox also takes this machine itself, such as `http://localhost:3000/hooks`.
             * @example https://hooks.example.com/sojourn
             */
            url: string;
            /** @default  */
            description?: (string | "") | undefined;
            /**
             * @description Types of events: by name, `listing.*` for all of a subject, `*` for all.
             * @default [
             *       "*"
             *     ]
             * @example [
             *       "listing.*"
             *     ]
             */
            types?: string[] | undefined;
            /**
             * @description Gets the events of everybody, not only of your world: for admins.
             * @default false
             */
            allEvents?: boolean | undefined;
        };
        /**
         * @example {
         *       "enabled": true
         *     }
         */
        WebhookEndpointChanges: {
            /**
             * @description Public and `https`. The sandbox also takes this machine itself, such as `http://localhost:3000/hooks`.
             * @example https://hooks.example.com/sojourn
             */
            url?: string | undefined;
            description?: (string | "") | undefined;
            /**
             * @description Types of events: by name, `listing.*` for all of a subject, `*` for all.
             * @example [
             *       "listing.*"
             *     ]
             */
            types?: string[] | undefined;
            /** @description False keeps what waits; true sends it. */
            enabled?: boolean | undefined;
        };
        /**
         * @example {
         *       "overlapHours": 24
         *     }
         */
        WebhookSecretRotation: {
            /**
             * @description For how long the present secret signs as well.
             * @default 24
             */
            overlapHours?: number | undefined;
        };
        /**
         * @example {
         *       "fromSequence": 1207
         *     }
         */
        NewWebhookReplay: {
            /** @description The number of the first event to send again. */
            fromSequence: number;
            /**
             * @description Those of the endpoint, when left out.
             * @example [
             *       "listing.*"
             *     ]
             */
            types?: string[] | undefined;
        };
        /**
         * @example {
         *       "upTo": "ntf_01j9z6t8v2e4m8q0r5s7x3y1kg"
         *     }
         */
        NotificationReading: {
            /**
             * @description The newest that was seen: it and all before are read. Leave it out to read all.
             * @example ntf_01j9z6t8v2e4m8q0r5s7x3y1kg
             */
            upTo?: string | undefined;
        };
        /**
         * @example {
         *       "preferences": [
         *         {
         *           "kind": "listingPublished",
         *           "channel": "mail",
         *           "enabled": true
         *         }
         *       ]
         *     }
         */
        NotificationChoices: {
            preferences: {
                /** @enum {string} */
                kind: "welcome" | "emailVerified" | "passwordChanged" | "apiKeyCreated" | "apiKeyRevoked" | "listingPublished" | "listingPaused" | "listingArchived" | "bookingRequestedOfHost" | "bookingRequestedByGuest" | "bookingDeclinedForGuest" | "bookingExpiredForGuest" | "bookingExpiredForHost" | "bookingConfirmedForGuest" | "bookingConfirmedForHost" | "bookingCancelledForGuest" | "bookingCancelledForHost" | "bookingPaidTooLateForGuest" | "bookingRefundedForGuest" | "bookingRefundedForHost" | "bookingCheckedInForHost" | "bookingCheckedOutForHost" | "bookingNoShowForGuest" | "alterationRequested" | "bookingAltered" | "alterationAcceptedForGuest" | "alterationDeclined" | "alterationExpired" | "payoutPaid" | "payoutFailed" | "payoutReversed" | "payoutReversalFailed" | "payoutAccountUpdated" | "refundFailed" | "calendarConflict" | "calendarSuspicious" | "calendarFailing" | "webhookDisabled";
                /** @enum {string} */
                channel: "inApp" | "mail";
                enabled: boolean;
            }[];
        };
        /**
         * @example {
         *       "name": "Winter 2026",
         *       "mode": "hostOnly",
         *       "hostFeeBps": 1550,
         *       "guestFeeBps": 0,
         *       "effectiveFrom": "2026-12-01T00:00:00.000Z",
         *       "reason": "Decided by the board on 20 November."
         *     }
         */
        NewFeeSchedule: {
            name: string;
            /**
             * @description Who pays: both sides, or the host alone.
             * @enum {string}
             */
            mode: "split" | "hostOnly";
            /** @description Hundredths of a percent of the subtotal, from the host. */
            hostFeeBps: number;
            /** @description Hundredths of a percent of the subtotal, from the guest. */
            guestFeeBps: number;
            /**
             * Format: date-time
             * @description From when it holds; at once when left out. Never in the past.
             */
            effectiveFrom?: string | undefined;
            /**
             * @description Why, for the audit log.
             * @example Decided by the board on 20 November.
             */
            reason: string;
        };
        /**
         * @example {
         *       "key": "moderate",
         *       "name": "Moderate",
         *       "rules": {
         *         "steps": [
         *           {
         *             "hoursBeforeCheckIn": 120,
         *             "percent": 100
         *           }
         *         ],
         *         "late": {
         *           "nights": 1,
         *           "percentOfRest": 50
         *         },
         *         "during": {
         *           "nights": 1,
         *           "percentOfRest": 50
         *         },
         *         "grace": {
         *           "hours": 24,
         *           "daysBeforeCheckIn": 7
         *         }
         *       },
         *       "effectiveFrom": "2026-12-01T00:00:00.000Z",
         *       "reason": "Decided by the board on 20 November."
         *     }
         */
        NewPolicy: {
            /**
             * @description The name by which listings choose it.
             * @enum {string}
             */
            key: "flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable" | "vrboRelaxed" | "vrboModerate" | "vrboFirm" | "vrboStrict" | "firmLongTerm" | "strictLongTerm";
            name: string;
            rules: components["schemas"]["PolicyRules"];
            /**
             * Format: date-time
             * @description From when it holds; at once when left out. Never in the past.
             */
            effectiveFrom?: string | undefined;
            /**
             * @description Why, for the audit log.
             * @example Decided by the board on 20 November.
             */
            reason: string;
        };
        /**
         * @example {
         *       "steps": [
         *         {
         *           "hoursBeforeCheckIn": 120,
         *           "percent": 100
         *         }
         *       ],
         *       "late": {
         *         "nights": 1,
         *         "percentOfRest": 50
         *       },
         *       "during": {
         *         "nights": 1,
         *         "percentOfRest": 50
         *       },
         *       "grace": {
         *         "hours": 24,
         *         "daysBeforeCheckIn": 7
         *       }
         *     }
         */
        PolicyRules: {
            /** @description Earlier than so long before check-in, so much comes back. The first that is not past counts; percents never rise. */
            steps: {
                hoursBeforeCheckIn: number;
                percent: number;
            }[];
            /** @description Past all steps and before check-in. */
            late: components["schemas"]["KeptNights"];
            /** @description After check-in, beside the nights that were stayed. */
            during: components["schemas"]["KeptNights"];
            /** @description Everything comes back within so many hours of the confirmation, when that was so many days before check-in. */
            grace: {
                hours: number;
                daysBeforeCheckIn: number;
            } | null;
        };
        /**
         * @example {
         *       "nights": 1,
         *       "percentOfRest": 50
         *     }
         */
        KeptNights: {
            /** @description Nights that the host keeps whole. */
            nights: number;
            /** @description What the host keeps of the others. */
            percentOfRest: number;
        };
        /**
         * @example {
         *       "name": "City tax",
         *       "country": "PT",
         *       "region": null,
         *       "city": "Lisboa",
         *       "kind": "perGuestNight",
         *       "bps": null,
         *       "amount": {
         *         "amount": 400,
         *         "currency": "EUR"
         *       },
         *       "inclusive": false,
         *       "maxNights": null,
         *       "effectiveFrom": "2026-12-01T00:00:00.000Z",
         *       "reason": "Decided by the board on 20 November."
         *     }
         */
        NewTaxRule: {
            name: string;
            /** @description ISO 3166-1 alpha-2: of listings there. */
            country: string;
            /**
             * @description Only of this region.
             * @default null
             */
            region?: (string | null) | undefined;
            /**
             * @description Only of this city.
             * @default null
             */
            city?: (string | null) | undefined;
            /** @enum {string} */
            kind: "percent" | "perNight" | "perGuestNight";
            /**
             * @description Of `percent`: hundredths of a percent of the subtotal.
             * @default null
             */
            bps?: (number | null) | undefined;
            /**
             * @description Of the other kinds: for each night, or each night of each guest, in listings of its currency.
             * @default null
             */
            amount?: (components["schemas"]["Money"] | null) | undefined;
            /**
             * @description The prices of hosts include it: it is told, and not charged beside them. Of `percent` only.
             * @default false
             */
            inclusive?: boolean | undefined;
            /**
             * @description Longer stays are free of it.
             * @default null
             */
            maxNights?: (number | null) | undefined;
            /**
             * Format: date-time
             * @description From when it holds; at once when left out. Never in the past.
             */
            effectiveFrom?: string | undefined;
            /**
             * @description Why, for the audit log.
             * @example Decided by the board on 20 November.
             */
            reason: string;
        };
        /**
         * @example {
         *       "effectiveUntil": "2026-12-01T00:00:00.000Z",
         *       "reason": "Decided by the board on 20 November."
         *     }
         */
        TaxRuleEnd: {
            /**
             * Format: date-time
             * @description From when it holds no more; at once when left out. Never in the past.
             */
            effectiveUntil?: string | undefined;
            /**
             * @description Why, for the audit log.
             * @example Decided by the board on 20 November.
             */
            reason: string;
        };
        /**
         * @example {
         *       "reason": "The mail server is back; ticket 4711."
         *     }
         */
        Reason: {
            /**
             * @description Why, for the audit log.
             * @example The mail server is back; ticket 4711.
             */
            reason: string;
        };
        /**
         * @example {
         *       "advance": "3d",
         *       "wait": true
         *     }
         */
        ClockMove: {
            /**
             * @description So much further: numbers with `w`, `d`, `h`, `m` and `s`, in this order.
             * @example 3d
             */
            advance?: string | undefined;
            /**
             * Format: date-time
             * @description To this instant.
             */
            to?: string | undefined;
            /**
             * @description Answer only once everything that became due is done, within 30 seconds.
             * @default false
             */
            wait?: boolean | undefined;
            /** @description Why, for the audit log. */
            reason?: string | undefined;
        };
        /**
         * @example {
         *       "from": "2026-11-27T00:00:00.000Z",
         *       "to": "2026-11-28T00:00:00.000Z"
         *     }
         */
        NewMaintenanceRun: {
            /**
             * @description Mend what is found. Without it nothing is changed; what would be is told.
             * @default false
             */
            apply?: boolean | undefined;
            /** @description Why, for the audit log. `apply` needs one. */
            reason?: string | undefined;
            /**
             * Format: date-time
             * @description Of `reconcile`: from when. Default: from the beginning.
             */
            from?: string | undefined;
            /**
             * Format: date-time
             * @description Of `reconcile`: until when, exclusive. Default: until now; then the balances are compared as well.
             */
            to?: string | undefined;
        };
        /** @description Somebody opened an account. */
        UserRegisteredEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "user.registered";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @description What other people see. */
                displayName: string;
                emailVerified: boolean;
            };
            previous: null;
        };
        /** @description The name or the role of an account changed. */
        UserUpdatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "user.updated";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @description What other people see. */
                displayName: string;
                /** @enum {string} */
                role: "user" | "support" | "admin" | (string & {});
            };
            previous: {
                /** @description What other people see. */
                displayName?: string | undefined;
                /** @enum {string} */
                role?: ("user" | "support" | "admin" | (string & {})) | undefined;
            } | null;
        };
        /** @description Somebody proved that the address of their account is theirs. */
        UserEmailVerifiedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "user.emailVerified";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: Record<string, never>;
            previous: null;
        };
        /** @description An account has a new password. */
        UserPasswordChangedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "user.passwordChanged";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /**
                 * @description With the old password, by a link in a mail, or by those who run the server.
                 * @enum {string}
                 */
                how: "changed" | "reset" | "operator" | (string & {});
            };
            previous: null;
        };
        /** @description An account was closed for good. */
        UserClosedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "user.closed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: Record<string, never>;
            previous: null;
        };
        /** @description Somebody signed in. */
        SessionStartedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "session.started";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "session";
                id: string;
            };
            data: {
                /** @description Whose it is. */
                userId: string;
            };
            previous: null;
        };
        /** @description A session was ended, by signing out or otherwise. One that merely expires is not told. */
        SessionEndedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "session.ended";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "session";
                id: string;
            };
            data: {
                /** @description Whose it is. */
                userId: string;
                /** @enum {string} */
                reason: "logout" | "revoked" | "reuse" | "passwordChanged" | "accountClosed" | (string & {});
            };
            previous: null;
        };
        /** @description Somebody made an API key. */
        ApiKeyCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "apiKey.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "apiKey";
                id: string;
            };
            data: {
                /** @description Whose it is. */
                userId: string;
                /** @description By which its owner tells it from others. */
                name: string;
                scopes: ("listings:read" | "listings:write" | "calendar:read" | "calendar:write" | "bookings:read" | "bookings:write" | "payouts:read" | "payouts:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
                expiresAt: string | null;
            };
            previous: null;
        };
        /** @description An API key was revoked for good. */
        ApiKeyRevokedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "apiKey.revoked";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "apiKey";
                id: string;
            };
            data: {
                /** @description Whose it is. */
                userId: string;
                /** @description By which its owner tells it from others. */
                name: string;
            };
            previous: null;
        };
        /** @description A host made a listing, or an import brought it. */
        ListingCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "listing.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The id that the host gave it. */
                externalId: string;
                title: string;
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
                /** @description Goes up by one with every change. */
                version: number;
            };
            previous: null;
        };
        /** @description What a host wrote of a listing changed. */
        ListingUpdatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "listing.updated";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The id that the host gave it. */
                externalId: string;
                title: string;
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
                /** @description Goes up by one with every change. */
                version: number;
                /** @description The members that changed, as they are now. */
                changed: {
                    [key: string]: unknown;
                };
            };
            previous: {
                /** @description The same members as they were. */
                changed: {
                    [key: string]: unknown;
                };
            } | null;
        };
        /** @description Guests find a listing from now on. */
        ListingPublishedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "listing.published";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The id that the host gave it. */
                externalId: string;
                title: string;
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
                /** @description Goes up by one with every change. */
                version: number;
            };
            previous: {
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
            } | null;
        };
        /** @description Guests no longer find a listing by searching. */
        ListingPausedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "listing.paused";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The id that the host gave it. */
                externalId: string;
                title: string;
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
                /** @description Goes up by one with every change. */
                version: number;
            };
            previous: {
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
            } | null;
        };
        /** @description A listing was put away for good. */
        ListingArchivedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "listing.archived";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The id that the host gave it. */
                externalId: string;
                title: string;
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
                /** @description Goes up by one with every change. */
                version: number;
            };
            previous: {
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
            } | null;
        };
        /** @description A listing was removed with all that belonged to it. */
        ListingDeletedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "listing.deleted";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The id that the host gave it. */
                externalId: string;
                title: string;
                /** @enum {string} */
                status: "draft" | "published" | "paused" | "archived" | "suspended" | (string & {});
                /** @description Goes up by one with every change. */
                version: number;
            };
            previous: null;
        };
        /** @description The money of a payment is reserved. */
        PaymentAuthorisedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.authorised";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
            };
            previous: null;
        };
        /** @description The money of a payment was taken. */
        PaymentCapturedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.captured";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
            };
            previous: null;
        };
        /** @description An attempt to pay was declined, or what was reserved could not be taken. */
        PaymentFailedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.failed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
                /** @description Why, for programs. */
                reason: string;
            };
            previous: null;
        };
        /** @description The payer gets money back. */
        PaymentRefundedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.refunded";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
                /** @description What is given back now. */
                refund: number;
            };
            previous: null;
        };
        /** @description A payment was given up, and nothing is charged by it. */
        PaymentVoidedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.voided";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
            };
            previous: null;
        };
        /** @description The bank of the payer wants to know that it is them who pay. */
        PaymentActionRequiredEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.actionRequired";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
            };
            previous: null;
        };
        /** @description Money that was given back did not reach the payer. */
        PaymentRefundFailedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.refundFailed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
                /** @description What did not arrive. */
                refund: number;
                /** @description Why, for programs. */
                reason: string;
            };
            previous: null;
        };
        /** @description The payer asks their bank for the money back. */
        PaymentDisputedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.disputed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
                /** @description What is asked back. */
                disputed: number;
                /** @description Why, for programs. */
                reason: string;
            };
            previous: null;
        };
        /** @description It is decided who gets the money that the payer asked back. */
        PaymentDisputeClosedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payment.disputeClosed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payment";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What is to be paid, in minor units, as are the other amounts. */
                amount: number;
                /** @description What was taken. */
                captured: number;
                /** @description What was given back of it, or is on its way. */
                refunded: number;
                /** @description What was asked back. */
                disputed: number;
                /**
                 * @description `lost`: the payer gets it.
                 * @enum {string}
                 */
                outcome: "won" | "lost" | (string & {});
            };
            previous: null;
        };
        /** @description A host changed prices, rules, seasons or blocks of dates. */
        CalendarChangedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "calendar.changed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "listing";
                id: string;
            };
            data: {
                /** @description The first date that the change names. */
                from: components["schemas"]["LocalDate"];
                /** @description The date after the last. */
                to: components["schemas"]["LocalDate"];
                /**
                 * @description What was set, such as `price`, `minNights`, `blocked`, or `seasons`.
                 * @example [
                 *       "price",
                 *       "minNights"
                 *     ]
                 */
                what: string[];
                version: number;
            };
            previous: null;
        };
        /** @description The calendar of another channel is taken in from now on. */
        FeedCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feed.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "feed";
                id: string;
            };
            data: {
                listingId: string;
                name: string;
                /** @description The host of its URL. */
                host: string;
            };
            previous: null;
        };
        /** @description The calendar of another channel is no longer taken in. */
        FeedRemovedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feed.removed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "feed";
                id: string;
            };
            data: {
                listingId: string;
                name: string;
                /** @description The host of its URL. */
                host: string;
                /**
                 * @description Whether its nights came free or stay blocked.
                 * @enum {string}
                 */
                nights: "free" | "keep" | (string & {});
            };
            previous: null;
        };
        /** @description The calendar of another channel cannot be fetched or read, time and again. Its nights stay as they were. */
        FeedFailedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feed.failed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "feed";
                id: string;
            };
            data: {
                listingId: string;
                name: string;
                /** @description The host of its URL. */
                host: string;
                reason: string;
                detail: string;
            };
            previous: null;
        };
        /** @description A calendar that failed before can be read again. */
        FeedRecoveredEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feed.recovered";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "feed";
                id: string;
            };
            data: {
                listingId: string;
                name: string;
                /** @description The host of its URL. */
                host: string;
            };
            previous: null;
        };
        /** @description A calendar suddenly says that nothing, or almost nothing, is taken. Its nights stay taken until it has said so for six hours, or its host says that it is true. */
        FeedSuspiciousEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feed.suspicious";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "feed";
                id: string;
            };
            data: {
                listingId: string;
                name: string;
                /** @description The host of its URL. */
                host: string;
            };
            previous: null;
        };
        /** @description Another channel sold or closed nights on which a stay of ours is booked. */
        FeedConflictEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feed.conflict";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "feed";
                id: string;
            };
            data: {
                listingId: string;
                name: string;
                /** @description The host of its URL. */
                host: string;
                bookingId: string;
                /** @description The first night of the event in the calendar. */
                from: components["schemas"]["LocalDate"];
                /** @description The day after its last night. */
                to: components["schemas"]["LocalDate"];
            };
            previous: null;
        };
        /** @description An admin made a fee schedule. */
        FeeScheduleCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "feeSchedule.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                feeScheduleId: string;
                name: string;
                /** @enum {string} */
                mode: "split" | "hostOnly";
                hostFeeBps: number;
                guestFeeBps: number;
                /**
                 * Format: date-time
                 * @description From when it holds, for what is agreed later.
                 */
                effectiveFrom: string;
                /** @description Why, in the words of the admin. */
                reason: string;
            };
            previous: null;
        };
        /** @description An admin made a version of a cancellation policy. */
        PolicyCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "policy.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                policyId: string;
                key: string;
                name: string;
                /**
                 * Format: date-time
                 * @description From when it holds, for what is agreed later.
                 */
                effectiveFrom: string;
                /** @description Why, in the words of the admin. */
                reason: string;
            };
            previous: null;
        };
        /** @description An admin made a tax rule. */
        TaxRuleCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "taxRule.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                taxRuleId: string;
                name: string;
                country: string;
                region: string | null;
                city: string | null;
                /**
                 * Format: date-time
                 * @description From when it holds, for what is agreed later.
                 */
                effectiveFrom: string;
                /** @description Why, in the words of the admin. */
                reason: string;
            };
            previous: null;
        };
        /** @description An admin set the end of a tax rule. */
        TaxRuleEndedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "taxRule.ended";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                taxRuleId: string;
                name: string;
                /** Format: date-time */
                effectiveUntil: string;
                /** @description Why, in the words of the admin. */
                reason: string;
            };
            previous: null;
        };
        /** @description The nights of a stay are held while the guest pays. */
        BookingHeldEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.held";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /**
         * @description An amount for a whole stay.
         * @example {
         *       "amount": 48000,
         *       "currency": "EUR"
         *     }
         */
        StayMoney: {
            amount: number;
            currency: components["schemas"]["Currency"];
        };
        /** @description A guest asks the host for a stay. */
        BookingRequestedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.requested";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description A stay is agreed and paid. */
        BookingConfirmedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.confirmed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description The host declined the request for a stay. */
        BookingDeclinedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.declined";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description A hold was not paid in time, or a request not answered in time. */
        BookingExpiredEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.expired";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description A stay does not take place, or ends early. */
        BookingCancelledEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.cancelled";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                /**
                 * @description `marketplace`: the money could not be taken.
                 * @enum {string}
                 */
                by: "guest" | "host" | "admin" | "marketplace" | (string & {});
                /** @description What the guest gets back. */
                refund: components["schemas"]["StayMoney"];
            };
            previous: null;
        };
        /** @description The guest arrived. */
        BookingCheckedInEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.checkedIn";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description The guest left, and the stay is over. */
        BookingCheckedOutEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.checkedOut";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description A stay is over: its check-out time has passed. */
        BookingCompletedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.completed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description The guest did not come. */
        BookingNoShowEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.noShow";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description A guest paid when the hold had expired and the nights were taken: everything is given back. */
        BookingPaidTooLateEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.paidTooLate";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: null;
        };
        /** @description The guest gets back more than the rules say. */
        BookingRefundedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.refunded";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                refund: components["schemas"]["StayMoney"];
                /**
                 * @description Of whose share it is.
                 * @enum {string}
                 */
                paidBy: "host" | "marketplace";
                /** @enum {string} */
                by: "host" | "admin" | (string & {});
                /** @description Why, in the words of who gives it. */
                reason: string;
            };
            previous: null;
        };
        /** @description Whose the money for a stay is, from now on. */
        BookingSettledEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.settled";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                listingId: string;
                guestId: string;
                hostId: string;
                currency: components["schemas"]["Currency"];
                /** @description What the host gets. */
                host: components["schemas"]["SignedMoney"];
                /** @description What the marketplace keeps; below nothing when it pays on top. */
                platform: components["schemas"]["SignedMoney"];
                /** @description What goes to tax offices. */
                taxes: components["schemas"]["SignedMoney"];
                /** @description What the guest gets back, or got. */
                refunds: components["schemas"]["SignedMoney"];
            };
            previous: null;
        };
        /**
         * @description An amount that may be negative.
         * @example {
         *       "amount": -2500,
         *       "currency": "EUR"
         *     }
         */
        SignedMoney: {
            amount: number;
            currency: components["schemas"]["Currency"];
        };
        /** @description The dates or guests of a stay are others from now on. */
        BookingAlteredEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.altered";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
            };
            previous: {
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
            } | null;
        };
        /** @description One side of a stay asks to alter it. */
        BookingAlterationRequestedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.alterationRequested";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                alterationId: string;
                /** @enum {string} */
                askedBy: "guest" | "host" | (string & {});
                /** @description How the stay would be. */
                wanted: {
                    checkIn: components["schemas"]["LocalDate"];
                    checkOut: components["schemas"]["LocalDate"];
                    guests: number;
                    pets: number;
                    total: components["schemas"]["StayMoney"];
                };
                /**
                 * Format: date-time
                 * @description Until when it can be answered.
                 */
                expiresAt: string;
            };
            previous: null;
        };
        /** @description Both sides agree to alter a stay: it takes effect when the difference is paid. */
        BookingAlterationAcceptedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.alterationAccepted";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                alterationId: string;
                /** @enum {string} */
                askedBy: "guest" | "host" | (string & {});
                /** @description How the stay would be. */
                wanted: {
                    checkIn: components["schemas"]["LocalDate"];
                    checkOut: components["schemas"]["LocalDate"];
                    guests: number;
                    pets: number;
                    total: components["schemas"]["StayMoney"];
                };
                /**
                 * Format: date-time
                 * @description Until when it can be answered.
                 */
                expiresAt: string;
            };
            previous: null;
        };
        /** @description The other side declined to alter a stay. */
        BookingAlterationDeclinedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.alterationDeclined";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                alterationId: string;
                /** @enum {string} */
                askedBy: "guest" | "host" | (string & {});
                /** @description How the stay would be. */
                wanted: {
                    checkIn: components["schemas"]["LocalDate"];
                    checkOut: components["schemas"]["LocalDate"];
                    guests: number;
                    pets: number;
                    total: components["schemas"]["StayMoney"];
                };
                /**
                 * Format: date-time
                 * @description Until when it can be answered.
                 */
                expiresAt: string;
            };
            previous: null;
        };
        /** @description Who asked to alter a stay no longer does. */
        BookingAlterationWithdrawnEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.alterationWithdrawn";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                alterationId: string;
                /** @enum {string} */
                askedBy: "guest" | "host" | (string & {});
                /** @description How the stay would be. */
                wanted: {
                    checkIn: components["schemas"]["LocalDate"];
                    checkOut: components["schemas"]["LocalDate"];
                    guests: number;
                    pets: number;
                    total: components["schemas"]["StayMoney"];
                };
                /**
                 * Format: date-time
                 * @description Until when it can be answered.
                 */
                expiresAt: string;
            };
            previous: null;
        };
        /** @description Nobody answered in time whether to alter a stay, or it was not paid for. */
        BookingAlterationExpiredEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "booking.alterationExpired";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "booking";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "held" | "requested" | "confirmed" | "checkedIn" | "completed" | "noShow" | "declined" | "expired" | "cancelled" | (string & {});
                version: number;
                listingId: string;
                guestId: string;
                hostId: string;
                checkIn: components["schemas"]["LocalDate"];
                checkOut: components["schemas"]["LocalDate"];
                /** Format: date-time */
                checkInAt: string;
                /** Format: date-time */
                checkOutAt: string;
                guests: number;
                pets: number;
                total: components["schemas"]["StayMoney"];
                holdExpiresAt: string | null;
                respondBy: string | null;
                alterationId: string;
                /** @enum {string} */
                askedBy: "guest" | "host" | (string & {});
                /** @description How the stay would be. */
                wanted: {
                    checkIn: components["schemas"]["LocalDate"];
                    checkOut: components["schemas"]["LocalDate"];
                    guests: number;
                    pets: number;
                    total: components["schemas"]["StayMoney"];
                };
                /**
                 * Format: date-time
                 * @description Until when it can be answered.
                 */
                expiresAt: string;
            };
            previous: null;
        };
        /** @description A host got the money of a stay. */
        PayoutPaidEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payout.paid";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payout";
                id: string;
            };
            data: {
                bookingId: string;
                /** @enum {string} */
                status: "scheduled" | "processing" | "paid" | "failed" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What the host gets of the stay with it, in minor units, as are the other amounts. */
                amount: number;
                /** @description What of it pays what the host owed. */
                deducted: number;
                /** @description What is sent to the host. */
                sent: number;
                /** @description What was taken back of it. */
                reversed: number;
                /** Format: date-time */
                dueAt: string;
            };
            previous: null;
        };
        /** @description The money of a stay could not be sent to its host; it is tried again. */
        PayoutFailedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payout.failed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payout";
                id: string;
            };
            data: {
                bookingId: string;
                /** @enum {string} */
                status: "scheduled" | "processing" | "paid" | "failed" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What the host gets of the stay with it, in minor units, as are the other amounts. */
                amount: number;
                /** @description What of it pays what the host owed. */
                deducted: number;
                /** @description What is sent to the host. */
                sent: number;
                /** @description What was taken back of it. */
                reversed: number;
                /** Format: date-time */
                dueAt: string;
                /**
                 * @description Why, for programs.
                 * @enum {string}
                 */
                reason: "accountClosed" | "accountRestricted" | "balanceInsufficient" | "refused" | (string & {});
                /** Format: date-time */
                nextAttemptAt: string;
            };
            previous: null;
        };
        /** @description Money was taken back from a host, after a refund to the guest. */
        PayoutReversedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payout.reversed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payout";
                id: string;
            };
            data: {
                bookingId: string;
                /** @enum {string} */
                status: "scheduled" | "processing" | "paid" | "failed" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What the host gets of the stay with it, in minor units, as are the other amounts. */
                amount: number;
                /** @description What of it pays what the host owed. */
                deducted: number;
                /** @description What is sent to the host. */
                sent: number;
                /** @description What was taken back of it. */
                reversed: number;
                /** Format: date-time */
                dueAt: string;
                /** @description What is taken back now. */
                reversal: number;
            };
            previous: null;
        };
        /** @description Money could not be taken back from a host, who owes it now: the next payouts pay it. */
        PayoutReversalFailedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payout.reversalFailed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "payout";
                id: string;
            };
            data: {
                bookingId: string;
                /** @enum {string} */
                status: "scheduled" | "processing" | "paid" | "failed" | "cancelled" | (string & {});
                currency: components["schemas"]["Currency"];
                /** @description What the host gets of the stay with it, in minor units, as are the other amounts. */
                amount: number;
                /** @description What of it pays what the host owed. */
                deducted: number;
                /** @description What is sent to the host. */
                sent: number;
                /** @description What was taken back of it. */
                reversed: number;
                /** Format: date-time */
                dueAt: string;
                /** @description What is taken back now. */
                reversal: number;
                /**
                 * @description Why, for programs.
                 * @enum {string}
                 */
                reason: "accountClosed" | "accountRestricted" | "balanceInsufficient" | "refused" | (string & {});
            };
            previous: null;
        };
        /** @description The account that a host’s payouts go to stands otherwise than before. */
        PayoutAccountUpdatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "payoutAccount.updated";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @enum {string} */
                status: "none" | "pending" | "enabled" | "restricted" | "closed" | (string & {});
                /** @description What Stripe still wants to know. */
                requirements: string[];
            };
            previous: null;
        };
        /** @description A webhook endpoint was made. */
        WebhookEndpointCreatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "webhookEndpoint.created";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "webhookEndpoint";
                id: string;
            };
            data: {
                /** @description The host of its URL. */
                host: string;
                description: string;
                types: string[];
                allEvents: boolean;
                enabled: boolean;
            };
            previous: null;
        };
        /** @description The owner of a webhook endpoint changed it. */
        WebhookEndpointUpdatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "webhookEndpoint.updated";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "webhookEndpoint";
                id: string;
            };
            data: {
                /** @description The host of its URL. */
                host: string;
                description: string;
                types: string[];
                allEvents: boolean;
                enabled: boolean;
                /** @description The members that changed. */
                changed: string[];
            };
            previous: {
                /** @description The host of its URL. */
                host: string;
                description: string;
                types: string[];
                allEvents: boolean;
                enabled: boolean;
            } | null;
        };
        /** @description A webhook endpoint was removed. */
        WebhookEndpointDeletedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "webhookEndpoint.deleted";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "webhookEndpoint";
                id: string;
            };
            data: {
                /** @description The host of its URL. */
                host: string;
                description: string;
                types: string[];
                allEvents: boolean;
                enabled: boolean;
            };
            previous: null;
        };
        /** @description A webhook endpoint got a new secret. */
        WebhookEndpointSecretRotatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "webhookEndpoint.secretRotated";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "webhookEndpoint";
                id: string;
            };
            data: {
                /** @description The host of its URL. */
                host: string;
                description: string;
                types: string[];
                allEvents: boolean;
                enabled: boolean;
                /** @description Until when the secret before it signs as well. */
                previousSecretUntil: string | null;
            };
            previous: null;
        };
        /** @description The server gave a webhook endpoint up: it answered 410 Gone, or failed for five days. */
        WebhookEndpointDisabledEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "webhookEndpoint.disabled";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "webhookEndpoint";
                id: string;
            };
            data: {
                /** @description The host of its URL. */
                host: string;
                description: string;
                types: string[];
                allEvents: boolean;
                enabled: boolean;
                /** @enum {string} */
                reason: "gone" | "failing" | (string & {});
                failingSince: string | null;
            };
            previous: null;
        };
        /** @description An admin stopped the work at a queue. */
        QueuePausedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "queue.paused";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @enum {string} */
                queue: "events" | "default" | "mail" | "webhooks" | "feeds" | (string & {});
                /** @description Why, in the words of the admin. */
                reason: string;
            };
            previous: null;
        };
        /** @description An admin let the work at a queue go on. */
        QueueResumedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "queue.resumed";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @enum {string} */
                queue: "events" | "default" | "mail" | "webhooks" | "feeds" | (string & {});
                /** @description Why, in the words of the admin. */
                reason: string;
            };
            previous: null;
        };
        /** @description An admin removed what waited in a queue. */
        QueueDrainedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "queue.drained";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @enum {string} */
                queue: "events" | "default" | "mail" | "webhooks" | "feeds" | (string & {});
                /** @description Why, in the words of the admin. */
                reason: string;
                /** @description Jobs that were removed. */
                count: number;
            };
            previous: null;
        };
        /** @description An admin let dead jobs of a queue be tried again. */
        QueueRetriedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "queue.retried";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @enum {string} */
                queue: "events" | "default" | "mail" | "webhooks" | "feeds" | (string & {});
                /** @description Why, in the words of the admin. */
                reason: string;
                /** @description Jobs, and events that were set aside. */
                count: number;
            };
            previous: null;
        };
        /** @description An admin asked the board for a change of a queue or of a job. */
        QueueOperatedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "queue.operated";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "user";
                id: string;
            };
            data: {
                /** @description Null for all queues. */
                queue: string | null;
                /** @description What the board was asked, by method and path. */
                action: string;
            };
            previous: null;
        };
        /** @description An admin moved the time of the sandbox. */
        ClockMovedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "clock.moved";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "marketplace";
                id: string;
            };
            data: {
                /**
                 * Format: date-time
                 * @description The time of the marketplace from then on.
                 */
                now: string;
                reason: string | null;
            };
            previous: {
                /** Format: date-time */
                now: string;
            } | null;
        };
        /** @description An admin asked for maintenance. */
        MaintenanceStartedEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "maintenance.started";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "marketplace";
                id: string;
            };
            data: {
                runId: string;
                task: string;
                /** @description Whether it changes what it finds, or only looks. */
                applies: boolean;
                reason: string | null;
            };
            previous: null;
        };
        /** @description The ledger and Stripe do not agree. */
        MarketplaceMoneyDiffersEvent: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @constant */
            type: "marketplace.moneyDiffers";
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            subject: {
                /** @constant */
                type: "marketplace";
                id: string;
            };
            data: {
                /** @description The reconciliation, which names each difference. */
                runId: string;
                /** @description Movements of money that differ. */
                differences: number;
                /** @description Currencies of which the balance differs. */
                balances: string[];
            };
            previous: null;
        };
        /**
         * @example {
         *       "user": {
         *         "id": "usr_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *         "email": "ada@example.com",
         *         "emailVerified": false,
         *         "displayName": "Ada",
         *         "role": "user",
         *         "createdAt": "2026-11-23T09:30:00.000Z",
         *         "updatedAt": "2026-11-23T09:30:00.000Z"
         *       },
         *       "accessToken": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ1c3JfMDFqOSJ9.c2lnbmF0dXJl",
         *       "refreshToken": "rt_6v0k3d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3j6k8m2n4p7q9r",
         *       "expiresIn": 900
         *     }
         */
        SignedIn: {
            user: components["schemas"]["Me"];
            /** @description For `Authorization: Bearer`. */
            accessToken: string;
            /**
             * @description Works once: each use answers with the next one.
             * @example rt_6v0k3d9m2n8q4r7s1t5w0x6y3z8a2b4c7d9e1f5g0h3j6k8m2n4p7q9r
             */
            refreshToken: string;
            /** @description Seconds until the access token expires. */
            expiresIn: number;
        };
        /**
         * @description Your own account.
         * @example {
         *       "id": "usr_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "email": "ada@example.com",
         *       "emailVerified": false,
         *       "displayName": "Ada",
         *       "role": "user",
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "updatedAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        Me: {
            id: string;
            email: string;
            /** @description Whether you have proved that the address is yours. */
            emailVerified: boolean;
            displayName: string;
            /** @enum {string} */
            role: "user" | "support" | "admin" | (string & {});
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        SessionPage: {
            data: components["schemas"]["Session"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "ses_01j9z6t8v2e4m8q0r5s7x3y1kb",
         *       "current": true,
         *       "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
         *       "address": "203.0.113.7",
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "lastUsedAt": "2026-11-23T09:30:00.000Z",
         *       "expiresAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        Session: {
            id: string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** @description What signed in, as it named itself. */
            userAgent: string | null;
            /** @description The network address that signed in. */
            address: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When its tokens were last refreshed.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When it ends unless it is used.
             */
            expiresAt: string;
        };
        ApiKeyPage: {
            data: components["schemas"]["ApiKey"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "key_01j9z6t8v2e4m8q0r5s7x3y1kc",
         *       "name": "nightly import",
         *       "prefix": "sjn_test_4w8",
         *       "scopes": [
         *         "listings:write"
         *       ],
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "lastUsedAt": null,
         *       "expiresAt": null
         *     }
         */
        ApiKey: {
            id: string;
            name: string;
            /** @description The first characters of the key. */
            prefix: string;
            scopes: ("listings:read" | "listings:write" | "calendar:read" | "calendar:write" | "bookings:read" | "bookings:write" | "payouts:read" | "payouts:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
            /** Format: date-time */
            createdAt: string;
            /** @description To the minute. */
            lastUsedAt: string | null;
            expiresAt: string | null;
        };
        /**
         * @example {
         *       "id": "key_01j9z6t8v2e4m8q0r5s7x3y1kc",
         *       "name": "nightly import",
         *       "prefix": "sjn_test_4w8",
         *       "scopes": [
         *         "listings:write"
         *       ],
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "lastUsedAt": null,
         *       "expiresAt": null,
         *       "key": "sjn_test_4w8z1y6k3d9m2n7q5r0s8t2v6x4c1b9h0aZk3Q"
         *     }
         */
        CreatedApiKey: {
            id: string;
            name: string;
            /** @description The first characters of the key. */
            prefix: string;
            scopes: ("listings:read" | "listings:write" | "calendar:read" | "calendar:write" | "bookings:read" | "bookings:write" | "payouts:read" | "payouts:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
            /** Format: date-time */
            createdAt: string;
            /** @description To the minute. */
            lastUsedAt: string | null;
            expiresAt: string | null;
            /** @description The key itself. It is shown this once; keep it. */
            key: string;
        };
        /**
         * @description What everybody may know of a person.
         * @example {
         *       "id": "usr_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "displayName": "Ada",
         *       "createdAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        User: {
            id: string;
            displayName: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @description A JSON Web Key Set (RFC 7517).
         * @example {
         *       "keys": [
         *         {
         *           "kty": "OKP",
         *           "crv": "Ed25519",
         *           "alg": "EdDSA",
         *           "use": "sig",
         *           "kid": "kq3Z0w6mJ2tXv1aB",
         *           "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
         *         }
         *       ]
         *     }
         */
        SigningKeys: {
            keys: {
                /** @constant */
                kty: "OKP";
                /** @constant */
                crv: "Ed25519";
                /** @constant */
                alg: "EdDSA";
                /** @constant */
                use: "sig";
                kid: string;
                x: string;
            }[];
        };
        /** @description What is held about you, one member for each part of the marketplace. */
        PersonalData: {
            /** Format: date-time */
            exportedAt: string;
            user: components["schemas"]["Me"];
            sessions: {
                id: string;
                /** @description What signed in, as it named itself. */
                userAgent: string | null;
                /** @description The network address that signed in. */
                address: string | null;
                /** Format: date-time */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description When its tokens were last refreshed.
                 */
                lastUsedAt: string;
                /**
                 * Format: date-time
                 * @description When it ends unless it is used.
                 */
                expiresAt: string;
                endedAt: string | null;
                endedReason: string | null;
            }[];
            apiKeys: {
                id: string;
                name: string;
                /** @description The first characters of the key. */
                prefix: string;
                scopes: ("listings:read" | "listings:write" | "calendar:read" | "calendar:write" | "bookings:read" | "bookings:write" | "payouts:read" | "payouts:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
                /** Format: date-time */
                createdAt: string;
                /** @description To the minute. */
                lastUsedAt: string | null;
                expiresAt: string | null;
                revokedAt: string | null;
            }[];
            bookings: components["schemas"]["ExportedBookings"];
            /** @description What you get, or got, as a host. */
            payouts: components["schemas"]["Payout"][];
            notifications: components["schemas"]["Notification"][];
            notificationPreferences: components["schemas"]["NotificationPreferences"];
        };
        /**
         * @description Your stays, and those in your homes.
         * @example [
         *       {
         *         "id": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *         "status": "confirmed",
         *         "version": 2,
         *         "quoteId": "qte_01k9q2v7n8e6xrd5w3m4h1t0zb",
         *         "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *         "listingTitle": "Sunny loft near the river",
         *         "guestId": "usr_01k9q2v7n8e6xrd5w3m4h1t0zd",
         *         "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0ze",
         *         "checkIn": "2027-05-01",
         *         "checkOut": "2027-05-05",
         *         "nights": 4,
         *         "guests": 2,
         *         "pets": 0,
         *         "timeZone": "Europe/Lisbon",
         *         "instantBook": true,
         *         "currency": "EUR",
         *         "total": {
         *           "amount": 48000,
         *           "currency": "EUR"
         *         },
         *         "lineItems": [
         *           {
         *             "kind": "nights",
         *             "description": "4 nights",
         *             "quantity": 4,
         *             "unitPrice": {
         *               "amount": 12000,
         *               "currency": "EUR"
         *             },
         *             "amount": {
         *               "amount": 48000,
         *               "currency": "EUR"
         *             }
         *           }
         *         ],
         *         "hostPayout": null,
         *         "message": null,
         *         "checkInAt": "2027-05-01T14:00:00.000Z",
         *         "checkOutAt": "2027-05-05T10:00:00.000Z",
         *         "holdExpiresAt": "2027-03-20T09:45:00.000Z",
         *         "respondBy": null,
         *         "confirmedAt": "2027-03-20T09:31:00.000Z",
         *         "checkedInAt": null,
         *         "checkedOutAt": null,
         *         "endedAt": null,
         *         "cancellationPolicy": "moderate",
         *         "freeCancellationUntil": "2027-04-26T14:00:00.000Z",
         *         "refundSchedule": [
         *           {
         *             "until": "2027-04-26T14:00:00.000Z",
         *             "refund": {
         *               "amount": 48000,
         *               "currency": "EUR"
         *             }
         *           }
         *         ],
         *         "declineReason": null,
         *         "cancellation": null,
         *         "payment": {
         *           "id": "pay_01k9q2v7n8e6xrd5w3m4h1t0zg",
         *           "status": "succeeded",
         *           "amount": {
         *             "amount": 48000,
         *             "currency": "EUR"
         *           },
         *           "captured": {
         *             "amount": 48000,
         *             "currency": "EUR"
         *           },
         *           "refunded": {
         *             "amount": 0,
         *             "currency": "EUR"
         *           },
         *           "failure": null,
         *           "nextActionUrl": null,
         *           "clientSecret": null
         *         },
         *         "address": null,
         *         "createdAt": "2027-03-20T09:30:00.000Z",
         *         "updatedAt": "2027-03-20T09:31:00.000Z"
         *       }
         *     ]
         */
        ExportedBookings: components["schemas"]["Booking"][];
        /**
         * @description A stay, as the one who asks may see it.
         * @example {
         *       "id": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "status": "confirmed",
         *       "version": 2,
         *       "quoteId": "qte_01k9q2v7n8e6xrd5w3m4h1t0zb",
         *       "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *       "listingTitle": "Sunny loft near the river",
         *       "guestId": "usr_01k9q2v7n8e6xrd5w3m4h1t0zd",
         *       "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0ze",
         *       "checkIn": "2027-05-01",
         *       "checkOut": "2027-05-05",
         *       "nights": 4,
         *       "guests": 2,
         *       "pets": 0,
         *       "timeZone": "Europe/Lisbon",
         *       "instantBook": true,
         *       "currency": "EUR",
         *       "total": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "lineItems": [
         *         {
         *           "kind": "nights",
         *           "description": "4 nights",
         *           "quantity": 4,
         *           "unitPrice": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           },
         *           "amount": {
         *             "amount": 48000,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "hostPayout": null,
         *       "message": null,
         *       "checkInAt": "2027-05-01T14:00:00.000Z",
         *       "checkOutAt": "2027-05-05T10:00:00.000Z",
         *       "holdExpiresAt": "2027-03-20T09:45:00.000Z",
         *       "respondBy": null,
         *       "confirmedAt": "2027-03-20T09:31:00.000Z",
         *       "checkedInAt": null,
         *       "checkedOutAt": null,
         *       "endedAt": null,
         *       "cancellationPolicy": "moderate",
         *       "freeCancellationUntil": "2027-04-26T14:00:00.000Z",
         *       "refundSchedule": [
         *         {
         *           "until": "2027-04-26T14:00:00.000Z",
         *           "refund": {
         *             "amount": 48000,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "declineReason": null,
         *       "cancellation": null,
         *       "payment": {
         *         "id": "pay_01k9q2v7n8e6xrd5w3m4h1t0zg",
         *         "status": "succeeded",
         *         "amount": {
         *           "amount": 48000,
         *           "currency": "EUR"
         *         },
         *         "captured": {
         *           "amount": 48000,
         *           "currency": "EUR"
         *         },
         *         "refunded": {
         *           "amount": 0,
         *           "currency": "EUR"
         *         },
         *         "failure": null,
         *         "nextActionUrl": null,
         *         "clientSecret": null
         *       },
         *       "address": null,
         *       "createdAt": "2027-03-20T09:30:00.000Z",
         *       "updatedAt": "2027-03-20T09:31:00.000Z"
         *     }
         */
        Booking: {
            /**
             * @description The booking.
             * @example bkg_01k9q2v7n8e6xrd5w3m4h1t0za
             */
            id: string;
            status: components["schemas"]["BookingStatus"];
            /** @description Goes up with every change. */
            version: number;
            quoteId: string;
            listingId: string;
            listingTitle: string;
            guestId: string;
            hostId: string;
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            nights: number;
            guests: number;
            pets: number;
            /**
             * @description In which the dates are.
             * @example Europe/Lisbon
             */
            timeZone: string;
            /** @description False when the host answers before it is confirmed. */
            instantBook: boolean;
            currency: components["schemas"]["Currency"];
            /** @description What the guest pays. */
            total: components["schemas"]["StayMoneyOutput"];
            lineItems: components["schemas"]["StayLine"][];
            /** @description What the host gets for the stay; null for the guest. */
            hostPayout: components["schemas"]["StayMoneyOutput"] | null;
            message: string | null;
            /** Format: date-time */
            checkInAt: string;
            /** Format: date-time */
            checkOutAt: string;
            /** @description Until when it must be paid. */
            holdExpiresAt: string | null;
            /** @description Until when the host must answer a request. */
            respondBy: string | null;
            confirmedAt: string | null;
            checkedInAt: string | null;
            checkedOutAt: string | null;
            /** @description When it reached its last state. */
            endedAt: string | null;
            /**
             * @description The key of the policy.
             * @example moderate
             */
            cancellationPolicy: string;
            /** @description Before this instant everything comes back; null when it no longer does. */
            freeCancellationUntil: string | null;
            /** @description What the guest gets back by cancelling; empty once it has ended. */
            refundSchedule: components["schemas"]["StayRefund"][];
            declineReason: string | null;
            cancellation: components["schemas"]["BookingCancellation"] | null;
            payment: components["schemas"]["BookingPayment"];
            /** @description For the guest once the stay is confirmed, and null before. */
            address: components["schemas"]["StayAddress"] | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @description One line of what was agreed. All lines add up to the total.
         * @example {
         *       "kind": "nights",
         *       "description": "4 nights",
         *       "quantity": 4,
         *       "unitPrice": {
         *         "amount": 12000,
         *         "currency": "EUR"
         *       },
         *       "amount": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       }
         *     }
         */
        StayLine: {
            /** @enum {string} */
            kind: "nights" | "weeklyDiscount" | "monthlyDiscount" | "earlyBirdDiscount" | "lastMinuteDiscount" | "nonRefundableDiscount" | "extraGuests" | "cleaningFee" | "petFee" | "serviceFee" | "tax" | (string & {});
            description: string;
            quantity: number;
            /** @description Of one; null for a share of something, and for nights of several prices. */
            unitPrice: components["schemas"]["SignedMoneyOutput"] | null;
            amount: components["schemas"]["SignedMoneyOutput"];
        };
        /**
         * @example {
         *       "until": "2027-04-30T13:00:00.000Z",
         *       "refund": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       }
         *     }
         */
        StayRefund: {
            /**
             * Format: date-time
             * @description Cancelling before this instant gives this much back.
             */
            until: string;
            refund: components["schemas"]["StayMoneyOutput"];
        };
        /**
         * @example {
         *       "by": "guest",
         *       "reason": "Our flight was cancelled.",
         *       "refund": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "hostKeeps": null,
         *       "penalty": null,
         *       "lines": []
         *     }
         */
        BookingCancellation: {
            /**
             * @description `marketplace`: the money could not be taken.
             * @enum {string}
             */
            by: "guest" | "host" | "admin" | "marketplace" | (string & {});
            reason: string | null;
            /** @description What the guest gets back. */
            refund: components["schemas"]["StayMoneyOutput"];
            /** @description What the host still earns; null for the guest. */
            hostKeeps: components["schemas"]["StayMoneyOutput"] | null;
            /** @description What the host owes for cancelling; null for the guest. */
            penalty: components["schemas"]["StayMoneyOutput"] | null;
            lines: components["schemas"]["StayRefundLine"][];
        };
        /**
         * @description A part of the price, and what of it comes back. All lines add up to the refund.
         * @example {
         *       "kind": "nights",
         *       "description": "4 nights",
         *       "paid": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "refund": {
         *         "amount": 36000,
         *         "currency": "EUR"
         *       }
         *     }
         */
        StayRefundLine: {
            /** @enum {string} */
            kind: "nights" | "weeklyDiscount" | "monthlyDiscount" | "earlyBirdDiscount" | "lastMinuteDiscount" | "nonRefundableDiscount" | "extraGuests" | "cleaningFee" | "petFee" | "serviceFee" | "tax" | (string & {});
            description: string;
            /** @description After discounts. */
            paid: components["schemas"]["StayMoneyOutput"];
            /** @description What of it comes back. */
            refund: components["schemas"]["StayMoneyOutput"];
        };
        /**
         * @example {
         *       "id": "pay_01k9q2v7n8e6xrd5w3m4h1t0zg",
         *       "status": "succeeded",
         *       "amount": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "captured": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "refunded": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "failure": null,
         *       "nextActionUrl": null,
         *       "clientSecret": null
         *     }
         */
        BookingPayment: {
            id: string;
            status: components["schemas"]["PaymentStatus"];
            /** @description What is paid in all. */
            amount: components["schemas"]["StayMoneyOutput"];
            /** @description What was taken of it. */
            captured: components["schemas"]["StayMoneyOutput"];
            /** @description What was given back, or is on its way. */
            refunded: components["schemas"]["StayMoneyOutput"];
            /**
             * @description Why the last attempt to pay came to nothing, for programs; null for the host.
             * @example insufficient_funds
             */
            failure: string | null;
            /** @description Where the guest proves to the bank who they are: only in the answer to an attempt to pay. */
            nextActionUrl: string | null;
            /** @description With which a browser pays, for the guest: only `GET …/payment` tells it, and null where there is nothing to pay. */
            clientSecret: string | null;
        };
        /**
         * @description `requiresAction`: the guest proves to the bank who they are; `processing`: it is not known yet what came of it; `requiresCapture`: the money is reserved until the host answers.
         * @example succeeded
         * @enum {string}
         */
        PaymentStatus: "requiresPaymentMethod" | "requiresAction" | "processing" | "requiresCapture" | "succeeded" | "cancelled" | (string & {});
        /**
         * @description Where exactly the home is.
         * @example {
         *       "line1": "Rua da Rosa 12",
         *       "neighbourhood": null,
         *       "city": "Lisboa",
         *       "region": null,
         *       "postalCode": "1200-386",
         *       "country": "PT",
         *       "latitude": 38.7123,
         *       "longitude": -9.1448
         *     }
         */
        StayAddress: {
            /** @default null */
            line1: string | null;
            /** @default null */
            neighbourhood: string | null;
            /** @default null */
            city: string | null;
            /** @default null */
            region: string | null;
            /** @default null */
            postalCode: string | null;
            /**
             * @description ISO 3166-1 alpha-2.
             * @default null
             * @example US
             */
            country: string | null;
            latitude: number;
            longitude: number;
        };
        /**
         * @example {
         *       "id": "pyo_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0ze",
         *       "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "listingTitle": "Sunny loft",
         *       "checkIn": "2027-05-01",
         *       "checkOut": "2027-05-05",
         *       "status": "scheduled",
         *       "dueAt": "2027-05-02T14:00:00.000Z",
         *       "amount": {
         *         "amount": 50440,
         *         "currency": "EUR"
         *       },
         *       "deducted": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "sent": {
         *         "amount": 50440,
         *         "currency": "EUR"
         *       },
         *       "reversed": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "blockedBy": null,
         *       "failure": null,
         *       "nextAttemptAt": "2027-05-02T14:00:00.000Z",
         *       "transferId": null,
         *       "paidAt": null,
         *       "createdAt": "2027-03-20T09:30:00.000Z",
         *       "updatedAt": "2027-03-20T09:30:00.000Z"
         *     }
         */
        Payout: {
            id: string;
            hostId: string;
            bookingId: string;
            listingTitle: string;
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            /**
             * @description `scheduled` waits for its time, `processing` is being sent, `paid` is in the account of the host at Stripe, `failed` is tried again at `nextAttemptAt`, `cancelled` is no longer owed.
             * @enum {string}
             */
            status: "scheduled" | "processing" | "paid" | "failed" | "cancelled" | (string & {});
            /**
             * Format: date-time
             * @description From when it is sent.
             */
            dueAt: string;
            /** @description What the host gets of the stay with it. */
            amount: components["schemas"]["StayMoneyOutput"];
            /** @description What of it pays what the host owed. */
            deducted: components["schemas"]["StayMoneyOutput"];
            /** @description What is sent, or will be as it looks now: `amount` less `deducted`. */
            sent: components["schemas"]["StayMoneyOutput"];
            /** @description What was taken back of it, after a refund to the guest. */
            reversed: components["schemas"]["StayMoneyOutput"];
            /** @description What keeps it from being sent: no account that can take it (`POST /v1/payout-account`), or a dispute about the booking that is not decided. */
            blockedBy: ("payoutAccount" | "dispute") | null;
            /** @description Why the last attempt failed: the account is closed or restricted (`POST /v1/payout-account` mends both), the marketplace has too little money at Stripe at the moment, or Stripe refused it otherwise. */
            failure: ("accountClosed" | "accountRestricted" | "balanceInsufficient" | "refused") | null;
            /** @description When it is sent; null when it was, or will not be. */
            nextAttemptAt: string | null;
            /** @description The transfer at Stripe. */
            transferId: string | null;
            paidAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "id": "ntf_01j9z6t8v2e4m8q0r5s7x3y1kg",
         *       "kind": "listingPublished",
         *       "category": "listings",
         *       "title": "“Sunny loft by the park” was published",
         *       "text": "Guests find it from now on.",
         *       "count": 1,
         *       "subject": {
         *         "type": "listing",
         *         "id": "lst_01j9z6t8v2e4m8q0r5s7x3y1ka"
         *       },
         *       "occurredAt": "2026-11-25T09:30:00.000Z",
         *       "createdAt": "2026-11-25T09:30:00.000Z",
         *       "readAt": null
         *     }
         */
        Notification: {
            id: string;
            /** @description `GET /v1/notification-preferences` lists all kinds. */
            kind: string;
            /** @enum {string} */
            category: "security" | "account" | "listings" | "calendar" | "bookings" | "payouts" | "webhooks" | (string & {});
            /** @description In one line. */
            title: string;
            /** @description In a sentence or two, without markup. */
            text: string;
            /** @description How many events it tells of. */
            count: number;
            /** @description What it is about: the newest of them when it tells of several. */
            subject: {
                type: string;
                id: string;
            };
            /**
             * Format: date-time
             * @description When the newest event happened.
             */
            occurredAt: string;
            /** Format: date-time */
            createdAt: string;
            readAt: string | null;
        };
        /** @description Every kind of notification, and how you get it. */
        NotificationPreferences: {
            data: components["schemas"]["NotificationPreference"][];
        };
        /**
         * @example {
         *       "kind": "listingPublished",
         *       "category": "listings",
         *       "summary": "A listing of yours was published.",
         *       "channels": {
         *         "inApp": {
         *           "enabled": true,
         *           "changeable": true
         *         },
         *         "mail": {
         *           "enabled": false,
         *           "changeable": true
         *         }
         *       }
         *     }
         */
        NotificationPreference: {
            kind: string;
            /** @enum {string} */
            category: "security" | "account" | "listings" | "calendar" | "bookings" | "payouts" | "webhooks" | (string & {});
            /** @description When it is told. */
            summary: string;
            channels: {
                inApp: components["schemas"]["ChannelPreference"];
                mail: components["schemas"]["ChannelPreference"];
            };
        };
        /**
         * @example {
         *       "enabled": true,
         *       "changeable": true
         *     }
         */
        ChannelPreference: {
            enabled: boolean;
            /** @description False for what protects your account. */
            changeable: boolean;
        };
        /**
         * @description A listing: all of it for its host, what is public for guests.
         * @example {
         *       "id": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "status": "published",
         *       "version": 3,
         *       "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *       "externalId": "loft-12",
         *       "title": "Sunny loft by the park",
         *       "description": "Two quiet rooms under the roof, five minutes from the lake.",
         *       "propertyType": "loft",
         *       "roomType": "entirePlace",
         *       "capacity": 4,
         *       "bedrooms": 2,
         *       "beds": 3,
         *       "bathrooms": 1.5,
         *       "amenities": [
         *         "wifi",
         *         "kitchen"
         *       ],
         *       "tags": [],
         *       "houseRules": {
         *         "pets": null,
         *         "smoking": null,
         *         "events": null,
         *         "notes": ""
         *       },
         *       "location": {
         *         "latitude": 40.758,
         *         "longitude": -73.9855,
         *         "address": {
         *           "line1": "20 W 34th St",
         *           "neighbourhood": null,
         *           "city": "New York",
         *           "region": "NY",
         *           "postalCode": "10001",
         *           "country": "US"
         *         },
         *         "exact": true
         *       },
         *       "timeZone": "America/New_York",
         *       "basePrice": {
         *         "amount": 12000,
         *         "currency": "USD"
         *       },
         *       "weekendPrice": null,
         *       "cleaningFee": {
         *         "amount": 4000,
         *         "currency": "USD"
         *       },
         *       "extraGuestFee": null,
         *       "petFee": null,
         *       "includedGuests": null,
         *       "weeklyDiscountPercent": 10,
         *       "monthlyDiscountPercent": 0,
         *       "earlyBirdDays": null,
         *       "earlyBirdPercent": null,
         *       "lastMinuteDays": null,
         *       "lastMinutePercent": null,
         *       "nonRefundableDiscountPercent": null,
         *       "minNights": 2,
         *       "maxNights": 30,
         *       "arrivalMinNights": {
         *         "friday": 3
         *       },
         *       "advanceNoticeHours": 0,
         *       "bookingWindowDays": 730,
         *       "preparationNights": 0,
         *       "checkInFrom": "15:00",
         *       "checkInUntil": null,
         *       "checkOutBy": "11:00",
         *       "languages": [],
         *       "licenceNumber": null,
         *       "cancellationPolicy": "moderate",
         *       "longStayPolicy": "firmLongTerm",
         *       "instantBook": true,
         *       "photos": [
         *         {
         *           "url": "https://images.example.com/loft.jpg",
         *           "caption": "Living room"
         *         }
         *       ],
         *       "rating": 4.85,
         *       "reviewCount": 27,
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "updatedAt": "2026-11-24T18:05:12.345Z"
         *     }
         */
        Listing: {
            /**
             * @description The id of a listing.
             * @example lst_01k9q2v7n8e6xrd5w3m4h1t0za
             */
            id: string;
            status: components["schemas"]["ListingStatus"];
            /** @description Goes up with every change; `If-Match: "<version>"` guards a change. */
            version: number;
            /** @description The id of the user whose listing it is. */
            hostId: string;
            /** @description The host's own id. Left out for guests. */
            externalId?: (string | null) | undefined;
            /** @example Sunny loft by the park */
            title: string;
            /** @default  */
            description: string;
            /**
             * @default other
             * @enum {string}
             */
            propertyType: "apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other";
            /** @enum {string} */
            roomType: "entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom";
            /**
             * @description Guests at most.
             * @default null
             */
            capacity: number | null;
            /** @default null */
            bedrooms: number | null;
            /** @default null */
            beds: number | null;
            /** @default null */
            bathrooms: number | null;
            /** @default [] */
            amenities: ("wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv")[];
            /**
             * @description The host's own words beside the fixed amenities.
             * @default []
             */
            tags: string[];
            houseRules: components["schemas"]["HouseRulesOutput"];
            location: components["schemas"]["ListedLocation"] | null;
            /**
             * @default null
             * @example America/New_York
             */
            timeZone: string | null;
            /**
             * @description Per night. Null while the host has not decided: such a draft cannot be published.
             * @default null
             */
            basePrice: components["schemas"]["Money"] | null;
            /**
             * @description Per Friday and Saturday night; null means the base price.
             * @default null
             */
            weekendPrice: components["schemas"]["Money"] | null;
            /**
             * @description Per stay.
             * @default null
             */
            cleaningFee: components["schemas"]["Money"] | null;
            /**
             * @description Per night and guest above `includedGuests`.
             * @default null
             */
            extraGuestFee: components["schemas"]["Money"] | null;
            /**
             * @description Per stay.
             * @default null
             */
            petFee: components["schemas"]["Money"] | null;
            /**
             * @description Guests covered by the base price; null means all.
             * @default null
             */
            includedGuests: number | null;
            /**
             * @description Off the nights of stays of 7 nights and more.
             * @default 0
             */
            weeklyDiscountPercent: number;
            /**
             * @description Off the nights of stays of 28 nights and more, instead of the weekly discount.
             * @default 0
             */
            monthlyDiscountPercent: number;
            /**
             * @description Guests who book at least so many days before check-in get `earlyBirdPercent` off.
             * @default null
             */
            earlyBirdDays: number | null;
            /**
             * @description Set together with `earlyBirdDays`, or not at all.
             * @default null
             */
            earlyBirdPercent: number | null;
            /**
             * @description Guests who book at most so many days before check-in get `lastMinutePercent` off.
             * @default null
             */
            lastMinuteDays: number | null;
            /**
             * @description Set together with `lastMinuteDays`, or not at all.
             * @default null
             */
            lastMinutePercent: number | null;
            /**
             * @description What guests save who give up refunds; null means that they have no such choice.
             * @default null
             */
            nonRefundableDiscountPercent: number | null;
            /** @default 1 */
            minNights: number;
            /** @default 365 */
            maxNights: number;
            arrivalMinNights: components["schemas"]["ArrivalMinNights"];
            /**
             * @description How many hours before the check-in time a stay must be booked at the latest.
             * @default 0
             */
            advanceNoticeHours: number;
            /**
             * @description How many days ahead of today a stay may reach.
             * @default 730
             */
            bookingWindowDays: number;
            /**
             * @description Nights after each stay in which nobody else can stay.
             * @default 0
             */
            preparationNights: number;
            /** @default 15:00 */
            checkInFrom: components["schemas"]["ClockTime"];
            /** @default null */
            checkInUntil: components["schemas"]["ClockTime"] | null;
            /** @default 11:00 */
            checkOutBy: components["schemas"]["ClockTime"];
            /** @default [] */
            languages: string[];
            /** @default null */
            licenceNumber: string | null;
            /** @default null */
            cancellationPolicy: ("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable" | "vrboRelaxed" | "vrboModerate" | "vrboFirm" | "vrboStrict") | null;
            /**
             * @description What guests get back of stays of 28 nights and more, instead of `cancellationPolicy`.
             * @default firmLongTerm
             * @enum {string}
             */
            longStayPolicy: "firmLongTerm" | "strictLongTerm";
            /** @default false */
            instantBook: boolean;
            /** @default [] */
            photos: components["schemas"]["PhotoOutput"][];
            /** @description The mean of the ratings, 1 to 5; null while there are too few. */
            rating: number | null;
            reviewCount: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description WGS 84 degrees. */
        ListedLocation: {
            latitude: number;
            longitude: number;
            /** @description False for guests: they see the point rounded to three decimals, about 100 m. */
            exact: boolean;
            address: components["schemas"]["ListedAddress"];
        };
        /** @description `line1` and `postalCode` are left out for guests. */
        ListedAddress: {
            line1?: (string | null) | undefined;
            /** @default null */
            neighbourhood: string | null;
            /** @default null */
            city: string | null;
            /** @default null */
            region: string | null;
            postalCode?: (string | null) | undefined;
            /**
             * @description ISO 3166-1 alpha-2.
             * @default null
             * @example US
             */
            country: string | null;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "status": "published",
         *           "version": 3,
         *           "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *           "externalId": "loft-12",
         *           "title": "Sunny loft by the park",
         *           "description": "Two quiet rooms under the roof, five minutes from the lake.",
         *           "propertyType": "loft",
         *           "roomType": "entirePlace",
         *           "capacity": 4,
         *           "bedrooms": 2,
         *           "beds": 3,
         *           "bathrooms": 1.5,
         *           "amenities": [
         *             "wifi",
         *             "kitchen"
         *           ],
         *           "tags": [],
         *           "houseRules": {
         *             "pets": null,
         *             "smoking": null,
         *             "events": null,
         *             "notes": ""
         *           },
         *           "location": {
         *             "latitude": 40.758,
         *             "longitude": -73.9855,
         *             "address": {
         *               "line1": "20 W 34th St",
         *               "neighbourhood": null,
         *               "city": "New York",
         *               "region": "NY",
         *               "postalCode": "10001",
         *               "country": "US"
         *             },
         *             "exact": true
         *           },
         *           "timeZone": "America/New_York",
         *           "basePrice": {
         *             "amount": 12000,
         *             "currency": "USD"
         *           },
         *           "weekendPrice": null,
         *           "cleaningFee": {
         *             "amount": 4000,
         *             "currency": "USD"
         *           },
         *           "extraGuestFee": null,
         *           "petFee": null,
         *           "includedGuests": null,
         *           "weeklyDiscountPercent": 10,
         *           "monthlyDiscountPercent": 0,
         *           "earlyBirdDays": null,
         *           "earlyBirdPercent": null,
         *           "lastMinuteDays": null,
         *           "lastMinutePercent": null,
         *           "nonRefundableDiscountPercent": null,
         *           "minNights": 2,
         *           "maxNights": 30,
         *           "arrivalMinNights": {
         *             "friday": 3
         *           },
         *           "advanceNoticeHours": 0,
         *           "bookingWindowDays": 730,
         *           "preparationNights": 0,
         *           "checkInFrom": "15:00",
         *           "checkInUntil": null,
         *           "checkOutBy": "11:00",
         *           "languages": [],
         *           "licenceNumber": null,
         *           "cancellationPolicy": "moderate",
         *           "longStayPolicy": "firmLongTerm",
         *           "instantBook": true,
         *           "photos": [
         *             {
         *               "url": "https://images.example.com/loft.jpg",
         *               "caption": "Living room"
         *             }
         *           ],
         *           "rating": 4.85,
         *           "reviewCount": 27,
         *           "createdAt": "2026-11-23T09:30:00.000Z",
         *           "updatedAt": "2026-11-24T18:05:12.345Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        ListingPage: {
            data: components["schemas"]["Listing"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description One line: a `ListingInput` as it stands, and beside it the id and the state of the listing.
         * @example {
         *       "externalId": "loft-12",
         *       "title": "Sunny loft by the park",
         *       "description": "Two quiet rooms under the roof, five minutes from the lake.",
         *       "propertyType": "loft",
         *       "roomType": "entirePlace",
         *       "capacity": 4,
         *       "bedrooms": 2,
         *       "beds": 3,
         *       "bathrooms": 1.5,
         *       "amenities": [
         *         "wifi",
         *         "kitchen"
         *       ],
         *       "tags": [],
         *       "houseRules": {
         *         "pets": null,
         *         "smoking": null,
         *         "events": null,
         *         "notes": ""
         *       },
         *       "location": {
         *         "latitude": 40.758,
         *         "longitude": -73.9855,
         *         "address": {
         *           "line1": "20 W 34th St",
         *           "neighbourhood": null,
         *           "city": "New York",
         *           "region": "NY",
         *           "postalCode": "10001",
         *           "country": "US"
         *         }
         *       },
         *       "timeZone": "America/New_York",
         *       "basePrice": {
         *         "amount": 12000,
         *         "currency": "USD"
         *       },
         *       "weekendPrice": null,
         *       "cleaningFee": {
         *         "amount": 4000,
         *         "currency": "USD"
         *       },
         *       "extraGuestFee": null,
         *       "petFee": null,
         *       "includedGuests": null,
         *       "weeklyDiscountPercent": 10,
         *       "monthlyDiscountPercent": 0,
         *       "earlyBirdDays": null,
         *       "earlyBirdPercent": null,
         *       "lastMinuteDays": null,
         *       "lastMinutePercent": null,
         *       "nonRefundableDiscountPercent": null,
         *       "minNights": 2,
         *       "maxNights": 30,
         *       "arrivalMinNights": {
         *         "friday": 3
         *       },
         *       "advanceNoticeHours": 0,
         *       "bookingWindowDays": 730,
         *       "preparationNights": 0,
         *       "checkInFrom": "15:00",
         *       "checkInUntil": null,
         *       "checkOutBy": "11:00",
         *       "languages": [],
         *       "licenceNumber": null,
         *       "cancellationPolicy": "moderate",
         *       "longStayPolicy": "firmLongTerm",
         *       "instantBook": true,
         *       "photos": [
         *         {
         *           "url": "https://images.example.com/loft.jpg",
         *           "caption": "Living room"
         *         }
         *       ],
         *       "id": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "status": "published"
         *     }
         */
        ExportedListing: {
            /**
             * @description The host's own id, unique per host; the listing's own id unless given. Always text: ids above 2^53 survive to the digit.
             * @default null
             * @example 1279846646046615122
             */
            externalId: string | null;
            /** @example Sunny loft by the park */
            title: string;
            /** @default  */
            description: string;
            /**
             * @default other
             * @enum {string}
             */
            propertyType: "apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other";
            /** @enum {string} */
            roomType: "entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom";
            /**
             * @description Guests at most.
             * @default null
             */
            capacity: number | null;
            /** @default null */
            bedrooms: number | null;
            /** @default null */
            beds: number | null;
            /** @default null */
            bathrooms: number | null;
            /** @default [] */
            amenities: ("wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv")[];
            /**
             * @description The host's own words beside the fixed amenities.
             * @default []
             */
            tags: string[];
            houseRules: components["schemas"]["HouseRulesOutput"];
            /** @default null */
            location: components["schemas"]["LocationOutput"] | null;
            /**
             * @default null
             * @example America/New_York
             */
            timeZone: string | null;
            /**
             * @description Per night. Null while the host has not decided: such a draft cannot be published.
             * @default null
             */
            basePrice: components["schemas"]["Money"] | null;
            /**
             * @description Per Friday and Saturday night; null means the base price.
             * @default null
             */
            weekendPrice: components["schemas"]["Money"] | null;
            /**
             * @description Per stay.
             * @default null
             */
            cleaningFee: components["schemas"]["Money"] | null;
            /**
             * @description Per night and guest above `includedGuests`.
             * @default null
             */
            extraGuestFee: components["schemas"]["Money"] | null;
            /**
             * @description Per stay.
             * @default null
             */
            petFee: components["schemas"]["Money"] | null;
            /**
             * @description Guests covered by the base price; null means all.
             * @default null
             */
            includedGuests: number | null;
            /**
             * @description Off the nights of stays of 7 nights and more.
             * @default 0
             */
            weeklyDiscountPercent: number;
            /**
             * @description Off the nights of stays of 28 nights and more, instead of the weekly discount.
             * @default 0
             */
            monthlyDiscountPercent: number;
            /**
             * @description Guests who book at least so many days before check-in get `earlyBirdPercent` off.
             * @default null
             */
            earlyBirdDays: number | null;
            /**
             * @description Set together with `earlyBirdDays`, or not at all.
             * @default null
             */
            earlyBirdPercent: number | null;
            /**
             * @description Guests who book at most so many days before check-in get `lastMinutePercent` off.
             * @default null
             */
            lastMinuteDays: number | null;
            /**
             * @description Set together with `lastMinuteDays`, or not at all.
             * @default null
             */
            lastMinutePercent: number | null;
            /**
             * @description What guests save who give up refunds; null means that they have no such choice.
             * @default null
             */
            nonRefundableDiscountPercent: number | null;
            /** @default 1 */
            minNights: number;
            /** @default 365 */
            maxNights: number;
            arrivalMinNights: components["schemas"]["ArrivalMinNights"];
            /**
             * @description How many hours before the check-in time a stay must be booked at the latest.
             * @default 0
             */
            advanceNoticeHours: number;
            /**
             * @description How many days ahead of today a stay may reach.
             * @default 730
             */
            bookingWindowDays: number;
            /**
             * @description Nights after each stay in which nobody else can stay.
             * @default 0
             */
            preparationNights: number;
            /** @default 15:00 */
            checkInFrom: components["schemas"]["ClockTime"];
            /** @default null */
            checkInUntil: components["schemas"]["ClockTime"] | null;
            /** @default 11:00 */
            checkOutBy: components["schemas"]["ClockTime"];
            /** @default [] */
            languages: string[];
            /** @default null */
            licenceNumber: string | null;
            /** @default null */
            cancellationPolicy: ("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable" | "vrboRelaxed" | "vrboModerate" | "vrboFirm" | "vrboStrict") | null;
            /**
             * @description What guests get back of stays of 28 nights and more, instead of `cancellationPolicy`.
             * @default firmLongTerm
             * @enum {string}
             */
            longStayPolicy: "firmLongTerm" | "strictLongTerm";
            /** @default false */
            instantBook: boolean;
            /** @default [] */
            photos: components["schemas"]["PhotoOutput"][];
            /**
             * @description The id of a listing.
             * @example lst_01k9q2v7n8e6xrd5w3m4h1t0za
             */
            id: string;
            status: components["schemas"]["ListingStatus"];
        };
        /**
         * @example {
         *       "results": [
         *         {
         *           "externalId": "loft-12",
         *           "outcome": "created",
         *           "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "status": "published",
         *           "errors": [],
         *           "gaps": []
         *         },
         *         {
         *           "externalId": "loft-13",
         *           "outcome": "failed",
         *           "listingId": null,
         *           "status": null,
         *           "errors": [
         *             {
         *               "pointer": "/capacity",
         *               "code": "too_small",
         *               "message": "Too small: expected number to be >=1"
         *             }
         *           ],
         *           "gaps": []
         *         }
         *       ]
         *     }
         */
        BatchResults: {
            /** @description In the order of the rows. */
            results: components["schemas"]["BatchResult"][];
        };
        BatchResult: {
            /** @description As it was sent; null when it was no text. */
            externalId: string | null;
            /** @enum {string} */
            outcome: "created" | "updated" | "unchanged" | "failed" | (string & {});
            /** @description Null when the row failed before its listing was looked up. */
            listingId: string | null;
            status: components["schemas"]["ListingStatus"] | null;
            /** @description Why the row failed; nothing of it was written. */
            errors: components["schemas"]["RowIssue"][];
            /** @description Why the listing is not published although `publish` was asked. */
            gaps: components["schemas"]["RowIssue"][];
        };
        /** @description One thing wrong with a row, by JSON pointer into that row. */
        RowIssue: {
            pointer: string;
            code: string;
            message: string;
        };
        /**
         * @description All photos in their order.
         * @example {
         *       "data": [
         *         {
         *           "id": "pho_01k9q2v7n9e6xrd5w3m4h1t0zb",
         *           "url": "https://images.example.com/loft.jpg",
         *           "caption": "Living room"
         *         }
         *       ]
         *     }
         */
        PhotoList: {
            data: components["schemas"]["ListedPhoto"][];
        };
        /**
         * @example {
         *       "id": "pho_01k9q2v7n9e6xrd5w3m4h1t0zb",
         *       "url": "https://images.example.com/loft.jpg",
         *       "caption": "Living room"
         *     }
         */
        ListedPhoto: {
            /**
             * @description The id of a photo.
             * @example pho_01k9q2v7n9e6xrd5w3m4h1t0zb
             */
            id: string;
            /** Format: uri */
            url: string;
            caption: string | null;
        };
        /**
         * @description What Stripe told is kept.
         * @example {
         *       "received": true
         *     }
         */
        StripeReceipt: {
            /** @constant */
            received: true;
        };
        /**
         * @example {
         *       "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "timeZone": "Europe/Lisbon",
         *       "currency": "EUR",
         *       "from": "2027-07-01",
         *       "to": "2027-07-02",
         *       "version": 7,
         *       "days": [
         *         {
         *           "date": "2027-07-01",
         *           "available": true,
         *           "price": {
         *             "amount": 14000,
         *             "currency": "EUR"
         *           },
         *           "minNights": 4,
         *           "maxNights": null,
         *           "closedToArrival": false,
         *           "closedToDeparture": false,
         *           "reason": null
         *         }
         *       ]
         *     }
         */
        Calendar: {
            /**
             * @description The id of a listing.
             * @example lst_01k9q2v7n8e6xrd5w3m4h1t0za
             */
            listingId: string;
            /** @description In which the dates are; null of an unfinished draft. */
            timeZone: string | null;
            currency: components["schemas"]["Currency"] | null;
            /** @description The first date. */
            from: components["schemas"]["LocalDate"];
            /** @description The date after the last. */
            to: components["schemas"]["LocalDate"];
            /** @description Goes up with every change that its host makes; `If-Match` guards a change by it. */
            version: number;
            days: components["schemas"]["CalendarDay"][];
        };
        /**
         * @example {
         *       "date": "2027-07-01",
         *       "available": true,
         *       "price": {
         *         "amount": 14000,
         *         "currency": "EUR"
         *       },
         *       "minNights": 4,
         *       "maxNights": null,
         *       "closedToArrival": false,
         *       "closedToDeparture": false,
         *       "reason": null
         *     }
         */
        CalendarDay: {
            date: components["schemas"]["LocalDate"];
            /** @description Whether the night that begins on the date can be booked. */
            available: boolean;
            /** @description Of that night: its own, else that of the season, the weekend, the listing. */
            price: components["schemas"]["Money"] | null;
            /** @description The shortest stay that begins on the date. */
            minNights: number;
            maxNights: number | null;
            closedToArrival: boolean;
            closedToDeparture: boolean;
            /** @description Why it is not available. `past`, `notice` (too soon), `beyondWindow` (too far ahead), `unavailable`; to the host instead of the last `hold`, `booking`, `block`, `feed`, `preparation`. */
            reason: ("unavailable" | "past" | "notice" | "beyondWindow" | "hold" | "booking" | "block" | "feed" | "preparation") | null;
            /** @description Left out for guests. */
            note?: (string | null) | undefined;
            /**
             * @description Whose stay it is. Left out for guests.
             * @example bkg_01k9q2v7n8e6xrd5w3m4h1t0zb
             */
            bookingId?: (string | null) | undefined;
        };
        /**
         * @example {
         *       "dryRun": false,
         *       "version": 7,
         *       "changedDays": 53,
         *       "skipped": [
         *         {
         *           "from": "2027-09-03",
         *           "to": "2027-09-05",
         *           "reason": "booking"
         *         }
         *       ]
         *     }
         */
        CalendarWritten: {
            dryRun: boolean;
            /** @description Goes up with every change that its host makes; `If-Match` guards a change by it. */
            version: number;
            /** @description Of how many dates something else is said than before. */
            changedDays: number;
            /** @description Nights of ranges with `blocked` that a stay or another channel takes: they stay taken. The wish holds as soon as they come free. */
            skipped: components["schemas"]["SkippedNights"][];
        };
        /**
         * @example {
         *       "from": "2027-09-03",
         *       "to": "2027-09-05",
         *       "reason": "booking"
         *     }
         */
        SkippedNights: {
            /** @description The first date. */
            from: components["schemas"]["LocalDate"];
            /** @description The date after the last. */
            to: components["schemas"]["LocalDate"];
            /** @enum {string} */
            reason: "booking" | "hold" | "feed" | (string & {});
        };
        /**
         * @example {
         *       "dryRun": true,
         *       "matched": 1,
         *       "changed": 1,
         *       "listings": [
         *         {
         *           "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "title": "Loft",
         *           "changed": true,
         *           "changedDays": 46,
         *           "skipped": [],
         *           "errors": []
         *         }
         *       ]
         *     }
         */
        CalendarsWritten: {
            dryRun: boolean;
            /** @description How many listings were selected. */
            matched: number;
            /** @description How many of their calendars differ from before. */
            changed: number;
            listings: components["schemas"]["CalendarOutcome"][];
        };
        CalendarOutcome: {
            /**
             * @description The id of a listing.
             * @example lst_01k9q2v7n8e6xrd5w3m4h1t0za
             */
            listingId: string;
            title: string;
            changed: boolean;
            /** @description Of how many dates something else is said than before. */
            changedDays: number;
            /** @description Nights of ranges with `blocked` that a stay or another channel takes: they stay taken. The wish holds as soon as they come free. */
            skipped: components["schemas"]["SkippedNights"][];
            /** @description Why nothing of this listing was changed; empty when it could be. */
            errors: {
                pointer: string;
                code: string;
                message: string;
            }[];
        };
        /**
         * @example {
         *       "version": 8,
         *       "seasons": [
         *         {
         *           "name": "Summer",
         *           "from": "2027-06-15",
         *           "to": "2027-09-15",
         *           "price": {
         *             "amount": 14000,
         *             "currency": "EUR"
         *           },
         *           "weekendPrice": null,
         *           "minNights": 3,
         *           "maxNights": null
         *         }
         *       ]
         *     }
         */
        Seasons: {
            /** @description Goes up with every change that its host makes; `If-Match` guards a change by it. */
            version: number;
            seasons: components["schemas"]["SeasonOutput"][];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "blk_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *           "from": "2027-09-01",
         *           "to": "2027-09-08",
         *           "note": "New bathroom",
         *           "createdAt": "2026-11-23T09:30:00.000Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        CalendarBlockPage: {
            data: components["schemas"]["CalendarBlock"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description Nights that the host does not sell, whether or not a stay is there.
         * @example {
         *       "id": "blk_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *       "from": "2027-09-01",
         *       "to": "2027-09-08",
         *       "note": "New bathroom",
         *       "createdAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        CalendarBlock: {
            id: string;
            /** @description The first date. */
            from: components["schemas"]["LocalDate"];
            /** @description The date after the last. */
            to: components["schemas"]["LocalDate"];
            note: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @example {
         *       "id": "feed_01j9z6t8v2e4m8q0r5s7x3y1kd",
         *       "name": "Airbnb",
         *       "host": "www.airbnb.com",
         *       "status": "active",
         *       "lastFetchedAt": "2026-11-28T09:30:00.000Z",
         *       "lastSucceededAt": "2026-11-28T09:30:00.000Z",
         *       "lastChangedAt": "2026-11-28T09:30:00.000Z",
         *       "lastError": null,
         *       "suspiciousSince": null,
         *       "nextFetchAt": "2026-11-28T10:01:12.000Z",
         *       "events": 21,
         *       "nights": 305,
         *       "conflicts": 0,
         *       "warnings": [],
         *       "createdAt": "2026-11-28T09:30:00.000Z"
         *     }
         */
        CalendarFeed: {
            id: string;
            name: string;
            /** @description The host of its URL; the rest of it is not shown. */
            host: string;
            /**
             * @description `failing`: it cannot be fetched or read, see `lastError`; `suspicious`: it suddenly says that (almost) nothing is taken, which is not believed at once.
             * @enum {string}
             */
            status: "active" | "paused" | "failing" | "suspicious" | (string & {});
            lastFetchedAt: string | null;
            /** @description As of when its nights are known: how old they are. */
            lastSucceededAt: string | null;
            /** @description When what it says last changed. */
            lastChangedAt: string | null;
            /** @description Why the last fetch failed, such as `http_error`, `timeout`, `blocked_address`, `too_large`, `not_a_calendar` or `broken_calendar`; null when it did not. */
            lastError: {
                code: string;
                detail: string;
            } | null;
            /** @description Six hours later it is believed, when it still says the same. */
            suspiciousSince: string | null;
            /** @description Null while it is paused. */
            nextFetchAt: string | null;
            /** @description How many events it has from today on. */
            events: number;
            /** @description How many nights from today on they take. */
            nights: number;
            /** @description Events on nights where one of your stays is. */
            conflicts: number;
            /** @description What it says and could not be taken as it stands. */
            warnings: {
                /** @description Such as `reversed_dates`, `unknown_time_zone` or `too_many_repeats`. */
                code: string;
                detail: string;
                /** @description The event, as the calendar names it. */
                uid: string | null;
            }[];
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "feed_01j9z6t8v2e4m8q0r5s7x3y1kd",
         *           "name": "Airbnb",
         *           "host": "www.airbnb.com",
         *           "status": "active",
         *           "lastFetchedAt": "2026-11-28T09:30:00.000Z",
         *           "lastSucceededAt": "2026-11-28T09:30:00.000Z",
         *           "lastChangedAt": "2026-11-28T09:30:00.000Z",
         *           "lastError": null,
         *           "suspiciousSince": null,
         *           "nextFetchAt": "2026-11-28T10:01:12.000Z",
         *           "events": 21,
         *           "nights": 305,
         *           "conflicts": 0,
         *           "warnings": [],
         *           "createdAt": "2026-11-28T09:30:00.000Z"
         *         }
         *       ]
         *     }
         */
        CalendarFeedList: {
            data: components["schemas"]["CalendarFeed"][];
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "bookingId": "bkg_01j9z6t8v2e4m8q0r5s7x3y1ke",
         *           "checkIn": "2027-05-03",
         *           "checkOut": "2027-05-07",
         *           "from": "2027-05-01",
         *           "to": "2027-05-08",
         *           "summary": "Reserved",
         *           "foundAt": "2026-11-28T09:30:00.000Z"
         *         }
         *       ]
         *     }
         */
        CalendarConflictList: {
            data: components["schemas"]["CalendarConflict"][];
        };
        /**
         * @example {
         *       "bookingId": "bkg_01j9z6t8v2e4m8q0r5s7x3y1ke",
         *       "checkIn": "2027-05-03",
         *       "checkOut": "2027-05-07",
         *       "from": "2027-05-01",
         *       "to": "2027-05-08",
         *       "summary": "Reserved",
         *       "foundAt": "2026-11-28T09:30:00.000Z"
         *     }
         */
        CalendarConflict: {
            /** @description Our stay. It stays as it is. */
            bookingId: string;
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            /** @description The first night of the event in the other calendar. */
            from: components["schemas"]["LocalDate"];
            /** @description The day after its last night. */
            to: components["schemas"]["LocalDate"];
            /** @description What the other calendar says of it. */
            summary: string | null;
            /** Format: date-time */
            foundAt: string;
        };
        /**
         * @example {
         *       "url": "https://stays.example.com/v1/listings/lst_01j9z6t8v2e4m8q0r5s7x3y1k9/calendar.ics?token=4t8v2e4m8q0r5s7x3y1kd6j9z6t8v2e4",
         *       "createdAt": "2026-11-28T09:30:00.000Z"
         *     }
         */
        CalendarExport: {
            /** @description Give it to other channels and to nobody else: whoever knows it can read the calendar. */
            url: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "lst_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "title": "Sunny loft by the park",
         *           "propertyType": "loft",
         *           "roomType": "entirePlace",
         *           "capacity": 4,
         *           "bedrooms": 2,
         *           "beds": 3,
         *           "bathrooms": 1.5,
         *           "amenities": [
         *             "wifi",
         *             "kitchen"
         *           ],
         *           "location": {
         *             "latitude": 40.758,
         *             "longitude": -73.986,
         *             "neighbourhood": "Midtown",
         *             "city": "New York",
         *             "region": "NY",
         *             "country": "US"
         *           },
         *           "basePrice": {
         *             "amount": 12000,
         *             "currency": "USD"
         *           },
         *           "rating": 4.85,
         *           "reviewCount": 27,
         *           "instantBook": true,
         *           "photo": {
         *             "url": "https://images.example.com/loft.jpg",
         *             "caption": "Living room"
         *           },
         *           "distanceKm": 0.042,
         *           "stay": {
         *             "checkIn": "2027-05-01",
         *             "checkOut": "2027-05-05",
         *             "nights": 4,
         *             "total": {
         *               "amount": 52000,
         *               "currency": "USD"
         *             },
         *             "nightlyAverage": {
         *               "amount": 13000,
         *               "currency": "USD"
         *             }
         *           }
         *         }
         *       ],
         *       "nextCursor": null,
         *       "total": {
         *         "count": 1,
         *         "capped": false
         *       }
         *     }
         */
        SearchPage: {
            data: components["schemas"]["SearchResult"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
            total: components["schemas"]["SearchTotal"];
            facets?: components["schemas"]["SearchFacets"] | undefined;
        };
        /** @description A published listing in short. */
        SearchResult: {
            /** @description The id of the listing. */
            id: string;
            title: string;
            /** @enum {string} */
            propertyType: "apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other";
            /** @enum {string} */
            roomType: "entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom";
            /** @description Guests at most. */
            capacity: number;
            bedrooms: number | null;
            beds: number | null;
            bathrooms: number | null;
            amenities: ("wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv")[];
            location: components["schemas"]["ResultLocation"];
            basePrice: components["schemas"]["Money"];
            rating: number | null;
            reviewCount: number;
            instantBook: boolean;
            /** @description The first of its photos. */
            photo: {
                url: string;
                caption: string | null;
            } | null;
            /** @description From `near` to the rounded point, to the metre; null without `near`. */
            distanceKm: number | null;
            stay: components["schemas"]["ResultStay"];
        };
        /** @description WGS 84 degrees, rounded to three decimals, about 100 m. */
        ResultLocation: {
            latitude: number;
            longitude: number;
            neighbourhood: string | null;
            city: string | null;
            region: string | null;
            country: string | null;
        };
        /** @description The stay that was searched for, without pets and at the standard rate; null without dates. */
        ResultStay: {
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            nights: number;
            /** @description What the guest pays for all of it, as a quote has it. */
            total: components["schemas"]["StayMoneyOutput"];
            /** @description The total by the number of nights, rounded. */
            nightlyAverage: components["schemas"]["StayMoneyOutput"];
        } | null;
        /** @description How many listings match. Counting stops at 1000: `capped` means more. */
        SearchTotal: {
            count: number;
            capped: boolean;
        };
        /** @description How many results each further choice would give, most first. Room type, property type and price are counted as if nothing of the same kind were chosen; amenities on top of those chosen. */
        SearchFacets: {
            roomType: {
                /** @enum {string} */
                value: "entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom";
                count: number;
            }[];
            propertyType: {
                /** @enum {string} */
                value: "apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other";
                count: number;
            }[];
            amenities: {
                /** @enum {string} */
                value: "wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv";
                count: number;
            }[];
            price: components["schemas"]["PriceFacet"];
            /** @description Whether counting stopped after 5000 listings: the shares then tell more than the numbers. */
            capped: boolean;
        };
        /** @description Base prices of a night, or with dates totals of the stay, in steps of equal width, from the cheapest. */
        PriceFacet: {
            currency: components["schemas"]["Currency"];
            buckets: {
                /** @description In minor units. */
                from: number;
                /** @description Not included; null for all that is dearer. */
                to: number | null;
                count: number;
            }[];
        };
        /**
         * @description The binding price of a stay, with all that it is made of.
         * @example {
         *       "id": "qte_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0zb",
         *       "checkIn": "2027-05-01",
         *       "checkOut": "2027-05-05",
         *       "guests": 2,
         *       "pets": 0,
         *       "nonRefundable": false,
         *       "nights": 4,
         *       "currency": "EUR",
         *       "nightlyPrices": [
         *         {
         *           "date": "2027-05-01",
         *           "price": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "date": "2027-05-02",
         *           "price": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "date": "2027-05-03",
         *           "price": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "date": "2027-05-04",
         *           "price": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "lineItems": [
         *         {
         *           "kind": "nights",
         *           "description": "4 nights",
         *           "quantity": 4,
         *           "unitPrice": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           },
         *           "amount": {
         *             "amount": 48000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "kind": "serviceFee",
         *           "description": "Service fee",
         *           "quantity": 1,
         *           "unitPrice": null,
         *           "amount": {
         *             "amount": 6816,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "subtotal": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "total": {
         *         "amount": 54816,
         *         "currency": "EUR"
         *       },
         *       "includedTaxes": [],
         *       "hostPayout": {
         *         "amount": 46560,
         *         "currency": "EUR"
         *       },
         *       "feeSchedule": {
         *         "id": "fee_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *         "name": "Standard",
         *         "mode": "split",
         *         "hostFeeBps": 300,
         *         "guestFeeBps": 1420
         *       },
         *       "cancellationPolicy": {
         *         "id": "pol_01k9q2v7n8e6xrd5w3m4h1t0zd",
         *         "key": "moderate",
         *         "name": "Moderate"
         *       },
         *       "refundSchedule": [
         *         {
         *           "until": "2027-04-26T14:00:00.000Z",
         *           "refund": {
         *             "amount": 54816,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "until": "2027-05-01T23:00:00.000Z",
         *           "refund": {
         *             "amount": 18000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "until": "2027-05-02T23:00:00.000Z",
         *           "refund": {
         *             "amount": 12000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "until": "2027-05-03T23:00:00.000Z",
         *           "refund": {
         *             "amount": 6000,
         *             "currency": "EUR"
         *           }
         *         },
         *         {
         *           "until": "2027-05-05T10:00:00.000Z",
         *           "refund": {
         *             "amount": 0,
         *             "currency": "EUR"
         *           }
         *         }
         *       ],
         *       "freeCancellationUntil": "2027-04-26T14:00:00.000Z",
         *       "instantBook": true,
         *       "timeZone": "Europe/Lisbon",
         *       "checkInAt": "2027-05-01T14:00:00.000Z",
         *       "checkOutAt": "2027-05-05T10:00:00.000Z",
         *       "createdAt": "2027-03-20T09:30:00.000Z",
         *       "expiresAt": "2027-03-20T09:45:00.000Z"
         *     }
         */
        Quote: {
            id: string;
            listingId: string;
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            guests: number;
            pets: number;
            nonRefundable: boolean;
            nights: number;
            currency: components["schemas"]["Currency"];
            /** @description Every night of the stay, before discounts. */
            nightlyPrices: {
                date: components["schemas"]["LocalDate"];
                price: components["schemas"]["StayMoneyOutput"];
            }[];
            /** @description They add up to `total` exactly. */
            lineItems: components["schemas"]["StayLine"][];
            /** @description Nights after discounts and the host's own fees, before service fee and taxes. */
            subtotal: components["schemas"]["StayMoneyOutput"];
            /** @description What a booking made from this quote costs. */
            total: components["schemas"]["StayMoneyOutput"];
            /** @description Taxes within the prices: no lines, and nothing beside the total. */
            includedTaxes: {
                description: string;
                amount: components["schemas"]["StayMoneyOutput"];
            }[];
            /** @description What the host gets: the subtotal without the host fee and included taxes. */
            hostPayout: components["schemas"]["SignedMoneyOutput"];
            feeSchedule: components["schemas"]["AppliedFeeSchedule"];
            cancellationPolicy: components["schemas"]["AppliedPolicy"];
            /** @description What comes back to a guest who cancels, for a booking that is confirmed as the quote is made. Before each `until` it is `refund`; after the last one nothing. */
            refundSchedule: components["schemas"]["StayRefund"][];
            /** @description Until when everything comes back; null when that is never so. */
            freeCancellationUntil: string | null;
            /** @description False when the host has to accept the booking. */
            instantBook: boolean;
            timeZone: string;
            /** Format: date-time */
            checkInAt: string;
            /** Format: date-time */
            checkOutAt: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Until when a booking can be made from it.
             */
            expiresAt: string;
        };
        /**
         * @description What the marketplace takes: hundredths of a percent of the subtotal.
         * @example {
         *       "id": "fee_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *       "name": "Standard",
         *       "mode": "split",
         *       "hostFeeBps": 300,
         *       "guestFeeBps": 1420
         *     }
         */
        AppliedFeeSchedule: {
            id: string;
            name: string;
            /** @enum {string} */
            mode: "split" | "hostOnly";
            hostFeeBps: number;
            guestFeeBps: number;
        };
        /**
         * @description What a guest who cancels gets back, in the version that holds for this stay.
         * @example {
         *       "id": "pol_01k9q2v7n8e6xrd5w3m4h1t0zd",
         *       "key": "moderate",
         *       "name": "Moderate"
         *     }
         */
        AppliedPolicy: {
            id: string;
            key: string;
            name: string;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "id": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "status": "confirmed",
         *           "version": 2,
         *           "quoteId": "qte_01k9q2v7n8e6xrd5w3m4h1t0zb",
         *           "listingId": "lst_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *           "listingTitle": "Sunny loft near the river",
         *           "guestId": "usr_01k9q2v7n8e6xrd5w3m4h1t0zd",
         *           "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0ze",
         *           "checkIn": "2027-05-01",
         *           "checkOut": "2027-05-05",
         *           "nights": 4,
         *           "guests": 2,
         *           "pets": 0,
         *           "timeZone": "Europe/Lisbon",
         *           "instantBook": true,
         *           "currency": "EUR",
         *           "total": {
         *             "amount": 48000,
         *             "currency": "EUR"
         *           },
         *           "lineItems": [
         *             {
         *               "kind": "nights",
         *               "description": "4 nights",
         *               "quantity": 4,
         *               "unitPrice": {
         *                 "amount": 12000,
         *                 "currency": "EUR"
         *               },
         *               "amount": {
         *                 "amount": 48000,
         *                 "currency": "EUR"
         *               }
         *             }
         *           ],
         *           "hostPayout": null,
         *           "message": null,
         *           "checkInAt": "2027-05-01T14:00:00.000Z",
         *           "checkOutAt": "2027-05-05T10:00:00.000Z",
         *           "holdExpiresAt": "2027-03-20T09:45:00.000Z",
         *           "respondBy": null,
         *           "confirmedAt": "2027-03-20T09:31:00.000Z",
         *           "checkedInAt": null,
         *           "checkedOutAt": null,
         *           "endedAt": null,
         *           "cancellationPolicy": "moderate",
         *           "freeCancellationUntil": "2027-04-26T14:00:00.000Z",
         *           "refundSchedule": [
         *             {
         *               "until": "2027-04-26T14:00:00.000Z",
         *               "refund": {
         *                 "amount": 48000,
         *                 "currency": "EUR"
         *               }
         *             }
         *           ],
         *           "declineReason": null,
         *           "cancellation": null,
         *           "payment": {
         *             "id": "pay_01k9q2v7n8e6xrd5w3m4h1t0zg",
         *             "status": "succeeded",
         *             "amount": {
         *               "amount": 48000,
         *               "currency": "EUR"
         *             },
         *             "captured": {
         *               "amount": 48000,
         *               "currency": "EUR"
         *             },
         *             "refunded": {
         *               "amount": 0,
         *               "currency": "EUR"
         *             },
         *             "failure": null,
         *             "nextActionUrl": null,
         *             "clientSecret": null
         *           },
         *           "address": null,
         *           "createdAt": "2027-03-20T09:30:00.000Z",
         *           "updatedAt": "2027-03-20T09:31:00.000Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        BookingPage: {
            data: components["schemas"]["Booking"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description All that is paid for a booking, and all that is given back.
         * @example {
         *       "id": "pay_01k9q2v7n8e6xrd5w3m4h1t0zg",
         *       "status": "succeeded",
         *       "amount": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "captured": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "refunded": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "failure": null,
         *       "nextActionUrl": null,
         *       "clientSecret": null,
         *       "refunds": [],
         *       "shares": null
         *     }
         */
        BookingPaymentDetails: {
            id: string;
            status: components["schemas"]["PaymentStatus"];
            /** @description What is paid in all. */
            amount: components["schemas"]["StayMoneyOutput"];
            /** @description What was taken of it. */
            captured: components["schemas"]["StayMoneyOutput"];
            /** @description What was given back, or is on its way. */
            refunded: components["schemas"]["StayMoneyOutput"];
            /**
             * @description Why the last attempt to pay came to nothing, for programs; null for the host.
             * @example insufficient_funds
             */
            failure: string | null;
            /** @description Where the guest proves to the bank who they are: only in the answer to an attempt to pay. */
            nextActionUrl: string | null;
            /** @description With which a browser pays, for the guest: only `GET …/payment` tells it, and null where there is nothing to pay. */
            clientSecret: string | null;
            /** @description Oldest first. */
            refunds: components["schemas"]["BookingRefund"][];
            /** @description For the host and staff; null for the guest, and while nothing was paid. */
            shares: components["schemas"]["BookingShares"] | null;
        };
        /**
         * @description Money that the guest gets back.
         * @example {
         *       "id": "rfd_01k9q2v7n8e6xrd5w3m4h1t0zh",
         *       "amount": {
         *         "amount": 24000,
         *         "currency": "EUR"
         *       },
         *       "status": "succeeded",
         *       "failure": null,
         *       "createdAt": "2027-03-20T09:30:00.000Z"
         *     }
         */
        BookingRefund: {
            id: string;
            amount: components["schemas"]["StayMoneyOutput"];
            /**
             * @description `blocked`: it waits until a bank has decided a dispute; `failed`: it did not reach the guest; `cancelled`: the bank gave the money back.
             * @enum {string}
             */
            status: "pending" | "blocked" | "succeeded" | "failed" | "cancelled" | (string & {});
            /** @description Why it did not arrive, for programs. */
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @description Whose the money for a stay is: together, all that was ever paid for it.
         * @example {
         *       "host": {
         *         "amount": 46560,
         *         "currency": "EUR"
         *       },
         *       "platform": {
         *         "amount": 8256,
         *         "currency": "EUR"
         *       },
         *       "taxes": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "refunds": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       }
         *     }
         */
        BookingShares: {
            /** @description What the host gets, or got. */
            host: components["schemas"]["SignedMoneyOutput"];
            /** @description What the marketplace keeps; below nothing when it pays on top. */
            platform: components["schemas"]["SignedMoneyOutput"];
            /** @description What goes to tax offices. */
            taxes: components["schemas"]["SignedMoneyOutput"];
            /** @description What the guest gets back, or got. */
            refunds: components["schemas"]["SignedMoneyOutput"];
        };
        /**
         * @description A page of Stripe on which the guest pays.
         * @example {
         *       "url": "https://checkout.stripe.com/c/pay/cs_test_a1",
         *       "expiresAt": "2027-03-20T10:01:00.000Z"
         *     }
         */
        BookingCheckout: {
            /** @description Where the guest pays. */
            url: string;
            /**
             * Format: date-time
             * @description Until when. The hold of the nights may end before.
             */
            expiresAt: string;
        };
        /**
         * @example {
         *       "refund": {
         *         "amount": 48000,
         *         "currency": "EUR"
         *       },
         *       "hostKeeps": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "penalty": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "lines": [],
         *       "policy": "moderate",
         *       "asOf": "2027-04-01T08:00:00.000Z",
         *       "until": "2027-04-26T14:00:00.000Z"
         *     }
         */
        CancellationPreview: {
            /** @description What the guest would get back. */
            refund: components["schemas"]["StayMoneyOutput"];
            /** @description What the host would still earn. */
            hostKeeps: components["schemas"]["StayMoneyOutput"];
            /** @description What the host would owe: only who cancels as the host does. */
            penalty: components["schemas"]["StayMoneyOutput"];
            lines: components["schemas"]["StayRefundLine"][];
            /** @example moderate */
            policy: string;
            /**
             * Format: date-time
             * @description Cancelling at this instant does exactly this.
             */
            asOf: string;
            /** @description When the refund changes next; null when it does not change any more. */
            until: string | null;
        };
        /**
         * @description Other dates or guests of a stay, asked for by one side and answered by the other.
         * @example {
         *       "id": "alt_01k9q2v7n8e6xrd5w3m4h1t0zf",
         *       "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "askedBy": "guest",
         *       "status": "pending",
         *       "checkIn": "2027-05-01",
         *       "checkOut": "2027-05-07",
         *       "nights": 6,
         *       "guests": 2,
         *       "pets": 0,
         *       "priceDifference": {
         *         "amount": 24000,
         *         "currency": "EUR"
         *       },
         *       "newTotal": {
         *         "amount": 72000,
         *         "currency": "EUR"
         *       },
         *       "lineItems": [],
         *       "message": null,
         *       "expiresAt": "2027-03-22T09:30:00.000Z",
         *       "createdAt": "2027-03-20T09:30:00.000Z",
         *       "answeredAt": null
         *     }
         */
        Alteration: {
            id: string;
            bookingId: string;
            /** @enum {string} */
            askedBy: "guest" | "host" | (string & {});
            /**
             * @description `awaitingPayment`: both sides agree, and it takes effect when the difference is paid.
             * @example pending
             * @enum {string}
             */
            status: "pending" | "awaitingPayment" | "accepted" | "declined" | "withdrawn" | "expired" | (string & {});
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            nights: number;
            guests: number;
            pets: number;
            /** @description Beside what the stay costs now: charged or given back when it is accepted. */
            priceDifference: components["schemas"]["SignedMoneyOutput"];
            newTotal: components["schemas"]["StayMoneyOutput"];
            lineItems: components["schemas"]["StayLine"][];
            message: string | null;
            /**
             * Format: date-time
             * @description Until when it can be answered, or paid for.
             */
            expiresAt: string;
            /** Format: date-time */
            createdAt: string;
            answeredAt: string | null;
        };
        /**
         * @description Newest first.
         * @example {
         *       "data": [
         *         {
         *           "id": "alt_01k9q2v7n8e6xrd5w3m4h1t0zf",
         *           "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "askedBy": "guest",
         *           "status": "pending",
         *           "checkIn": "2027-05-01",
         *           "checkOut": "2027-05-07",
         *           "nights": 6,
         *           "guests": 2,
         *           "pets": 0,
         *           "priceDifference": {
         *             "amount": 24000,
         *             "currency": "EUR"
         *           },
         *           "newTotal": {
         *             "amount": 72000,
         *             "currency": "EUR"
         *           },
         *           "lineItems": [],
         *           "message": null,
         *           "expiresAt": "2027-03-22T09:30:00.000Z",
         *           "createdAt": "2027-03-20T09:30:00.000Z",
         *           "answeredAt": null
         *         }
         *       ]
         *     }
         */
        AlterationList: {
            data: components["schemas"]["Alteration"][];
        };
        /**
         * @example {
         *       "status": "pending",
         *       "country": "PT",
         *       "onboardingUrl": "https://connect.stripe.com/setup/e/acct_1PQc5YLkdIwHu7ix/pLnJ0Q8sKqVb",
         *       "expiresAt": "2027-03-20T09:35:00.000Z",
         *       "requirements": [
         *         "external_account",
         *         "tos_acceptance.date"
         *       ]
         *     }
         */
        PayoutAccount: {
            /**
             * @description `none`: there is none yet; `pending`: Stripe has yet to learn who you are; `enabled`: payouts go there; `restricted`: Stripe wants to know more first; `closed`: open another one.
             * @enum {string}
             */
            status: "none" | "pending" | "enabled" | "restricted" | "closed" | (string & {});
            country: string | null;
            /** @description A page of Stripe for the host, and nobody else: it works once and for a few minutes. Only `POST` makes one, while the account is not `enabled`. */
            onboardingUrl: string | null;
            /** @description Until when `onboardingUrl` works. */
            expiresAt: string | null;
            /** @description What Stripe still wants to know, in its own words. */
            requirements: string[];
        };
        PayoutPage: {
            data: components["schemas"]["Payout"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "pyo_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "hostId": "usr_01k9q2v7n8e6xrd5w3m4h1t0ze",
         *       "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "listingTitle": "Sunny loft",
         *       "checkIn": "2027-05-01",
         *       "checkOut": "2027-05-05",
         *       "status": "paid",
         *       "dueAt": "2027-05-02T14:00:00.000Z",
         *       "amount": {
         *         "amount": 50440,
         *         "currency": "EUR"
         *       },
         *       "deducted": {
         *         "amount": 5000,
         *         "currency": "EUR"
         *       },
         *       "sent": {
         *         "amount": 45440,
         *         "currency": "EUR"
         *       },
         *       "reversed": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "blockedBy": null,
         *       "failure": null,
         *       "nextAttemptAt": null,
         *       "transferId": "tr_1PQc5YLkdIwHu7ixQ2jAqQ0h",
         *       "paidAt": "2027-05-02T14:00:05.000Z",
         *       "createdAt": "2027-03-20T09:30:00.000Z",
         *       "updatedAt": "2027-03-20T09:30:00.000Z",
         *       "deductions": [
         *         {
         *           "kind": "penalty",
         *           "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *           "amount": {
         *             "amount": 5000,
         *             "currency": "EUR"
         *           }
         *         }
         *       ]
         *     }
         */
        PayoutDetails: {
            id: string;
            hostId: string;
            bookingId: string;
            listingTitle: string;
            checkIn: components["schemas"]["LocalDate"];
            checkOut: components["schemas"]["LocalDate"];
            /**
             * @description `scheduled` waits for its time, `processing` is being sent, `paid` is in the account of the host at Stripe, `failed` is tried again at `nextAttemptAt`, `cancelled` is no longer owed.
             * @enum {string}
             */
            status: "scheduled" | "processing" | "paid" | "failed" | "cancelled" | (string & {});
            /**
             * Format: date-time
             * @description From when it is sent.
             */
            dueAt: string;
            /** @description What the host gets of the stay with it. */
            amount: components["schemas"]["StayMoneyOutput"];
            /** @description What of it pays what the host owed. */
            deducted: components["schemas"]["StayMoneyOutput"];
            /** @description What is sent, or will be as it looks now: `amount` less `deducted`. */
            sent: components["schemas"]["StayMoneyOutput"];
            /** @description What was taken back of it, after a refund to the guest. */
            reversed: components["schemas"]["StayMoneyOutput"];
            /** @description What keeps it from being sent: no account that can take it (`POST /v1/payout-account`), or a dispute about the booking that is not decided. */
            blockedBy: ("payoutAccount" | "dispute") | null;
            /** @description Why the last attempt failed: the account is closed or restricted (`POST /v1/payout-account` mends both), the marketplace has too little money at Stripe at the moment, or Stripe refused it otherwise. */
            failure: ("accountClosed" | "accountRestricted" | "balanceInsufficient" | "refused") | null;
            /** @description When it is sent; null when it was, or will not be. */
            nextAttemptAt: string | null;
            /** @description The transfer at Stripe. */
            transferId: string | null;
            paidAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description What the host owed and paid with it. */
            deductions: components["schemas"]["PayoutDeduction"][];
        };
        /**
         * @example {
         *       "kind": "penalty",
         *       "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "amount": {
         *         "amount": 5000,
         *         "currency": "EUR"
         *       }
         *     }
         */
        PayoutDeduction: {
            /**
             * @description `penalty` for cancelling a stay; `reversal` for a refund that could not be taken back.
             * @enum {string}
             */
            kind: "penalty" | "reversal" | (string & {});
            /** @description The booking for which it was owed. */
            bookingId: string;
            amount: components["schemas"]["StayMoneyOutput"];
        };
        BalanceList: {
            /** @description One for each currency, by its code. */
            data: components["schemas"]["Balance"][];
        };
        /**
         * @description `upcoming` + `onHold` + `inTransit` − `owed` is what the ledger says is yours.
         * @example {
         *       "currency": "EUR",
         *       "upcoming": {
         *         "amount": 50440,
         *         "currency": "EUR"
         *       },
         *       "onHold": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "inTransit": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       },
         *       "paid": {
         *         "amount": 120000,
         *         "currency": "EUR"
         *       },
         *       "owed": {
         *         "amount": 0,
         *         "currency": "EUR"
         *       }
         *     }
         */
        Balance: {
            currency: components["schemas"]["Currency"];
            /** @description Scheduled for later. */
            upcoming: components["schemas"]["StayMoneyOutput"];
            /** @description Due, but it cannot go: no account can take it, the last attempt failed, or the booking is disputed. */
            onHold: components["schemas"]["StayMoneyOutput"];
            /** @description Sent off a moment ago. */
            inTransit: components["schemas"]["StayMoneyOutput"];
            /** @description What you got so far, less what was taken back. */
            paid: components["schemas"]["StayMoneyOutput"];
            /** @description What you owe, or what is being taken back: penalties, and refunds after the payout. */
            owed: components["schemas"]["StayMoneyOutput"];
        };
        BalanceEntryPage: {
            data: components["schemas"]["BalanceEntry"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "occurredAt": "2027-03-20T09:30:00.000Z",
         *       "kind": "allocation",
         *       "bookingId": "bkg_01k9q2v7n8e6xrd5w3m4h1t0za",
         *       "listingTitle": "Sunny loft",
         *       "amount": {
         *         "amount": 50440,
         *         "currency": "EUR"
         *       },
         *       "balance": {
         *         "amount": 50440,
         *         "currency": "EUR"
         *       }
         *     }
         */
        BalanceEntry: {
            /** Format: date-time */
            occurredAt: string;
            /**
             * @description `allocation`: what you earn of a booking, or no longer do; `penalty`: for cancelling one; `transfer`: sent to you; `transferReversal`: taken back from what was sent.
             * @enum {string}
             */
            kind: "allocation" | "penalty" | "transfer" | "transferReversal" | (string & {});
            bookingId: string | null;
            listingTitle: string | null;
            /** @description Below nothing when less is owed to you by it. */
            amount: components["schemas"]["SignedMoneyOutput"];
            /** @description What is owed to you in this currency after it. */
            balance: components["schemas"]["SignedMoneyOutput"];
        };
        EventPage: {
            data: components["schemas"]["Event"][];
            /** @description Continues the list; null when there is nothing more yet. A page may be short, or empty, although more follows. */
            nextCursor: string | null;
            /** @description Everything that was asked for is read up to here: send it as `after` to go on. It may be above the last event of the page, where events that were not asked for are. */
            lastSequence: number;
        };
        /**
         * @example {
         *       "sequence": 1207,
         *       "id": "evt_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "type": "listing.published",
         *       "occurredAt": "2026-11-23T09:30:00.000Z",
         *       "actor": {
         *         "id": "usr_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *         "apiKeyId": null
         *       },
         *       "subject": {
         *         "type": "listing",
         *         "id": "lst_01j9z6t8v2e4m8q0r5s7x3y1kb"
         *       },
         *       "data": {
         *         "title": "Sunny loft",
         *         "status": "published",
         *         "externalId": "loft-1",
         *         "version": 4
         *       },
         *       "previous": {
         *         "status": "draft"
         *       }
         *     }
         */
        Event: {
            /** @description Its place in the one order of all events. Whoever has seen it meets none below it. */
            sequence: number;
            /** @description Handle each event once by this id: it may come twice. */
            id: string;
            /** @description What happened. Take types that you do not know as they are. */
            type: string;
            /** Format: date-time */
            occurredAt: string;
            /** @description Who brought it about; null for the marketplace itself. */
            actor: {
                id: string;
                apiKeyId: string | null;
            } | null;
            /** @description What it is about. */
            subject: {
                type: string;
                id: string;
            };
            /** @description How it is now, as the type of the event says. */
            data: {
                [key: string]: unknown;
            };
            /** @description Of what changed, how it was before. */
            previous: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "type": "listing.published",
         *           "subject": "listing",
         *           "summary": "Guests find a listing from now on.",
         *           "data": {
         *             "type": "object",
         *             "properties": {
         *               "title": {
         *                 "type": "string"
         *               }
         *             }
         *           },
         *           "previous": null
         *         }
         *       ]
         *     }
         */
        EventTypeList: {
            data: {
                type: string;
                /**
                 * @description What it is about.
                 * @enum {string}
                 */
                subject: "user" | "session" | "apiKey" | "listing" | "webhookEndpoint" | "booking" | "payment" | "feed" | "payout" | "marketplace" | (string & {});
                summary: string;
                /** @description JSON Schema of `data`. */
                data: {
                    [key: string]: unknown;
                };
                /** @description JSON Schema of `previous`; null where it has none. */
                previous: {
                    [key: string]: unknown;
                } | null;
            }[];
        };
        /**
         * @example {
         *       "id": "whk_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "url": "https://hooks.example.com/sojourn",
         *       "description": "booking system",
         *       "types": [
         *         "listing.*"
         *       ],
         *       "allEvents": false,
         *       "enabled": true,
         *       "disabledReason": null,
         *       "failingSince": null,
         *       "previousSecretUntil": null,
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "updatedAt": "2026-11-23T09:30:00.000Z",
         *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000A="
         *     }
         */
        WebhookEndpointWithSecret: {
            id: string;
            url: string;
            description: string;
            types: string[];
            allEvents: boolean;
            enabled: boolean;
            /** @description `owner`: you did; `gone`: it answered 410; `failing`: nothing but failures for five days. */
            disabledReason: ("owner" | "gone" | "failing") | null;
            /** @description Since when every attempt failed; null while it works. */
            failingSince: string | null;
            /** @description Until when the secret before the last rotation signs as well. */
            previousSecretUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Signs deliveries. It is shown this once; keep it. */
            secret: string;
        };
        WebhookEndpointPage: {
            data: components["schemas"]["WebhookEndpoint"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "whk_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "url": "https://hooks.example.com/sojourn",
         *       "description": "booking system",
         *       "types": [
         *         "listing.*"
         *       ],
         *       "allEvents": false,
         *       "enabled": true,
         *       "disabledReason": null,
         *       "failingSince": null,
         *       "previousSecretUntil": null,
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "updatedAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        WebhookEndpoint: {
            id: string;
            url: string;
            description: string;
            types: string[];
            allEvents: boolean;
            enabled: boolean;
            /** @description `owner`: you did; `gone`: it answered 410; `failing`: nothing but failures for five days. */
            disabledReason: ("owner" | "gone" | "failing") | null;
            /** @description Since when every attempt failed; null while it works. */
            failingSince: string | null;
            /** @description Until when the secret before the last rotation signs as well. */
            previousSecretUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "id": "dlv_01j9z6t8v2e4m8q0r5s7x3y1kb",
         *       "kind": "event",
         *       "event": {
         *         "id": "evt_01j9z6t8v2e4m8q0r5s7x3y1kc",
         *         "type": "listing.published",
         *         "sequence": 1207
         *       },
         *       "state": "pending",
         *       "attempts": [
         *         {
         *           "at": "2026-11-23T09:30:00.000Z",
         *           "status": 500,
         *           "reason": "http_error",
         *           "detail": "It answered 500; only 200 to 299 count as received.",
         *           "milliseconds": 84,
         *           "answer": "Internal Server Error"
         *         }
         *       ],
         *       "nextAttemptAt": "2026-11-23T09:30:00.000Z",
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "endedAt": null
         *     }
         */
        WebhookDelivery: {
            id: string;
            /**
             * @description What it was made for.
             * @enum {string}
             */
            kind: "event" | "redelivery" | "replay" | "test" | (string & {});
            event: {
                /** @description The `webhook-id`: the same however often it is sent. */
                id: string;
                type: string;
                /** @description Null for a test. */
                sequence: number | null;
            };
            /**
             * @description `failed` after 10 attempts that failed; a test after one.
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed" | (string & {});
            /** @description Those that were made, in their order. */
            attempts: components["schemas"]["WebhookAttempt"][];
            /** @description When it is tried next; later when the endpoint fails often, not before it is enabled. */
            nextAttemptAt: string | null;
            /** Format: date-time */
            createdAt: string;
            endedAt: string | null;
        };
        /**
         * @example {
         *       "at": "2026-11-23T09:30:00.000Z",
         *       "status": 500,
         *       "reason": "http_error",
         *       "detail": "It answered 500; only 200 to 299 count as received.",
         *       "milliseconds": 84,
         *       "answer": "Internal Server Error"
         *     }
         */
        WebhookAttempt: {
            /** Format: date-time */
            at: string;
            /** @description Null when there was no answer. */
            status: number | null;
            /** @description Why it does not count as delivered, such as `http_error`, `redirect`, `gone`, `timeout`, `dns_failure`, `connection_refused`, `connection_closed`, `tls_failure` or `blocked_address`; null when it does. */
            reason: string | null;
            /** @description The same in a sentence. */
            detail: string | null;
            milliseconds: number;
            /** @description The first KiB of the answer to an attempt that failed. */
            answer: string | null;
        };
        WebhookDeliveryPage: {
            data: components["schemas"]["WebhookDelivery"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "fromSequence": 1207,
         *       "toSequence": 2031,
         *       "types": [
         *         "listing.*"
         *       ]
         *     }
         */
        WebhookReplay: {
            /** @description The first event, or the oldest that is kept. */
            fromSequence: number;
            /** @description The newest event when the replay began. What comes after is delivered anyway. */
            toSequence: number;
            types: string[];
        };
        NotificationPage: {
            data: components["schemas"]["Notification"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
            /** @description How many of all of them are unread. */
            unreadCount: number;
        };
        /**
         * @example {
         *       "marked": 3,
         *       "unreadCount": 0
         *     }
         */
        NotificationsRead: {
            /** @description How many were unread until now. */
            marked: number;
            /** @description How many still are. */
            unreadCount: number;
        };
        FeeSchedulePage: {
            data: components["schemas"]["FeeSchedule"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description What the marketplace takes of stays that are agreed while it holds.
         * @example {
         *       "id": "fee_01k9q2v7n8e6xrd5w3m4h1t0zc",
         *       "name": "Winter 2026",
         *       "mode": "hostOnly",
         *       "hostFeeBps": 1550,
         *       "guestFeeBps": 0,
         *       "effectiveFrom": "2026-12-01T00:00:00.000Z",
         *       "createdAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        FeeSchedule: {
            id: string;
            name: string;
            /**
             * @description Who pays: both sides, or the host alone.
             * @enum {string}
             */
            mode: "split" | "hostOnly";
            /** @description Hundredths of a percent of the subtotal, from the host. */
            hostFeeBps: number;
            /** @description Hundredths of a percent of the subtotal, from the guest. */
            guestFeeBps: number;
            /** Format: date-time */
            effectiveFrom: string;
            /** Format: date-time */
            createdAt: string;
        };
        CancellationPolicyPage: {
            data: components["schemas"]["CancellationPolicyVersion"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description What a guest who cancels gets back of a stay that is agreed while it holds.
         * @example {
         *       "id": "pol_01k9q2v7n8e6xrd5w3m4h1t0zd",
         *       "key": "moderate",
         *       "name": "Moderate",
         *       "rules": {
         *         "steps": [
         *           {
         *             "hoursBeforeCheckIn": 120,
         *             "percent": 100
         *           }
         *         ],
         *         "late": {
         *           "nights": 1,
         *           "percentOfRest": 50
         *         },
         *         "during": {
         *           "nights": 1,
         *           "percentOfRest": 50
         *         },
         *         "grace": {
         *           "hours": 24,
         *           "daysBeforeCheckIn": 7
         *         }
         *       },
         *       "effectiveFrom": "2026-12-01T00:00:00.000Z",
         *       "createdAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        CancellationPolicyVersion: {
            id: string;
            key: string;
            name: string;
            rules: components["schemas"]["PolicyRules"];
            /** Format: date-time */
            effectiveFrom: string;
            /** Format: date-time */
            createdAt: string;
        };
        TaxRulePage: {
            data: components["schemas"]["TaxRule"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description A tax on stays that are agreed while it holds.
         * @example {
         *       "id": "tax_01k9q2v7n8e6xrd5w3m4h1t0ze",
         *       "name": "City tax",
         *       "country": "PT",
         *       "region": null,
         *       "city": "Lisboa",
         *       "kind": "perGuestNight",
         *       "bps": null,
         *       "amount": {
         *         "amount": 400,
         *         "currency": "EUR"
         *       },
         *       "inclusive": false,
         *       "maxNights": null,
         *       "effectiveFrom": "2026-12-01T00:00:00.000Z",
         *       "effectiveUntil": null,
         *       "createdAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        TaxRule: {
            id: string;
            name: string;
            /** @description ISO 3166-1 alpha-2: of listings there. */
            country: string;
            /**
             * @description Only of this region.
             * @default null
             */
            region: string | null;
            /**
             * @description Only of this city.
             * @default null
             */
            city: string | null;
            /** @enum {string} */
            kind: "percent" | "perNight" | "perGuestNight";
            /**
             * @description Of `percent`: hundredths of a percent of the subtotal.
             * @default null
             */
            bps: number | null;
            /** @description For each night, or each night of each guest. */
            amount: {
                amount: number;
                currency: components["schemas"]["Currency"];
            } | null;
            /**
             * @description The prices of hosts include it: it is told, and not charged beside them. Of `percent` only.
             * @default false
             */
            inclusive: boolean;
            /**
             * @description Longer stays are free of it.
             * @default null
             */
            maxNights: number | null;
            /** Format: date-time */
            effectiveFrom: string;
            effectiveUntil: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @example {
         *       "backend": "postgres",
         *       "queues": [
         *         {
         *           "name": "mail",
         *           "purpose": "Sends mail.",
         *           "paused": false,
         *           "counts": {
         *             "waiting": 0,
         *             "active": 2,
         *             "delayed": 1,
         *             "failed": 3,
         *             "scheduled": 12,
         *             "dispatched": 3,
         *             "dead": 3
         *           },
         *           "oldestDueSeconds": 4
         *         }
         *       ],
         *       "relay": {
         *         "outbox": 0,
         *         "newest": 1207,
         *         "consumers": [
         *           {
         *             "name": "notifications.notify",
         *             "behind": 0,
         *             "oldestSeconds": null,
         *             "retrying": 0,
         *             "setAside": 1
         *           }
         *         ]
         *       }
         *     }
         */
        QueueList: {
            /**
             * @description What holds the queues.
             * @enum {string}
             */
            backend: "postgres" | "redis" | (string & {});
            queues: components["schemas"]["Queue"][];
            /** @description How events get from where they are written to those who listen. */
            relay: {
                /** @description Events that were not handed on yet. No more than 100000 are counted. */
                outbox: number;
                /** @description The number of the newest event. */
                newest: number;
                consumers: {
                    name: string;
                    /** @description Events that it has not looked at. No more than 25000 in each of the 4 parts of the log are counted. */
                    behind: number;
                    /** @description Since the oldest of them happened; null when it is not behind. */
                    oldestSeconds: number | null;
                    /** @description Events that failed, or wait for one that did, and are tried again. */
                    retrying: number;
                    /** @description Events that failed for good. Retrying the queue `events` lets them be tried again. */
                    setAside: number;
                }[];
            };
        };
        /**
         * @example {
         *       "name": "mail",
         *       "purpose": "Sends mail.",
         *       "paused": false,
         *       "counts": {
         *         "waiting": 0,
         *         "active": 2,
         *         "delayed": 1,
         *         "failed": 3,
         *         "scheduled": 12,
         *         "dispatched": 3,
         *         "dead": 3
         *       },
         *       "oldestDueSeconds": 4
         *     }
         */
        Queue: {
            name: string;
            purpose: string;
            /** @description Whether the work at it was stopped. What comes meanwhile waits. */
            paused: boolean;
            /** @description The first four are what the queue holds, runs of schedules and wakings of consumers among it; the others what the database knows. */
            counts: {
                /** @description In the queue, for their turn. */
                waiting: number;
                /** @description At work. */
                active: number;
                /** @description In the queue, for their next attempt or the next run of a schedule. */
                delayed: number;
                /** @description Failed for good, as far as the queue remembers them. */
                failed: number;
                /** @description In the database, for their time or to be handed on. */
                scheduled: number;
                /** @description In the database, handed on to the queue and not done. */
                dispatched: number;
                /** @description In the database, failed for good. They stay until they are retried. */
                dead: number;
            };
            /** @description Since the oldest job that is not done was due; null when there is none. */
            oldestDueSeconds: number | null;
        };
        /**
         * @example {
         *       "name": "mail",
         *       "purpose": "Sends mail.",
         *       "paused": false,
         *       "counts": {
         *         "waiting": 0,
         *         "active": 2,
         *         "delayed": 1,
         *         "failed": 3,
         *         "scheduled": 12,
         *         "dispatched": 3,
         *         "dead": 3
         *       },
         *       "oldestDueSeconds": 4,
         *       "jobs": [
         *         {
         *           "id": "job_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *           "name": "mail.send",
         *           "state": "dead",
         *           "payload": {
         *             "messageId": "7"
         *           },
         *           "error": "connect ECONNREFUSED 203.0.113.7:587",
         *           "attempts": null,
         *           "createdAt": "2026-11-23T09:30:00.000Z",
         *           "at": "2026-11-23T09:30:00.000Z"
         *         }
         *       ],
         *       "setAside": [
         *         {
         *           "consumer": "notifications.notify",
         *           "sequence": 1207,
         *           "type": "listing.published",
         *           "attempts": 8,
         *           "error": "null value in column \"title\""
         *         }
         *       ]
         *     }
         */
        QueueDetails: {
            name: string;
            purpose: string;
            /** @description Whether the work at it was stopped. What comes meanwhile waits. */
            paused: boolean;
            /** @description The first four are what the queue holds, runs of schedules and wakings of consumers among it; the others what the database knows. */
            counts: {
                /** @description In the queue, for their turn. */
                waiting: number;
                /** @description At work. */
                active: number;
                /** @description In the queue, for their next attempt or the next run of a schedule. */
                delayed: number;
                /** @description Failed for good, as far as the queue remembers them. */
                failed: number;
                /** @description In the database, for their time or to be handed on. */
                scheduled: number;
                /** @description In the database, handed on to the queue and not done. */
                dispatched: number;
                /** @description In the database, failed for good. They stay until they are retried. */
                dead: number;
            };
            /** @description Since the oldest job that is not done was due; null when there is none. */
            oldestDueSeconds: number | null;
            /** @description Up to `limit` of each state, dead ones first. */
            jobs: components["schemas"]["Job"][];
            /** @description Of the queue `events`: events that a consumer could not take, newest first. */
            setAside: {
                consumer: string;
                sequence: number;
                type: string;
                attempts: number;
                error: string | null;
            }[];
        };
        /**
         * @example {
         *       "id": "job_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "name": "mail.send",
         *       "state": "dead",
         *       "payload": {
         *         "messageId": "7"
         *       },
         *       "error": "connect ECONNREFUSED 203.0.113.7:587",
         *       "attempts": null,
         *       "createdAt": "2026-11-23T09:30:00.000Z",
         *       "at": "2026-11-23T09:30:00.000Z"
         *     }
         */
        Job: {
            /** @description Null for a run of a schedule and for the waking of a consumer. */
            id: string | null;
            name: string;
            /** @enum {string} */
            state: "dead" | "failed" | "active" | "waiting" | "delayed" | "scheduled" | (string & {});
            /** @description What the job is given. It never holds a secret. */
            payload: {
                [key: string]: unknown;
            };
            /** @description Why its last attempt failed. */
            error: string | null;
            /** @description Attempts that were made, where that is told. */
            attempts: number | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Since when it is in this state; of a scheduled job, when it is due. */
            at: string | null;
        };
        AuditPage: {
            data: components["schemas"]["Event"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "queue": "mail",
         *       "paused": false,
         *       "count": 3
         *     }
         */
        QueueAct: {
            queue: string;
            paused: boolean;
            /** @description Jobs (and, of `events`, events) that it was about. */
            count: number;
        };
        /**
         * @example {
         *       "now": "2026-12-01T09:30:00.000Z",
         *       "aheadBy": 259200,
         *       "movable": true,
         *       "settled": true
         *     }
         */
        ClockState: {
            /**
             * Format: date-time
             * @description The time of the marketplace.
             */
            now: string;
            /** @description Seconds by which it is ahead of the system’s time. */
            aheadBy: number;
            /** @description Whether it can be moved: in a sandbox only. */
            movable: boolean;
            /** @description Whether everything that is due is done: no event, no job and nothing in a queue waits. */
            settled: boolean;
        };
        /**
         * @example {
         *       "now": "2026-12-01T09:30:00.000Z",
         *       "aheadBy": 259200,
         *       "movable": true
         *     }
         */
        Clock: {
            /**
             * Format: date-time
             * @description The time of the marketplace.
             */
            now: string;
            /** @description Seconds by which it is ahead of the system’s time. */
            aheadBy: number;
            /** @description Whether it can be moved: in a sandbox only. */
            movable: boolean;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "name": "reconcile",
         *           "summary": "Compares the ledger with the balance transactions of Stripe, and names each difference.",
         *           "applies": false,
         *           "options": [
         *             "from",
         *             "to"
         *           ]
         *         }
         *       ]
         *     }
         */
        MaintenanceTaskList: {
            data: components["schemas"]["MaintenanceTask"][];
        };
        /**
         * @example {
         *       "name": "reconcile",
         *       "summary": "Compares the ledger with the balance transactions of Stripe, and names each difference.",
         *       "applies": false,
         *       "options": [
         *         "from",
         *         "to"
         *       ]
         *     }
         */
        MaintenanceTask: {
            name: string;
            summary: string;
            /** @description Whether it takes `apply`; others only look. */
            applies: boolean;
            /** @description What else it takes. */
            options: string[];
        };
        /**
         * @example {
         *       "id": "run_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "task": "reconcile",
         *       "options": {
         *         "from": "2026-11-27T00:00:00.000Z",
         *         "to": "2026-11-28T00:00:00.000Z"
         *       },
         *       "applies": false,
         *       "reason": null,
         *       "startedBy": null,
         *       "status": "succeeded",
         *       "progress": {
         *         "done": 418,
         *         "total": 418
         *       },
         *       "result": {
         *         "task": "reconcile",
         *         "from": "2026-11-27T00:00:00.000Z",
         *         "to": "2026-11-28T00:00:00.000Z",
         *         "checked": 418,
         *         "matched": 417,
         *         "differenceCount": 1,
         *         "differences": [
         *           {
         *             "kind": "amountDiffers",
         *             "transaction": "txn_1PZ2aLExample",
         *             "at": "2026-11-27T14:03:10.000Z",
         *             "ledger": {
         *               "amount": 12000,
         *               "currency": "EUR",
         *               "source": "charge:ch_1PZ2aLExample"
         *             },
         *             "stripe": {
         *               "amount": 12500,
         *               "currency": "EUR",
         *               "source": "ch_1PZ2aLExample"
         *             },
         *             "advice": "Both know the movement, with other amounts."
         *           }
         *         ],
         *         "totals": [
         *           {
         *             "currency": "EUR",
         *             "ledger": 812000,
         *             "stripe": 812500
         *           }
         *         ],
         *         "balances": null
         *       },
         *       "failure": null,
         *       "createdAt": "2026-11-28T03:00:00.000Z",
         *       "startedAt": "2026-11-28T03:00:00.000Z",
         *       "finishedAt": "2026-11-28T03:00:00.000Z"
         *     }
         * @example {
         *       "id": "run_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "task": "rebuildSearch",
         *       "options": {},
         *       "applies": true,
         *       "reason": "Search shows a listing that was archived; ticket 4712.",
         *       "startedBy": null,
         *       "status": "succeeded",
         *       "progress": {
         *         "done": 418,
         *         "total": 418
         *       },
         *       "result": {
         *         "task": "rebuildSearch",
         *         "wrong": 1,
         *         "mended": 1
         *       },
         *       "failure": null,
         *       "createdAt": "2026-11-28T03:00:00.000Z",
         *       "startedAt": "2026-11-28T03:00:00.000Z",
         *       "finishedAt": "2026-11-28T03:00:00.000Z"
         *     }
         */
        MaintenanceRun: {
            id: string;
            task: string;
            options: {
                [key: string]: unknown;
            };
            /** @description Whether it mends what it finds, or only looks. */
            applies: boolean;
            reason: string | null;
            /** @description The admin; null for what the marketplace does daily. */
            startedBy: string | null;
            /** @enum {string} */
            status: "waiting" | "running" | "succeeded" | "failed" | (string & {});
            progress: {
                /** @description So much is done */
                done: number;
                /** @description of so much; null while unknown. */
                total: number | null;
            };
            /** @description What came of it; null until it has succeeded. */
            result: components["schemas"]["Reconciliation"] | components["schemas"]["SearchCheck"] | null;
            /** @description Why it failed. */
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
        };
        /**
         * @example {
         *       "task": "reconcile",
         *       "from": "2026-11-27T00:00:00.000Z",
         *       "to": "2026-11-28T00:00:00.000Z",
         *       "checked": 418,
         *       "matched": 417,
         *       "differenceCount": 1,
         *       "differences": [
         *         {
         *           "kind": "amountDiffers",
         *           "transaction": "txn_1PZ2aLExample",
         *           "at": "2026-11-27T14:03:10.000Z",
         *           "ledger": {
         *             "amount": 12000,
         *             "currency": "EUR",
         *             "source": "charge:ch_1PZ2aLExample"
         *           },
         *           "stripe": {
         *             "amount": 12500,
         *             "currency": "EUR",
         *             "source": "ch_1PZ2aLExample"
         *           },
         *           "advice": "Both know the movement, with other amounts."
         *         }
         *       ],
         *       "totals": [
         *         {
         *           "currency": "EUR",
         *           "ledger": 812000,
         *           "stripe": 812500
         *         }
         *       ],
         *       "balances": null
         *     }
         */
        Reconciliation: {
            /** @constant */
            task: "reconcile";
            /** @description Null for the beginning. */
            from: string | null;
            /** Format: date-time */
            to: string;
            /** @description Movements of money that were looked at. */
            checked: number;
            /** @description Of those, the ones on which the ledger and Stripe agree. */
            matched: number;
            /** @description Of those, the others. */
            differenceCount: number;
            /** @description The first 1,000. */
            differences: components["schemas"]["MoneyDifference"][];
            /** @description What moved, by currency. */
            totals: {
                /** @description ISO 4217. */
                currency: string;
                /** @description In minor units; negative for what went out. */
                ledger: number;
                /** @description In minor units; negative for what went out. */
                stripe: number;
            }[];
            /** @description What there is, by currency; null when the time did not reach to now. */
            balances: {
                /** @description ISO 4217. */
                currency: string;
                /** @description In minor units; negative for what went out. */
                ledger: number;
                /** @description In minor units; negative for what went out. */
                stripe: number;
                /** @description What came from the bank of the marketplace less what went there. It is no part of the ledger: `ledger` and `bank` together are `stripe`. */
                bank: number;
            }[] | null;
        };
        /**
         * @example {
         *       "kind": "amountDiffers",
         *       "transaction": "txn_1PZ2aLExample",
         *       "at": "2026-11-27T14:03:10.000Z",
         *       "ledger": {
         *         "amount": 12000,
         *         "currency": "EUR",
         *         "source": "charge:ch_1PZ2aLExample"
         *       },
         *       "stripe": {
         *         "amount": 12500,
         *         "currency": "EUR",
         *         "source": "ch_1PZ2aLExample"
         *       },
         *       "advice": "Both know the movement, with other amounts."
         *     }
         */
        MoneyDifference: {
            /** @enum {string} */
            kind: "missingInLedger" | "missingAtStripe" | "amountDiffers" | "currencyDiffers" | (string & {});
            /** @description The balance transaction of Stripe. */
            transaction: string;
            /** Format: date-time */
            at: string;
            /** @description What the ledger knows of it; null when nothing. */
            ledger: {
                /** @description In minor units; negative for what went out. */
                amount: number;
                /** @description ISO 4217. */
                currency: string;
                /** @description What made it: in the ledger such as `charge:ch_…`, at Stripe the id of the charge, refund or transfer. */
                source: string;
            } | null;
            /** @description What Stripe knows of it; null when nothing. */
            stripe: {
                /** @description In minor units; negative for what went out. */
                amount: number;
                /** @description ISO 4217. */
                currency: string;
                /** @description What made it: in the ledger such as `charge:ch_…`, at Stripe the id of the charge, refund or transfer. */
                source: string;
            } | null;
            /** @description What to do about it. */
            advice: string;
        };
        /**
         * @example {
         *       "task": "rebuildSearch",
         *       "wrong": 1,
         *       "mended": 1
         *     }
         */
        SearchCheck: {
            /** @constant */
            task: "rebuildSearch";
            /** @description Listings that search knew wrongly. */
            wrong: number;
            /** @description Of those, the ones that were mended; none without `apply`. */
            mended: number;
        };
        MaintenanceRunPage: {
            data: components["schemas"]["MaintenanceRun"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "data": [
         *         {
         *           "name": "verifyEmail",
         *           "summary": "Asks whoever opened an account to prove that the address is theirs."
         *         }
         *       ]
         *     }
         */
        MailTemplateList: {
            data: components["schemas"]["MailTemplate"][];
        };
        /**
         * @example {
         *       "name": "verifyEmail",
         *       "summary": "Asks whoever opened an account to prove that the address is theirs."
         *     }
         */
        MailTemplate: {
            name: string;
            /** @description What such a mail is for. */
            summary: string;
        };
        /**
         * @description A mail as it looks with made-up data.
         * @example {
         *       "name": "verifyEmail",
         *       "summary": "Asks whoever opened an account to prove that the address is theirs.",
         *       "subject": "Verify your email address",
         *       "text": "An account was opened with this address.",
         *       "html": "<!doctype html><title>Verify your email address</title>"
         *     }
         */
        MailPreview: {
            name: string;
            /** @description What such a mail is for. */
            summary: string;
            subject: string;
            text: string;
            /** @description The whole page. */
            html: string;
        };
        MailPage: {
            data: components["schemas"]["MailSummary"][];
            /** @description Continues the list; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "eml_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "kind": "verifyEmail",
         *       "to": "ada@example.com",
         *       "subject": "Verify your email address",
         *       "sentAt": "2026-11-23T09:30:00.000Z"
         *     }
         */
        MailSummary: {
            id: string;
            /** @description The name of its template. */
            kind: string;
            to: string;
            subject: string;
            /**
             * Format: date-time
             * @description To the second.
             */
            sentAt: string;
        };
        /**
         * @description A mail that was kept rather than sent.
         * @example {
         *       "id": "eml_01j9z6t8v2e4m8q0r5s7x3y1ka",
         *       "kind": "verifyEmail",
         *       "to": "ada@example.com",
         *       "subject": "Verify your email address",
         *       "sentAt": "2026-11-23T09:30:00.000Z",
         *       "text": "An account was opened with this address.",
         *       "html": "<!doctype html><title>Verify your email address</title>",
         *       "from": "no-reply@localhost"
         *     }
         */
        Mail: {
            id: string;
            /** @description The name of its template. */
            kind: string;
            to: string;
            subject: string;
            /**
             * Format: date-time
             * @description To the second.
             */
            sentAt: string;
            from: string;
            text: string;
            html: string;
        };
        /**
         * @example {
         *       "name": "Sojourn",
         *       "version": "0.1.0",
         *       "mode": "sandbox",
         *       "links": {
         *         "openapi": "/openapi.json",
         *         "docs": "/docs",
         *         "health": "/healthz",
         *         "ready": "/readyz",
         *         "metrics": "/metrics"
         *       }
         *     }
         */
        Welcome: {
            name: string;
            version: string;
            /** @enum {string} */
            mode: "sandbox" | "live" | (string & {});
            links: {
                openapi: string;
                docs: string;
                health: string;
                ready: string;
                metrics: string;
            };
        };
        /**
         * @example {
         *       "status": "ok"
         *     }
         */
        Health: {
            /** @constant */
            status: "ok";
        };
        /**
         * @description An amount for a whole stay.
         * @example {
         *       "amount": 48000,
         *       "currency": "EUR"
         *     }
         */
        StayMoneyOutput: {
            amount: number;
            currency: components["schemas"]["Currency"];
        };
        /**
         * @description An amount that may be negative.
         * @example {
         *       "amount": -2500,
         *       "currency": "EUR"
         *     }
         */
        SignedMoneyOutput: {
            amount: number;
            currency: components["schemas"]["Currency"];
        };
        /** @description What guests may do; null where the host has not said. */
        HouseRulesOutput: {
            /** @default null */
            pets: boolean | null;
            /** @default null */
            smoking: boolean | null;
            /** @default null */
            events: boolean | null;
            /** @default  */
            notes: string;
        };
        /**
         * @example {
         *       "url": "https://images.example.com/loft.jpg",
         *       "caption": "Living room"
         *     }
         */
        PhotoOutput: {
            /** Format: uri */
            url: string;
            /** @default null */
            caption: string | null;
        };
        /** @description WGS 84 degrees. Exact here; guests see a rounded point until their stay is confirmed. */
        LocationOutput: {
            latitude: number;
            longitude: number;
            address: components["schemas"]["AddressOutput"];
        };
        /**
         * @example {
         *       "line1": "20 W 34th St",
         *       "city": "New York",
         *       "region": "NY",
         *       "postalCode": "10001",
         *       "country": "US"
         *     }
         */
        AddressOutput: {
            /** @default null */
            line1: string | null;
            /** @default null */
            neighbourhood: string | null;
            /** @default null */
            city: string | null;
            /** @default null */
            region: string | null;
            /** @default null */
            postalCode: string | null;
            /**
             * @description ISO 3166-1 alpha-2.
             * @default null
             * @example US
             */
            country: string | null;
        };
        /**
         * @description What holds for the dates `[from, to)` of which the calendar says nothing else.
         * @example {
         *       "name": "Summer",
         *       "from": "2027-06-15",
         *       "to": "2027-09-15",
         *       "price": {
         *         "amount": 14000,
         *         "currency": "EUR"
         *       },
         *       "weekendPrice": null,
         *       "minNights": 3,
         *       "maxNights": null
         *     }
         */
        SeasonOutput: {
            name: string;
            /** @description The first date. */
            from: components["schemas"]["LocalDate"];
            /** @description The date after the last. */
            to: components["schemas"]["LocalDate"];
            /**
             * @description Of its nights. Null leaves them to the prices of the listing.
             * @default null
             */
            price: components["schemas"]["NightlyPrice"] | null;
            /**
             * @description Of the nights that begin on a Friday or a Saturday, when they have another.
             * @default null
             */
            weekendPrice: components["schemas"]["NightlyPrice"] | null;
            /** @default null */
            minNights: number | null;
            /** @default null */
            maxNights: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    register: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description Open an account: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Sign in: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description Renew the tokens: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sign out: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailVerification"];
            };
        };
        responses: {
            /** @description Verify an email address: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sendVerification: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get another verification mail: done. */
            202: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgottenPassword"];
            };
        };
        responses: {
            /** @description Ask for a new password: done. */
            202: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Choose a new password: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your sessions: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a session: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your API keys: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Create an API key: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API key, by `id`; never the key itself. */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke an API key: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read your account: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountClosing"];
            };
        };
        responses: {
            /** @description Close your account: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChanges"];
            };
        };
        responses: {
            /** @description Change your account: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a public profile: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    getSigningKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the signing keys: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKeys"];
                };
            };
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Export your data: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalData"];
                };
            };
        };
    };
    listListings: {
        parameters: {
            query?: {
                status?: components["schemas"]["ListingStatus"] | undefined;
                /** @description Part of the title, in any case. */
                q?: string | undefined;
                /** @description The listing with this id of your own. */
                externalId?: string | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your listings: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingPage"];
                };
            };
        };
    };
    createListing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListingInput"];
            };
        };
        responses: {
            /** @description Create a listing: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    exportListings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Export your listings: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["ExportedListing"];
                };
            };
        };
    };
    upsertListings: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListingBatch"];
            };
        };
        responses: {
            /** @description Create or update many listings: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResults"];
                };
            };
        };
    };
    getListing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    deleteListing: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a listing: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateListing: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListingPatch"];
            };
        };
        responses: {
            /** @description Change a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    publishListing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Publish a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    pauseListing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pause a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    archiveListing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Archive a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    listPhotos: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the photos of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhotoList"];
                };
            };
        };
    };
    addPhoto: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Photo"];
            };
        };
        responses: {
            /** @description Add a photo to a listing: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedPhoto"];
                };
            };
        };
    };
    removePhoto: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
                /** @description The id of a photo. */
                photoId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a photo from a listing: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    receiveStripeEvent: {
        parameters: {
            query?: never;
            header: {
                /** @description Signs the body; made with the secret of this endpoint. */
                "Stripe-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Hear what Stripe tells: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StripeReceipt"];
                };
            };
        };
    };
    getCalendar: {
        parameters: {
            query?: {
                /** @description The first date; today at the listing unless given. */
                from?: components["schemas"]["LocalDate"] | undefined;
                /** @description The date after the last, at most 750 after the first; a year later unless given. */
                to?: components["schemas"]["LocalDate"] | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the calendar of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
        };
    };
    updateCalendar: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarChanges"];
            };
        };
        responses: {
            /** @description Change the calendar of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarWritten"];
                };
            };
        };
    };
    updateCalendars: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarsChanges"];
            };
        };
        responses: {
            /** @description Change the calendars of many listings: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarsWritten"];
                };
            };
        };
    };
    getSeasons: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the seasons of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seasons"];
                };
            };
        };
    };
    replaceSeasons: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` that the change is based on; another version is answered 412. */
                "If-Match"?: string | undefined;
            } | undefined;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeasonsChanges"];
            };
        };
        responses: {
            /** @description Set the seasons of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Seasons"];
                };
            };
        };
    };
    listBlocks: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The id of a listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the blocks of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarBlockPage"];
                };
            };
        };
    };
    listCalendarFeeds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the feeds of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeedList"];
                };
            };
        };
    };
    createCalendarFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCalendarFeed"];
            };
        };
        responses: {
            /** @description Take in the calendar of another channel: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeed"];
                };
            };
        };
    };
    getCalendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
                /** @description The feed. */
                feedId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a feed: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeed"];
                };
            };
        };
    };
    deleteCalendarFeed: {
        parameters: {
            query: {
                /** @description What becomes of its nights: `free` sells them again, `keep` makes them blocks of yours. */
                nights: "free" | "keep";
            };
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
                /** @description The feed. */
                feedId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a feed: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateCalendarFeed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
                /** @description The feed. */
                feedId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarFeedChanges"];
            };
        };
        responses: {
            /** @description Change a feed: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeed"];
                };
            };
        };
    };
    syncCalendarFeed: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The listing. */
                listingId: string;
                /** @description The feed. */
                feedId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarFeedSync"];
            };
        };
        responses: {
            /** @description Fetch a feed now: done. */
            202: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarFeed"];
                };
            };
        };
    };
    listCalendarConflicts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
                /** @description The feed. */
                feedId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the conflicts of a feed: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarConflictList"];
                };
            };
        };
    };
    shareCalendar: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get the secret URL of the exported calendar: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarExport"];
                };
            };
        };
    };
    unshareCalendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke the secret URL of the exported calendar: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    rotateCalendarShare: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Replace the secret URL of the exported calendar: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarExport"];
                };
            };
        };
    };
    exportCalendar: {
        parameters: {
            query: {
                /** @description The secret part of the URL. */
                token: string;
            };
            header?: never;
            path: {
                /** @description The listing. */
                listingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the exported calendar of a listing: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    /** @description The version of this answer. */
                    ETag?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar; charset=utf-8": string;
                };
            };
        };
    };
    searchListings: {
        parameters: {
            query?: {
                /** @description Within a box: west,south,east,north in decimal degrees. It crosses the date line when west is greater than east. */
                bbox?: string | undefined;
                /** @description Around a point: latitude,longitude in decimal degrees. Each result then has its `distanceKm`. */
                near?: string | undefined;
                /** @description With `near`: kilometres along the great circle, 10 unless told. */
                radiusKm?: number | undefined;
                /** @description In a neighbourhood, city, region or country, by its whole name in any spelling of case and accents, and what it lies in behind a comma. */
                place?: string | undefined;
                /** @description The first night, with `checkOut`: only what can be booked for these dates, of which each result then has its `stay`. */
                checkIn?: components["schemas"]["LocalDate"] | undefined;
                /** @description The day of leaving, which is no night. */
                checkOut?: components["schemas"]["LocalDate"] | undefined;
                /** @description Room for at least so many; with dates, the price is for so many, for one unless told. */
                guests?: number | undefined;
                /** @description At least so many. */
                bedrooms?: number | undefined;
                /** @description At least so many. */
                beds?: number | undefined;
                /** @description At least so many. */
                bathrooms?: number | undefined;
                /** @description In minor units of `currency`: of the base price of a night, or with dates of the total of the stay, as a quote has it. */
                minPrice?: number | undefined;
                /** @description In minor units of `currency`: of the base price of a night, or with dates of the total of the stay, as a quote has it. */
                maxPrice?: number | undefined;
                /** @description Of `minPrice`, `maxPrice`, `sort=price` and the price facet, which leave only listings with prices in it; the marketplace's own unless told. */
                currency?: components["schemas"]["Currency"] | undefined;
                /** @description One of these. */
                roomType?: (("entirePlace" | "privateRoom" | "sharedRoom" | "hotelRoom")[] | string) | undefined;
                /** @description One of these. */
                propertyType?: (("apartment" | "bedAndBreakfast" | "boat" | "bungalow" | "cabin" | "camper" | "castle" | "chalet" | "condominium" | "cottage" | "dormitory" | "farmStay" | "guestSuite" | "guesthouse" | "hostel" | "hotel" | "house" | "island" | "loft" | "resort" | "servicedApartment" | "tent" | "tinyHouse" | "townhouse" | "treehouse" | "villa" | "yurt" | "other")[] | string) | undefined;
                /** @description All of these. */
                amenities?: (("wifi" | "kitchen" | "airConditioning" | "heating" | "washer" | "dryer" | "tv" | "workspace" | "parking" | "streetParking" | "evCharger" | "pool" | "hotTub" | "sauna" | "gym" | "fireplace" | "elevator" | "breakfast" | "crib" | "highChair" | "barbecue" | "balcony" | "garden" | "waterfront" | "beachAccess" | "lakeAccess" | "skiAccess" | "petsAllowed" | "smokingAllowed" | "eventsAllowed" | "familyFriendly" | "stepFreeAccess" | "selfCheckIn" | "privateEntrance" | "doorman" | "smokeAlarm" | "carbonMonoxideAlarm" | "fireExtinguisher" | "firstAidKit" | "essentials" | "bedLinens" | "hangers" | "hairDryer" | "iron" | "shampoo" | "hotWater" | "bathtub" | "dishwasher" | "refrigerator" | "freezer" | "microwave" | "oven" | "stove" | "coffeeMaker" | "cookingBasics" | "dishes" | "diningTable" | "cleaningAvailable" | "luggageDropoff" | "longTermStays" | "lockOnDoor" | "safe" | "ceilingFan" | "books" | "games" | "soundSystem" | "gameConsole" | "piano" | "bicycles" | "kayak" | "outdoorFurniture" | "firePit" | "hammock" | "mosquitoNet" | "securityCameras" | "cableTv")[] | string) | undefined;
                /** @description `true`: only what can be booked without asking the host. */
                instantBook?: boolean | undefined;
                /** @description Words that all occur in title, description, tags or place, whatever their case and accents. "In quotes" as a phrase, `-word` to leave out, `or` for either. */
                q?: string | undefined;
                /** @description Best match first (`relevance`: with `q` by how well the words fit, title first; then by rating, in which few reviews weigh little), cheapest first (`price`; with dates by the total of the stay), best rated first (`rating`), nearest first (`distance`, only with `near`). */
                sort?: ("relevance" | "price" | "rating" | "distance") | undefined;
                /** @description `true`: count what each filter would leave. */
                facets?: boolean | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Search published listings: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchPage"];
                };
            };
        };
    };
    createQuote: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuoteRequest"];
            };
        };
        responses: {
            /** @description Get a binding price: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
        };
    };
    getQuote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The quote. */
                quoteId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a quote: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
        };
    };
    listBookings: {
        parameters: {
            query?: {
                /** @description Your stays in the homes of others, or those of others in yours. */
                role?: ("guest" | "host") | undefined;
                status?: components["schemas"]["BookingStatus"] | undefined;
                listingId?: string | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your bookings: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingPage"];
                };
            };
        };
    };
    createBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBooking"];
            };
        };
        responses: {
            /** @description Book a quote: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    getBooking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a booking: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    getBookingPayment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the payment of a booking: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingPaymentDetails"];
                };
            };
        };
    };
    createBookingCheckout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCheckout"];
            };
        };
        responses: {
            /** @description Pay on a page of Stripe: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingCheckout"];
                };
            };
        };
    };
    confirmBookingPayment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentConfirmation"];
            };
        };
        responses: {
            /** @description Pay for a booking: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    refundBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRefund"];
            };
        };
        responses: {
            /** @description Give money back: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    acceptBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accept a request: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    declineBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookingDecline"];
            };
        };
        responses: {
            /** @description Decline a request: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    previewCancellation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See what cancelling would do: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancellationPreview"];
                };
            };
        };
    };
    cancelBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookingCancel"];
            };
        };
        responses: {
            /** @description Cancel a booking: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    checkInBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Check the guest in: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    checkOutBooking: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Check the guest out: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    markNoShow: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Say that the guest did not come: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    listAlterations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the alterations of a stay: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlterationList"];
                };
            };
        };
    };
    createAlteration: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAlteration"];
            };
        };
        responses: {
            /** @description Ask to alter a stay: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alteration"];
                };
            };
        };
    };
    acceptAlteration: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
                /** @description The alteration. */
                alterationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accept an alteration: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alteration"];
                };
            };
        };
    };
    declineAlteration: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
                /** @description The alteration. */
                alterationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Decline an alteration: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alteration"];
                };
            };
        };
    };
    withdrawAlteration: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The booking. */
                bookingId: string;
                /** @description The alteration. */
                alterationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdraw an alteration: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alteration"];
                };
            };
        };
    };
    getPayoutAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read your payout account: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAccount"];
                };
            };
        };
    };
    openPayoutAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayoutAccount"];
            };
        };
        responses: {
            /** @description Open your payout account: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAccount"];
                };
            };
        };
    };
    listPayouts: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
                /** @description Whose; your own when left out. That of others is for staff. */
                hostId?: string | undefined;
                /** @description Only payouts that are so. */
                status?: ("scheduled" | "processing" | "paid" | "failed" | "cancelled") | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your payouts: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutPage"];
                };
            };
        };
    };
    getPayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The payout. */
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a payout: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutDetails"];
                };
            };
        };
    };
    getBalance: {
        parameters: {
            query?: {
                /** @description Whose; your own when left out. That of others is for staff. */
                hostId?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read your balance: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BalanceList"];
                };
            };
        };
    };
    listBalanceEntries: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
                /** @description Whose; your own when left out. That of others is for staff. */
                hostId?: string | undefined;
                /** @description Only what happened from the beginning of this day on, by UTC. */
                from?: components["schemas"]["LocalDate"] | undefined;
                /** @description Only what happened before the beginning of this day, by UTC. */
                to?: components["schemas"]["LocalDate"] | undefined;
                /** @description Only lines in this currency. */
                currency?: components["schemas"]["Currency"] | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read your statement: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BalanceEntryPage"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Only events above this sequence: that of the last event you have seen, or `lastSequence` of the answer before. `latest` begins with what happens from now on. Leave it out to begin with the oldest event that is kept. */
                after?: (number | "latest") | undefined;
                /** @description Only these types, separated by commas: `listing.published`, `listing.*` for all that begin so, `*` for all. `GET /v1/event-types` lists them. */
                types?: (string[] | string) | undefined;
                /** @description Seconds to wait for an event when there is none yet. The answer comes as soon as there is one, or empty when the time is over. */
                wait?: number | undefined;
                /** @description `true`: the events of everybody. For admins, with the scope `admin`. */
                all?: boolean | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List what happened: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
        };
    };
    getEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                eventId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Get an event: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
        };
    };
    listEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the types of events: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your webhook endpoints: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointPage"];
                };
            };
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhookEndpoint"];
            };
        };
        responses: {
            /** @description Create a webhook endpoint: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
        };
    };
    getWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a webhook endpoint: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a webhook endpoint: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookEndpointChanges"];
            };
        };
        responses: {
            /** @description Change a webhook endpoint: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookSecretRotation"];
            };
        };
        responses: {
            /** @description Get a new secret: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
        };
    };
    testWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send a test: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
                /** @description Only deliveries that are so. */
                state?: ("pending" | "delivered" | "failed") | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the delivery log: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
        };
    };
    redeliverWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The endpoint. */
                endpointId: string;
                /** @description The delivery. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send an event again: done. */
            202: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    replayWebhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The endpoint. */
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhookReplay"];
            };
        };
        responses: {
            /** @description Send past events again: done. */
            202: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookReplay"];
                };
            };
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description `true`: only those that were not read. */
                unread?: boolean | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List your notifications: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPage"];
                };
            };
        };
    };
    readNotification: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The notification. */
                notificationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Mark a notification as read: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
        };
    };
    readNotifications: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationReading"];
            };
        };
        responses: {
            /** @description Mark notifications as read: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsRead"];
                };
            };
        };
    };
    getNotificationPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read how you are notified: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
        };
    };
    updateNotificationPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationChoices"];
            };
        };
        responses: {
            /** @description Choose how you are notified: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
        };
    };
    unsubscribeFromNotification: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description From the mail. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unsubscribe from a kind of mail: done. */
            204: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listFeeSchedules: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the fee schedules: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeeSchedulePage"];
                };
            };
        };
    };
    createFeeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFeeSchedule"];
            };
        };
        responses: {
            /** @description Change what the marketplace takes: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeeSchedule"];
                };
            };
        };
    };
    listPolicies: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the cancellation policies: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancellationPolicyPage"];
                };
            };
        };
    };
    createPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPolicy"];
            };
        };
        responses: {
            /** @description Change a cancellation policy: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancellationPolicyVersion"];
                };
            };
        };
    };
    listTaxRules: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the tax rules: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxRulePage"];
                };
            };
        };
    };
    createTaxRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTaxRule"];
            };
        };
        responses: {
            /** @description Add a tax: done. */
            201: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxRule"];
                };
            };
        };
    };
    endTaxRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The tax rule. */
                taxRuleId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaxRuleEnd"];
            };
        };
        responses: {
            /** @description End a tax: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaxRule"];
                };
            };
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See how the background work goes: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: {
                /** @description Only jobs in this state. */
                state?: ("dead" | "failed" | "active" | "waiting" | "delayed" | "scheduled") | undefined;
                /** @description Jobs of each state. */
                limit?: number | undefined;
            } | undefined;
            header?: never;
            path: {
                /** @description One of `events`, `default`, `mail`, `webhooks`, `feeds`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Look into a queue: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueDetails"];
                };
            };
        };
    };
    listAuditLog: {
        parameters: {
            query?: {
                /** @description Who: `usr_…`. */
                actor?: string | undefined;
                /** @description What: a type of event, such as `queue.drained`. */
                type?: string | undefined;
                /** @description To what: its id, such as `lst_…`. */
                subject?: string | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See who did what: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
        };
    };
    retryQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `events`, `default`, `mail`, `webhooks`, `feeds`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Retry dead jobs: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueAct"];
                };
            };
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `events`, `default`, `mail`, `webhooks`, `feeds`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Stop the work at a queue: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueAct"];
                };
            };
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `events`, `default`, `mail`, `webhooks`, `feeds`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Let the work at a queue go on: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueAct"];
                };
            };
        };
    };
    drainQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `events`, `default`, `mail`, `webhooks`, `feeds`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Remove what waits in a queue: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueAct"];
                };
            };
        };
    };
    getClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the time of the marketplace: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockState"];
                };
            };
        };
    };
    moveClock: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClockMove"];
            };
        };
        responses: {
            /** @description Move time: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clock"];
                };
            };
        };
    };
    listMaintenanceTasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the kinds of maintenance: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceTaskList"];
                };
            };
        };
    };
    startMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key and request gets the first answer again, for 24 hours. */
                "Idempotency-Key"?: string | undefined;
            } | undefined;
            path: {
                /** @description The name of the task. */
                task: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMaintenanceRun"];
            };
        };
        responses: {
            /** @description Start maintenance: done. */
            202: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceRun"];
                };
            };
        };
    };
    listMaintenanceRuns: {
        parameters: {
            query?: {
                /** @description Only runs of this task. */
                task?: string | undefined;
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List what maintenance was done: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceRunPage"];
                };
            };
        };
    };
    getMaintenanceRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The run. */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See how maintenance goes: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaintenanceRun"];
                };
            };
        };
    };
    listMailTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the kinds of mail: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailTemplateList"];
                };
            };
        };
    };
    previewMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The template. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See how a mail looks: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailPreview"];
                };
            };
        };
    };
    listMails: {
        parameters: {
            query?: {
                /** @description Items on a page. */
                limit?: number | undefined;
                /** @description `nextCursor` of the page before; leave it out for the first. */
                cursor?: string | undefined;
            } | undefined;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the mail that was kept: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailPage"];
                };
            };
        };
    };
    getMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The mail. */
                mailId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a mail that was kept: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Mail"];
                };
            };
        };
    };
    getWelcome: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What this server is: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Welcome"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether the process is alive: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether the process takes requests: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Measurements for Prometheus: done. */
            200: {
                headers: {
                    /** @description Names this request in our log. */
                    "Request-Id"?: string | undefined;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4; charset=utf-8": string;
                };
            };
        };
    };
}

/** Every problem code of the document. */
export type ProblemCode =
    | "account_has_payouts"
    | "account_in_use"
    | "account_suspended"
    | "alteration_not_found"
    | "alteration_not_possible"
    | "alteration_pending"
    | "alteration_state_conflict"
    | "api_key_limit_reached"
    | "api_key_not_found"
    | "authentication_required"
    | "body_too_large"
    | "booking_disputed"
    | "booking_not_found"
    | "booking_state_conflict"
    | "calendar_not_found"
    | "calendar_selection_too_large"
    | "clock_not_settled"
    | "dates_unavailable"
    | "email_already_verified"
    | "email_token_invalid"
    | "email_verified_elsewhere"
    | "event_not_found"
    | "events_expired"
    | "external_id_taken"
    | "fee_schedule_conflict"
    | "feed_limit_reached"
    | "feed_not_found"
    | "feed_paused"
    | "hold_expired"
    | "idempotency_in_progress"
    | "idempotency_key_reused"
    | "insufficient_scope"
    | "internal_error"
    | "invalid_credentials"
    | "invalid_cursor"
    | "invalid_idempotency_key"
    | "invalid_login"
    | "invalid_request"
    | "invalid_signature"
    | "listing_not_bookable"
    | "listing_not_found"
    | "listing_not_publishable"
    | "listing_state_conflict"
    | "mail_not_found"
    | "mail_template_not_found"
    | "mailbox_not_available"
    | "maintenance_not_found"
    | "maintenance_run_not_found"
    | "malformed_request"
    | "not_bookable"
    | "not_your_listing"
    | "not_your_part"
    | "notification_not_found"
    | "overloaded"
    | "own_listing"
    | "payment_declined"
    | "payment_not_open"
    | "payment_not_possible"
    | "payments_not_configured"
    | "payments_unavailable"
    | "payout_account_refused"
    | "payout_not_found"
    | "photo_limit_reached"
    | "photo_not_found"
    | "policy_conflict"
    | "precondition_failed"
    | "queue_not_found"
    | "queues_unavailable"
    | "quote_already_booked"
    | "quote_expired"
    | "quote_not_found"
    | "rate_limited"
    | "refresh_token_invalid"
    | "refresh_token_reused"
    | "refund_too_large"
    | "request_too_slow"
    | "sandbox_only"
    | "session_not_found"
    | "tax_rule_ended"
    | "tax_rule_not_found"
    | "too_early"
    | "too_many_waiting"
    | "unknown_payment_method"
    | "unsubscribe_link_invalid"
    | "unsupported_media_type"
    | "user_not_found"
    | "webhook_delivery_not_found"
    | "webhook_endpoint_disabled"
    | "webhook_endpoint_limit_reached"
    | "webhook_endpoint_not_found"
    | "webhook_event_not_kept"
    | "wrong_password"
    | "wrong_stripe_mode";
