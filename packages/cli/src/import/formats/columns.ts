import type { ListingInput } from '@sojourn/shared/listing';
import { toDecimal } from '@sojourn/shared/money';
import { WEEKDAYS, type Weekday } from '@sojourn/shared/nights';
import { guard } from '../source/record.ts';

// The columns of the `sojourn` format: one table for import, export, mapping files and their documentation.

export type ColumnKind =
  | 'text'
  | 'whole'
  | 'number'
  | 'flag'
  | 'word'
  | 'time'
  | 'list'
  | 'money'
  | 'currency'
  | 'photos'
  | 'captions'
  | 'listingId'
  | 'ignored';

export interface Column {
  name: string;
  kind: ColumnKind;
  /** Where its value stands in a listing. */
  path: readonly string[];
  about: string;
}

const column = (name: string, kind: ColumnKind, about: string, path: readonly string[] = [name]): Column => ({
  name,
  kind,
  path,
  about,
});
const address = (name: string, about: string) => column(name, 'text', about, ['location', 'address', name]);
const arrivalColumn = (day: Weekday) => {
  const name = `${day[0]!.toUpperCase()}${day.slice(1)}`;
  return column(`minNights${name}`, 'whole', `For stays that begin on a ${name}.`, ['arrivalMinNights', day]);
};

export const COLUMNS: readonly Column[] = [
  column(
    'externalId',
    'text',
    'Your own id of the listing. Importing it again updates the listing instead of adding another.',
  ),
  column('title', 'text', 'Required. Up to 200 characters.'),
  column('description', 'text', 'Up to 10,000 characters, over several lines if you like.'),
  column('propertyType', 'word', 'apartment, house, cabin, … (see the API reference). Default: other.'),
  column('roomType', 'word', 'Required. entirePlace, privateRoom, sharedRoom or hotelRoom.'),
  column('capacity', 'whole', 'Guests at most.'),
  column('bedrooms', 'whole', '0 for a studio.'),
  column('beds', 'whole', ''),
  column('bathrooms', 'number', 'In halves: 1.5.'),
  column('amenities', 'list', 'Words of the fixed vocabulary. Unknown words become tags.'),
  column('tags', 'list', 'Your own words beside the amenities.'),
  column('pets', 'flag', 'House rule: true, false, or empty when not said.', ['houseRules', 'pets']),
  column('smoking', 'flag', 'House rule.', ['houseRules', 'smoking']),
  column('events', 'flag', 'House rule.', ['houseRules', 'events']),
  column('houseRules', 'text', 'Further rules in your own words.', ['houseRules', 'notes']),
  column('latitude', 'number', 'WGS 84 degrees.', ['location', 'latitude']),
  column('longitude', 'number', 'WGS 84 degrees.', ['location', 'longitude']),
  address('line1', 'Street and number.'),
  address('neighbourhood', ''),
  address('city', ''),
  address('region', 'State, province or region.'),
  address('postalCode', ''),
  address('country', 'Two letters, ISO 3166: US.'),
  column('timeZone', 'text', 'IANA name: America/New_York.'),
  column('currency', 'currency', 'ISO 4217 code of all prices of the row: USD.', ['basePrice', 'currency']),
  column('basePrice', 'money', 'Per night, in major units: 120.50.'),
  column('weekendPrice', 'money', 'Per Friday and Saturday night.'),
  column('cleaningFee', 'money', 'Per stay.'),
  column('extraGuestFee', 'money', 'Per night and guest above includedGuests.'),
  column('petFee', 'money', 'Per stay.'),
  column('includedGuests', 'whole', 'Guests covered by the base price.'),
  column('weeklyDiscountPercent', 'whole', 'Off stays of 7 nights and more. Default: 0.'),
  column('monthlyDiscountPercent', 'whole', 'Off stays of 28 nights and more. Default: 0.'),
  column('earlyBirdDays', 'whole', 'Booked at least so many days before check-in …'),
  column('earlyBirdPercent', 'whole', '… a stay is so much cheaper. Both or neither.'),
  column('lastMinuteDays', 'whole', 'Booked at most so many days before check-in …'),
  column('lastMinutePercent', 'whole', '… a stay is so much cheaper. Both or neither.'),
  column('nonRefundableDiscountPercent', 'whole', 'Off stays without a refund. Empty: not offered.'),
  column('minNights', 'whole', 'Default: 1.'),
  column('maxNights', 'whole', 'Default: 365.'),
  ...WEEKDAYS.map(arrivalColumn),
  column('advanceNoticeHours', 'whole', 'From booking to check-in at least. Default: 0.'),
  column('bookingWindowDays', 'whole', 'How far ahead guests may book. Default: 730.'),
  column('preparationNights', 'whole', 'Kept free after each stay. Default: 0.'),
  column('checkInFrom', 'time', 'Default: 15:00.'),
  column('checkInUntil', 'time', ''),
  column('checkOutBy', 'time', 'Default: 11:00.'),
  column('languages', 'list', 'en|pt-BR'),
  column('licenceNumber', 'text', ''),
  column(
    'cancellationPolicy',
    'word',
    'flexible, moderate, limited, firm, strict, nonRefundable, vrboRelaxed, vrboModerate, vrboFirm or vrboStrict.',
  ),
  column('longStayPolicy', 'word', 'From 28 nights on: firmLongTerm (the default) or strictLongTerm.'),
  column('instantBook', 'flag', 'Default: false.'),
  column('photos', 'photos', 'Addresses of the pictures.'),
  column('photoCaptions', 'captions', 'Their captions, in the same order.', ['photos']),
  column('id', 'listingId', "Sojourn's own id, written by export. Read only where externalId is empty.", []),
  column(
    'status',
    'ignored',
    'Written by export, never read: import does not change the state of a listing.',
    [],
  ),
];

export const COLUMN_NAMES: readonly string[] = COLUMNS.map(({ name }) => name);

/** Separates the values of a list in one cell. Inside a value it is written `\|`, and a backslash `\\`. */
export const LIST_SEPARATOR = '|';

export const joinList = (values: readonly string[]) =>
  values.map((value) => value.replace(/[\\|]/g, '\\$&')).join(LIST_SEPARATOR);

/** The values of a cell that `joinList` wrote. Empty values are kept: captions are told apart by their position. */
export function splitList(cell: string): string[] {
  const values: string[] = [];
  let value = '';
  for (let i = 0; i < cell.length; i += 1) {
    const escaped = cell[i] === '\\' && (cell[i + 1] === LIST_SEPARATOR || cell[i + 1] === '\\');
    if (escaped) {
      i += 1;
      value += cell[i];
    } else if (cell[i] === LIST_SEPARATOR) {
      values.push(value);
      value = '';
    } else value += cell[i];
  }
  values.push(value);
  return values;
}

/** A listing as the server answers it, as far as an export needs it. */
export type ExportedListing = ListingInput & { id?: string; status?: string };

const MONEY_FIELDS = ['basePrice', 'weekendPrice', 'cleaningFee', 'extraGuestFee', 'petFee'] as const;
const moneyOf = (listing: ExportedListing) => MONEY_FIELDS.map((field) => listing[field]).find(Boolean);

/** A listing as the cells of a row, in the order of `COLUMNS`, safe to open in a spreadsheet. */
export function rowOf(listing: ExportedListing): string[] {
  return COLUMNS.map(({ name, kind, path }) => {
    switch (kind) {
      case 'list':
        return guard(joinList(at(listing, path) as string[]));
      case 'money': {
        const money = listing[name as (typeof MONEY_FIELDS)[number]];
        return money ? toDecimal(money) : '';
      }
      case 'currency':
        return moneyOf(listing)?.currency ?? '';
      case 'photos':
        return guard(joinList(listing.photos.map(({ url }) => url)));
      case 'captions': {
        const captions = listing.photos.map(({ caption }) => caption ?? '');
        return captions.some(Boolean) ? guard(joinList(captions)) : '';
      }
      case 'listingId':
        return listing.id ?? '';
      case 'ignored':
        return listing.status ?? '';
      default: {
        const value = at(listing, path);
        return value === null || value === undefined ? '' : guard(String(value));
      }
    }
  });
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
