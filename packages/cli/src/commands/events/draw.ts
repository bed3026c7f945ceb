import type { SojournEvent } from '@sojourn/sdk';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { price } from '../../price.ts';
import { truncate } from '../../render.ts';

type Members = Readonly<Record<string, unknown>>;

/** Draws events one after the other; a line with the date goes before the first of each day. Times are in UTC. */
export function eventDrawer(columns: number, paint: Colours): (event: SojournEvent) => string {
  let day = '';
  return (event) => {
    const date = oneLine(event.occurredAt).slice(0, 10);
    const heading = date === day ? [] : [paint.dim(date)];
    day = date;
    return [...heading, drawEvent(event, columns, paint)].join('\n');
  };
}

const INDENT = 10;

/** Time, sequence, type and subject on one line; what it is about and what changed, if anything, on the next. */
export function drawEvent(event: SojournEvent, columns: number, paint: Colours): string {
  const { occurredAt, sequence, type, subject } = event;
  const head = [
    paint.dim(oneLine(occurredAt).slice(11, 19)),
    String(sequence).padStart(6),
    colourOf(oneLine(type), paint),
    paint.dim(oneLine(subject.id)),
  ];
  const summary = oneLine(summaryOf(event));
  return [
    head.join('  '),
    ...(summary ? [' '.repeat(INDENT) + truncate(summary, Math.max(columns - INDENT, 20))] : []),
  ].join('\n');
}

const ENDS = /(deleted|archived|revoked|closed|ended|disabled|suspended|drained|failed)$/i;
const BEGINS = /(created|published|registered|started|verified|resumed)$/i;

const colourOf = (type: string, paint: Colours) =>
  ENDS.test(type) ? paint.red(type) : BEGINS.test(type) ? paint.green(type) : paint.cyan(type);

/** The name of what it is about, and each member that changed: `Sunny loft · status draft → published`. */
export function summaryOf({ data, previous }: Pick<SojournEvent, 'data' | 'previous'>): string {
  const now = data as Members;
  const name = ['title', 'displayName', 'name', 'host', 'queue'].map((key) => now[key]).find(isText);
  const parts = [...moneyOf(now), ...changes(now, previous as Members | null)];
  return [...(name === undefined ? [] : [name]), ...parts].join(' · ');
}

const AMOUNTS = ['amount', 'refund', 'sent', 'reversal', 'host', 'platform', 'taxes', 'refunds'];

/** What moved, or is whose: `host €97 · platform €20.11`. Some events have their amounts in minor units of one currency. */
function moneyOf(data: Members): string[] {
  return AMOUNTS.flatMap((key) => {
    const value = data[key];
    const money = typeof value === 'number' ? { amount: value, currency: data.currency } : value;
    return isMoney(money) && money.amount !== 0 ? [`${key} ${price(money)}`] : [];
  });
}

function changes(data: Members, previous: Members | null): string[] {
  if (previous === null) return [];
  const [before, after] = isMembers(previous.changed) ? [previous.changed, data.changed] : [previous, data];
  if (!isMembers(after)) return [];
  return Object.keys(before)
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${key} ${shown(before[key])} → ${shown(after[key])}`);
}

const LONGEST = 32;

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (isMoney(value)) return price(value);
  return truncate(oneLine(isText(value) ? value : (JSON.stringify(value) ?? '')), LONGEST);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isMoney = (value: unknown): value is { amount: number; currency: string } =>
  isMembers(value) && typeof value.amount === 'number' && isText(value.currency);
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
