import { createHmac } from 'node:crypto';

/** The header by which a receiver knows that Stripe sent this; always by real time, as receivers check its age. */
export function signatureOf(payload: string, secret: string): string {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return `t=${timestamp},v1=${signature}`;
}
