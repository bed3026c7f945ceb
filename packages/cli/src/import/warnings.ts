import type { ImportWarning } from './model.ts';
import { shownValue } from './problems.ts';

const SAMPLES = 5;

/** Counts odd things by kind, keeping the first few of each. */
export interface WarningCounter {
  /** @param line 0 for something about the file as a whole. */
  add(kind: string, message: string, line: number, value: string | null): void;
  all(): ImportWarning[];
}

export function countWarnings(): WarningCounter {
  const kinds = new Map<string, ImportWarning>();
  return {
    add(kind, message, line, value) {
      const warning = kinds.get(kind) ?? { kind, message, count: 0, samples: [] };
      kinds.set(kind, warning);
      if (line === 0) return;
      warning.count += 1;
      if (warning.samples.length < SAMPLES)
        warning.samples.push({ line, value: value === null ? null : shownValue(value) });
    },
    all: () => [...kinds.values()],
  };
}
