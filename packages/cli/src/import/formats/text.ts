import { decodeHTML } from 'entities';

// Text as people typed it into some other system, made fit for a listing.

const TAG =
  /<\/?(?:a|abbr|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|tbody|td|th|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
const LINE_BREAKING_TAG = /<(?:br|hr)\s*\/?>|<\/(?:p|div|li|h[1-6]|tr|blockquote)\s*>/gi;
const UNUSUAL = /[&<\p{Cc}\u00a0\u200b\u2028\u2029\u2060\ufeff\ud800-\udfff]| {2}/u;

/** One line: entities and tags resolved, breaks and repeated spaces made one space, control characters dropped. */
export function cleanLine(text: string): string {
  if (!UNUSUAL.test(text)) return text.trim();
  return plain(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Several lines: the same, but breaks stay. */
export function cleanText(text: string): string {
  if (!UNUSUAL.test(text)) return text.trim();
  return plain(text.replace(/\r\n?|[\u2028\u2029]/g, '\n'))
    .replace(/[\p{Cc}--[\n\t]]/gv, '')
    .replace(/[^\S\n]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Without tags, entities, zero-width characters and halves of characters. Only real tags go: "I <3 NY" stays. */
function plain(text: string): string {
  const untagged = text.includes('<') ? text.replace(LINE_BREAKING_TAG, '\n').replace(TAG, '') : text;
  const decoded = untagged.includes('&') ? decodeHTML(untagged) : untagged;
  return decoded
    .toWellFormed()
    .replaceAll('\u00a0', ' ')
    .replace(/[\u200b\u2060\ufeff]/g, '');
}

/** The text cut to `max` characters as the schema counts them (code points), with an ellipsis. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = Array.from(text);
  if (characters.length <= max) return text;
  return `${characters
    .slice(0, max - 1)
    .join('')
    .trimEnd()}…`;
}

/** `Entire home/apt`, `entire_home apt` and `entireHomeApt` are one word. */
export const wordKey = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** The word of a fixed vocabulary that a text means, however it is spelled. */
export function choose<T extends string>(words: readonly T[], text: string): T | undefined {
  const exact = words.find((word) => word === text);
  if (exact) return exact;
  const key = wordKey(text);
  return words.find((word) => wordKey(word) === key);
}
