import type { Sojourn } from '@sojourn/sdk';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { knownZone, localTime } from '../../local-time.ts';
import { fullPrice, price } from '../../price.ts';
import { card, table, words } from '../../render.ts';

export type Preview = Awaited<ReturnType<Sojourn['bookings']['previewCancellation']>>;

/** What a cancellation gives back, line by line, and until when it does. */
export function drawPreview(preview: Preview, timeZone: string, columns: number, paint: Colours): string {
  const { lines, refund, hostKeeps, penalty, policy, until } = preview;
  return [
    ...(lines.length > 0 ? [drawLines(lines, columns, paint), ''] : []),
    card(
      [
        ['Comes back', paint.bold(price(refund))],
        ['Host keeps', price(hostKeeps)],
        ['You owe', penalty.amount > 0 ? paint.red(price(penalty)) : undefined],
        ['Policy', words(oneLine(policy))],
        [
          'Holds',
          until === null
            ? 'from now on'
            : `until ${localTime(until, timeZone)} (${oneLine(knownZone(timeZone))})`,
        ],
      ],
      columns,
      paint,
    ),
  ].join('\n');
}

const drawLines = (lines: Preview['lines'], columns: number, paint: Colours): string =>
  table(
    lines,
    [
      { title: 'OF', text: ({ description }) => description, flexible: true },
      { title: 'PAID', text: ({ paid }) => fullPrice(paid), align: 'right' },
      { title: 'COMES BACK', text: ({ refund }) => fullPrice(refund), align: 'right' },
    ],
    columns,
    paint,
  );
