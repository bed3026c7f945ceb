import { invalid } from './errors.ts';
import type { Kinds } from './kinds.ts';
import type { Draft } from './store.ts';
import { objectOf } from './work.ts';

type Json = Record<string, unknown>;

const MAX_DEPTH = 4;

/** An object as Stripe shows it: without what only the emulator knows, with its lists, and expanded as asked. */
export function render(draft: Draft<Kinds>, answer: object, expand: string[] = []): Json {
  const shown = wire(draft, answer);
  for (const path of expand) {
    const parts = path.split('.');
    if (parts.length > MAX_DEPTH) {
      throw invalid(`You cannot expand more than ${MAX_DEPTH} levels of a property (${path}).`, {
        param: 'expand',
      });
    }
    expandAt(draft, shown, parts, path);
  }
  return shown;
}

function wire(draft: Draft<Kinds>, object: object): Json {
  const { _: _hidden, ...shown } = object as Json;
  if (shown.object === 'list')
    return { ...shown, data: (shown.data as object[]).map((item) => wire(draft, item)) };
  if (shown.object === 'transfer') {
    const reversals = draft.all('transfer_reversal').filter(({ transfer }) => transfer === shown.id);
    return { ...shown, reversals: listOf(draft, reversals, `/v1/transfers/${shown.id as string}/reversals`) };
  }
  return shown;
}

const SUBLIST = 10;

const listOf = (draft: Draft<Kinds>, items: object[], url: string): Json => ({
  object: 'list',
  data: items.slice(0, SUBLIST).map((item) => wire(draft, item)),
  has_more: items.length > SUBLIST,
  url,
});

function expandAt(draft: Draft<Kinds>, place: Json, [name, ...rest]: string[], path: string): void {
  if (name === undefined) return;
  if (name === 'data' && place.object === 'list') {
    for (const item of place.data as Json[]) expandAt(draft, item, rest, path);
    return;
  }
  if (name === 'refunds' && place.object === 'charge') {
    const refunds = draft.all('refund').filter(({ charge }) => charge === place.id);
    place.refunds = listOf(draft, refunds, `/v1/charges/${place.id as string}/refunds`);
  }
  if (!(name in place)) {
    throw invalid(
      `This property cannot be expanded (${path}). You may want to try expanding 'data.${path}' if this is a list.`,
      { param: 'expand' },
    );
  }
  const value = place[name];
  if (typeof value === 'string') {
    const found = objectOf(draft, value);
    if (!found) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
    place[name] = wire(draft, found);
  }
  const inner = place[name];
  if (inner !== null && typeof inner === 'object') {
    place[name] = { ...inner };
    expandAt(draft, place[name] as Json, rest, path);
  }
}
