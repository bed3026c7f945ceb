import { describe, expect, test } from 'vitest';
import { isTimeZone, type ListingDraft, ListingInput, ListingPatch, publishingGaps } from './listing.ts';
import { AMENITIES } from './vocabulary.ts';

const draft: ListingDraft = { title: 'Loft', roomType: 'entirePlace' };
const complete: ListingDraft = {
  ...draft,
  description: 'Quiet.',
  capacity: 2,
  location: { latitude: 38.7, longitude: -9.1 },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 9_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
};
const issuesOf = (value: unknown) =>
  ListingInput.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('a listing as its host writes it', () => {
  test('needs a title and a room type; all else has its default, in the order of the schema', () => {
    const parsed = ListingInput.parse({ roomType: 'entirePlace', title: ' Loft ' });
    expect(parsed).toMatchObject({
      title: 'Loft',
      minNights: 1,
      maxNights: 365,
      amenities: [],
      basePrice: null,
    });
    expect(JSON.stringify(parsed)).toBe(
      JSON.stringify(ListingInput.parse(Object.fromEntries(Object.entries(parsed).toReversed()))),
    );
  });

  test('is told everything that is wrong at once, the rules between fields included', () => {
    expect(
      issuesOf({
        ...draft,
        bathrooms: 1.25,
        timeZone: 'Mars/Olympus',
        minNights: 5,
        maxNights: 2,
        capacity: 2,
        includedGuests: 3,
        basePrice: { amount: 1, currency: 'EUR' },
        cleaningFee: { amount: 1, currency: 'USD' },
      }).sort(),
    ).toEqual(['bathrooms', 'cleaningFee.currency', 'includedGuests', 'minNights', 'timeZone']);
  });

  test.each([
    [{ earlyBirdDays: 60 }, ['earlyBirdPercent']],
    [{ earlyBirdPercent: 10, lastMinutePercent: 10 }, ['earlyBirdDays', 'lastMinuteDays']],
    [{ lastMinuteDays: 0, lastMinutePercent: 5 }, []],
    [{ maxNights: 5, arrivalMinNights: { friday: 6, sunday: 5 } }, ['arrivalMinNights.friday']],
    [{ arrivalMinNights: { saturday: 0 } }, ['arrivalMinNights.saturday']],
    [{ arrivalMinNights: { someday: 2 } }, ['arrivalMinNights']],
    [
      { weeklyDiscountPercent: 91, nonRefundableDiscountPercent: 0 },
      ['weeklyDiscountPercent', 'nonRefundableDiscountPercent'],
    ],
  ])('%j is refused at %j', (fields, pointers) => {
    expect(issuesOf({ ...draft, ...fields })).toEqual(pointers);
  });

  test('has its weekdays in their order, whatever the order in which they came', () => {
    const { arrivalMinNights } = ListingInput.parse({ ...draft, arrivalMinNights: { sunday: 2, monday: 3 } });
    expect(JSON.stringify(arrivalMinNights)).toBe('{"monday":3,"sunday":2}');
  });

  test.each([
    ['a NUL', { title: 'a\u0000b' }],
    ['an escape sequence', { title: '\u001b[2J' }],
    ['half a surrogate pair', { title: '\ud800' }],
    ['a line break in a title', { title: 'a\nb' }],
    ['a carriage return in a description', { description: 'a\rb' }],
    ['a repeated amenity', { amenities: ['wifi', 'wifi'] }],
    ['a photo that is no link', { photos: [{ url: 'javascript:alert(1)' }] }],
    ['a point off the globe', { location: { latitude: 91, longitude: 0 } }],
    ['an unknown field', { colour: 'red' }],
  ])('%s is refused', (_what, member) => {
    expect(issuesOf({ ...draft, ...member })).toHaveLength(1);
  });

  test('a patch brings no defaults with it', () => {
    expect(ListingPatch.parse({ minNights: 3 })).toEqual({ minNights: 3 });
  });

  test('amenities do not repeat', () => expect(new Set(AMENITIES).size).toBe(AMENITIES.length));

  test.each([
    ['Europe/Lisbon', true],
    ['UTC', true],
    ['+02:00', false],
    ['Mars/Olympus', false],
    ['', false],
  ])('%s as a time zone: %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});

describe('what keeps a listing from being published', () => {
  const gaps = (listing: ListingDraft, requirePhotos = false) =>
    publishingGaps(ListingInput.parse(listing), { requirePhotos }).map(({ pointer }) => pointer);

  test('everything that is missing, at once', () => {
    expect(gaps(draft, true)).toEqual([
      '/description',
      '/location',
      '/timeZone',
      '/capacity',
      '/basePrice',
      '/cancellationPolicy',
      '/photos',
    ]);
    expect(gaps(complete)).toEqual([]);
  });

  test('photos only where the marketplace asks for them', () => {
    expect(gaps(complete, true)).toEqual(['/photos']);
    expect(gaps({ ...complete, photos: [{ url: 'https://images.example.com/a.jpg' }] }, true)).toEqual([]);
  });

  test('a price of zero is no price', () => {
    expect(gaps({ ...complete, basePrice: { amount: 0, currency: 'EUR' } })).toEqual(['/basePrice']);
  });
});
