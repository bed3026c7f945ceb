/** The money of the platform in one currency: what is there, and what comes when. */
export interface Purse {
  /** The currency. */
  id: string;
  available: number;
  pending: { net: number; at: number }[];
}

export const newPurse = (currency: string): Purse => ({ id: currency, available: 0, pending: [] });

/** Negative when money goes out, which it does at once. */
export function putInto(purse: Purse, net: number, at: number, now: number): void {
  const { available } = balanceOf(purse, now);
  purse.available = available + (at <= now ? net : 0);
  purse.pending = purse.pending.filter((part) => part.at > now);
  if (at > now) purse.pending.push({ net, at });
}

export function balanceOf(purse: Purse, now: number): { available: number; pending: number } {
  const sum = (parts: Purse['pending']) => parts.reduce((total, { net }) => total + net, 0);
  return {
    available: purse.available + sum(purse.pending.filter(({ at }) => at <= now)),
    pending: sum(purse.pending.filter(({ at }) => at > now)),
  };
}
