import type { PayoutDetails } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { moment, stayDates } from '../../local-time.ts';
import { fullPrice, price } from '../../price.ts';
import { card, truncate } from '../../render.ts';
import { drawSum, type Line } from '../bookings/bill.ts';
import { needsAccount, paintStanding, standingText, whyText } from './words.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, json, signal } = ctx;
  const payout = await (await ctx.client()).payouts.get(id, { signal });
  if (json) return io.json(payout);
  io.print(drawPayout(payout, io.columns, io.paint.out));
  if (needsAccount(payout)) io.hint('sojourn payouts account');
}

function drawPayout(payout: PayoutDetails, columns: number, paint: Colours): string {
  const { listingTitle, checkIn, checkOut } = payout;
  const badge = `[${standingText(payout)}]`;
  return [
    `${paint.bold(truncate(oneLine(listingTitle), columns - badge.length - 1))} ${paintStanding(payout, paint)(badge)}`,
    stayDates(checkIn, checkOut),
    '',
    drawAmounts(payout, columns, paint),
    '',
    card(fieldsOf(payout, paint), columns, paint),
  ].join('\n');
}

const SENT: Readonly<Record<string, string>> = { paid: 'Sent to you', cancelled: 'No longer owed to you' };

function drawAmounts(
  { amount, deductions, sent, status }: PayoutDetails,
  columns: number,
  paint: Colours,
): string {
  const ofStay: Line = { text: 'Of the stay', amount: fullPrice(amount) };
  const taken = deductions.map(
    ({ kind, bookingId, amount: owed }): Line => ({
      text: `${kind === 'penalty' ? 'Penalty for cancelling' : 'Owed for a refund of'} ${oneLine(bookingId)}`,
      amount: `-${fullPrice(owed)}`,
    }),
  );
  return drawSum(
    [ofStay, ...taken],
    { text: SENT[status] ?? 'Comes to you', amount: fullPrice(sent) },
    columns,
    paint,
  );
}

function fieldsOf(payout: PayoutDetails, paint: Colours): [name: string, value: string | undefined][] {
  const { dueAt, paidAt, nextAttemptAt, reversed, failure, transferId, bookingId, id } = payout;
  const why = whyText(payout);
  return [
    ['Due', moment(dueAt)],
    ['Paid', paidAt === null ? undefined : moment(paidAt)],
    ['Taken back', reversed.amount > 0 ? `${price(reversed)}, for a refund to the guest` : undefined],
    ['Why not', why && paintStanding(payout, paint)(why)],
    ['Tried again', failure !== null && nextAttemptAt !== null ? moment(nextAttemptAt) : undefined],
    ['Transfer', transferId === null ? undefined : oneLine(transferId)],
    ['Booking', bookingId],
    ['Id', id],
    ['Times', 'of UTC'],
  ];
}
