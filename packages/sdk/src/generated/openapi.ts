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
            scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "admin")[];
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
            scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "admin")[];
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
            scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "admin")[];
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
                scopes: ("listings:read" | "listings:write" | "profile:read" | "profile:write" | "keys:write" | "admin")[];
                /** Format: date-time */
                createdAt: string;
                /** @description To the minute. */
                lastUsedAt: string | null;
                expiresAt: string | null;
                revokedAt: string | null;
            }[];
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
    | "malformed_request"
    | "not_your_listing"
    | "overloaded"
    | "photo_limit_reached"
    | "photo_not_found"
    | "precondition_failed"
    | "rate_limited"
    | "refresh_token_invalid"
    | "refresh_token_reused"
    | "request_too_slow"
    | "session_not_found"
    | "unsupported_media_type"
    | "user_not_found"
    | "wrong_password";
