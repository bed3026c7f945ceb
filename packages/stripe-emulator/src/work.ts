import type { Kinds } from './kinds.ts';
import type { Draft } from './store.ts';

/** What a request works with: the state as it would be after it, the time, and who is to be told. */
export interface Work extends Draft<Kinds> {
  /** In seconds, by the emulator's clock. */
  now: number;
  /** Where this emulator is reached, for the pages that it sends people to. */
  baseUrl: string;
  /** How long money of charges is on its way. */
  pendingDays: number;
  /** Records an event with the object as it is now, and sends it when the request has been done. */
  emit(type: string, object: object, previous?: object): void;
}

const PREFIXES: Record<string, keyof Kinds> = {
  pi: 'payment_intent',
  ch: 'charge',
  py: 'charge',
  re: 'refund',
  cus: 'customer',
  pm: 'payment_method',
  txn: 'balance_transaction',
  acct: 'account',
  tr: 'transfer',
  trr: 'transfer_reversal',
  dp: 'dispute',
  cs: 'checkout_session',
  evt: 'event',
};

/** The object that an id names, whatever its kind. */
export function objectOf(work: Draft<Kinds>, id: string): Kinds[keyof Kinds] | undefined {
  const kind = PREFIXES[id.slice(0, id.indexOf('_'))];
  return kind && work.get(kind, id);
}
