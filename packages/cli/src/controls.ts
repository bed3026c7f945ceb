import { stripVTControlCharacters } from 'node:util';

// C0 and C1 without tab and line feed, the directional marks and overrides, the separators that some terminals break
// lines at, and the byte order mark. Zero-width joiners stay: emoji and several scripts need them.
const CLASS =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const CONTROL = new RegExp(`[${CLASS}]`, 'gu');
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequence of a colour begins with one.
const COLOUR = /(\u001b\[[\d;]*m)/;

/** Text of unknown origin without anything that moves a cursor, rings a bell, paints or reorders. Line feeds and tabs stay. */
export const withoutControls = (text: string): string =>
  stripVTControlCharacters(
    text
      .toWellFormed()
      .replace(/\r\n|[\r\u2028\u2029]/g, '\n')
      .replaceAll('\u009b', '\u001b['),
  ).replace(CONTROL, '');

/** The same on one line: for a cell of a table or a name within a sentence. */
export const oneLine = (text: string): string => withoutControls(text).replace(/\s+/gu, ' ').trim();

/** The last gate before a terminal: lets our own colours through when wanted, and no other control sequence ever. */
export const forTerminal = (text: string, coloured: boolean): string =>
  text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 0 ? withoutControls(part) : coloured ? part : ''))
    .join('');

/** JSON whose text cannot act on a terminal: the same value, with such characters written as \uXXXX. */
export const safeJson = (value: unknown, indent?: number): string =>
  (JSON.stringify(value, null, indent) ?? 'null').replace(
    // A pretty-printed line feed is layout; within a string JSON has already escaped it, and every other C0 character.
    CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
