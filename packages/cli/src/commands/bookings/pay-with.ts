import { setTimeout as sleep } from 'node:timers/promises';
import type { Booking } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { CliError } from '../../exit.ts';
import { isApiError, refusalText } from '../../failure.ts';

const LOOK_EVERY_MS = 1_000;
/** A bank that has not answered by then takes its time; the server goes on asking. */
const PATIENCE_MS = 30_000;

/** Pays with a payment method. What is still processing is looked at again for a while. */
export async function payWith(ctx: CommandContext, id: string, paymentMethod: string): Promise<Booking> {
  const { io, signal } = ctx;
  const { bookings } = await ctx.client();
  let booking = await confirmed(bookings.payment.confirm(id, { paymentMethod }, { signal }), id);
  const patientUntil = performance.now() + PATIENCE_MS;
  while (booking.payment.status === 'processing' && performance.now() < patientUntil) {
    io.status('The bank has not answered yet …');
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    booking = await bookings.get(id, { signal });
  }
  io.status();
  return booking;
}

/** A card that is declined costs nothing, and the next one may be good. */
async function confirmed(answer: PromiseLike<Booking>, id: string): Promise<Booking> {
  try {
    return await answer;
  } catch (error) {
    if (!isApiError(error) || error.code !== 'payment_declined') throw error;
    throw new CliError(`The payment was declined. ${refusalText(error)} (${error.code})`, {
      cause: error,
      next: [`sojourn bookings pay ${id} --method …`, `sojourn bookings payment ${id}`],
    });
  }
}
