import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { HOSTILE, WIDE_TITLES } from '../test/listings.ts';
import { type Column, card, table, truncate, widthOf, words, wrap } from './render.ts';

const plain = pc.createColors(false);
const anyTitle = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(HOSTILE, ...WIDE_TITLES),
);

describe('truncate', () => {
  it('leaves short text alone', () => expect(truncate('Loft', 4)).toBe('Loft'));
  it('counts columns, not characters', () => {
    expect(truncate('日本の庭園', 7)).toBe('日本の…');
    expect(truncate('日本の庭園', 6)).toBe('日本…');
  });
  it('never cuts a character in two', () => {
    expect(truncate('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
    expect(truncate('𠮷𠮷𠮷𠮷', 4)).toBe('𠮷…');
    fc.assert(
      fc.property(
        anyTitle,
        fc.integer({ min: 1, max: 60 }),
        (text, width) => truncate(text, width).isWellFormed() || !text.isWellFormed(),
      ),
    );
  });
  it('keeps to the width', () => {
    fc.assert(
      fc.property(
        anyTitle,
        fc.integer({ min: 1, max: 60 }),
        (text, width) => widthOf(truncate(text, width)) <= width,
      ),
    );
  });
});

describe('table', () => {
  interface Row {
    title: string;
    city: string;
    id: string;
  }
  const columns: Column<Row>[] = [
    { title: 'TITLE', text: ({ title }) => title, flexible: true },
    { title: 'CITY', text: ({ city }) => city, dropFirst: 1 },
    { title: 'ID', text: ({ id }) => id },
  ];

  it('aligns by columns on the screen', () => {
    const rows = [
      { title: '庭', city: 'Kyoto', id: '1' },
      { title: 'Loft', city: '', id: '2' },
    ];
    expect(table(rows, columns, 80, plain)).toBe('TITLE  CITY   ID\n庭     Kyoto  1\nLoft          2');
  });

  it('drops what is needed least before it squeezes the title', () => {
    const rows = [{ title: 'A title of thirty characters !', city: 'A city with a long name', id: 'lst_1' }];
    expect(table(rows, columns, 80, plain)).toContain('A city');
    expect(table(rows, columns, 40, plain)).toBe(
      'TITLE                           ID\nA title of thirty characters !  lst_1',
    );
  });

  it('is never wider than the terminal', () => {
    const row = fc.record({
      title: anyTitle,
      city: anyTitle,
      id: fc.constant('lst_01k9q2v7n8e6xrd5w3m4h1t0za'),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 60, max: 200 }),
        (rows, width) =>
          table(rows, columns, width, plain)
            .split('\n')
            .every((line) => widthOf(line) <= width),
      ),
    );
  });
});

describe('card and wrap', () => {
  it('leaves out what is empty and wraps what is long', () => {
    expect(
      card(
        [
          ['Where', 'one two three'],
          ['Id', ''],
          ['Own', undefined],
        ],
        14,
        plain,
      ),
    ).toBe('Where  one two\n       three');
  });
  it('breaks words that are wider than the line', () => {
    fc.assert(
      fc.property(anyTitle, fc.integer({ min: 4, max: 60 }), (text, width) =>
        wrap(text, width).every((line) => widthOf(line) <= width),
      ),
    );
  });
});

it('reads names of the API as words', () => {
  expect(words('entirePlace')).toBe('Entire place');
  expect(words('tv')).toBe('Tv');
});
