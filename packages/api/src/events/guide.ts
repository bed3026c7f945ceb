import type { EventType } from '../platform/events/event.ts';

const BEGIN = '<!-- event-types: written by `npm run generate` -->';
const END = '<!-- /event-types -->';

/** The guide with its table of all types of events as they are now. */
export function withEventTypes(guide: string, known: readonly EventType[]): string {
  const [before, rest = ''] = guide.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`The guide has no place for the table: ${BEGIN} and ${END}.`);
  return [before, BEGIN, `\n\n${tableOf(known)}\n\n`, END, after].join('');
}

function tableOf(known: readonly EventType[]): string {
  const rows = [
    ['type', 'when', '`data`', '`previous`'],
    ...known.map(({ type, summary, data, previous }) => [
      `\`${type}\``,
      summary,
      membersOf(data),
      previous ? membersOf(previous) : '',
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const membersOf = ({ shape }: EventType['data']) =>
  Object.keys(shape)
    .map((name) => `\`${name}\``)
    .join(', ');
