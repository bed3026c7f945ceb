import { LISTING_LIMITS, ListingInput } from '@sojourn/shared/listing';
import { CURRENCIES, MAX_AMOUNT } from '@sojourn/shared/money';
import { WEEKDAYS } from '@sojourn/shared/nights';
import {
  AMENITIES,
  CANCELLATION_POLICIES,
  LONG_STAY_POLICIES,
  PROPERTY_TYPES,
  ROOM_TYPES,
} from '@sojourn/shared/vocabulary';
import fc from 'fast-check';

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** Text with everything that gives CSV files, lists in cells and spreadsheets trouble. */
const awkward = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      ',',
      '|',
      '\\',
      "'",
      '=',
      '+',
      '-',
      '@',
      ';',
      'é',
      '西',
      '👩‍👧',
      ' ',
      '\u00a0',
      '<',
      '&amp;',
      '0',
    ),
    minLength: 1,
    maxLength: 12,
  }),
);

const line = (max: number) =>
  awkward
    .map((text) =>
      text
        .replace(/\p{Cc}/gu, '')
        .trim()
        .slice(0, max)
        .trim(),
    )
    .filter((text) => text !== '' && text.isWellFormed());

const paragraph = fc
  .array(awkward, { maxLength: 4 })
  .map((lines) =>
    lines
      .join('\n')
      .replace(/[\p{Cc}--[\n\t]]/gv, '')
      .trim(),
  )
  .filter((text) => text.isWellFormed());

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`);

const unique = <T>(item: fc.Arbitrary<T>, maxLength: number) => fc.uniqueArray(item, { maxLength });

const whole = (min: number, max: number) => fc.integer({ min, max });
const degrees = (max: number) =>
  fc.double({ min: -max, max, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));

/** Any listing that the schema accepts, as the server would answer it. */
export const arbitraryListing: fc.Arbitrary<ListingInput> = fc
  .record({
    externalId: line(LISTING_LIMITS.externalIdLength),
    title: line(LISTING_LIMITS.titleLength),
    description: paragraph,
    propertyType: fc.constantFrom(...PROPERTY_TYPES),
    roomType: fc.constantFrom(...ROOM_TYPES),
    capacity: orNull(whole(1, 100)),
    bedrooms: orNull(whole(0, 100)),
    beds: orNull(whole(0, 200)),
    bathrooms: orNull(whole(0, 200).map((halves) => halves / 2)),
    amenities: unique(fc.constantFrom(...AMENITIES), 10),
    tags: unique(line(LISTING_LIMITS.tagLength), 5),
    houseRules: fc.record({
      pets: orNull(fc.boolean()),
      smoking: orNull(fc.boolean()),
      events: orNull(fc.boolean()),
      notes: paragraph,
    }),
    location: orNull(
      fc.record({
        latitude: degrees(90),
        longitude: degrees(180),
        address: fc.record({
          line1: orNull(line(200)),
          neighbourhood: orNull(line(100)),
          city: orNull(line(100)),
          region: orNull(line(100)),
          postalCode: orNull(line(20)),
          country: orNull(fc.constantFrom('US', 'DE', 'JP')),
        }),
      }),
    ),
    timeZone: orNull(fc.constantFrom('America/New_York', 'Asia/Tokyo', 'Europe/Berlin')),
    currency: fc.constantFrom(...CURRENCIES),
    basePrice: orNull(whole(0, MAX_AMOUNT)),
    weekendPrice: orNull(whole(0, MAX_AMOUNT)),
    cleaningFee: orNull(whole(0, 100_000)),
    extraGuestFee: orNull(whole(0, 1_000)),
    petFee: orNull(whole(0, 1_000)),
    includedGuests: orNull(whole(1, 100)),
    weeklyDiscountPercent: whole(0, 90),
    monthlyDiscountPercent: whole(0, 90),
    earlyBird: orNull(fc.record({ earlyBirdDays: whole(1, 730), earlyBirdPercent: whole(1, 90) })),
    lastMinute: orNull(fc.record({ lastMinuteDays: whole(0, 60), lastMinutePercent: whole(1, 90) })),
    nonRefundableDiscountPercent: orNull(whole(1, 90)),
    arrivalMinNights: fc.dictionary(fc.constantFrom(...WEEKDAYS), whole(1, 365), { noNullPrototype: true }),
    advanceNoticeHours: whole(0, 8_760),
    bookingWindowDays: whole(1, 1_095),
    preparationNights: whole(0, 30),
    nights: fc.tuple(whole(1, 365), whole(0, 760)),
    checkInFrom: clock,
    checkInUntil: orNull(clock),
    checkOutBy: clock,
    languages: unique(fc.constantFrom('en', 'de', 'pt-BR', 'zh-CN', 'fil'), 5),
    licenceNumber: orNull(line(200)),
    cancellationPolicy: orNull(fc.constantFrom(...CANCELLATION_POLICIES)),
    longStayPolicy: fc.constantFrom(...LONG_STAY_POLICIES),
    instantBook: fc.boolean(),
    photos: fc.array(
      fc.record({
        url: fc.webUrl({ withQueryParameters: true, withFragments: true }).map((url) => `${url}|a,b'"`),
        caption: orNull(line(300)),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ currency, nights, earlyBird, lastMinute, ...listing }) => {
    const money = (amount: number | null) => (amount === null ? null : { amount, currency });
    const { basePrice, weekendPrice, cleaningFee, extraGuestFee, petFee, capacity, includedGuests } = listing;
    return {
      ...listing,
      ...earlyBird,
      ...lastMinute,
      basePrice: money(basePrice),
      weekendPrice: money(weekendPrice),
      cleaningFee: money(cleaningFee),
      extraGuestFee: money(extraGuestFee),
      petFee: money(petFee),
      includedGuests:
        capacity !== null && includedGuests !== null ? Math.min(capacity, includedGuests) : includedGuests,
      minNights: nights[0],
      maxNights: Math.max(nights[0] + nights[1], ...Object.values(listing.arrivalMinNights)),
    };
  })
  .filter((listing) => ListingInput.safeParse(listing).success)
  .map((listing) => ListingInput.parse(listing));
