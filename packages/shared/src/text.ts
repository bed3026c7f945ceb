import { z } from 'zod';

// PostgreSQL stores no NUL, and half a surrogate pair is not text: both are refused where they enter.
// A single line holds no control characters at all, so that no name can move a cursor in a terminal.
const CONTROL_IN_LINE = /\p{Cc}/u;
const CONTROL_IN_PARAGRAPH = /[\p{Cc}--[\n\t]]/v;

/** Whether this is text that can be stored, in one line and without control characters. */
export const isLine = (value: string) => value.isWellFormed() && !CONTROL_IN_LINE.test(value);
const isParagraph = (value: string) => value.isWellFormed() && !CONTROL_IN_PARAGRAPH.test(value);

/** One line of text without control characters, trimmed, 1 to `max` characters. */
export const line = (max: number) =>
  z.string().trim().min(1).max(max).refine(isLine, 'must be one line of text without control characters');

/** Text over several lines (line feeds and tabs only), trimmed, up to `max` characters, possibly empty. */
export const paragraph = (max: number) =>
  z.string().trim().max(max).refine(isParagraph, 'must be text without control characters');
