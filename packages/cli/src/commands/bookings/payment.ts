import type { Booking, PaymentDetails } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { Colours, Io } from '../../io.ts';
import { moment } from '../../local-time.ts';
import { fullPrice } from '../../price.ts';
import { card, table, truncate, words } from '../../render.ts';
import { drawSum, type Line } from './bill.ts';
import { declineText } from './decline-text.ts';
import { paymentText, stayText } from './draw.ts';

type Refund = PaymentDetails['refunds'][number];
type Shares = NonNullable<PaymentDetails['shares']>;

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, json, signal } = ctx;
  const { bookings } = await ctx.client();
  const payment = await bookings.payment.get(id, { signal });
  if (json) return io.json(payment);
  const booking = await bookings.get(id, { signal });
  io.print(drawPayment(payment, booking, io.columns, io.paint.out));
  hintFor(io, payment, booking);
}

function drawPayment(payment: PaymentDetails, booking: Booking, columns: number, paint: Colours): string {
  const { refunds, shares, id } = payment;
  const failure = isOpen(payment) ? payment.failure : null;
  return [
    paint.bold(truncate(oneLine(booking.listingTitle), columns)),
    truncate(stayText(booking), columns),
    '',
    drawMoney(payment, columns, paint),
    ...(shares ? ['', drawShares(shares, columns, paint)] : []),
    '',
    card(
      [
        ['Payment', paymentText({ ...payment, failure: null })],
        ['Last try', failure === null ? undefined : paint.red(declineText(failure))],
        ['Id', id],
      ],
      columns,
      paint,
    ),
    ...(refunds.length > 0 ? ['', drawRefunds(refunds, columns, paint)] : []),
  ].join('\n');
}

/** Of what was paid after all it is of no matter that a card was declined before. */
const isOpen = ({ status }: PaymentDetails) => status === 'requiresPaymentMethod' || status === 'cancelled';

/** What was taken, what of it went back or is on its way, and what is left. */
function drawMoney({ amount, captured, refunded }: PaymentDetails, columns: number, paint: Colours): string {
  const left = { ...captured, amount: captured.amount - refunded.amount };
  const lines: Line[] = [
    { text: 'To pay in all', amount: fullPrice(amount) },
    { text: 'Paid', amount: fullPrice(captured) },
    ...(refunded.amount > 0
      ? [{ text: 'Given back', amount: fullPrice({ ...refunded, amount: -refunded.amount }), isCredit: true }]
      : []),
  ];
  return drawSum(lines, { text: 'Paid and not given back', amount: fullPrice(left) }, columns, paint);
}

/** Whose the money is: every cent that was paid. */
function drawShares({ host, platform, taxes, refunds }: Shares, columns: number, paint: Colours): string {
  const all = host.amount + platform.amount + taxes.amount + refunds.amount;
  const lines: Line[] = [
    { text: 'Of that, the host’s', amount: fullPrice(host) },
    { text: 'The marketplace’s', amount: fullPrice(platform) },
    ...(taxes.amount === 0 ? [] : [{ text: 'Taxes', amount: fullPrice(taxes) }]),
    ...(refunds.amount === 0 ? [] : [{ text: 'The guest’s again', amount: fullPrice(refunds) }]),
  ];
  return drawSum(
    lines,
    { text: 'All that was paid', amount: fullPrice({ ...host, amount: all }) },
    columns,
    paint,
  );
}

const drawRefunds = (refunds: readonly Refund[], columns: number, paint: Colours): string =>
  table(
    refunds,
    [
      {
        title: 'GIVEN BACK',
        text: ({ status }) => REFUNDS[status] ?? words(status).toLowerCase(),
        style: (cell, { status }) => paintRefund(status, paint)(cell),
        flexible: true,
      },
      { title: 'AMOUNT', text: ({ amount }) => fullPrice(amount), align: 'right' },
      { title: 'SINCE (UTC)', text: ({ createdAt }) => moment(createdAt) },
      {
        title: 'WHY NOT',
        text: ({ failure }) => (failure === null ? '' : declineText(failure)),
        dropFirst: 1,
      },
      { title: 'ID', text: ({ id }) => id, style: (cell) => paint.dim(cell), dropFirst: 2 },
    ],
    columns,
    paint,
  );

// By name, because a newer server may know more of them.
const REFUNDS: Readonly<Record<string, string>> = {
  pending: 'on its way',
  blocked: 'waits for a dispute',
  succeeded: 'done',
  failed: 'did not arrive',
  cancelled: 'the bank gave it',
};

function paintRefund(status: string, paint: Colours): (text: string) => string {
  if (status === 'succeeded') return paint.green;
  if (status === 'failed') return paint.red;
  return status === 'cancelled' ? paint.dim : paint.yellow;
}

/** The guest pays what is open; the host sees their own side of it. */
function hintFor(io: Io, { status, refunds }: PaymentDetails, { id, hostPayout }: Booking): void {
  const isGuest = hostPayout === null;
  if (status === 'requiresPaymentMethod' && isGuest)
    io.hint(`sojourn bookings pay ${id} --method pm_card_visa`, `sojourn bookings pay ${id} --checkout`);
  if (refunds.some((refund) => refund.status === 'failed'))
    io.say('  What did not arrive is looked after by those who run the marketplace.');
}
