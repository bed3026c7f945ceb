import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { openCheckout } from './checkout.ts';
import { payWith } from './pay-with.ts';
import { tellBooking } from './tell.ts';
import { untilPaid } from './until-paid.ts';

interface Options {
  method?: string;
  checkout?: true;
  successUrl?: string;
  cancelUrl?: string;
  wait?: true;
}

export async function run(ctx: CommandContext, [id]: [id: string], options: Options): Promise<void> {
  const { io, json } = ctx;
  const { method, checkout, wait = false } = options;
  if (checkout) return openCheckout(ctx, id, { ...options, wait });
  if (method === undefined)
    throw usageError('How is it paid?', [
      `sojourn bookings pay ${id} --method pm_card_visa`,
      `sojourn bookings pay ${id} --checkout`,
    ]);
  let booking = await payWith(ctx, id, method);
  if (wait && booking.payment.status === 'requiresAction') {
    if (!json) tellBooking(io, booking);
    booking = await untilPaid(ctx, id);
  }
  if (json) await io.json(booking);
  else tellBooking(io, booking);
}
