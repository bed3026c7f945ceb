import { columnKey } from '../source/record.ts';
import { MAPPABLE_COLUMNS } from './mapping.ts';
import { wordKey } from './text.ts';

/** What other programs call our columns. Compared by `wordKey`. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  externalId: ['id', 'listing id', 'property id', 'unit id', 'unit', 'reference', 'ref', 'code', 'sku'],
  title: ['name', 'listing name', 'property name', 'name of unit', 'headline', 'nickname'],
  description: ['summary', 'about', 'text'],
  propertyType: ['type', 'property'],
  roomType: ['room', 'room type', 'listing type', 'entire or private'],
  capacity: ['guests', 'max guests', 'accommodates', 'sleeps', 'max occupancy', 'persons'],
  bedrooms: ['number of bedrooms', 'rooms'],
  beds: ['number of beds'],
  bathrooms: ['baths', 'number of bathrooms'],
  amenities: ['features', 'facilities'],
  latitude: ['lat'],
  longitude: ['lng', 'lon', 'long'],
  line1: ['address', 'street', 'address 1', 'street address'],
  neighbourhood: ['neighborhood', 'district', 'area'],
  city: ['town'],
  region: ['state', 'province', 'county'],
  postalCode: ['zip', 'zip code', 'zipcode', 'postcode'],
  country: ['country code'],
  timeZone: ['time zone', 'timezone', 'tz'],
  currency: ['currency code'],
  basePrice: ['price', 'rate', 'nightly rate', 'price per night', 'daily rate', 'base rate'],
  weekendPrice: ['weekend rate'],
  cleaningFee: ['cleaning', 'cleaning charge'],
  extraGuestFee: ['extra guest', 'extra person fee', 'extra guest charge'],
  minNights: ['minimum nights', 'min stay', 'minimum stay'],
  maxNights: ['maximum nights', 'max stay', 'maximum stay'],
  checkInFrom: ['check in', 'check in time'],
  checkOutBy: ['check out', 'check out time'],
  licenceNumber: ['licence', 'license', 'license number', 'registration', 'registration number'],
  cancellationPolicy: ['cancellation'],
  photos: ['pictures', 'images', 'photo', 'picture url', 'image url'],
};

/** Our columns with the column of the file that seems to hold each. Every column of the file is used once at most. */
export function guessColumns(columns: readonly string[]): Record<string, string> {
  const free = new Map(columns.filter((name) => columnKey(name) !== '').map((name) => [wordKey(name), name]));
  const guessed: Record<string, string> = {};
  const claim = (ours: string, names: readonly string[]) => {
    const key = names.map(wordKey).find((name) => free.has(name));
    if (key === undefined || ours in guessed) return;
    guessed[ours] = free.get(key)!;
    free.delete(key);
  };
  // Our own names first: "type" must not take a column that is called exactly so by another of ours.
  for (const ours of MAPPABLE_COLUMNS) claim(ours, [ours]);
  for (const [ours, names] of Object.entries(OTHER_NAMES)) claim(ours, names);
  return guessed;
}
