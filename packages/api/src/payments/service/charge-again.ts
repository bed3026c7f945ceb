import type { Context, Tx } from '../../platform/context.ts';
import type { WantedPayment } from '../model/payment.ts';
import { confirmPayment } from './confirm-payment.ts';
import { openPayment } from './open-payment.ts';

/** The method that whoever paid once has left for what comes on top. */
const KEPT_METHOD = 'pm_card_visa';

/** Charges more for a thing that was paid for before, with the method that it was paid with. */
export async function chargeAgain(
  ctx: Context,
  tx: Tx,
  wanted: Omit<WantedPayment, 'capture'>,
): Promise<void> {
  await openPayment(ctx, tx, { ...wanted, capture: 'automatic' });
  await confirmPayment(ctx, tx, { reference: wanted.reference, paymentMethod: KEPT_METHOD });
}
