import { ListingInput } from '@sojourn/shared/listing';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryListing } from '../../../test/arbitrary-listing.ts';
import { readCsvText } from '../../../test/read-records.ts';
import { COLUMN_NAMES, COLUMNS, joinList, rowOf, splitList } from './columns.ts';
import { columnOf, sojourn } from './sojourn.ts';

const settings = { currency: undefined, timeZone: undefined };

async function readOne(text: string, options = settings) {
  const { header, rows } = await readCsvText(text);
  return sojourn({ kind: 'csv', columns: header }, options).read(rows[0]!);
}

describe('the sojourn format', () => {
  it('brings every listing back as it was', () =>
    fc.assert(
      fc.asyncProperty(arbitraryListing, async (listing) => {
        const { draft, problems, warnings } = await readOne(
          stringify([[...COLUMN_NAMES], rowOf({ ...listing, id: 'lst_1', status: 'draft' })]),
        );
        expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
        expect(ListingInput.parse(draft)).toEqual(listing);
      }),
      { numRuns: 300 },
    ));

  it('brings listings back through JSON, without what the server added', () =>
    fc.assert(
      fc.property(arbitraryListing, (listing) => {
        const location = listing.location && { ...listing.location, exact: true };
        const json = JSON.parse(
          JSON.stringify({ ...listing, location, id: 'lst_1', status: 'draft', version: 1, rating: null }),
        );
        const { draft, warnings } = sojourn({ kind: 'jsonl', columns: [] }, settings).read({
          row: 1,
          line: 1,
          json,
        });
        expect(warnings).toEqual([]);
        expect(ListingInput.parse(draft)).toEqual(listing);
      }),
    ));

  it('has a column for every field of a listing', () => {
    const fields = new Set(COLUMNS.map(({ path }) => path[0]).filter(Boolean));
    expect(fields).toEqual(new Set(Object.keys(ListingInput.shape)));
  });

  it('leaves empty cells to the defaults of the schema', async () => {
    const { draft } = await readOne(
      'externalId,title,roomType,minNights,amenities,pets\n1,Loft,entirePlace,,,\n',
    );
    expect(draft).toEqual({ externalId: '1', title: 'Loft', roomType: 'entirePlace' });
  });

  it('reads what people and spreadsheets make of words, times and amounts', async () => {
    const { draft, warnings } = await readOne(
      'externalId,title,roomType,propertyType,instantBook,checkInFrom,checkOutBy,currency,basePrice,cleaningFee,country,amenities\n' +
        '1,Loft,Entire place,Entire rental unit,TRUE,9:00,11:00:00,usd,"$1,234.50",40,us,Wi-Fi|Hot tub|Pinball\n',
    );
    expect(draft).toMatchObject({
      roomType: 'entirePlace',
      propertyType: 'apartment',
      instantBook: true,
      checkInFrom: '09:00',
      checkOutBy: '11:00',
      basePrice: { amount: 123_450, currency: 'USD' },
      cleaningFee: { amount: 4_000, currency: 'USD' },
      location: { address: { country: 'US' } },
      amenities: ['wifi', 'hotTub'],
      tags: ['Pinball'],
    });
    expect(warnings).toEqual([{ kind: 'amenity_as_tag', value: 'Pinball' }]);
  });

  it('reads the shortest stays of weekdays, and names their columns', async () => {
    const { draft } = await readOne(
      'externalId,title,roomType,minNightsFriday,minNightsSunday,longStayPolicy\n1,Loft,entirePlace,3,,Strict long-term\n',
    );
    expect(draft).toMatchObject({ arrivalMinNights: { friday: 3 }, longStayPolicy: 'strictLongTerm' });
    expect(columnOf(['arrivalMinNights', 'friday'])).toBe('minNightsFriday');
  });

  it('says what is wrong with each cell', async () => {
    const { problems } = await readOne(
      'externalId,title,roomType,capacity,latitude,instantBook,currency,basePrice,cancellationPolicy\n1,Loft,castle,two,north,perhaps,EUR,12.345,modrate\n',
    );
    expect(problems.map(({ column, rule }) => [column, rule])).toEqual([
      ['roomType', 'unknown_word'],
      ['capacity', 'not_a_whole_number'],
      ['latitude', 'not_a_number'],
      ['basePrice', 'not_an_amount'],
      ['cancellationPolicy', 'unknown_word'],
      ['instantBook', 'not_a_flag'],
    ]);
    expect(problems.at(-2)!.fix).toContain('Did you mean "moderate"?');
  });

  it('wants a currency where there is a price, and takes the one of the command line', async () => {
    const text = 'externalId,title,roomType,basePrice\n1,Loft,entirePlace,120\n';
    expect((await readOne(text)).problems).toMatchObject([{ column: 'currency', rule: 'required' }]);
    expect((await readOne(text, { ...settings, currency: 'JPY' as never })).draft.basePrice).toEqual({
      amount: 120,
      currency: 'JPY',
    });
  });

  it('takes the time zone from the place only in files that do not speak of zones', async () => {
    const row = (columns: string, cells: string) =>
      readOne(
        `externalId,title,roomType,latitude,longitude${columns}\n1,Loft,entirePlace,40.758,-73.9855${cells}\n`,
      );
    expect((await row('', '')).draft.timeZone).toBe('America/New_York');
    expect((await row(',timeZone', ',')).draft.timeZone).toBeUndefined();
  });

  it('names the columns that it does not know, with the one that was meant', async () => {
    const { header } = await readCsvText('externalId,title,roomType,capcity,Owner\n');
    const { notes } = sojourn({ kind: 'csv', columns: header }, settings);
    expect(notes[0]!.message).toContain('capcity (did you mean capacity?), Owner');
  });

  it('names the columns that are missing', () => {
    expect(() => sojourn({ kind: 'csv', columns: ['name', 'price'] }, settings)).toThrow(
      'needs the column externalId, title, roomType',
    );
  });

  it('keeps an id that is a number in JSON, and drops fields that a listing does not have', () => {
    const { draft, warnings, listingId } = sojourn({ kind: 'jsonl', columns: [] }, settings).read({
      row: 1,
      line: 1,
      json: {
        externalId: 42,
        title: 'Loft',
        colour: 'red',
        location: { latitude: 1, longitude: 2, planet: 'Earth' },
      },
    });
    expect(draft).toEqual({ externalId: '42', title: 'Loft', location: { latitude: 1, longitude: 2 } });
    expect(warnings).toEqual([{ kind: 'unknown_field', value: 'colour' }]);
    expect(listingId).toBeUndefined();
  });

  it('finds a listing without an own id by the one that an export wrote', async () => {
    const { draft, listingId } = await readOne('externalId,title,roomType,id\n,Loft,entirePlace,lst_1\n');
    expect([draft.externalId, listingId]).toEqual([undefined, 'lst_1']);
  });
});

describe('lists in a cell', () => {
  it('come back as they were', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('|', '\\', 'a', ',', '') }), { minLength: 1 }),
        (values) => {
          expect(splitList(joinList(values))).toEqual(values);
        },
      ),
    ));
});

describe('columnOf', () => {
  it('names the column of a value, or that of what it is part of', () => {
    const names = [
      ['basePrice', 'amount'],
      ['location', 'address', 'city'],
      ['location', 'latitude'],
      ['location'],
      ['houseRules', 'notes'],
      ['photos', 2, 'url'],
      ['tags', 1],
    ];
    expect(names.map(columnOf)).toEqual([
      'basePrice',
      'city',
      'latitude',
      'latitude',
      'houseRules',
      'photos',
      'tags',
    ]);
  });
});
