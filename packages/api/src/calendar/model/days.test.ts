import { addDays, datesBetween, isWeekendNight } from '@sojourn/shared/nights';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookingWindow, type CalendarFacts, daysOf } from './days.ts';
import { OCCUPIED_KINDS } from './nights.ts';
import { applyPatches } from './patches.ts';
import { NO_SETTINGS } from './settings.ts';

const TODAY = '2027-03-26';
const NOW = new Date('2027-03-26T09:00:00Z');
const SPAN = { from: addDays(TODAY, -5), to: addDays(TODAY, 60) };

const EMPTY: CalendarFacts = {
  hostId: 'host',
  status: 'published',
  timeZone: 'Europe/Lisbon',
  currency: 'EUR',
  basePrice: 10_000,
  weekendPrice: null,
  minNights: 1,
  maxNights: null,
  arrivalMinNights: {},
  checkInFrom: '15:00',
  advanceNoticeHours: 0,
  bookingWindowDays: 730,
  preparationNights: 0,
  version: 1,
  settings: [],
  seasons: [],
  blocks: [],
  taken: [],
};
const viewOf = (facts: CalendarFacts, whole: boolean) =>
  daysOf(facts, SPAN, bookingWindow(facts, NOW), whole);
const holding = <R extends { from: string; to: string }>(ranges: readonly R[], date: string) =>
  ranges.find(({ from, to }) => from <= date && date < to);

const price = fc.option(fc.integer({ min: 1, max: 99 }));
const nights = fc.option(fc.integer({ min: 1, max: 9 }));
const dates = fc
  .tuple(fc.integer({ min: -40, max: 70 }), fc.integer({ min: 1, max: 9 }))
  .map(([offset, length]) => ({ from: addDays(TODAY, offset), to: addDays(TODAY, offset + length) }));
const over = <T extends object>(said: fc.Arbitrary<T>) =>
  fc.tuple(dates, said).map(([range, rest]) => ({ ...range, ...rest }));
const separate = <R extends { from: string; to: string }>(one: fc.Arbitrary<R>) =>
  fc
    .array(one, { maxLength: 8 })
    .map((all) =>
      all.filter((range, index) =>
        all.slice(0, index).every((other) => other.to <= range.from || range.to <= other.from),
      ),
    );

const facts: fc.Arbitrary<CalendarFacts> = fc.record({
  ...Object.fromEntries(Object.entries(EMPTY).map(([name, value]) => [name, fc.constant(value)])),
  status: fc.constantFrom('published', 'paused'),
  weekendPrice: price,
  maxNights: nights,
  arrivalMinNights: fc.record({ friday: fc.constant(3), sunday: fc.constant(2) }, { requiredKeys: [] }),
  advanceNoticeHours: fc.nat(100),
  bookingWindowDays: fc.integer({ min: 1, max: 80 }),
  preparationNights: fc.nat(4),
  settings: fc
    .array(over(fc.record({ price, minNights: nights, closedToArrival: fc.constantFrom(true, null) })), {
      maxLength: 6,
    })
    .map((patches) => applyPatches([], patches, NO_SETTINGS)),
  seasons: separate(over(fc.record({ price, weekendPrice: price, minNights: nights, maxNights: nights }))),
  taken: separate(
    over(fc.record({ kind: fc.constantFrom(...OCCUPIED_KINDS), preparationNights: fc.nat(4) })),
  ).map((all) =>
    all.map((one) => {
      const stay = one.kind === 'hold' || one.kind === 'booking';
      return {
        ...one,
        preparationNights: stay ? one.preparationNights : 0,
        bookingId: stay ? '0198c0de-5a1e-7000-8000-000000000000' : null,
      };
    }),
  ),
}) as fc.Arbitrary<CalendarFacts>;

describe('the days of a calendar', () => {
  test('are all dates of the range, each once, whatever the clocks do', () => {
    fc.assert(
      fc.property(facts, fc.boolean(), (any, whole) => {
        expect(viewOf(any, whole).map(({ date }) => date)).toEqual(datesBetween(SPAN.from, SPAN.to));
      }),
    );
  });

  test('cost what is said of the date, else of its season, else of the weekend, else of the listing', () => {
    fc.assert(
      fc.property(facts, (any) => {
        for (const { date, price: shown } of viewOf(any, false)) {
          const [own, season] = [holding(any.settings, date), holding(any.seasons, date)];
          const weekend = isWeekendNight(date);
          const prices = [
            own?.price,
            weekend ? season?.weekendPrice : null,
            season?.price,
            weekend ? any.weekendPrice : null,
            any.basePrice,
          ];
          expect(shown).toEqual({ amount: prices.find((amount) => amount != null), currency: 'EUR' });
        }
      }),
    );
  });

  test('are available to the same nights for guests and the host, who is told why not', () => {
    fc.assert(
      fc.property(facts, (any) => {
        const [guest, host] = [viewOf(any, false), viewOf({ ...any }, true)];
        for (const [index, day] of guest.entries()) {
          expect(day.available).toBe(day.reason === null);
          expect(['past', 'notice', 'beyondWindow', 'unavailable', null]).toContain(day.reason);
          expect(day).not.toHaveProperty('note');
          expect(day).not.toHaveProperty('bookingId');
          const own = host[index]!;
          if (any.status === 'published') expect(day.available).toBe(own.available);
          else expect(day.available).toBe(false);
          const taken = holding(any.taken, day.date);
          if (taken)
            expect([own.reason, own.bookingId !== null]).toEqual([taken.kind, taken.bookingId !== null]);
          else expect(own.reason).not.toBe('unavailable');
        }
      }),
    );
  });

  test('are free for a stay exactly where one fits between the others with their preparation', () => {
    fc.assert(
      fc.property(facts, (any) => {
        const stays = any.taken.filter(({ kind }) => kind === 'hold' || kind === 'booking');
        for (const { date, reason } of viewOf(any, true)) {
          const blocked = holding(any.taken, date) !== undefined;
          const night = { from: date, to: addDays(date, 1 + any.preparationNights) };
          const clash = stays.some(
            (stay) => stay.from < night.to && night.from < addDays(stay.to, stay.preparationNights),
          );
          expect(reason === 'preparation').toBe(clash && !blocked);
        }
      }),
    );
  });
});

describe('how far the clock lets guests book', () => {
  const rules = { timeZone: 'UTC', checkInFrom: '15:00', advanceNoticeHours: 0, bookingWindowDays: 10 };

  test('today until check-in time, then from tomorrow on', () => {
    expect(bookingWindow(rules, new Date('2027-03-26T15:00:00.000Z')).first).toBe('2027-03-26');
    expect(bookingWindow(rules, new Date('2027-03-26T15:00:00.001Z')).first).toBe('2027-03-27');
  });

  test('as many hours ahead as the host wants, also when a clock change takes one of them', () => {
    // In Lisbon clocks go forward in the night to March 28th: check-in at 15:00 is 23 hours after 15:00 the day before.
    const lisbon = { ...rules, timeZone: 'Europe/Lisbon', advanceNoticeHours: 23 };
    expect(bookingWindow(lisbon, new Date('2027-03-27T15:00:00.000Z')).first).toBe('2027-03-28');
    expect(bookingWindow(lisbon, new Date('2027-03-27T15:00:00.001Z')).first).toBe('2027-03-29');
  });

  test.each([
    ['Pacific/Apia', '2027-03-26T10:59:59Z', '2027-03-26'],
    ['Pacific/Apia', '2027-03-26T11:00:00Z', '2027-03-27'],
    ['America/St_Johns', '2027-03-26T02:29:59Z', '2027-03-25'],
    ['America/St_Johns', '2027-03-26T02:30:00Z', '2027-03-26'],
  ])('counted from the date at the listing: %s at %s', (timeZone, now, today) => {
    expect(bookingWindow({ ...rules, timeZone }, new Date(now))).toMatchObject({
      today,
      end: addDays(today, 10),
    });
  });
});
