/** What one client asked of one listing, when it asked, when it knew, and what it was told. */
export type Operation = Interval &
  (
    | { kind: 'book'; booking: string; nights: readonly number[]; taken: boolean }
    | { kind: 'cancel'; booking: string; done: boolean }
    | { kind: 'read'; free: readonly boolean[] }
  );

interface Interval {
  /** Any clock that all clients share, in milliseconds. */
  askedAt: number;
  answeredAt: number;
}

/** Which booking holds each night; null where it is free. */
type Calendar = readonly (string | null)[];

/**
 * Whether one order of all operations explains every answer, with each operation somewhere between its question and its
 * answer (linearizability; Wing and Gong's search, remembering the states that led nowhere). Answers such an order, or
 * undefined when there is none.
 */
export function explain(operations: readonly Operation[], nights: number): Operation[] | undefined {
  const pending = operations.toSorted((a, b) => a.askedAt - b.askedAt);
  const dead = new Set<string>();
  const order: Operation[] = [];
  const done = new Uint8Array(pending.length);

  const search = (first: number, calendar: Calendar): boolean => {
    let from = first;
    while (from < pending.length && done[from]) from += 1;
    if (from === pending.length) return true;
    const candidates = candidatesFrom(pending, done, from);
    const key = `${from}:${candidates.last}:${done.subarray(from, candidates.last + 1).join('')}:${calendar.join()}`;
    if (dead.has(key)) return false;
    for (const index of candidates.indexes) {
      const after = apply(pending[index]!, calendar);
      if (!after) continue;
      done[index] = 1;
      order.push(pending[index]!);
      if (search(from, after)) return true;
      order.pop();
      done[index] = 0;
    }
    dead.add(key);
    return false;
  };
  return search(
    0,
    Array.from({ length: nights }, () => null),
  )
    ? order
    : undefined;
}

/** Operations that may come next: those that were asked before the first of the others was answered. */
function candidatesFrom(pending: readonly Operation[], done: Uint8Array, from: number) {
  const indexes: number[] = [];
  let firstAnswer = Number.POSITIVE_INFINITY;
  let last = from;
  for (let index = from; index < pending.length; index += 1) {
    const operation = pending[index]!;
    if (operation.askedAt > firstAnswer) break;
    last = index;
    if (done[index]) continue;
    indexes.push(index);
    firstAnswer = Math.min(firstAnswer, operation.answeredAt);
  }
  return { indexes: indexes.filter((index) => pending[index]!.askedAt <= firstAnswer), last };
}

/** The calendar afterwards; undefined when the operation could not have been answered so. */
function apply(operation: Operation, calendar: Calendar): Calendar | undefined {
  switch (operation.kind) {
    case 'book': {
      const taken = operation.nights.some((night) => calendar[night] !== null);
      if (taken !== operation.taken) return undefined;
      return taken
        ? calendar
        : calendar.map((holder, night) => (operation.nights.includes(night) ? operation.booking : holder));
    }
    case 'cancel': {
      const held = calendar.includes(operation.booking);
      if (held !== operation.done) return undefined;
      return calendar.map((holder) => (holder === operation.booking ? null : holder));
    }
    case 'read':
      return operation.free.every((free, night) => free === (calendar[night] === null))
        ? calendar
        : undefined;
  }
}
