import { type Command, Option } from '@commander-js/extra-typings';
import { CANCELLATION_POLICIES, LONG_STAY_POLICIES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { decimal, list, point, repeated, whole } from '../../flags.ts';

/** The flags that `create` and `update` share: one for each field that a person is likely to type. The rest goes by --file. */
export const addListingFlags = <Args extends unknown[]>(command: Command<Args>) =>
  command
    .option('--file <file>', 'the fields as JSON; - is stdin')
    .optionsGroup('Fields:')
    .option('--title <text>', 'one line')
    .option('--description <text>', 'may have several lines')
    .option('--external-id <id>', 'your own id, unique among your listings')
    .addOption(new Option('--room-type <type>', 'kind of room').choices(ROOM_TYPES))
    .option('--property-type <type>', 'such as apartment, house, loft, cabin')
    .option('--capacity <n>', 'guests at most', whole(1, 100))
    .option('--bedrooms <n>', 'number of bedrooms', whole(0, 100))
    .option('--beds <n>', 'number of beds', whole(0, 200))
    .option('--bathrooms <n>', 'halves allowed: 1.5', decimal(0, 100))
    .option('--amenities <list>', 'all of them: wifi,kitchen', list)
    .option('--tags <list>', 'words of your own', list)
    .option('--photo <url>', 'repeat it for several', repeated)
    .optionsGroup('Place:')
    .option('--point <lat,lng>', 'where it is, in degrees', point)
    .option('--line1 <text>', 'street and number; shown after booking only')
    .option('--neighbourhood <name>', 'part of town')
    .option('--city <name>', 'town')
    .option('--region <name>', 'state, province or region')
    .option('--postal-code <code>', 'shown after booking only')
    .option('--country <code>', 'two letters: US')
    .option('--time-zone <zone>', 'such as America/New_York')
    .optionsGroup('Price and stay:')
    .option('--price <amount>', 'per night, in whole units: 120 or 119.50')
    .option('--weekend-price <amount>', 'per Friday and Saturday night')
    .option('--cleaning-fee <amount>', 'per stay')
    .option('--extra-guest-fee <amount>', 'per night and guest above --included-guests')
    .option('--pet-fee <amount>', 'per stay')
    .option('--currency <code>', 'of these amounts (update: that of the listing)')
    .option('--included-guests <n>', 'guests that the price covers', whole(1, 100))
    .option('--min-nights <n>', 'shortest stay', whole(1, 365))
    .option('--max-nights <n>', 'longest stay', whole(1, 1125))
    .option('--check-in-from <time>', 'such as 15:00')
    .option('--check-in-until <time>', 'such as 22:00')
    .option('--check-out-by <time>', 'such as 11:00')
    .addOption(
      new Option('--cancellation-policy <policy>', 'what guests get back').choices(CANCELLATION_POLICIES),
    )
    .addOption(
      new Option('--long-stay-policy <policy>', 'the same from 28 nights on').choices(LONG_STAY_POLICIES),
    )
    .option('--licence-number <text>', 'where the law asks for one')
    .option('--instant-book', 'guests book without asking you')
    .option('--no-instant-book', 'guests ask first')
    .option('--advance-notice-hours <n>', 'from booking to check-in at least', whole(0, 8_760))
    .option('--booking-window-days <n>', 'how far ahead guests may book', whole(1, 1_095))
    .option('--preparation-nights <n>', 'kept free after each stay', whole(0, 30))
    .optionsGroup('Discounts in percent:')
    .option('--weekly-discount-percent <n>', 'from 7 nights on', whole(0, 90))
    .option('--monthly-discount-percent <n>', 'from 28 nights on', whole(0, 90))
    .option('--early-bird-days <n>', 'booked so many days ahead', whole(1, 730))
    .option('--early-bird-percent <n>', 'then so much off', whole(1, 90))
    .option('--last-minute-days <n>', 'booked in the last so many days', whole(0, 60))
    .option('--last-minute-percent <n>', 'then so much off', whole(1, 90))
    .option('--non-refundable-percent <n>', 'for guests who give up refunds', whole(1, 90));

/** What the flags above come to. Amounts are still decimal text: their currency is not known yet. */
export type ListingFlags = ReturnType<ReturnType<typeof addListingFlags<[]>>['opts']>;
