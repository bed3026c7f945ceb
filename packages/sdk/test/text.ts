import fc from 'fast-check';

// fast-check's own `binary` unit is the same, but takes seconds to set up.
const character = fc
  .integer({ min: 0, max: 0x10f7ff })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

/** Well-formed text of any Unicode characters. */
export const anyText = (minLength = 0): fc.Arbitrary<string> => fc.string({ unit: character, minLength });
