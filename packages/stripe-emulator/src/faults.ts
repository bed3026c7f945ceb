import { invalid } from './errors.ts';
import { bool, type Field, integer, list, text, type Values } from './params.ts';

/** A share from 0 to 1. */
const probability: Field<number | undefined> = {
  read(value, name) {
    if (value === undefined) return undefined;
    const number = Number(value);
    if (typeof value !== 'string' || !(number >= 0 && number <= 1))
      throw invalid(`Invalid ${name}: from 0 to 1`, { param: name });
    return number;
  },
};

export const faultSettings = {
  dropAnswer: probability,
  dropNext: integer(0),
  failNext: integer(0),
  delayMs: integer(0),
  paths: list(text()),
};

/** What goes wrong with requests, for tests. */
export interface Faults {
  set(given: Values<typeof faultSettings>): object;
  /** What is to go wrong with a request for this path; counted down. */
  of(path: string): { fail: boolean; drop: boolean; delayMs: number };
}

export function createFaults(): Faults {
  let current = { dropAnswer: 0, dropNext: 0, failNext: 0, delayMs: 0, paths: [] as string[] };
  return {
    set(given) {
      current = {
        dropAnswer: given.dropAnswer ?? 0,
        dropNext: given.dropNext ?? 0,
        failNext: given.failNext ?? 0,
        delayMs: given.delayMs ?? 0,
        paths: given.paths ?? [],
      };
      return { ...current };
    },
    of(path) {
      const { paths, delayMs, dropAnswer } = current;
      if (paths.length > 0 && !paths.some((prefix) => path.startsWith(prefix))) {
        return { fail: false, drop: false, delayMs: 0 };
      }
      if (current.failNext > 0) {
        current.failNext -= 1;
        return { fail: true, drop: false, delayMs };
      }
      const counted = current.dropNext > 0;
      if (counted) current.dropNext -= 1;
      return { fail: false, drop: counted || Math.random() < dropAnswer, delayMs };
    },
  };
}

export const webhookSettings = {
  delayMs: integer(0),
  duplicates: integer(0),
  shuffle: bool(),
  paused: bool(),
};
