import { addDays, datesBetween } from '@sojourn/shared/nights';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyPatches,
  changedDates,
  composePatches,
  difference,
  type Patch,
  type Ranged,
} from './patches.ts';

type Said = { price: number | null; note: string | null };
const NOTHING: Said = { price: null, note: null };
const START = '2027-03-20';

const value = <T>(of: T[]) => fc.constantFrom<T | null>(null, ...of);
const dates = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 12 }))
  .map(([offset, length]) => ({ from: addDays(START, offset), to: addDays(START, offset + length) }));
const patch = fc
  .tuple(dates, fc.record({ price: value([1, 2]), note: value(['a', 'b']) }, { requiredKeys: [] }))
  .map(([range, said]): Ranged<Patch<Said>> => ({ ...range, ...said }));
const patches = fc.array(patch, { maxLength: 12 });

/** The same, a day at a time. */
function byDay(all: readonly Ranged<Patch<Said>>[]): Record<string, Said> {
  const days: Record<string, Said> = {};
  for (const { from, to, ...said } of all)
    for (const date of datesBetween(from, to))
      days[date] = { ...(days[date] ?? NOTHING), ...(said as Partial<Said>) };
  return Object.fromEntries(
    Object.entries(days)
      .filter(([, { price, note }]) => price !== null || note !== null)
      .sort(),
  );
}
const daysOf = (ranges: readonly Ranged<Said>[]) => byDay(ranges);

describe('patches on ranges', () => {
  test('say of every date what they say a day at a time, the later over the earlier', () => {
    fc.assert(
      fc.property(patches, patches, (first, second) => {
        const ranges = applyPatches<Said>([], first, NOTHING);
        expect(daysOf(ranges)).toEqual(byDay(first));
        expect(daysOf(applyPatches(ranges, second, NOTHING))).toEqual(byDay([...first, ...second]));
      }),
    );
  });

  test('leave ordered ranges without overlap, as few as there can be', () => {
    fc.assert(
      fc.property(patches, (all) => {
        const ranges = applyPatches<Said>([], all, NOTHING);
        for (const [index, range] of ranges.entries()) {
          expect(range.from < range.to).toBe(true);
          expect(range.price === null && range.note === null).toBe(false);
          const next = ranges[index + 1];
          if (!next) continue;
          expect(range.to <= next.from).toBe(true);
          if (range.to === next.from) expect([range.price, range.note]).not.toEqual([next.price, next.note]);
        }
      }),
    );
  });

  test('do together what they do one after another', () => {
    fc.assert(
      fc.property(patches, patches, (before, all) => {
        const ranges = applyPatches<Said>([], before, NOTHING);
        const together = composePatches<Said>(all);
        expect(applyPatches(ranges, together, NOTHING)).toEqual(applyPatches(ranges, all, NOTHING));
      }),
    );
  });

  test('change what the difference says, and the dates that it names', () => {
    fc.assert(
      fc.property(patches, patches, (before, all) => {
        const ranges = applyPatches<Said>([], before, NOTHING);
        const after = applyPatches(ranges, all, NOTHING);
        const { removed, added } = difference(ranges, after);
        const kept = ranges.filter((range) => !removed.includes(range));
        expect([...kept, ...added].sort((a, b) => (a.from < b.from ? -1 : 1))).toEqual(after);
        const [old, now] = [daysOf(ranges), daysOf(after)];
        const changed = datesBetween(START, addDays(START, 60)).filter(
          (date) => JSON.stringify(old[date]) !== JSON.stringify(now[date]),
        );
        expect([...changedDates({ removed, added })].sort()).toEqual(changed);
      }),
    );
  });

  test('that say what holds already change nothing', () => {
    fc.assert(
      fc.property(patches, (all) => {
        const ranges = applyPatches<Said>([], all, NOTHING);
        expect(difference(ranges, applyPatches(ranges, ranges, NOTHING))).toEqual({ removed: [], added: [] });
      }),
    );
  });
});
