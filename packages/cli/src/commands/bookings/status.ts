import type { Colours } from '../../io.ts';
import { words } from '../../render.ts';

/** `checked in`. */
export const statusText = (status: string): string => words(status).toLowerCase();

/** Yellow waits for somebody, green takes place, red was called off, grey is over. Plain is one that is not known here. */
export function paintStatus(status: string, paint: Colours): (text: string) => string {
  switch (status) {
    case 'held':
    case 'requested':
    case 'pending':
    case 'awaitingPayment':
      return paint.yellow;
    case 'confirmed':
    case 'checkedIn':
    case 'accepted':
      return paint.green;
    case 'cancelled':
    case 'declined':
    case 'noShow':
      return paint.red;
    case 'completed':
    case 'expired':
    case 'withdrawn':
      return paint.dim;
    default:
      return (text) => text;
  }
}
