import { isTimeZone } from '@sojourn/shared/listing';
import { type Currency, isCurrency } from '@sojourn/shared/money';
import { usageError } from '../../exit.ts';
import type { ImportOptions } from '../model.ts';
import { nearest } from '../nearest.ts';
import { columnKey, type Source } from '../source/record.ts';
import type { Format, FormatSettings } from './format.ts';
import { INSIDE_AIRBNB_COLUMNS, insideAirbnb } from './inside-airbnb.ts';
import { type Mapping, mapped } from './mapping.ts';
import { SOJOURN_COLUMNS, sojourn } from './sojourn.ts';

/** The format that a file's columns show; undefined when they show none. */
export function detectFormat({ columns }: Source): 'sojourn' | 'inside-airbnb' | undefined {
  const keys = new Set(columns.map(columnKey));
  const hasAll = (wanted: readonly string[]) => wanted.every((column) => keys.has(columnKey(column)));
  if (hasAll(SOJOURN_COLUMNS)) return 'sojourn';
  if (hasAll(INSIDE_AIRBNB_COLUMNS)) return 'inside-airbnb';
  return undefined;
}

/** How the rows of this file are to be read: as asked, or as its columns show. */
export function chooseFormat(
  source: Source,
  { format, map }: Pick<ImportOptions, 'format' | 'map'>,
  settings: FormatSettings,
  mapping: Mapping | undefined,
): Format {
  if (mapping) return mapped(source, settings, mapping, map ?? 'the mapping');
  const chosen = format === 'auto' ? detectFormat(source) : format;
  if (chosen === 'sojourn') return sojourn(source, settings);
  if (chosen === 'inside-airbnb') return insideAirbnb(source, settings);
  throw unknownFormat(source);
}

function unknownFormat({ columns, kind }: Source) {
  const keys = new Set(columns.map(columnKey));
  const calendarOrReviews = keys.has('listing_id') && keys.has('date');
  return usageError('The columns of the file do not show which format it has.', [
    `It has: ${columns.slice(0, 12).join(', ') || (kind === 'jsonl' ? 'no line that is a JSON object' : 'none')}${columns.length > 12 ? ', …' : ''}`,
    ...(calendarOrReviews
      ? ['It looks like a calendar or a list of reviews: the import reads listings.']
      : []),
    'sojourn needs externalId, title and roomType; inside-airbnb needs id, room_type, latitude, longitude and minimum_nights.',
    'Any other file: say in a mapping which column is which, --map mapping.json (docs/guides/import.md).',
  ]);
}

/** `--currency` and `--time-zone` as the formats take them. */
export function readSettings({
  currency,
  timeZone,
}: Pick<ImportOptions, 'currency' | 'timeZone'>): FormatSettings {
  const code = currency?.toUpperCase();
  if (code !== undefined && !isCurrency(code))
    throw usageError(
      `--currency ${currency} is not a currency that is known here.`,
      'Give an ISO 4217 code such as USD, EUR or GBP.',
    );
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const meant = nearest(timeZone, Intl.supportedValuesOf('timeZone'));
    throw usageError(
      `--time-zone ${timeZone} is not an IANA time zone.`,
      meant ? `Did you mean ${meant}?` : 'Give one such as America/New_York.',
    );
  }
  return { currency: code as Currency | undefined, timeZone };
}
