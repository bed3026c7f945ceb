import { LISTING_LIMITS } from '@sojourn/shared/listing';
import type { RoomType } from '@sojourn/shared/vocabulary';
import { type RowReading, readNumber } from './format.ts';
import { cleanLine, cleanText, shortened } from './text.ts';

// Where a listing of Inside Airbnb is, and the words about it.

const MISSING = new Set(['', 'n/a', 'na', 'none', 'null', 'nan']);
/** The text of a cell in a column where words such as "N/A" stand for nothing; null when it does. */
export const known = (row: RowReading, column: string) =>
  MISSING.has(row.cell(column).toLowerCase()) ? null : row.cell(column);

interface Place {
  value: { latitude: number; longitude: number; address: Record<string, string | null> } | null;
  /** For people: "Kensington, Brooklyn". */
  where: string;
}

export function readLocation(row: RowReading, has: (column: string) => boolean): Place {
  const text = (column: string, max = 100) => shortened(cleanLine(row.cell(column)), max) || null;
  // In recent files `neighbourhood` holds a heading of the web page; the cleansed column is the real name.
  const neighbourhood = has('neighbourhood_cleansed')
    ? text('neighbourhood_cleansed')
    : text('neighbourhood');
  const group = text('neighbourhood_group_cleansed') ?? text('neighbourhood_group');
  const city = text('city') ?? group;
  const region = text('state');
  const country = row.cell('country_code').toUpperCase();
  // "Gilman Dr W, Seattle, WA 98119, United States": the street is there only when four parts are.
  const street = cleanLine(row.cell('street')).split(',');
  const postalCode = cleanLine(row.cell('zipcode'));
  const address = {
    line1: (street.length >= 4 && shortened(street[0]!.trim(), 200)) || null,
    neighbourhood,
    city,
    region: region && /^[a-z]{2}$/i.test(region) ? region.toUpperCase() : region,
    postalCode: postalCode.length <= 20 ? postalCode || null : null,
    country: /^[A-Z]{2}$/.test(country) ? country : null,
  };
  const where = [neighbourhood, city].filter(Boolean).join(', ');
  if (known(row, 'latitude') === null && known(row, 'longitude') === null) {
    row.warn('no_location');
    return { value: null, where };
  }
  const latitude = readNumber(row, 'latitude');
  const longitude = readNumber(row, 'longitude');
  const value = latitude === undefined || longitude === undefined ? null : { latitude, longitude, address };
  return { value, where };
}

const ROOM_WORDS: Record<RoomType, string> = {
  entirePlace: 'Entire place',
  privateRoom: 'Private room',
  sharedRoom: 'Shared room',
  hotelRoom: 'Hotel room',
};

const plainTitle = (roomType: RoomType | undefined, where: string) =>
  `${ROOM_WORDS[roomType ?? 'entirePlace']}${where && ` in ${where}`}`;

export function readTitle(row: RowReading, roomType: RoomType | undefined, where: string): string {
  const title = cleanLine(row.cell('name'));
  if (title === '') {
    row.warn('title_missing');
    return plainTitle(roomType, where);
  }
  const short = shortened(title, LISTING_LIMITS.titleLength);
  if (short !== title) row.warn('title_shortened', title);
  return short;
}

export function readDescription(
  row: RowReading,
  has: (column: string) => boolean,
  roomType: RoomType | undefined,
  where: string,
): string {
  if (!has('description')) return `${plainTitle(roomType, where)}.`;
  // Before 2018 the description was put together from parts, of which some rows have only those.
  const text =
    cleanText(row.cell('description')) || cleanText(`${row.cell('summary')}\n\n${row.cell('space')}`);
  const short = shortened(text, LISTING_LIMITS.descriptionLength);
  if (short !== text) row.warn('description_shortened');
  return short;
}
