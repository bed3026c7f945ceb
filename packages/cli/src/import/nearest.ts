import { distance } from 'fastest-levenshtein';

/** The candidate that differs least from a mistyped word; undefined when none is close. */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  const wanted = word.toLowerCase();
  const most = wanted.length < 4 ? 1 : Math.max(2, wanted.length / 3);
  let best: { candidate: T; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits <= most && (!best || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}
