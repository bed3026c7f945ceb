import { writeFileSync } from 'node:fs';
import type { ListingInput } from '@sojourn/shared/listing';
import { type Currency, exponentOf } from '@sojourn/shared/money';
import type { Amenity, CancellationPolicy, PropertyType, RoomType } from '@sojourn/shared/vocabulary';
import { stringify } from 'csv-stringify/sync';
import { COLUMNS, rowOf } from '../src/import/formats/columns.ts';

// Makes examples/listings.csv: `node packages/cli/scripts/example-listings.ts`. The same seed gives the same file.

const LISTINGS = 300;
const SEED = 20_270_501;

interface City {
  name: string;
  region: string;
  country: string;
  timeZone: string;
  currency: Currency;
  /** What 100 EUR are there, roughly: prices look at home. */
  per100Eur: number;
  languages: string[];
  streets: string[];
  quarters: [name: string, latitude: number, longitude: number][];
}

const CITIES: readonly City[] = [
  { name: 'Lisbon', region: 'Lisboa', country: 'PT', timeZone: 'Europe/Lisbon', currency: 'EUR', per100Eur: 100, languages: ['pt', 'en'], streets: ['Rua das Flores', 'Rua da Bica', 'Calçada do Monte'], quarters: [['Alfama', 38.7118, -9.1306], ['Bairro Alto', 38.7133, -9.1453], ['Príncipe Real', 38.7166, -9.1489], ['Graça', 38.7166, -9.1307]] },
  { name: 'Berlin', region: 'Berlin', country: 'DE', timeZone: 'Europe/Berlin', currency: 'EUR', per100Eur: 100, languages: ['de', 'en'], streets: ['Kastanienallee', 'Oranienstraße', 'Weserstraße'], quarters: [['Kreuzberg', 52.4986, 13.4034], ['Prenzlauer Berg', 52.5388, 13.4244], ['Neukölln', 52.4811, 13.4354], ['Mitte', 52.5208, 13.4095]] },
  { name: 'Paris', region: 'Île-de-France', country: 'FR', timeZone: 'Europe/Paris', currency: 'EUR', per100Eur: 100, languages: ['fr', 'en'], streets: ['Rue Oberkampf', 'Rue des Martyrs', 'Rue Lepic'], quarters: [['Le Marais', 48.8575, 2.3588], ['Montmartre', 48.8867, 2.3431], ['Belleville', 48.8719, 2.3846], ['Quartier latin', 48.8488, 2.3469]] },
  { name: 'Copenhagen', region: 'Hovedstaden', country: 'DK', timeZone: 'Europe/Copenhagen', currency: 'DKK', per100Eur: 746, languages: ['da', 'en'], streets: ['Istedgade', 'Blågårdsgade', 'Strandgade'], quarters: [['Vesterbro', 55.6683, 12.5533], ['Nørrebro', 55.6947, 12.5494], ['Christianshavn', 55.6722, 12.5917], ['Østerbro', 55.7069, 12.5772]] },
  { name: 'London', region: 'England', country: 'GB', timeZone: 'Europe/London', currency: 'GBP', per100Eur: 86, languages: ['en'], streets: ['Columbia Road', 'Upper Street', 'Bermondsey Street'], quarters: [['Shoreditch', 51.5265, -0.0798], ['Islington', 51.5362, -0.1033], ['Bermondsey', 51.4979, -0.0806], ['Camden', 51.539, -0.1426]] },
  { name: 'New York', region: 'NY', country: 'US', timeZone: 'America/New_York', currency: 'USD', per100Eur: 108, languages: ['en', 'es'], streets: ['Bedford Avenue', 'Bleecker Street', 'Steinway Street'], quarters: [['Williamsburg', 40.7141, -73.9613], ['West Village', 40.7358, -74.0036], ['Astoria', 40.7644, -73.9235], ['Harlem', 40.8116, -73.9465]] },
  { name: 'Austin', region: 'TX', country: 'US', timeZone: 'America/Chicago', currency: 'USD', per100Eur: 108, languages: ['en', 'es'], streets: ['South Congress Avenue', 'East 6th Street', 'Barton Springs Road'], quarters: [['Zilker', 30.2636, -97.7675], ['East Austin', 30.2637, -97.7136], ['Travis Heights', 30.2419, -97.7427], ['Hyde Park', 30.3045, -97.7297]] },
  { name: 'Mexico City', region: 'CDMX', country: 'MX', timeZone: 'America/Mexico_City', currency: 'MXN', per100Eur: 1_990, languages: ['es', 'en'], streets: ['Avenida Ámsterdam', 'Calle Orizaba', 'Calle Francisco Sosa'], quarters: [['Condesa', 19.4119, -99.1741], ['Roma Norte', 19.4195, -99.1625], ['Coyoacán', 19.3499, -99.1621], ['Juárez', 19.4275, -99.1571]] },
  { name: 'Kyoto', region: 'Kyoto', country: 'JP', timeZone: 'Asia/Tokyo', currency: 'JPY', per100Eur: 16_200, languages: ['ja', 'en'], streets: ['Hanamikoji-dori', 'Kawaramachi-dori', 'Imadegawa-dori'], quarters: [['Gion', 35.0037, 135.7751], ['Higashiyama', 34.9949, 135.785], ['Nakagyo', 35.0104, 135.7519], ['Arashiyama', 35.0094, 135.6668]] },
  { name: 'Cape Town', region: 'Western Cape', country: 'ZA', timeZone: 'Africa/Johannesburg', currency: 'ZAR', per100Eur: 1_980, languages: ['en', 'af'], streets: ['Kloof Street', 'Main Road', 'Long Street'], quarters: [['Gardens', -33.9347, 18.4097], ['Sea Point', -33.9176, 18.3874], ['Woodstock', -33.9272, 18.4465], ['Camps Bay', -33.9506, 18.3776]] },
  { name: 'Sydney', region: 'NSW', country: 'AU', timeZone: 'Australia/Sydney', currency: 'AUD', per100Eur: 165, languages: ['en'], streets: ['Crown Street', 'King Street', 'Campbell Parade'], quarters: [['Surry Hills', -33.8861, 151.2111], ['Newtown', -33.8976, 151.1793], ['Bondi', -33.8915, 151.2767], ['Manly', -33.7969, 151.2878]] },
  { name: 'Marrakesh', region: 'Marrakesh-Safi', country: 'MA', timeZone: 'Africa/Casablanca', currency: 'MAD', per100Eur: 1_080, languages: ['ar', 'fr', 'en'], streets: ['Rue Riad Zitoun', 'Derb Dabachi', 'Rue de la Kasbah'], quarters: [['Medina', 31.6295, -7.9811], ['Kasbah', 31.6185, -7.9878], ['Gueliz', 31.6346, -8.0101], ['Hivernage', 31.6218, -8.0094]] },
]; // biome-ignore format: a table reads better than a column

const KINDS: readonly [type: PropertyType, word: string, guests: number][] = [
  ['apartment', 'flat', 4],
  ['loft', 'loft', 3],
  ['house', 'house', 8],
  ['townhouse', 'townhouse', 6],
  ['guestSuite', 'garden suite', 2],
  ['condominium', 'two-room flat', 4],
  ['bungalow', 'bungalow', 5],
  ['guesthouse', 'guesthouse', 4],
];
const QUALITIES = [
  'Sunny',
  'Quiet',
  'Bright',
  'Calm',
  'Roomy',
  'Small and neat',
  'Old-fashioned',
  'Airy',
  'Light-filled',
  'Restored',
];
const EXTRAS = [
  'with a balcony',
  'by the park',
  'under the roof',
  'with a view',
  'near the market',
  'on a courtyard',
  'round the corner from the baker',
  'with a long table',
];
const SENTENCES = [
  'The kitchen has all that it takes to cook for friends.',
  'The bedroom looks onto a courtyard and is quiet at night.',
  'Shops, cafés and a bakery are in the same street.',
  'The next stop is four minutes on foot.',
  'There is a desk at the window and a fast connection.',
  'Fresh linen and towels are on the beds when you come.',
  'The stairs are steep: three floors without a lift.',
  'Bicycles can be left in the hall.',
];
const AMENITIES: readonly Amenity[] = [
  'kitchen',
  'heating',
  'airConditioning',
  'washer',
  'tv',
  'workspace',
  'hairDryer',
  'iron',
  'coffeeMaker',
  'dishwasher',
  'balcony',
  'garden',
  'elevator',
  'crib',
  'selfCheckIn',
  'bathtub',
  'books',
  'games',
  'luggageDropoff',
  'petsAllowed',
  'streetParking',
  'firstAidKit',
  'smokeAlarm',
  'longTermStays',
];
const ROOM_TYPES: readonly RoomType[] = [
  'entirePlace',
  'entirePlace',
  'entirePlace',
  'entirePlace',
  'privateRoom',
  'privateRoom',
  'hotelRoom',
  'sharedRoom',
];
const POLICIES: readonly CancellationPolicy[] = [
  'flexible',
  'moderate',
  'moderate',
  'limited',
  'firm',
  'strict',
];
const TAGS = [
  'river view',
  'family-run',
  'non-smoking house',
  'step outside, be there',
  'good for writers',
  'high ceilings',
];

/** A sequence of numbers from 0 to 1 that is the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Drawn from a sequence of their own. */
function discountsAndRules(random: () => number) {
  const some = <T>(share: number, values: readonly T[]) =>
    random() < share ? values[Math.floor(random() * values.length)]! : undefined;
  const earlyBirdDays = some(0.15, [60, 90, 180]) ?? null;
  const lastMinuteDays = some(0.2, [3, 7]) ?? null;
  const weekly = some(0.4, [5, 10, 15]) ?? 0;
  const weekend = some(0.15, [2, 3]);
  return {
    weeklyDiscountPercent: weekly,
    monthlyDiscountPercent: weekly > 0 ? weekly * 2 : 0,
    earlyBirdDays,
    earlyBirdPercent: earlyBirdDays && 10,
    lastMinuteDays,
    lastMinutePercent: lastMinuteDays && 15,
    nonRefundableDiscountPercent: some(0.3, [10]) ?? null,
    arrivalMinNights: weekend ? { friday: weekend, saturday: weekend } : {},
    advanceNoticeHours: some(0.4, [12, 24, 48]) ?? 0,
    bookingWindowDays: some(0.3, [180, 365]) ?? 730,
    preparationNights: some(0.15, [1]) ?? 0,
    longStayPolicy: some(0.2, ['strictLongTerm'] as const) ?? 'firmLongTerm',
  } satisfies Partial<ListingInput>;
}

function exampleListings(): ListingInput[] {
  const random = randomNumbers(SEED);
  const rules = randomNumbers(SEED + 1);
  const whole = (min: number, max: number) => min + Math.floor(random() * (max - min + 1));
  const one = <T>(items: readonly T[]): T => items[whole(0, items.length - 1)]!;
  const chance = (share: number) => random() < share;
  const some = <T>(items: readonly T[], count: number): T[] =>
    items
      .map((item) => ({ item, at: random() }))
      .sort((a, b) => a.at - b.at)
      .slice(0, count)
      .map(({ item }) => item);

  return Array.from({ length: LISTINGS }, (_, i) => {
    const city = CITIES[i % CITIES.length]!;
    const [neighbourhood, latitude, longitude] = one(city.quarters);
    const [kind, word, most] = one(KINDS);
    const roomType = one(ROOM_TYPES);
    const entire = roomType === 'entirePlace';
    const capacity = entire ? whole(2, most) : roomType === 'sharedRoom' ? 1 : 2;
    const bedrooms = entire ? Math.max(1, Math.round(capacity / 2)) : 1;
    // Prices end in a nought or five, in whichever currency.
    const money = (eur: number) => {
      const step = city.per100Eur > 5_000 ? 500 : city.per100Eur > 500 ? 10 : 5;
      const major = Math.max(step, Math.round((eur * city.per100Eur) / 100 / step) * step);
      return { amount: major * 10 ** exponentOf(city.currency), currency: city.currency };
    };
    const eur =
      (entire ? 45 + capacity * 18 : roomType === 'hotelRoom' ? 85 : roomType === 'privateRoom' ? 42 : 22) *
      (0.8 + random() * 0.6);
    const place = {
      entirePlace: word,
      privateRoom: `room in a ${word}`,
      sharedRoom: 'bed in a shared room',
      hotelRoom: 'room in a small hotel',
    }[roomType];
    const amenities: Amenity[] = ['wifi', 'essentials', 'hotWater', ...some(AMENITIES, whole(4, 10))];
    const photos = whole(1, 4);
    const extra = entire && capacity > 3 && chance(0.4);
    return {
      externalId: `EX-${String(i + 1).padStart(4, '0')}`,
      title: `${one(QUALITIES)} ${place} ${one(EXTRAS)}`,
      description: `${some(SENTENCES, whole(2, 3)).join(' ')}\n\nIn ${neighbourhood}, ${city.name}.`,
      propertyType: roomType === 'hotelRoom' ? 'hotel' : roomType === 'sharedRoom' ? 'hostel' : kind,
      roomType,
      capacity,
      bedrooms,
      beds: Math.max(bedrooms, Math.ceil(capacity / 2)),
      bathrooms: entire ? one([1, 1, 1.5, 2]) : one([0.5, 1, 1]),
      amenities,
      tags: chance(0.4) ? some(TAGS, whole(1, 2)) : [],
      houseRules: {
        pets: amenities.includes('petsAllowed') ? true : one([false, null]),
        smoking: false,
        events: one([false, null]),
        notes: chance(0.3) ? 'Please keep the noise down after ten at night.' : '',
      },
      location: {
        latitude: Number((latitude + (random() - 0.5) * 0.012).toFixed(5)),
        longitude: Number((longitude + (random() - 0.5) * 0.016).toFixed(5)),
        address: {
          line1: `${one(city.streets)} ${whole(1, 180)}`,
          neighbourhood,
          city: city.name,
          region: city.region,
          postalCode: null,
          country: city.country,
        },
      },
      timeZone: city.timeZone,
      basePrice: money(eur),
      weekendPrice: chance(0.35) ? money(eur * 1.25) : null,
      cleaningFee: entire ? money(20 + bedrooms * 12) : null,
      extraGuestFee: extra ? money(15) : null,
      petFee: null,
      includedGuests: extra ? capacity - 1 : null,
      ...discountsAndRules(rules),
      minNights: one([1, 1, 2, 2, 3]),
      maxNights: one([14, 30, 90, 365]),
      checkInFrom: one(['14:00', '15:00', '16:00']),
      checkInUntil: chance(0.3) ? '22:00' : null,
      checkOutBy: one(['10:00', '11:00', '12:00']),
      languages: city.languages,
      licenceNumber: chance(0.5) ? `EXAMPLE-${city.country}-${whole(10_000, 99_999)}` : null,
      cancellationPolicy: one(POLICIES),
      instantBook: chance(0.6),
      photos: Array.from({ length: photos }, (_unused, n) => ({
        url: `https://images.example.com/listings/${i + 1}/${n + 1}.jpg`,
        caption: n === 0 ? 'Living room' : null,
      })),
    } satisfies ListingInput;
  });
}

/** The columns that a host fills in; those that only an export has would be noise here. */
const OWN = COLUMNS.flatMap(({ kind }, i) => (kind === 'listingId' || kind === 'ignored' ? [] : [i]));

export const exampleCsv = (): string =>
  stringify([
    OWN.map((i) => COLUMNS[i]!.name),
    ...exampleListings().map((listing) => OWN.map((i) => rowOf(listing)[i]!)),
  ]);

if (import.meta.main) writeFileSync(new URL('../../../examples/listings.csv', import.meta.url), exampleCsv());
