import ICAL from 'ical.js';

/** Why a text cannot be taken as a calendar. */
export type RefusalReason =
  | 'not_a_calendar'
  | 'broken_calendar'
  | 'too_large'
  | 'line_too_long'
  | 'too_many_events';

/** A text that is no calendar, or none that is read here: nothing of it is applied. */
export class CalendarRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CalendarRefused';
    this.reason = reason;
  }
}

type Parameters = Record<string, string | string[] | undefined>;
/** As jCal (RFC 7265) writes it: name, parameters, type, and then one value or several. */
export type Property = [name: string, parameters: Parameters, type: string, ...values: unknown[]];
export type Component = [name: string, properties: Property[], components: Component[]];

/**
 * Reading takes a quarter of a second for this much of the worst text. Calendars of channels have some kilobytes: a stay
 * takes 150 to 350 bytes.
 */
export const MAX_CHARACTERS = 2_000_000;
/** The parser takes time by the square of the parameters in a line: with this much of it, 20 ms. */
const MAX_LINE_CHARACTERS = 32_768;
const BYTE_ORDER_MARK = '\uFEFF';

/** The calendars of a text; one file may hold several. */
export function parseCalendars(text: string): Component[] {
  const tidy = tidied(text);
  if (!tidy.slice(0, 15).toUpperCase().startsWith('BEGIN:VCALENDAR'))
    throw new CalendarRefused('not_a_calendar', 'It does not begin with BEGIN:VCALENDAR.');
  const parsed = parse(tidy);
  const roots = (typeof parsed[0] === 'string' ? [parsed] : parsed) as Component[];
  return roots.filter(([name]) => name === 'vcalendar');
}

/** Without what the parser stumbles over: a mark at the beginning, line ends of old machines. */
function tidied(text: string): string {
  if (text.length > MAX_CHARACTERS)
    throw new CalendarRefused('too_large', `It has more than ${MAX_CHARACTERS} characters.`);
  const marked = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const lines = marked.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim();
  if (longestLine(lines) > MAX_LINE_CHARACTERS)
    throw new CalendarRefused('line_too_long', `A line has more than ${MAX_LINE_CHARACTERS} characters.`);
  return lines;
}

/** Of lines with what is folded under them. */
function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    const next = text[end + 1];
    if (next === ' ' || next === '\t') continue;
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return Math.max(longest, text.length - start);
}

function parse(text: string): unknown[] {
  try {
    return ICAL.parse(text) as unknown[];
  } catch (error) {
    // The parser's own words name the line; on what it did not expect it stumbles as programs do.
    const told = error instanceof Error && !(error instanceof TypeError) ? error.message : 'it is not whole';
    throw new CalendarRefused('broken_calendar', `It cannot be read: ${plain(told, 200)}.`, error);
  }
}

/** Text of others in one line, as it can be stored and shown. */
export const plain = (text: string, max: number): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, max)
    .toWellFormed()
    .trim();

export const propertiesOf = ([, properties]: Component, name: string): Property[] =>
  properties.filter((property) => property[0] === name);

export const propertyOf = ([, properties]: Component, name: string): Property | undefined =>
  properties.find((property) => property[0] === name);

/** The value of a property that is text; undefined for what is none. */
export function textOf(component: Component, name: string): string | undefined {
  const value = propertyOf(component, name)?.[3];
  return typeof value === 'string' ? value : undefined;
}

export function parameterOf([, parameters]: Property, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : value?.[0];
}
