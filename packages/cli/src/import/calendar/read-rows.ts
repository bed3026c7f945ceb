import { LISTING_LIMITS } from '@sojourn/shared/listing';
import type { Currency } from '@sojourn/shared/money';
import { dayNumberOf } from '@sojourn/shared/nights';
import { usageError } from '../../exit.ts';
import { notAnAmount } from '../formats/format.ts';
import { readAmount } from '../formats/money-text.ts';
import type { RowProblem } from '../model.ts';
import { type CellReader, cellReader, columnKey, type Source, type SourceRecord } from '../source/record.ts';
import type { KnownListing, NightWish } from './model.ts';

export type ReadRow =
  | { externalId: string; listing: KnownListing; day: number; wish: NightWish }
  | { externalId: string; problem: RowProblem };

const NEEDED = ['listing_id', 'date', 'available'] as const;
const AVAILABLE = new Map([
  ['t', true],
  ['f', false],
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);
const SPREADSHEET_ID = /^\d(?:[.,]\d+)?E\+\d+$/i;
/** Another file has as many different rows as it likes: what was seen is then forgotten, and read afresh. */
const MEMORY = 50_000;

/**
 * Reads the rows of a calendar as Inside Airbnb publishes them. The same dates and the same few prices come again and
 * again, so each is understood once and then looked up.
 *
 * @param listings by the host's own id, which stays text: it may have more digits than a number holds.
 * @throws when the file is no such calendar.
 */
export function calendarReader(
  source: Source,
  label: string,
  listings: ReadonlyMap<string, KnownListing>,
  currency: Currency | undefined,
): (record: SourceRecord) => ReadRow {
  checkColumns(source, label);
  const cells = cellReader(source, false);
  const days = new Map<string, number | undefined>();
  const wishes = new Map<string, NightWish | RowProblem>();

  const dayOf = (text: string) => {
    if (!days.has(text)) {
      if (days.size >= MEMORY) days.clear();
      days.set(text, dayNumberOf(text));
    }
    return days.get(text);
  };
  const wishOf = (record: SourceRecord, listing: KnownListing) => {
    const own = currency ?? listing.basePrice?.currency;
    const key = [
      listing.basePrice?.currency,
      ...['available', 'price', 'adjusted_price', 'minimum_nights', 'maximum_nights'].map((column) =>
        cells(record, column),
      ),
    ].join('\n');
    let wish = wishes.get(key);
    if (!wish) {
      if (wishes.size >= MEMORY) wishes.clear();
      wish = readWish(record, cells, listing, own);
      wishes.set(key, wish);
    }
    return wish;
  };

  return (record) => {
    const externalId = cells(record, 'listing_id').trim();
    if (record.problem) return { externalId, problem: record.problem };
    const listing = listings.get(externalId);
    if (!listing) return { externalId, problem: unknownListing(externalId) };
    const date = cells(record, 'date').trim();
    const day = dayOf(date);
    if (day === undefined) return { externalId, problem: { column: 'date', value: date, ...notADate } };
    const wish = wishOf(record, listing);
    return 'rule' in wish ? { externalId, problem: wish } : { externalId, listing, day, wish };
  };
}

function checkColumns({ columns }: Source, label: string): void {
  const found = new Set(columns.map(columnKey));
  const missing = NEEDED.filter((column) => !found.has(column));
  if (missing.length > 0)
    throw usageError(`${label} is no calendar: it has no column ${missing.join(', ')}.`, [
      'A calendar has the columns listing_id, date, available and, if you like, price,',
      'minimum_nights and maximum_nights, as the calendar.csv of Inside Airbnb.',
    ]);
}

function readWish(
  record: SourceRecord,
  cells: CellReader,
  listing: KnownListing,
  currency: Currency | undefined,
): NightWish | RowProblem {
  const cell = (column: string) => cells(record, column).trim();
  const problem = (column: string, words: Omit<RowProblem, 'column' | 'value'>): RowProblem => ({
    column,
    value: cell(column),
    ...words,
  });
  const available = AVAILABLE.get(cell('available').toLowerCase());
  if (available === undefined) return problem('available', notAFlag);

  const column = cell('price') === '' ? 'adjusted_price' : 'price';
  let price: NightWish['price'];
  const priceLeftOut = cell(column) !== '' && !listing.basePrice;
  if (cell(column) !== '' && listing.basePrice && currency) {
    if (currency !== listing.basePrice.currency)
      return problem(column, otherCurrency(currency, listing.basePrice.currency));
    const amount = readAmount(cell(column), currency);
    if (!amount) return problem(column, notAnAmount(currency));
    price = { amount, currency };
  }

  const nights = { minNights: cell('minimum_nights'), maxNights: cell('maximum_nights') };
  for (const [i, text] of Object.values(nights).entries())
    if (!/^\d{0,15}$/.test(text)) return problem(i === 0 ? 'minimum_nights' : 'maximum_nights', notNights);
  const clamp = (text: string, most: number) =>
    text === '' ? undefined : Math.min(Math.max(Number(text), 1), most);
  const minNights = clamp(nights.minNights, LISTING_LIMITS.minNights);
  const maxNights = clamp(nights.maxNights, LISTING_LIMITS.maxNights);
  return {
    blocked: !available,
    price,
    minNights,
    maxNights: maxNights === undefined ? undefined : Math.max(maxNights, minNights ?? 1),
    priceLeftOut,
  };
}

type Words = Omit<RowProblem, 'column' | 'value'>;

const unknownListing = (externalId: string): RowProblem => ({
  column: 'listing_id',
  value: externalId,
  ...(SPREADSHEET_ID.test(externalId)
    ? {
        rule: 'mangled_id',
        message: 'is an id that a spreadsheet turned into a rounded number.',
        fix: 'Take the file as it was published; a spreadsheet has lost digits of its ids.',
      }
    : {
        rule: 'unknown_listing',
        message: 'is the own id of none of your listings.',
        fix: 'Import the listings first: sojourn listings import FILE.',
      }),
});

const notADate: Words = {
  rule: 'not_a_date',
  message: 'is not a date.',
  fix: 'Write it as 2027-05-01.',
};
const notAFlag: Words = {
  rule: 'not_a_flag',
  message: 'does not say whether the night is free.',
  fix: 'Write t for a night that is free and f for one that is not.',
};
const notNights: Words = {
  rule: 'not_a_whole_number',
  message: 'is not a number of nights.',
  fix: 'Write digits only, such as 2.',
};
const otherCurrency = (given: string, own: string): Words => ({
  rule: 'other_currency',
  message: `is in ${given}, and the listing is priced in ${own}.`,
  fix: `Leave out --currency when the prices of each listing are in its own currency.`,
});
