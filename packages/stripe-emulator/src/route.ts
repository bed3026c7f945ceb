import { missing, Refusal } from './errors.ts';
import type { Kinds } from './kinds.ts';
import type { Shape, Values } from './params.ts';
import type { Work } from './work.ts';

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  shape: Shape;
  answer(work: Work, given: never, id: string, second: string): object;
}

/** One operation: what it takes, and the object that it answers. */
export const route = <S extends Shape>(
  method: Route['method'],
  path: string,
  shape: S,
  answer: (work: Work, given: Values<S>, id: string, second: string) => object,
): Route => ({ method, path, shape, answer: answer as Route['answer'] });

const NOUNS: Partial<Record<keyof Kinds, string>> = {
  payment_method: 'PaymentMethod',
  balance_transaction: 'balance transaction',
  checkout_session: 'checkout.session',
  transfer_reversal: 'transfer reversal',
};

/** The object that an address names. */
export function found<N extends keyof Kinds>(work: Work, kind: N, id: string): Kinds[N] {
  const value = work.get(kind, id);
  if (!value) throw missing(NOUNS[kind] ?? kind, id);
  return value;
}

/** Tells a test's name that means nothing as an address that leads nowhere. */
export function missingOr<T>(noun: string, id: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw error instanceof Refusal && error.body.code === 'resource_missing' ? missing(noun, id) : error;
  }
}
