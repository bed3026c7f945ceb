import type { NotBookableError } from '@sojourn/sdk';
import { nightsBetween } from '@sojourn/shared/nights';
import { oneLine } from '../../controls.ts';
import { CliError } from '../../exit.ts';
import { stayDates } from '../../local-time.ts';
import { price } from '../../price.ts';
import { count, widthOf } from '../../render.ts';
import { commandLine } from '../paging.ts';

/** A stay as a quote is asked for it. */
export interface WantedStay {
  listingId: string;
  checkIn: string;
  checkOut: string;
  guests: number;
  pets: number;
  nonRefundable: boolean;
}

// By name, because its class lives in the SDK.
export const isNotBookable = (error: unknown): error is NotBookableError =>
  error instanceof Error && error.name === 'NotBookableError';

/** All the reasons, the nearest stays that can be booked with what they cost, and the command for the first of them. */
export function notBookable(error: NotBookableError, stay: WantedStay): CliError {
  const { code, requestId, reasons, alternatives } = error;
  const names = requestId === undefined ? code : `${code}, request ${requestId}`;
  const [first] = alternatives;
  return new CliError(
    [
      `The stay ${stayDates(stay.checkIn, stay.checkOut)} cannot be booked (${names})`,
      ...reasons.map(({ detail }) => `    ${oneLine(detail)}`),
      ...(first ? ['  The nearest stays that can be:', ...alternativeLines(alternatives)] : []),
    ].join('\n'),
    { next: [first ? commandLine(quoteWords({ ...stay, ...first })) : `sojourn explain ${code}`] },
  );
}

function alternativeLines(alternatives: NotBookableError['alternatives']): string[] {
  const rows = alternatives.map(({ checkIn, checkOut, total }) => ({
    dates: stayDates(checkIn, checkOut),
    nights: count(nightsBetween(checkIn, checkOut), 'night'),
    total: price(total),
  }));
  const widest = (name: 'dates' | 'nights' | 'total') => Math.max(...rows.map((row) => widthOf(row[name])));
  const [dates, nights, total] = [widest('dates'), widest('nights'), widest('total')];
  return rows.map(
    (row) => `    ${row.dates.padEnd(dates)}  ${row.nights.padEnd(nights)}  ${row.total.padStart(total)}`,
  );
}

const quoteWords = ({ listingId, checkIn, checkOut, guests, pets, nonRefundable }: WantedStay) => [
  ...['quote', listingId, '--check-in', checkIn, '--check-out', checkOut, '--guests', String(guests)],
  ...(pets > 0 ? ['--pets', String(pets)] : []),
  ...(nonRefundable ? ['--non-refundable'] : []),
];
