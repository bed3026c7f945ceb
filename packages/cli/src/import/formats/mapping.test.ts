import { describe, expect, it } from 'vitest';
import { fileWith, readCsvText } from '../../../test/read-records.ts';
import { guessColumns } from './guess.ts';
import { mapped, readMapping } from './mapping.ts';

const settings = { currency: undefined, timeZone: undefined };
const write = (mapping: unknown) =>
  fileWith(typeof mapping === 'string' ? mapping : JSON.stringify(mapping), 'units.mapping.json');

async function readWith(mapping: object, text: string, options = settings) {
  const path = write(mapping);
  const { header, rows } = await readCsvText(text);
  const format = mapped({ kind: 'csv', columns: header }, options, await readMapping(path), path);
  return { format, ...format.read(rows[0]!) };
}

const ESSENTIAL = {
  columns: { externalId: 'Ref', title: 'Name of unit' },
  constants: { roomType: 'entirePlace' },
};

describe('a mapping', () => {
  it('reads any file in our words', async () => {
    const mapping = {
      columns: {
        externalId: 'Ref',
        title: 'Name of unit',
        roomType: 'Kind',
        basePrice: 'Rate',
        amenities: 'Features',
        latitude: 'Lat',
        longitude: 'Lng',
      },
      constants: { currency: 'EUR', capacity: 4, instantBook: true },
      values: { roomType: { 'Whole flat': 'entirePlace' } },
      listSeparator: ',',
      decimalMark: ',',
    };
    const text =
      'Ref;Name of unit;Kind;Rate;Features;Lat;Lng\n7;Altbau;Whole flat;"1.234,50 €";Wi-Fi, Pool, Klavier;52.5;13.4\n';
    const { draft, problems } = await readWith(mapping, text);
    expect(problems).toEqual([]);
    expect(draft).toEqual({
      externalId: '7',
      title: 'Altbau',
      roomType: 'entirePlace',
      capacity: 4,
      amenities: ['wifi', 'pool'],
      tags: ['Klavier'],
      location: { latitude: 52.5, longitude: 13.4 },
      timeZone: 'Europe/Berlin',
      basePrice: { amount: 123_450, currency: 'EUR' },
      instantBook: true,
    });
  });

  it('speaks of problems in the words of the file', async () => {
    const { problems, format } = await readWith(
      { ...ESSENTIAL, columns: { ...ESSENTIAL.columns, capacity: 'Sleeps' } },
      'Ref,Name of unit,Sleeps\n7,Flat,many\n',
    );
    expect(problems).toMatchObject([{ column: 'Sleeps', value: 'many' }]);
    expect(format.columnOf(['title'])).toBe('Name of unit');
  });

  it('refuses columns that the file does not have, and prices without a currency', async () => {
    await expect(readWith(ESSENTIAL, 'Ref,Title\n1,x\n')).rejects.toThrow(
      'The file has no column "Name of unit"',
    );
    const priced = { ...ESSENTIAL, columns: { ...ESSENTIAL.columns, basePrice: 'Rate' } };
    await expect(readWith(priced, 'Ref,Name of unit,Rate\n1,x,5\n')).rejects.toThrow(
      'Nothing names the currency',
    );
  });

  it('says all that is wrong with it at once', async () => {
    const path = write({ columns: { titel: 'Name', externalId: 'Ref' }, constants: { externalId: '1' } });
    await expect(readMapping(path)).rejects.toMatchObject({
      exitCode: 2,
      next: [
        'columns.titel: there is no such column. Did you mean "title"?',
        'externalId stands in columns and in constants: keep one.',
        'columns.title is missing (or constants.title).',
        'columns.roomType is missing (or constants.roomType).',
      ],
    });
  });

  it.each([
    ['no JSON', '{', 'not valid JSON'],
    ['no mapping', '[]', 'not right'],
    ['an unknown part', { ...ESSENTIAL, colums: {} }, 'not right'],
  ])('says so of %s', async (_, mapping, message) => {
    await expect(readMapping(write(mapping))).rejects.toThrow(message);
  });

  it('says so of a missing file', async () => {
    await expect(readMapping('/nowhere/mapping.json')).rejects.toThrow('cannot be read: ENOENT');
  });
});

describe('guessColumns', () => {
  it('matches what other programs call our columns, each once', () => {
    expect(
      guessColumns([
        'Listing ID',
        'Listing Name',
        'Price',
        'Max Guests',
        'Lat',
        'Lng',
        'Notes',
        'Zip Code',
        'type',
      ]),
    ).toEqual({
      externalId: 'Listing ID',
      title: 'Listing Name',
      basePrice: 'Price',
      capacity: 'Max Guests',
      latitude: 'Lat',
      longitude: 'Lng',
      postalCode: 'Zip Code',
      propertyType: 'type',
    });
  });
});
