import type { Alteration, Booking } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { knownZone, localTime } from '../../local-time.ts';
import { price } from '../../price.ts';
import { wrap } from '../../render.ts';
import { differenceText } from './alteration.ts';
import { stayText } from './draw.ts';
import { paintStatus, statusText } from './status.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, json, signal } = ctx;
  const { bookings } = await ctx.client();
  const list = await bookings.alterations.list(id, { signal });
  if (json) return io.json(list);
  const { data } = list;
  if (data.length === 0) return io.say('Nobody asked to change this stay.');
  const booking = await bookings.get(id, { signal });
  io.print(data.map((one) => drawAlteration(one, booking, io.columns, io.paint.out)).join('\n\n'));
  const open = data.find(({ status }) => status === 'pending');
  if (open)
    io.hint(
      ...verbsFor(open, booking).map(
        (verb) => `sojourn bookings alterations ${verb} ${booking.id} ${open.id}`,
      ),
    );
  else if (data.some(({ status }) => status === 'awaitingPayment') && isGuest(booking))
    io.hint(`sojourn bookings pay ${booking.id} --method pm_card_visa`);
}

/** Few ask for more than one or two changes of a stay: each has room for all that it says. */
function drawAlteration(
  alteration: Alteration,
  { timeZone }: Booking,
  columns: number,
  paint: Colours,
): string {
  const { id, status, askedBy, newTotal, message, expiresAt } = alteration;
  const lines = [
    stayText(alteration),
    `${differenceText(alteration)} (${price(newTotal)} in all)`,
    ...(message === null ? [] : [`“${oneLine(message)}”`]),
    ...(WAITS_FOR[status] === undefined
      ? []
      : [
          `to be ${WAITS_FOR[status]} by ${localTime(expiresAt, timeZone)} (${oneLine(knownZone(timeZone))})`,
        ]),
  ];
  const badge = paintStatus(status, paint)(`[${statusText(oneLine(status))}]`);
  return [
    `${badge} asked by the ${oneLine(askedBy)} ${paint.dim(oneLine(id))}`,
    ...lines.flatMap((line) => wrap(line, columns - 2)).map((line) => `  ${line}`),
  ].join('\n');
}

const WAITS_FOR: Readonly<Record<string, string>> = { pending: 'answered', awaitingPayment: 'paid' };

/** Only the host is told what the host gets. */
const isGuest = ({ hostPayout }: Booking) => hostPayout === null;

/** Who asked may take it back; the other side answers. */
const verbsFor = ({ askedBy }: Alteration, booking: Booking) =>
  askedBy === (isGuest(booking) ? 'guest' : 'host') ? ['withdraw'] : ['accept', 'decline'];
