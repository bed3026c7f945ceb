import type { CommandContext } from '../../command-context.ts';
import { knownZone, localTime } from '../../local-time.ts';
import { tellBooking } from './tell.ts';
import { untilPaid } from './until-paid.ts';

interface Options {
  successUrl?: string;
  cancelUrl?: string;
  wait: boolean;
}

/** Prints the URL of a page on which the guest pays, alone on stdout. The page leads back to the server unless said. */
export async function openCheckout(
  ctx: CommandContext,
  id: string,
  { successUrl, cancelUrl, wait }: Options,
): Promise<void> {
  const { io, json, signal } = ctx;
  const [{ url: server }, { bookings }] = await Promise.all([ctx.connection(), ctx.client()]);
  const pages = { successUrl: successUrl ?? server, cancelUrl: cancelUrl ?? server };
  const checkout = await bookings.payment.checkout(id, pages, { signal });
  if (json && !wait) return io.json(checkout);
  if (json) io.say(checkout.url);
  else {
    io.print(checkout.url);
    const { timeZone, holdExpiresAt } = await bookings.get(id, { signal });
    // The nights may come free before the page closes.
    const until = [holdExpiresAt, checkout.expiresAt].filter((instant) => instant !== null).sort()[0]!;
    io.say(`Open it in a browser, and pay by ${localTime(until, timeZone)} (${knownZone(timeZone)}).`);
  }
  if (!wait) {
    io.hint(`sojourn bookings get ${id}`);
    return;
  }
  const booking = await untilPaid(ctx, id);
  if (json) await io.json(booking);
  else tellBooking(io, booking);
}
