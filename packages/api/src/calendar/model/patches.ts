import { dateOfDay, dayOf } from '@sojourn/shared/nights';
import type { Nights } from './nights.ts';

type Value = string | number | boolean | null;
/** What is said of a date, each member null when nothing is said of it. */
export type Values = Readonly<Record<string, Value>>;
/** What a patch says of a date: a member that it leaves out stays as it is, null clears it. */
export type Patch<V extends Values> = { readonly [Member in keyof V]?: V[Member] };

export type Ranged<V> = Nights & V;

/**
 * Ranges of dates with what is said of them, after each patch in its order. The answer is canonical: ordered, without
 * overlap, neighbours that say the same merged, and dates of which nothing is said left out; so equal calendars are
 * equal lists.
 *
 * @param ranges without overlap
 * @param nothing every member with null
 */
export function applyPatches<V extends Values>(
  ranges: readonly Ranged<V>[],
  patches: readonly Ranged<Patch<V>>[],
  nothing: V,
): Ranged<V>[] {
  const pieces = laid<Patch<V>>([...ranges, ...patches]).map((piece) => ({ ...nothing, ...piece }));
  return merged(pieces as Ranged<V>[], Object.keys(nothing));
}

/** Patches as what they say together, without overlap: to apply many to many calendars. */
export const composePatches = <V extends Values>(patches: readonly Ranged<Patch<V>>[]): Ranged<Patch<V>>[] =>
  laid(patches);

/** Layers of ranges, the later over the earlier, as the pieces that they cut each other into. */
function laid<P extends object>(layers: readonly Ranged<P>[]): Ranged<P>[] {
  const cuts = [...new Set(layers.flatMap(({ from, to }) => [from, to]))].sort();
  const places = new Map(cuts.map((date, index) => [date, index]));
  const pieces = new Array<Ranged<P> | undefined>(cuts.length);
  for (const { from, to, ...said } of layers)
    for (let index = places.get(from)!; index < places.get(to)!; index++) {
      pieces[index] ??= { from: cuts[index]!, to: cuts[index + 1]! } as Ranged<P>;
      Object.assign(pieces[index]!, said);
    }
  return pieces.filter((piece) => piece !== undefined);
}

function merged<V extends Values>(pieces: Ranged<V>[], members: string[]): Ranged<V>[] {
  const result: Ranged<V>[] = [];
  for (const piece of pieces) {
    if (members.every((member) => piece[member] === null)) continue;
    const last = result.at(-1);
    if (last?.to === piece.from && members.every((member) => last[member] === piece[member]))
      result[result.length - 1] = { ...last, to: piece.to };
    else result.push(piece);
  }
  return result;
}

/** What to write to get from one list of ranges to another. */
export interface Difference<V> {
  removed: Ranged<V>[];
  added: Ranged<V>[];
}

export function difference<V extends Values>(
  before: readonly Ranged<V>[],
  after: readonly Ranged<V>[],
): Difference<V> {
  const [old, now] = [new Set(before.map(textOf)), new Set(after.map(textOf))];
  return {
    removed: before.filter((range) => !now.has(textOf(range))),
    added: after.filter((range) => !old.has(textOf(range))),
  };
}

/** The dates of which something else is said than before. */
export function changedDates<V extends Values>({ removed, added }: Difference<V>): Set<string> {
  const [before, after] = [byDate(removed), byDate(added)];
  const dates = new Set([...before.keys(), ...after.keys()]);
  return new Set([...dates].filter((date) => before.get(date) !== after.get(date)));
}

function byDate<V extends Values>(ranges: readonly Ranged<V>[]): Map<string, string> {
  const result = new Map<string, string>();
  for (const range of ranges) {
    const said = textOf({ ...range, from: '', to: '' });
    for (let day = dayOf(range.from); day < dayOf(range.to); day++) result.set(dateOfDay(day), said);
  }
  return result;
}

/** The same text for the same range, in whatever order its members came. */
const textOf = (range: Values) => JSON.stringify(Object.entries(range).sort(([a], [b]) => (a < b ? -1 : 1)));
