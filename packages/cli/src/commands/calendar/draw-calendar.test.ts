import { datesBetween, isWeekendNight } from '@sojourn/shared/nights';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { HOSTILE, WIDE_TITLES } from '../../../test/listings.ts';
import { forTerminal } from '../../controls.ts';
import { widthOf } from '../../render.ts';
import { type Calendar, drawCalendar, monthsFrom } from './draw-calendar.ts';
import type { Day } from './draw-month.ts';

const plain = pc.createColors(false);
const coloured = pc.createColors(true);

/** From the first date on until before the next one, a night is what it says there. */
const REASONS: [from: string, reason: string | null][] = [
  ['2027-05-01', 'past'],
  ['2027-05-06', 'notice'],
  ['2027-05-07', null],
  ['2027-05-08', 'booking'],
  ['2027-05-13', 'preparation'],
  ['2027-05-14', null],
  ['2027-05-21', 'hold'],
  ['2027-05-24', null],
  ['2027-05-28', 'block'],
  ['2027-06-06', null],
  ['2027-06-10', 'feed'],
  ['2027-06-17', null],
  ['2027-06-22', 'booking'],
  ['2027-06-26', null],
  ['2027-07-10', 'beyondWindow'],
];

const day = (date: string, amount: number, currency: string): Day => ({
  date,
  reason: REASONS.findLast(([from]) => from <= date)?.[1] ?? null,
  price: { amount: isWeekendNight(date) ? Math.round(amount * 1.25) : amount, currency },
  minNights: date >= '2027-06-01' && date < '2027-06-15' ? 5 : 2,
  maxNights: 30,
  closedToArrival: ['2027-05-16', '2027-06-18'].includes(date),
  closedToDeparture: ['2027-05-17', '2027-06-18'].includes(date),
  note: date >= '2027-05-28' && date < '2027-06-06' ? 'New bathroom' : null,
});

function calendar({ months = 2, amount = 12_000, currency = 'USD', ...more } = {}): Calendar {
  const shown = monthsFrom('2027-05', months);
  return {
    title: 'Sunny loft by the park',
    timeZone: 'America/New_York',
    basePrice: { amount, currency },
    months: shown,
    days: datesBetween('2027-05-01', '2028-05-01')
      .filter((date) => shown.includes(date.slice(0, 7)))
      .map((date) => day(date, amount, currency)),
    ...more,
  };
}

const linesOf = (text: string) => text.split('\n');

describe('the calendar of a listing', () => {
  it('is two months beside each other in 80 columns', async () => {
    await expect(drawCalendar(calendar(), 80, plain)).toMatchFileSnapshot(
      '../../../test/calendar/two-months.txt',
    );
  });

  it('is one month under the other where there is less room', async () => {
    await expect(drawCalendar(calendar(), 60, plain)).toMatchFileSnapshot(
      '../../../test/calendar/narrow.txt',
    );
  });

  it('says by colour only what it says by signs as well', async () => {
    const text = drawCalendar(calendar(), 80, coloured);
    expect(forTerminal(text, false)).toBe(drawCalendar(calendar(), 80, plain));
    expect(text).toContain('\u001b[34m● 8\u001b[39m');
    expect(text).toContain('\u001b[31m✕28\u001b[39m');
    expect(text).toContain('\u001b[1m\u001b[32m  7\u001b[39m\u001b[22m');
  });

  it.each([
    [120_000, 'JPY', '120k'],
    [137_900, 'USD', '1.4k'],
    [45_500, 'KWD', '45.5'],
    [9_999_999_999, 'VND', '10b'],
  ])('keeps to 80 columns with prices of %d %s', (amount, currency, short) => {
    const lines = linesOf(drawCalendar(calendar({ amount, currency, months: 12 }), 80, plain));
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain(` ${short} `);
  });

  it('shows what a server of the future says in its own words, and no control character of anybody', () => {
    const days = calendar().days.map((one) => ({
      ...one,
      reason: one.reason === 'feed' ? 'ownerStays' : one.reason,
      note: one.note && HOSTILE,
    }));
    for (const title of [HOSTILE, ...WIDE_TITLES]) {
      const text = drawCalendar(calendar({ title, days } as object), 80, plain);
      expect(text).toContain('? owner stays');
      expect(text).toContain('?10');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      for (const line of linesOf(text)) expect(widthOf(line)).toBeLessThanOrEqual(80);
    }
  });

  it('counts the nights from today on', () => {
    const text = drawCalendar(calendar(), 80, plain);
    expect(text).toContain('31% occupancy');
    expect(text).toContain('█ 8 taken ▒ 6 closed ░ 12 free');
    const past = calendar().days.map((one) => ({ ...one, reason: 'past' }));
    expect(drawCalendar(calendar({ days: past } as object), 80, plain)).toContain('all past');
  });

  it('draws a month of exactly four weeks, and days that the server left out', () => {
    const text = drawCalendar(calendar({ months: 1, days: [] } as object), 80, plain);
    expect(text).toContain('May 2027');
    const february = { ...calendar(), months: ['2027-02'], days: [] };
    expect(linesOf(drawCalendar(february, 80, plain)).filter((line) => /\d/.test(line))).toHaveLength(6);
  });
});
