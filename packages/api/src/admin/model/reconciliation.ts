/** A balance transaction as one side knows it: what it moved at Stripe, in minor units. */
export interface Line {
  /** `txn_…` */
  transaction: string;
  currency: string;
  /** What the balance changed by: for a charge that is the charge without the fee. */
  amount: number;
  /** Seconds since 1970. */
  at: number;
  /** What made it: `charge:ch_…` in the ledger, the id of the charge, refund or transfer at Stripe. */
  source: string;
}

export const DIFFERENCE_KINDS = [
  'missingInLedger',
  'missingAtStripe',
  'amountDiffers',
  'currencyDiffers',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

interface Side {
  amount: number;
  currency: string;
  source: string;
}

export interface Difference {
  kind: DifferenceKind;
  transaction: string;
  at: number;
  ledger: Side | null;
  stripe: Side | null;
  /** What to do about it. */
  advice: string;
}

const ADVICE: Record<DifferenceKind, string> = {
  missingInLedger:
    'Stripe moved money that the ledger does not know. Stripe is asked about charges, refunds and disputes at once: reconcile again in a moment. What is still unknown then failed in the queues, or was done by hand at Stripe for no booking.',
  missingAtStripe:
    'The ledger tells of a movement that Stripe does not know. Look whether the server uses the key of another account of Stripe, or its database was brought back from another one.',
  amountDiffers:
    'Both know the movement, with other amounts. Compare the charge or transfer at Stripe with the entries of the ledger of this transaction; correct the ledger by another entry.',
  currencyDiffers:
    'Both know the movement, in other currencies. Compare it at Stripe with the entries of the ledger; the account at Stripe may settle in another currency than guests pay.',
};

const sideOf = ({ amount, currency, source }: Line): Side => ({ amount, currency, source });

function differenceBetween(ledger: Line | undefined, stripe: Line | undefined): Difference | undefined {
  const kind = kindOf(ledger, stripe);
  const { transaction, at } = (ledger ?? stripe)!;
  return (
    kind && {
      kind,
      transaction,
      at,
      ledger: ledger ? sideOf(ledger) : null,
      stripe: stripe ? sideOf(stripe) : null,
      advice: ADVICE[kind],
    }
  );
}

function kindOf(ledger: Line | undefined, stripe: Line | undefined): DifferenceKind | undefined {
  if (!ledger) return 'missingInLedger';
  if (!stripe) return 'missingAtStripe';
  if (ledger.currency !== stripe.currency) return 'currencyDiffers';
  return ledger.amount === stripe.amount ? undefined : 'amountDiffers';
}

type Lines = AsyncIterable<Line> | Iterable<Line>;

/** What was found of one movement: that both sides agree (`difference` undefined), or how they differ. */
export interface Finding {
  lines: Line[];
  difference: Difference | undefined;
}

/** So many movements may wait for the other side; beyond that the oldest are told as missing there. */
const MAX_PENDING = 20_000;

/**
 * Compares what the ledger knows with what Stripe knows. Both sides come with the newest first, and are read side by side:
 * what one of them has waits until the other has come to it, so that no more is remembered than happened in one second,
 * and what differs.
 */
export async function* compare(
  ledger: Lines,
  stripe: Lines,
  maxPending = MAX_PENDING,
): AsyncGenerator<Finding> {
  const pending = { ledger: new Map<string, Line>(), stripe: new Map<string, Line>() };
  for await (const { side, line } of newestFirst(ledger, stripe)) {
    const other = pending[side === 'ledger' ? 'stripe' : 'ledger'];
    const partner = other.get(line.transaction);
    if (partner) {
      other.delete(line.transaction);
      yield { lines: [line, partner], difference: differenceOf(side, line, partner) };
      continue;
    }
    const own = pending[side];
    const twin = own.get(line.transaction);
    if (twin) yield { lines: [twin], difference: differenceOf(side, twin, undefined) };
    own.set(line.transaction, line);
    const oldest = own.size > maxPending ? own.values().next().value : undefined;
    if (!oldest) continue;
    own.delete(oldest.transaction);
    yield { lines: [oldest], difference: differenceOf(side, oldest, undefined) };
  }
  for (const side of ['ledger', 'stripe'] as const)
    for (const line of pending[side].values())
      yield { lines: [line], difference: differenceOf(side, line, undefined) };
}

type SideName = 'ledger' | 'stripe';

const differenceOf = (side: SideName, line: Line, other: Line | undefined) =>
  side === 'ledger' ? differenceBetween(line, other) : differenceBetween(other, line);

/** Both lists as one, the newest first. */
async function* newestFirst(ledger: Lines, stripe: Lines): AsyncGenerator<{ side: SideName; line: Line }> {
  const [nextOurs, nextTheirs] = [readerOf(ledger), readerOf(stripe)];
  let [ours, theirs] = [await nextOurs(), await nextTheirs()];
  while (ours || theirs) {
    if (ours && (!theirs || ours.at >= theirs.at)) {
      yield { side: 'ledger', line: ours };
      ours = await nextOurs();
    } else if (theirs) {
      yield { side: 'stripe', line: theirs };
      theirs = await nextTheirs();
    }
  }
}

/** Reads the next line; undefined after the last. */
function readerOf(lines: Lines): () => Promise<Line | undefined> {
  const iterator = (async function* () {
    yield* lines;
  })();
  return async () => {
    const { done, value } = await iterator.next();
    return done ? undefined : value;
  };
}

/** How much each side moved in a currency. */
export interface Total {
  currency: string;
  ledger: number;
  stripe: number;
}

/** What each side has in a currency. */
export interface Balance extends Total {
  /** What came from the marketplace's own bank, less what went there or to Stripe itself. It is no part of the ledger. */
  bank: number;
}

export interface Reconciliation {
  task: 'reconcile';
  from: string | null;
  to: string;
  /** Movements that were looked at. */
  checked: number;
  /** Of those, the ones on which both agree. */
  matched: number;
  differenceCount: number;
  /** The first thousand. */
  differences: Difference[];
  totals: Total[];
  /** Null when the time did not reach to now. */
  balances: Balance[] | null;
}

/** Differences that are told one by one. */
export const MAX_DIFFERENCES = 1_000;

/** Brings findings together, of any number. */
export function tally() {
  const totals = new Map<string, Total>();
  const differences: Difference[] = [];
  let [checked, matched, differenceCount] = [0, 0, 0];
  const add = (side: Side | null, name: SideName) => {
    if (!side) return;
    const total = totals.get(side.currency) ?? { currency: side.currency, ledger: 0, stripe: 0 };
    total[name] += side.amount;
    totals.set(side.currency, total);
  };
  return {
    add({ lines, difference }: Finding) {
      checked += 1;
      if (!difference) {
        matched += 1;
        for (const name of ['ledger', 'stripe'] as const) add(sideOf(lines[0]!), name);
        return;
      }
      add(difference.ledger, 'ledger');
      add(difference.stripe, 'stripe');
      differenceCount += 1;
      if (differences.length < MAX_DIFFERENCES) differences.push(difference);
    },
    get checked() {
      return checked;
    },
    result: () => ({ checked, matched, differenceCount, differences, totals: sorted(totals.values()) }),
  };
}

/** Sums by currency. */
export type Sums = ReadonlyMap<string, number>;

/** The balances of both sides by currency; what one of them lacks is zero there. */
export function balancesOf(sums: { ledger: Sums; stripe: Sums; bank: Sums }): Balance[] {
  const { ledger, stripe, bank } = sums;
  const currencies = new Set([...ledger.keys(), ...stripe.keys(), ...bank.keys()]);
  return sorted(
    [...currencies].map((currency) => ({
      currency,
      ledger: ledger.get(currency) ?? 0,
      stripe: stripe.get(currency) ?? 0,
      bank: bank.get(currency) ?? 0,
    })),
  ).filter((balance) => balance.ledger !== 0 || balance.stripe !== 0 || balance.bank !== 0);
}

const sorted = <T extends Total>(totals: Iterable<T>): T[] =>
  [...totals].sort((a, b) => a.currency.localeCompare(b.currency));

/** Currencies of which the sides have not the same. */
export const differingBalances = ({ balances }: Reconciliation): string[] =>
  (balances ?? [])
    .filter(({ ledger, stripe, bank }) => ledger + bank !== stripe)
    .map(({ currency }) => currency);

/** What made the movements that the ledger does not know, as Stripe names it. */
export const unknownTo = ({ differences }: Reconciliation): string[] =>
  differences.flatMap(({ kind, stripe }) => (kind === 'missingInLedger' && stripe ? [stripe.source] : []));
