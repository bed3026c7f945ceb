import measure from 'fast-string-truncated-width';
import { oneLine } from './controls.ts';
import type { Colours } from './io.ts';

/** Columns that a text takes on a terminal: 2 for a Chinese character or an emoji, 0 for a combining mark or a colour. */
export const widthOf = (text: string): number => measure(text).width;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text in at most `width` columns, never cut inside of a character; an ellipsis tells that it was longer. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

const pad = (text: string, width: number, align: 'left' | 'right' = 'left') => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? space + text : text + space;
};

export interface Column<Row> {
  title: string;
  /** Text of a cell: stripped of control characters and put on one line here. */
  text: (row: Row) => string;
  align?: 'left' | 'right';
  style?: (text: string, row: Row) => string;
  /** Takes the space that the others leave, and is cut when that is too little. One column of a table at most. */
  flexible?: true;
  /** Which column goes first when the terminal is too narrow: the highest. Columns without a number stay. */
  dropFirst?: number;
}

const GAP = 2;
const FLEXIBLE_LEAST = 20;

/** A table without lines, as wide as the terminal at most. Columns that do not fit are left out, the least needed first. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  terminalWidth: number,
  paint: Colours,
): string {
  const fitting = layOut(rows, columns, terminalWidth);
  const lines = [
    fitting.map(({ column, width }) => paint.dim(pad(column.title, width, column.align))),
    ...rows.map((row, i) =>
      fitting.map(({ column, width, cells }) => {
        const cell = pad(truncate(cells[i]!, width), width, column.align);
        return column.style ? column.style(cell, row) : cell;
      }),
    ),
  ];
  return lines.map((line) => line.join(' '.repeat(GAP)).trimEnd()).join('\n');
}

function layOut<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminalWidth: number) {
  const measured = columns.map((column) => {
    const cells = rows.map((row) => oneLine(column.text(row)));
    return { column, cells, width: Math.max(widthOf(column.title), ...cells.map(widthOf)) };
  });
  // A column in which no row has anything to say would only take space.
  let fitting = measured.filter(
    ({ column, cells }) => column.dropFirst === undefined || cells.some((cell) => cell !== ''),
  );
  const least = () =>
    fitting.reduce(
      (sum, { column, width }) => sum + GAP + (column.flexible ? Math.min(width, FLEXIBLE_LEAST) : width),
      -GAP,
    );
  while (least() > terminalWidth) {
    const victim = Math.max(...fitting.map(({ column }) => column.dropFirst ?? 0));
    if (victim === 0) break;
    fitting = fitting.filter(({ column }) => column.dropFirst !== victim);
  }
  const flexible = fitting.find(({ column }) => column.flexible);
  if (flexible) {
    const others = fitting.reduce((sum, one) => sum + (one === flexible ? 0 : one.width + GAP), 0);
    flexible.width = Math.min(flexible.width, Math.max(terminalWidth - others, 5));
  }
  return fitting;
}

/** Names and values one under the other. Values may have several lines; long ones are wrapped to the terminal. */
export function card(
  fields: readonly (readonly [name: string, value: string | undefined])[],
  terminalWidth: number,
  paint: Colours,
): string {
  const present = fields.filter((field): field is readonly [string, string] => Boolean(field[1]));
  const width = Math.max(...present.map(([name]) => widthOf(name)));
  return present
    .flatMap(([name, value]) =>
      wrap(value, terminalWidth - width - GAP).map(
        (line, i) => `${paint.dim(pad(i === 0 ? name : '', width))}${' '.repeat(GAP)}${line}`,
      ),
    )
    .join('\n');
}

/** Text in lines of at most `width` columns, broken between words where it can be. Line feeds stay. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(/\s+/).flatMap((part) => pieces(part, width))) {
      if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}

/** A word that is wider than a line (a URL, or a script without spaces) in pieces that are not. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const parts = [''];
  for (const { segment } of graphemes.segment(word)) {
    if (widthOf(parts.at(-1)!) + widthOf(segment) > width) parts.push('');
    parts[parts.length - 1] += segment;
  }
  return parts;
}

/** `entirePlace` as `Entire place`: any word of the API's open vocabularies, known or not. */
export const words = (name: string): string => {
  const spaced = name.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

export const count = (value: number, singular: string, plural = `${singular}s`): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? singular : plural}`;
