import { LISTING_LIMITS } from '@sojourn/shared/listing';
import type { Currency } from '@sojourn/shared/money';
import type { RoomType } from '@sojourn/shared/vocabulary';
import { usageError } from '../../exit.ts';
import { cellReader, columnKey, ERROR_COLUMN, type Source, type SourceRecord } from '../source/record.ts';
import { readAmenities } from './amenities.ts';
import {
  type Format,
  type FormatSettings,
  notAnAmount,
  type RowReading,
  readNumber,
  readRow,
  readWhole,
  rejectSpreadsheetId,
} from './format.ts';
import { known, readDescription, readLocation, readTitle } from './inside-airbnb-place.ts';
import { COLUMN_OF, IGNORED_COLUMNS, POLICIES, ROOM_TYPES, WARNINGS } from './inside-airbnb-words.ts';
import { readAmount } from './money-text.ts';
import { readPropertyType } from './property-types.ts';
import { cleanLine, cleanText, shortened, wordKey } from './text.ts';
import { timeZoneAt } from './time-zone.ts';

/** Columns that every generation of the listings file has, by which it is known. */
export const INSIDE_AIRBNB_COLUMNS = ['id', 'room_type', 'latitude', 'longitude', 'minimum_nights'] as const;

/**
 * Listings as Inside Airbnb publishes them, in any of the column sets since 2015: summary (16 and 18 columns) and
 * detailed (74 to 106). Columns are found by name; what a set lacks is left out or, where a listing could not be
 * published without it, filled with a plain value and said so. Columns about the host are never read.
 */
export function insideAirbnb(source: Source, { currency, timeZone }: FormatSettings): Format {
  const has = columnsOf(source);
  if (has('price') && !currency)
    throw usageError(
      'The file does not name the currency of its prices.',
      'Add --currency, for example --currency USD.',
    );
  const missing = INSIDE_AIRBNB_COLUMNS.filter((column) => !has(column));
  if (missing.length > 0)
    throw usageError(
      `This is not a listings file of Inside Airbnb: it has no column ${missing.join(', ')}.`,
      [
        `Its columns are: ${source.columns.slice(0, 12).join(', ')}${source.columns.length > 12 ? ', …' : ''}`,
        'Take listings.csv.gz (not calendar or reviews), or describe the file with --map.',
      ],
    );
  const guarded = has(ERROR_COLUMN);
  const cells = cellReader(source, guarded);

  return {
    name: 'inside-airbnb',
    messages: WARNINGS,
    guarded,
    notes: notesFor(source, has),
    read(record) {
      const row = readRow(record, cells);
      rejectSpreadsheetId(row, 'id');
      const roomType = readRoomType(row);
      const location = readLocation(row, has);
      const { amenities, tags } = readOffer(row);
      const propertyType = readKind(row, tags);
      const prices = currency ? readPrices(row, currency) : {};
      row.draft = {
        externalId: row.cell('id'),
        title: readTitle(row, roomType, location.where),
        description: readDescription(row, has, roomType, location.where),
        propertyType,
        roomType,
        capacity: has('accommodates')
          ? readCount(row, 'accommodates', 'capacity')
          : roomType === 'sharedRoom'
            ? 1
            : 2,
        bedrooms: readCount(row, 'bedrooms', 'bedrooms'),
        beds: readCount(row, 'beds', 'beds'),
        bathrooms: readBathrooms(row, tags),
        amenities,
        tags: tags.slice(0, LISTING_LIMITS.tags),
        houseRules: {
          pets: amenities.includes('petsAllowed') || null,
          notes: cleanText(row.cell('house_rules')),
        },
        location: location.value,
        timeZone:
          timeZone ??
          (location.value && timeZoneAt(location.value.latitude, location.value.longitude)) ??
          null,
        ...readStay(row),
        licenceNumber: known(row, 'license') && shortened(cleanLine(row.cell('license')), 200),
        cancellationPolicy: readPolicy(row),
        instantBook: row.cell('instant_bookable') === 't',
        photos: readPhotos(row),
        ...prices,
      };
      return row;
    },
    columnOf: (path) =>
      COLUMN_OF[path.filter((part) => typeof part === 'string').join('.')] ??
      COLUMN_OF[String(path[0])] ??
      String(path[0]),
    valueOf: (record: SourceRecord, column: string) => cells(record, column).trim(),
  };
}

const columnsOf = ({ columns }: Source) => {
  const keys = new Set(columns.map(columnKey));
  return (column: string) => keys.has(column);
};

function notesFor({ columns }: Source, has: (column: string) => boolean): Format['notes'] {
  const notes: Format['notes'] = [];
  if (!has('description'))
    notes.push({
      kind: 'no_description_column',
      message:
        'The file has no descriptions: each listing gets a plain one, such as "Private room in Kensington, Brooklyn."',
    });
  if (!has('accommodates'))
    notes.push({
      kind: 'no_capacity_column',
      message: 'The file does not say how many guests fit: 2 were assumed, 1 for a shared room.',
    });
  if (!has('cancellation_policy'))
    notes.push({
      kind: 'no_cancellation_column',
      message: 'The file names no cancellation policy: "moderate" was taken.',
    });
  const ignored = columns.filter((column) => IGNORED_COLUMNS.has(columnKey(column)));
  if (ignored.length > 0)
    notes.push({
      kind: 'ignored_columns',
      message: `A listing has no field for these columns; they were left out: ${ignored.join(', ')}.`,
    });
  return notes;
}

function readRoomType(row: RowReading): RoomType | undefined {
  const text = row.cell('room_type');
  const found = ROOM_TYPES.get(text) ?? ROOM_TYPES.get(wordKey(text));
  if (found || text === '') return found;
  return row.reject('room_type', {
    rule: 'unknown_word',
    message: 'is not a room type.',
    fix: 'Write "Entire home/apt", "Private room", "Shared room" or "Hotel room".',
  });
}

function readKind(row: RowReading, tags: string[]): string {
  const text = cleanLine(row.cell('property_type'));
  const found = text === '' ? 'other' : readPropertyType(text);
  if (found) return found;
  row.warn('property_type_other', text);
  tags.unshift(shortened(text, LISTING_LIMITS.tagLength));
  return 'other';
}

/** A whole number that is clamped to what the platform allows. */
function readCount(
  row: RowReading,
  column: string,
  limit: 'capacity' | 'bedrooms' | 'beds',
): number | null | undefined {
  if (known(row, column) === null) return null;
  const value = readWhole(row, column);
  if (
    value === undefined ||
    (value >= 0 && value <= LISTING_LIMITS[limit] && (limit !== 'capacity' || value > 0))
  )
    return value;
  if (value <= 0) {
    row.warn(`${limit}_missing`, String(value));
    return null;
  }
  row.warn(`${limit}_clamped`, String(value));
  return LISTING_LIMITS[limit];
}

function readBathrooms(row: RowReading, tags: string[]): number | null | undefined {
  const text = known(row, 'bathrooms_text')?.toLowerCase();
  if (text?.includes('shared')) tags.push('Shared bathroom');
  let value: number | null | undefined = null;
  if (text)
    value = /half-bath/.test(text) ? 0.5 : Number(/^\d+(?:\.\d+)?(?= )/.exec(text)?.[0] ?? Number.NaN);
  else if (known(row, 'bathrooms') !== null) value = readNumber(row, 'bathrooms');
  if (value === undefined || value === null) return value;
  if (Number.isNaN(value))
    return row.reject('bathrooms_text', {
      rule: 'not_a_number',
      message: 'does not say how many bathrooms.',
      fix: 'Write "1.5 baths" or "Half-bath".',
    });
  const halves = Math.min(Math.max(Math.round(value * 2) / 2, 0), LISTING_LIMITS.bathrooms);
  if (halves !== value) row.warn('bathrooms_rounded', String(value));
  return halves;
}

/** `["Wifi", "Kitchen"]` since 2020, `{Wifi,"Cable TV"}` before. */
function readOffer(row: RowReading): Pick<ReturnType<typeof readAmenities>, 'amenities' | 'tags'> {
  const text = row.cell('amenities');
  let words: unknown[] = [];
  if (text.startsWith('{'))
    words = Array.from(
      text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g),
      ([, quoted, bare]) => quoted ?? bare,
    );
  else if (text !== '') {
    try {
      const list: unknown = JSON.parse(text);
      words = Array.isArray(list) ? list : [];
    } catch {
      row.warn('amenities_unreadable', text);
    }
  }
  const offer = readAmenities(words.filter((word) => typeof word === 'string'));
  if (offer.shortened.length > 0) row.warn('tag_shortened', offer.shortened[0]);
  if (offer.dropped > 0) row.warn('tags_dropped', String(offer.dropped));
  return offer;
}

function readStay(row: RowReading): { minNights: number | undefined; maxNights: number | undefined } {
  const nights = (column: string, limit: 'minNights' | 'maxNights') => {
    if (known(row, column) === null) return undefined;
    const value = readWhole(row, column);
    if (value === undefined || (value >= 1 && value <= LISTING_LIMITS[limit])) return value;
    row.warn(`${limit}_clamped`, String(value));
    return Math.min(Math.max(value, 1), LISTING_LIMITS[limit]);
  };
  const minNights = nights('minimum_nights', 'minNights');
  const maxNights = nights('maximum_nights', 'maxNights');
  if (minNights === undefined || maxNights === undefined || minNights <= maxNights)
    return { minNights, maxNights };
  row.warn('maxNights_raised', `${minNights} > ${maxNights}`);
  return { minNights, maxNights: minNights };
}

function readPrices(row: RowReading, currency: Currency) {
  const money = (column: string) => {
    if (known(row, column) === null) return null;
    const amount = readAmount(row.cell(column), currency);
    if (amount === undefined) return row.reject(column, notAnAmount(currency));
    return amount === 0 ? null : { amount, currency };
  };
  const basePrice = money('price');
  if (basePrice === null) row.warn('no_price', row.cell('price'));
  const extraGuestFee = money('extra_people');
  return {
    basePrice,
    cleaningFee: money('cleaning_fee'),
    extraGuestFee,
    includedGuests: readIncludedGuests(row, Boolean(extraGuestFee)),
  };
}

/** Only a fee for further guests gives this number a meaning; 0 is how the old files say "not set". */
function readIncludedGuests(row: RowReading, feeIsCharged: boolean): number | null | undefined {
  if (!feeIsCharged || known(row, 'guests_included') === null) return null;
  const included = readWhole(row, 'guests_included');
  if (included === undefined) return undefined;
  if (included < 1) return null;
  const capacity = Number(row.cell('accommodates'));
  if (!(capacity >= 1) || included <= capacity) return included;
  row.warn('includedGuests_clamped', String(included));
  return capacity;
}

function readPolicy(row: RowReading): string {
  const text = row.cell('cancellation_policy');
  if (text === '') return 'moderate';
  const found = POLICIES.get(wordKey(text));
  if (found) return found;
  row.warn('cancellation_unknown', text);
  return 'moderate';
}

function readPhotos(row: RowReading): { url: string }[] {
  const url = row.cell('picture_url');
  if (url === '') return [];
  if (/^https?:\/\//i.test(url) && url.length <= 2_000 && URL.canParse(url)) return [{ url }];
  row.warn('photo_dropped', url);
  return [];
}
