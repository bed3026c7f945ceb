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
         * @description For good: your personal data is removed, sessions and API keys end, and the address may be used again.
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
            scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
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
         *       "minNights": 2,
         *       "maxNights": 30,
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
            /** @default 1 */
            minNights?: number | undefined;
            /** @default 365 */
            maxNights?: number | undefined;
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
            cancellationPolicy?: (("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable") | null) | undefined;
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
         *           "minNights": 2,
         *           "maxNights": 30,
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
            minNights?: number | undefined;
            maxNights?: number | undefined;
            checkInFrom?: components["schemas"]["ClockTime"] | undefined;
            checkInUntil?: (components["schemas"]["ClockTime"] | null) | undefined;
            checkOutBy?: components["schemas"]["ClockTime"] | undefined;
            languages?: string[] | undefined;
            licenceNumber?: (string | null) | undefined;
            cancellationPolicy?: (("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable") | null) | undefined;
            instantBook?: boolean | undefined;
            photos?: components["schemas"]["Photo"][] | undefined;
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
                kind: "welcome" | "emailVerified" | "passwordChanged" | "apiKeyCreated" | "apiKeyRevoked" | "listingPublished" | "listingPaused" | "listingArchived" | "webhookDisabled";
                /** @enum {string} */
                channel: "inApp" | "mail";
                enabled: boolean;
            }[];
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
                scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
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
                queue: "events" | "default" | "mail" | "webhooks" | (string & {});
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
                queue: "events" | "default" | "mail" | "webhooks" | (string & {});
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
                queue: "events" | "default" | "mail" | "webhooks" | (string & {});
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
                queue: "events" | "default" | "mail" | "webhooks" | (string & {});
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
            scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
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
            scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
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
                scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "events:read" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "admin")[];
                /** Format: date-time */
                createdAt: string;
                /** @description To the minute. */
                lastUsedAt: string | null;
                expiresAt: string | null;
                revokedAt: string | null;
            }[];
            notifications: components["schemas"]["Notification"][];
            notificationPreferences: components["schemas"]["NotificationPreferences"];
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
            category: "security" | "account" | "listings" | "webhooks" | (string & {});
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
            category: "security" | "account" | "listings" | "webhooks" | (string & {});
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
         *       "minNights": 2,
         *       "maxNights": 30,
         *       "checkInFrom": "15:00",
         *       "checkInUntil": null,
         *       "checkOutBy": "11:00",
         *       "languages": [],
         *       "licenceNumber": null,
         *       "cancellationPolicy": "moderate",
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
            /** @default 1 */
            minNights: number;
            /** @default 365 */
            maxNights: number;
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
            cancellationPolicy: ("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable") | null;
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
         *           "minNights": 2,
         *           "maxNights": 30,
         *           "checkInFrom": "15:00",
         *           "checkInUntil": null,
         *           "checkOutBy": "11:00",
         *           "languages": [],
         *           "licenceNumber": null,
         *           "cancellationPolicy": "moderate",
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
         *       "minNights": 2,
         *       "maxNights": 30,
         *       "checkInFrom": "15:00",
         *       "checkInUntil": null,
         *       "checkOutBy": "11:00",
         *       "languages": [],
         *       "licenceNumber": null,
         *       "cancellationPolicy": "moderate",
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
            /** @default 1 */
            minNights: number;
            /** @default 365 */
            maxNights: number;
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
            cancellationPolicy: ("flexible" | "moderate" | "limited" | "firm" | "strict" | "nonRefundable") | null;
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
         *           "distanceKm": 0.042
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
        /** @description Prices per night in steps of equal width, from the cheapest. */
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
                subject: "user" | "session" | "apiKey" | "listing" | "webhookEndpoint" | (string & {});
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
                /** @description Room for at least so many. */
                guests?: number | undefined;
                /** @description At least so many. */
                bedrooms?: number | undefined;
                /** @description At least so many. */
                beds?: number | undefined;
                /** @description At least so many. */
                bathrooms?: number | undefined;
                /** @description Per night, in minor units of `currency`. */
                minPrice?: number | undefined;
                /** @description Per night, in minor units of `currency`. */
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
                /** @description Best match first (`relevance`: with `q` by how well the words fit, title first; then by rating, in which few reviews weigh little), cheapest first (`price`), best rated first (`rating`), nearest first (`distance`, only with `near`). */
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
                /** @description One of `events`, `default`, `mail`, `webhooks`. */
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
                /** @description One of `events`, `default`, `mail`, `webhooks`. */
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
                /** @description One of `events`, `default`, `mail`, `webhooks`. */
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
                /** @description One of `events`, `default`, `mail`, `webhooks`. */
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
                /** @description One of `events`, `default`, `mail`, `webhooks`. */
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
    | "account_suspended"
    | "api_key_limit_reached"
    | "api_key_not_found"
    | "authentication_required"
    | "body_too_large"
    | "email_already_verified"
    | "email_token_invalid"
    | "email_verified_elsewhere"
    | "event_not_found"
    | "events_expired"
    | "external_id_taken"
    | "idempotency_in_progress"
    | "idempotency_key_reused"
    | "insufficient_scope"
    | "internal_error"
    | "invalid_credentials"
    | "invalid_cursor"
    | "invalid_idempotency_key"
    | "invalid_login"
    | "invalid_request"
    | "listing_not_found"
    | "listing_not_publishable"
    | "listing_state_conflict"
    | "mail_not_found"
    | "mail_template_not_found"
    | "mailbox_not_available"
    | "malformed_request"
    | "not_your_listing"
    | "notification_not_found"
    | "overloaded"
    | "photo_limit_reached"
    | "photo_not_found"
    | "precondition_failed"
    | "queue_not_found"
    | "queues_unavailable"
    | "rate_limited"
    | "refresh_token_invalid"
    | "refresh_token_reused"
    | "request_too_slow"
    | "session_not_found"
    | "too_many_waiting"
    | "unsubscribe_link_invalid"
    | "unsupported_media_type"
    | "user_not_found"
    | "webhook_delivery_not_found"
    | "webhook_endpoint_disabled"
    | "webhook_endpoint_limit_reached"
    | "webhook_endpoint_not_found"
    | "webhook_event_not_kept"
    | "wrong_password";
