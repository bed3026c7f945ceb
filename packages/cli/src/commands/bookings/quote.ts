import type { Quote } from '@sojourn/sdk';
import { addDays, nightsBetween } from '@sojourn/shared/nights';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { EXIT, type ExitCode, usageError } from '../../exit.ts';
import type { Colours } from '../../io.ts';
import { knownZone, localTime } from '../../local-time.ts';
import { price } from '../../price.ts';
import { card, truncate } from '../../render.ts';
import { drawBill } from './bill.ts';
import { stayText } from './draw.ts';
import { isNotBookable, notBookable } from './not-bookable.ts';
import { drawRefunds } from './refunds.ts';

interface Options {
  checkIn: string;
  checkOut?: string;
  nights?: number;
  guests: number;
  pets: number;
  nonRefundable?: true;
}

export async function run(
  ctx: CommandContext,
  [listingId]: [id: string],
  options: Options,
): Promise<ExitCode> {
  const { io, json, signal } = ctx;
  const { checkIn, guests, pets, nonRefundable = false } = options;
  const stay = { listingId, checkIn, checkOut: checkOutOf(options), guests, pets, nonRefundable };
  const client = await ctx.client();
  try {
    const quote = await client.quotes.create(stay, { signal });
    if (json) await io.json(quote);
    else {
      const { title } = await client.listings.get(listingId, { signal });
      io.print(drawQuote(quote, title, io.columns, io.paint.out));
      io.hint(`sojourn bookings create ${quote.id}`);
    }
    return EXIT.ok;
  } catch (error) {
    if (!isNotBookable(error)) throw error;
    if (!json) throw notBookable(error, stay);
    await io.json(error.problem);
    return EXIT.failed;
  }
}

function checkOutOf({ checkIn, checkOut, nights }: Options): string {
  if (checkOut === undefined && nights === undefined)
    throw usageError('How long is the stay?', '--check-out 2027-05-05, or --nights 4');
  const date = checkOut ?? addDays(checkIn, nights!);
  if (nightsBetween(checkIn, date) < 1) throw usageError(`--check-out ${date} is not after ${checkIn}.`);
  return date;
}

export function drawQuote(quote: Quote, title: string, columns: number, paint: Colours): string {
  const { timeZone, cancellationPolicy, includedTaxes, instantBook } = quote;
  return [
    paint.bold(truncate(oneLine(title), columns)),
    truncate(stayText(quote), columns),
    '',
    drawBill(quote, columns, paint),
    ...includedTaxes.map(({ description, amount }) =>
      paint.dim(truncate(`  ${price(amount)} of it is ${oneLine(description)}`, columns)),
    ),
    '',
    'Cancelling gives back',
    drawRefunds(quote, paint),
    '',
    card(
      [
        ['Policy', oneLine(cancellationPolicy.name)],
        ['Booking', instantBook ? 'instant, once it is paid' : 'the host answers first'],
        ['Check-in', `from ${localTime(quote.checkInAt, timeZone)}`],
        ['Check-out', `by ${localTime(quote.checkOutAt, timeZone)}`],
        ['Binding', `until ${localTime(quote.expiresAt, timeZone)}`],
        ['Quote', quote.id],
        ['Times', `of ${oneLine(knownZone(timeZone))}`],
      ],
      columns,
      paint,
    ),
  ].join('\n');
}
